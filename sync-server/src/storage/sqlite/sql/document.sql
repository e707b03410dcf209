SELECT doc, scope, snapshot, heads, edits, plain, first_seq, last_seq
FROM documents
WHERE team_id = ?1 AND doc = ?2
