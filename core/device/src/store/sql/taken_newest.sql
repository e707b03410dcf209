SELECT doc, max(taken_ms), max(seq)
FROM taken
GROUP BY doc
ORDER BY max(n) DESC
