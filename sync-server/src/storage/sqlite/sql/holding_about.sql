SELECT number, device, person, doc, hash, item, refusal, received, decision, ruled
FROM holding
WHERE team_id = ?1 AND doc = ?2
ORDER BY number
