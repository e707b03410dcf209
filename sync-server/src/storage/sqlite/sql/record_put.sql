INSERT INTO records (team_id, doc, kind, stage, owner, scope, day, conflicts, settled, projection, subject, removed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (team_id, doc) DO UPDATE SET
    kind = excluded.kind,
    stage = excluded.stage,
    owner = excluded.owner,
    scope = excluded.scope,
    day = excluded.day,
    conflicts = excluded.conflicts,
    settled = excluded.settled,
    projection = excluded.projection,
    subject = excluded.subject,
    removed = excluded.removed
