SELECT
    n,
    search_sum,
    kind = ?2 AND stage = ?3 AND owner = ?4 AND scope = ?5 AND day IS ?6 AND conflicts = ?7 AND subject IS ?8
        AND removed = ?9,
    EXISTS (SELECT 1 FROM claims WHERE claims.doc = ?1)
FROM records
WHERE records.doc = ?1
