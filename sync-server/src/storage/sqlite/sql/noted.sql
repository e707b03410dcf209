SELECT number, at, person, what, about
FROM noted
WHERE team_id = ?1
  AND number < ?2
  AND (
      ?4 IS NULL
      OR person = ?4
      -- What is about a person begins with a line that names them.
      OR substr(about, 1, 43) IN (SELECT 'person=' || value FROM json_each(?5))
  )
ORDER BY number DESC
LIMIT ?3
