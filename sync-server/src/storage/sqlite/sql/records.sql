SELECT doc, kind, stage, owner, scope, day, conflicts, settled, projection
FROM records
WHERE team_id = ?1
