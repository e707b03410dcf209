-- The phone's store, version 1. Additive from here on: no drop, no rename, no change of type.

-- Single values: identity, keys, token, counters, the clock anchor, settings.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY NOT NULL,
    value BLOB NOT NULL
) WITHOUT ROWID;

-- A document is its snapshot plus the changes since; the tail is folded in now and then.
CREATE TABLE documents (
    doc      BLOB PRIMARY KEY NOT NULL,
    snapshot BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE tail (
    doc    BLOB NOT NULL,
    n      INTEGER NOT NULL,
    change BLOB NOT NULL,
    PRIMARY KEY (doc, n)
) WITHOUT ROWID;

-- Every act known here. verdict is the server's ruling, encoded; none while this phone waits.
CREATE TABLE acts (
    n         INTEGER PRIMARY KEY,
    act       BLOB NOT NULL UNIQUE,
    doc       BLOB NOT NULL,
    seq       INTEGER,
    body      BLOB NOT NULL,
    signature BLOB NOT NULL,
    verdict   BLOB,
    blocked   INTEGER NOT NULL DEFAULT 0,
    own       INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX acts_by_doc ON acts (doc, seq);
CREATE INDEX acts_blocked ON acts (n) WHERE blocked = 1;

-- What the server has not receipted, oldest first, as the very bytes that will be sent.
CREATE TABLE outbox (
    n     INTEGER PRIMARY KEY AUTOINCREMENT,
    doc   BLOB NOT NULL,
    what  TEXT NOT NULL CHECK (what IN ('edit', 'act')),
    item  BLOB NOT NULL,
    at_ms INTEGER NOT NULL
);
CREATE INDEX outbox_by_doc ON outbox (doc);

-- What the server would not apply, with its reason: a branch that a person decides about.
CREATE TABLE held (
    n       INTEGER PRIMARY KEY AUTOINCREMENT,
    doc     BLOB NOT NULL,
    what    TEXT NOT NULL CHECK (what IN ('edit', 'act')),
    item    BLOB NOT NULL,
    refusal BLOB NOT NULL,
    at_ms   INTEGER NOT NULL
);
CREATE INDEX held_by_doc ON held (doc);

-- Held edits that were tried again: what was built on the old one is built on the new one.
CREATE TABLE retried (
    old BLOB PRIMARY KEY NOT NULL,
    new BLOB NOT NULL
) WITHOUT ROWID;

-- The projection: one row per record, implied by documents and acts, rebuildable.
CREATE TABLE records (
    n          INTEGER PRIMARY KEY,
    doc        BLOB NOT NULL UNIQUE,
    kind       TEXT NOT NULL,
    stage      TEXT NOT NULL,
    owner      BLOB NOT NULL,
    scope      TEXT NOT NULL,
    day        TEXT,
    conflicts  INTEGER NOT NULL,
    search_sum INTEGER NOT NULL,
    body       BLOB NOT NULL
);
CREATE INDEX records_by_kind ON records (kind, n);
CREATE INDEX records_by_day ON records (day) WHERE day IS NOT NULL;
CREATE INDEX records_in_conflict ON records (n) WHERE conflicts > 0;

-- Which record holds which key of which arbitration rule; part of the projection.
CREATE TABLE claims (
    rule TEXT NOT NULL,
    key  TEXT NOT NULL,
    doc  BLOB NOT NULL,
    PRIMARY KEY (rule, key, doc)
) WITHOUT ROWID;
CREATE INDEX claims_by_doc ON claims (doc);

-- Full text over the projection; rowid is records.n. Han text is cut into single characters
-- before it comes here (see search.rs), so that two characters are found like eight.
CREATE VIRTUAL TABLE search USING fts5 (text, content = '', contentless_delete = 1, tokenize = 'unicode61');

CREATE TABLE cursors (
    scope TEXT PRIMARY KEY NOT NULL,
    seq   INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE people (
    person BLOB PRIMARY KEY NOT NULL,
    body   BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE devices (
    device BLOB PRIMARY KEY NOT NULL,
    body   BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE pens (
    actor BLOB PRIMARY KEY NOT NULL,
    body  BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE packs (
    pack    TEXT PRIMARY KEY NOT NULL,
    version INTEGER NOT NULL,
    bundle  BLOB NOT NULL
) WITHOUT ROWID;

-- Photos and other blobs; the bytes are encrypted files beside this database.
CREATE TABLE blobs (
    hash  BLOB PRIMARY KEY NOT NULL,
    doc   BLOB NOT NULL,
    size  INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- One row for each time the store was opened; a run that was never closed was killed.
CREATE TABLE runs (
    n         INTEGER PRIMARY KEY AUTOINCREMENT,
    opened_ms INTEGER NOT NULL,
    closed_ms INTEGER
);
