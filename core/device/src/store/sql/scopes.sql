-- One step of the index for each scope, however many records there are.
WITH RECURSIVE known (scope) AS (
    SELECT min(scope) FROM records
    UNION ALL
    SELECT (SELECT min(scope) FROM records WHERE scope > known.scope) FROM known WHERE known.scope IS NOT NULL
)
SELECT scope FROM known WHERE scope IS NOT NULL
UNION
SELECT DISTINCT scope FROM tombstones
