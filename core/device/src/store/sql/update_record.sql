UPDATE records
SET kind = ?2, stage = ?3, owner = ?4, scope = ?5, day = ?6, conflicts = ?7, search_sum = ?8, body = ?9,
    subject = ?10, removed = ?11
WHERE n = ?1
