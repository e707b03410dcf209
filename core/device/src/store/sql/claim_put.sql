INSERT OR REPLACE INTO claims (rule, key, doc, amount, until, lease, waits)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
