-- What was tried, for support: the newest few hundred tries. No content, no names.
CREATE TABLE sync_log (
    n         INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms     INTEGER NOT NULL,
    -- How often in a row the same came of it, and when last.
    times     INTEGER NOT NULL DEFAULT 1,
    last_ms   INTEGER NOT NULL,
    cause     TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    exchanges INTEGER NOT NULL,
    up        INTEGER NOT NULL,
    down      INTEGER NOT NULL,
    sent      INTEGER NOT NULL,
    held      INTEGER NOT NULL,
    received  INTEGER NOT NULL,
    photos    INTEGER NOT NULL,
    took_ms   INTEGER NOT NULL
);

-- The newest receipts: what left the outbox, when, and at which place of the server's log it is.
CREATE TABLE taken (
    n        INTEGER PRIMARY KEY NOT NULL,
    doc      BLOB NOT NULL,
    what     TEXT NOT NULL,
    made_ms  INTEGER NOT NULL,
    taken_ms INTEGER NOT NULL,
    seq      INTEGER NOT NULL
);
