-- Photos and other blobs on their way to the server: one row for each record that has one, so that
-- the same photo in two records is one file, one upload and two receipts.
CREATE TABLE uploads (
    n          INTEGER PRIMARY KEY AUTOINCREMENT,
    hash       BLOB NOT NULL,
    doc        BLOB NOT NULL,
    size       INTEGER NOT NULL,
    at_ms      INTEGER NOT NULL,
    -- Where the server keeps what it has of it, and how much that was when it last said so.
    place      TEXT,
    sent       INTEGER NOT NULL DEFAULT 0,
    -- The server's receipt: since when (its clock) it has the whole. None while it waits.
    receipt_ms INTEGER,
    -- Why the last try failed (encoded), how many failed, and when the next one is.
    problem    BLOB,
    tries      INTEGER NOT NULL DEFAULT 0,
    next_ms    INTEGER NOT NULL DEFAULT 0,
    UNIQUE (hash, doc)
);
CREATE INDEX uploads_waiting ON uploads (n) WHERE receipt_ms IS NULL;
CREATE INDEX uploads_by_doc ON uploads (doc);

-- What version 1 had noted was never sent.
INSERT INTO uploads (hash, doc, size, at_ms) SELECT hash, doc, size, at_ms FROM blobs ORDER BY at_ms, hash;
