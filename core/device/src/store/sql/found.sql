SELECT records.n, records.doc, records.conflicts, records.body
FROM search JOIN records ON records.n = search.rowid
WHERE search MATCH ?1
ORDER BY search.rank
LIMIT ?2
