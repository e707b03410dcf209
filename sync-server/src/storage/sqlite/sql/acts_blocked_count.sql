SELECT r.owner, count(*)
FROM acts AS a
CROSS JOIN records AS r ON r.team_id = a.team_id AND r.doc = a.doc
WHERE a.team_id = ?1
  AND a.accepted = 0
  AND NOT EXISTS (
      SELECT 1 FROM acts AS later
      WHERE later.team_id = a.team_id AND later.doc = a.doc AND later.seq > a.seq
  )
  AND (?2 IS NULL OR hex(r.scope) IN (SELECT value FROM json_each(?2)))
  AND (?3 IS NULL OR r.owner = ?3)
GROUP BY r.owner
