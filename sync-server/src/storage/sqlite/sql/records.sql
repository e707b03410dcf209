SELECT doc, kind, stage, owner, scope, day, conflicts, settled, projection, subject, removed
FROM records
WHERE team_id = ?1
