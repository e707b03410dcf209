SELECT doc, kind, stage, owner, scope, day, conflicts, settled, projection, subject, removed
FROM records
WHERE team_id = ?1 AND kind = ?2 AND subject = ?3 AND doc < ?4 AND removed = 0
ORDER BY doc DESC
LIMIT ?5
