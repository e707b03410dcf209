INSERT INTO sessions (team_id, session_hash, person, csrf, expires, signer)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
ON CONFLICT (team_id, session_hash) DO UPDATE SET
    person = excluded.person,
    csrf = excluded.csrf,
    expires = excluded.expires,
    signer = excluded.signer
