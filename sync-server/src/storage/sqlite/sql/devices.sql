SELECT device, person, token_hash, public_key, name, enrolled, revoked, last_sync, unsent
FROM devices
WHERE team_id = ?1
ORDER BY enrolled, device
