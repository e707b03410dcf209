UPDATE sync_log
SET times = times + 1, last_ms = ?2, up = up + ?3, down = down + ?4, took_ms = took_ms + ?5
WHERE n = (SELECT max(n) FROM sync_log) AND outcome = ?1 AND outcome <> 'done' AND exchanges = 0
