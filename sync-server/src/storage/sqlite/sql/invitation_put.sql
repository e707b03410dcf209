INSERT INTO invitations (team_id, code_hash, person, expires, used)
VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (team_id, code_hash) DO UPDATE SET
    person = excluded.person,
    expires = excluded.expires,
    used = excluded.used
