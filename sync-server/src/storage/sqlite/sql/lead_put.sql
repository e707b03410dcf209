INSERT INTO leads (team_id, supervisor, person)
VALUES (?1, ?2, ?3)
ON CONFLICT (team_id, supervisor, person) DO NOTHING
