SELECT act, doc, seq, device, body, signature, verdict
FROM acts
WHERE team_id = ?1 AND doc = ?2
ORDER BY seq
