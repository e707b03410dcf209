INSERT INTO holding (team_id, number, device, person, doc, hash, item, refusal, received, waits, decision, ruled)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
ON CONFLICT (team_id, number) DO UPDATE SET
    item = excluded.item,
    refusal = excluded.refusal,
    waits = excluded.waits,
    decision = excluded.decision
