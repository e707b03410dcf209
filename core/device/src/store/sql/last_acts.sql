-- The last act of each record that has one, newest first.
SELECT body, verdict
FROM acts
WHERE n IN (SELECT max(n) FROM acts GROUP BY doc)
ORDER BY n DESC
