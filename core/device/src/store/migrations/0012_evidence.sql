-- Recordings by script: what is recorded for which question, and the links of its chain, each in the
-- transaction that it happened in. An ended recording stays as its answer's file; its links go.

CREATE TABLE recordings (
    doc   BLOB NOT NULL,
    field TEXT NOT NULL,
    chain BLOB NOT NULL,
    kept  BLOB NOT NULL,
    PRIMARY KEY (doc, field)
);

CREATE TABLE links (
    chain BLOB NOT NULL,
    n     INTEGER NOT NULL,
    body  TEXT NOT NULL,
    hash  BLOB NOT NULL,
    PRIMARY KEY (chain, n)
) WITHOUT ROWID;

-- What photos of this phone look like, to know one that is nearly the same.
CREATE TABLE looks (
    n     INTEGER PRIMARY KEY AUTOINCREMENT,
    blob  BLOB NOT NULL,
    doc   BLOB NOT NULL,
    look  INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
);
