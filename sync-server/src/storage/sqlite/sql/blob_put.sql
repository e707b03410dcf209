INSERT INTO blobs (team_id, hash, size, media, received)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (team_id, hash) DO NOTHING
