SELECT number, device, person, doc, hash, item, refusal, received, decision, ruled
FROM holding
WHERE team_id = ?1 AND device = ?2 AND hash = ?3
