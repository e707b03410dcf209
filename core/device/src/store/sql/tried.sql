INSERT INTO sync_log
    (at_ms, last_ms, cause, outcome, exchanges, up, down, sent, held, received, photos, took_ms)
VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
