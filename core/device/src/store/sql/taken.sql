INSERT OR REPLACE INTO taken (n, doc, what, made_ms, taken_ms, seq)
SELECT n, doc, what, at_ms, ?2, ?3 FROM outbox WHERE n = ?1
