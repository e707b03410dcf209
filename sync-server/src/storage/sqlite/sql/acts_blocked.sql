SELECT r.doc, r.kind, r.stage, r.owner, r.scope, r.day, r.conflicts, r.settled, r.projection, r.subject, r.removed,
       a.act, a.doc, a.seq, a.device, a.body, a.signature, a.verdict
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
ORDER BY a.seq
LIMIT ?4
