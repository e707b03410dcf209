SELECT coalesce(sum(waits), 0), count(*), coalesce(sum(length(item)), 0)
FROM holding
WHERE team_id = ?1 AND device = ?2
