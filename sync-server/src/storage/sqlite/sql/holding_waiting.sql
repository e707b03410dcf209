SELECT number, device, person, doc, hash, item, refusal, received, decision
FROM holding
WHERE team_id = ?1 AND waits = 1
ORDER BY number
LIMIT ?2
