SELECT count(receipt_ms), count(*) FROM uploads
WHERE doc IN (SELECT doc FROM uploads WHERE receipt_ms IS NULL)
