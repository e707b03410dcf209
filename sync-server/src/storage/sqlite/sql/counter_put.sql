INSERT INTO counters (team_id, counter, last)
VALUES (?1, ?2, ?3)
ON CONFLICT (team_id, counter) DO UPDATE SET last = excluded.last
