SELECT upload, device, doc, hash, size, expires, received, held FROM uploads
WHERE team_id = ?1 AND expires < ?2
ORDER BY expires LIMIT ?3
