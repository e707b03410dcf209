SELECT upload, device, doc, hash, size, expires, received, held FROM uploads
WHERE team_id = ?1 AND device = ?2 AND hash = ?3 AND doc = ?4 AND received IS NULL
ORDER BY upload LIMIT 1
