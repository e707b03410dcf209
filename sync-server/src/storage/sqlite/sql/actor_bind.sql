INSERT INTO actors (team_id, actor, device)
VALUES (?1, ?2, ?3)
ON CONFLICT (team_id, actor) DO NOTHING
