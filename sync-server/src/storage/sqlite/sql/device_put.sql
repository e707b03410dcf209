INSERT INTO devices (team_id, device, person, token_hash, public_key, name, enrolled, revoked, last_sync, unsent)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
ON CONFLICT (team_id, device) DO UPDATE SET
    person = excluded.person,
    token_hash = excluded.token_hash,
    public_key = excluded.public_key,
    name = excluded.name,
    enrolled = excluded.enrolled,
    revoked = excluded.revoked,
    last_sync = excluded.last_sync,
    unsent = excluded.unsent
