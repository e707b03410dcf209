SELECT b.hash, b.size, b.media, b.received FROM blob_docs d
JOIN blobs b ON b.team_id = d.team_id AND b.hash = d.hash
WHERE d.team_id = ?1 AND d.doc = ?2
ORDER BY b.hash
