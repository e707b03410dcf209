SELECT r.owner, count(*)
FROM acts AS a
CROSS JOIN records AS r ON r.team_id = a.team_id AND r.doc = a.doc
WHERE a.team_id = ?1
  AND a.accepted = 0
  AND NOT EXISTS (
      SELECT 1 FROM acts AS later
      WHERE later.team_id = a.team_id AND later.doc = a.doc AND later.seq > a.seq
  )
  AND NOT EXISTS (
      SELECT 1 FROM settled_doubts AS s
      WHERE s.team_id = a.team_id AND s.doc = a.doc AND s.code = 'act:' || lower(hex(a.act))
  )
  AND (?2 IS NULL OR hex(r.scope) IN (SELECT value FROM json_each(?2)))
  AND (?3 IS NULL OR r.owner = ?3)
GROUP BY r.owner
