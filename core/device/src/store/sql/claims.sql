SELECT doc, rule, key, amount, until, lease, waits FROM claims WHERE rule = ?1 AND key = ?2 ORDER BY doc
