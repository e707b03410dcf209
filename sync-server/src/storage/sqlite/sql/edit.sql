SELECT actor, number, hash, seq
FROM edits
WHERE team_id = ?1 AND doc = ?2 AND actor = ?3 AND number = ?4
