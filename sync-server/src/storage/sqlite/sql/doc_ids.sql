SELECT doc FROM documents WHERE team_id = ?1 AND doc > ?2 ORDER BY doc LIMIT ?3
