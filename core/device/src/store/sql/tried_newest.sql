SELECT at_ms, times, last_ms, cause, outcome, exchanges, up, down, sent, held, received, photos, took_ms
FROM sync_log
ORDER BY n DESC
LIMIT ?1
