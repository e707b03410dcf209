SELECT r.doc, r.kind, r.stage, r.owner, r.scope, r.day, r.conflicts, r.settled, r.projection, r.subject, r.removed,
       a.act, a.doc, a.seq, a.device, a.body, a.signature, a.verdict
FROM acts AS a
CROSS JOIN records AS r ON r.team_id = a.team_id AND r.doc = a.doc
LEFT JOIN devices AS d ON d.team_id = a.team_id AND d.device = a.device
WHERE a.team_id = ?1
  AND a.doubt = 1
  AND NOT EXISTS (SELECT 1 FROM checked AS c WHERE c.team_id = a.team_id AND c.act = a.act)
  AND (?2 IS NULL OR hex(r.scope) IN (SELECT value FROM json_each(?2)))
  AND (?3 IS NULL OR d.person = ?3)
ORDER BY a.seq
LIMIT ?4
