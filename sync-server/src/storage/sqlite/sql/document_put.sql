INSERT INTO documents (team_id, doc, scope, snapshot, heads, edits, plain, first_seq, last_seq)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (team_id, doc) DO UPDATE SET
    scope = excluded.scope,
    snapshot = excluded.snapshot,
    heads = excluded.heads,
    edits = excluded.edits,
    plain = excluded.plain,
    first_seq = excluded.first_seq,
    last_seq = excluded.last_seq
