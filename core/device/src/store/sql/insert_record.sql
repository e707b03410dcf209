INSERT INTO records (doc, kind, stage, owner, scope, day, conflicts, search_sum, body, subject, removed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
