-- Only what still waits: somebody else may have done or dropped it meanwhile.
UPDATE batch_items SET state = ?3, why = ?4 WHERE batch = ?1 AND n = ?2 AND state = 'waiting'
