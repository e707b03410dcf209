INSERT INTO acts (team_id, act, doc, seq, device, body, signature, accepted, verdict, doubt)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
