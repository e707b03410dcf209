-- What was held or handed over before and is offered once more: it is in no record here.
ALTER TABLE outbox ADD COLUMN again INTEGER NOT NULL DEFAULT 0;

-- Handed-over items are kept also when they are decided about: the server may be put back to a backup
-- from before. What the rep has put aside is in no list any more.
ALTER TABLE handed_own ADD COLUMN decided INTEGER NOT NULL DEFAULT 0;
ALTER TABLE handed_own ADD COLUMN aside INTEGER NOT NULL DEFAULT 0;
UPDATE handed_own SET decided = 1 WHERE item = x'';

-- This phone's own part of records that went out of its sight, for the same reason.
CREATE TABLE parted (
    n    INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE,
    doc  BLOB NOT NULL,
    item BLOB NOT NULL
);

-- Looked at after each exchange; mostly empty.
CREATE INDEX acts_unruled ON acts (doc) WHERE verdict IS NULL;

-- What the rep is told in words, until they put it aside.
CREATE TABLE notices (
    n     INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms INTEGER NOT NULL,
    body  BLOB NOT NULL
);
