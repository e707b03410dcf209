SELECT doc, rule, key, amount, until, lease, waits
FROM claims
WHERE team_id = ?1 AND doc = ?2
