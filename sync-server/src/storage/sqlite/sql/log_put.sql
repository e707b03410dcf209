INSERT INTO log (team_id, scope, seq, what, doc, reference, bytes)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
