SELECT n, state, doc, act, work, why FROM batch_items
WHERE batch = ?1 AND state = 'waiting' AND n > ?2
ORDER BY n
LIMIT 1
