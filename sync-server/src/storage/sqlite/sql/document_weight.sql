SELECT d.doc, d.plain + coalesce((
    SELECT sum(length(a.body) + length(a.verdict)) FROM acts AS a WHERE a.team_id = d.team_id AND a.doc = d.doc
), 0)
FROM documents AS d
WHERE d.team_id = ?1 AND d.doc = ?2
