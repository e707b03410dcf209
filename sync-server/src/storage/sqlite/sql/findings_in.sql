SELECT f.doc, f.key, f.code, f.about, f.at
FROM findings AS f
JOIN records AS r ON r.team_id = f.team_id AND r.doc = f.doc
WHERE f.team_id = ?1
  AND r.removed = 0
  AND (?2 IS NULL OR hex(r.scope) IN (SELECT value FROM json_each(?2)))
ORDER BY f.at DESC, f.doc, f.key
LIMIT ?3
