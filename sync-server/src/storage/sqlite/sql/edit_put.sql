INSERT INTO edits (team_id, doc, actor, number, hash, seq)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
