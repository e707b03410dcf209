-- The places of a record's edits and acts, and the one at which it came into the scope.
DELETE FROM log
WHERE team_id = ?1
  AND scope = ?2
  AND seq IN (
      SELECT seq FROM edits WHERE team_id = ?1 AND doc = ?3
      UNION ALL
      SELECT seq FROM acts WHERE team_id = ?1 AND doc = ?3
      UNION ALL
      SELECT ?4
  )
