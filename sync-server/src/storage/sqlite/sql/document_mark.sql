SELECT d.doc, d.scope, d.first_seq, d.last_seq, length(d.snapshot) + coalesce(length(r.projection), 0), d.plain
FROM documents AS d
LEFT JOIN records AS r ON r.team_id = d.team_id AND r.doc = d.doc
WHERE d.team_id = ?1 AND d.doc = ?2
