SELECT
    batches.n,
    batches.job,
    batches.at_ms,
    batches.cancelled,
    count(*),
    count(*) FILTER (WHERE state = 'waiting'),
    count(*) FILTER (WHERE state = 'done'),
    count(*) FILTER (WHERE state = 'refused'),
    count(*) FILTER (WHERE state IN ('dropped', 'cancelled'))
FROM batches JOIN batch_items ON batch_items.batch = batches.n
WHERE ?1 IS NULL OR batches.n = ?1
GROUP BY batches.n
ORDER BY batches.n DESC
