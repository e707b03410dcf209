SELECT doc, rule, key, amount, until, lease, waits
FROM claims
WHERE team_id = ?1 AND rule = ?2 AND key = ?3
ORDER BY doc
