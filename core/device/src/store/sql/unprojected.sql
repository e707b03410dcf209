SELECT doc FROM (SELECT doc FROM documents UNION SELECT doc FROM tail)
WHERE doc NOT IN (SELECT doc FROM records)
