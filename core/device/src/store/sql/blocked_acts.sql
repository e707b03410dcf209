-- The last word is by the server's order; what this phone has said since is later still.
SELECT body, verdict
FROM acts AS refused
WHERE blocked = 1
  AND NOT EXISTS (
      SELECT 1 FROM acts AS later
      WHERE later.doc = refused.doc AND (later.seq IS NULL OR later.seq > refused.seq)
  )
ORDER BY refused.seq DESC
