SELECT act, doc, seq, device, body, signature, verdict
FROM acts AS this
WHERE team_id = ?1
  AND accepted = 0
  AND NOT EXISTS (
      SELECT 1 FROM acts AS later
      WHERE later.team_id = this.team_id AND later.doc = this.doc AND later.seq > this.seq
  )
ORDER BY seq DESC
