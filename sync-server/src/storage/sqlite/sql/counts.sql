SELECT kind, stage, count(*), sum(conflicts), sum(settled)
FROM records
WHERE team_id = ?1
GROUP BY kind, stage
ORDER BY kind, stage
