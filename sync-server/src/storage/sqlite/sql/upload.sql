SELECT upload, device, doc, hash, size, expires, received FROM uploads
WHERE team_id = ?1 AND upload = ?2
