SELECT h.number, h.device, h.person, h.doc, h.hash, h.item, h.refusal, h.received, h.decision, h.ruled
FROM holding AS h
LEFT JOIN documents AS d ON d.team_id = h.team_id AND d.doc = h.doc
WHERE h.team_id = ?1 AND h.waits = 1
  AND (
      ?2 IS NULL
      OR hex(d.scope) IN (SELECT value FROM json_each(?2))
      OR hex(h.person) IN (SELECT value FROM json_each(?3))
  )
ORDER BY h.number
LIMIT ?4
