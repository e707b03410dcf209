SELECT number, device, person, doc, hash, item, refusal, received, decision, ruled
FROM holding
WHERE team_id = ?1 AND number = ?2
