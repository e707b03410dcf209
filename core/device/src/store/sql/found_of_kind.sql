SELECT records.n, records.doc, records.conflicts, records.body
FROM search JOIN records ON records.n = search.rowid
WHERE search MATCH ?1 AND records.kind = ?2 AND records.removed = 0
ORDER BY search.rank, records.n DESC
LIMIT ?3 OFFSET ?4
