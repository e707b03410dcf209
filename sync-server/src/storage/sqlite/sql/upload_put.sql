INSERT INTO uploads (team_id, upload, device, doc, hash, size, expires, received, held)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (team_id, upload) DO UPDATE SET
    expires = excluded.expires,
    received = excluded.received,
    held = excluded.held
