-- Batches in which nothing is left to do, but for the newest ones.
DELETE FROM batches
WHERE n IN (
    SELECT n FROM batches
    WHERE cancelled = 1
       OR NOT EXISTS (SELECT 1 FROM batch_items WHERE batch = batches.n AND state IN ('waiting', 'refused'))
    ORDER BY n DESC
    LIMIT -1 OFFSET ?1
)
