SELECT count(*), coalesce(sum(size), 0) FROM uploads
WHERE team_id = ?1 AND device = ?2 AND received IS NULL
