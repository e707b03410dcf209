INSERT INTO people (team_id, person, name, role)
VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (team_id, person) DO UPDATE SET name = excluded.name, role = excluded.role
