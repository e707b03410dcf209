SELECT DISTINCT doc, key, blob, look, at FROM looks
WHERE team_id = ?1 AND band IN (?2, ?3, ?4, ?5, ?6, ?7)
ORDER BY at, doc, key
LIMIT 1000
