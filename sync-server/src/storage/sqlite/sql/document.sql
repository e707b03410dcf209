SELECT doc, scope, snapshot, heads, edits, first_seq, last_seq
FROM documents
WHERE team_id = ?1 AND doc = ?2
