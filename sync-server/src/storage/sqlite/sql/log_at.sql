SELECT scope, seq, what, doc, reference, bytes
FROM log
WHERE team_id = ?1 AND scope = ?2 AND seq = ?3
