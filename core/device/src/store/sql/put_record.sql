INSERT INTO records (doc, kind, stage, owner, scope, day, conflicts, search_sum, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
ON CONFLICT (doc) DO UPDATE SET
    kind = excluded.kind,
    stage = excluded.stage,
    owner = excluded.owner,
    scope = excluded.scope,
    day = excluded.day,
    conflicts = excluded.conflicts,
    search_sum = excluded.search_sum,
    body = excluded.body
RETURNING n
