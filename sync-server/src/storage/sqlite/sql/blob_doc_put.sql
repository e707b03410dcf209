INSERT INTO blob_docs (team_id, doc, hash, device, received)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (team_id, doc, hash) DO NOTHING
