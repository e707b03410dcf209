-- Records that count as removed are kept, and are in no list.
ALTER TABLE records ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX records_by_scope ON records (scope);

-- Records that left one of this phone's scopes: they go once all news is in and nothing of them is
-- unsent, unless they came into another one.
CREATE TABLE leaving (
    doc BLOB PRIMARY KEY NOT NULL
) WITHOUT ROWID;

-- Records that were removed, as the server says; of some this phone never had the content.
CREATE TABLE tombstones (
    doc   BLOB PRIMARY KEY NOT NULL,
    scope TEXT NOT NULL,
    stage TEXT NOT NULL
) WITHOUT ROWID;

-- What the server took of this phone's work without applying it, in words: the record may be gone. The
-- item itself is kept until it is decided about, in case that the server is restored from a backup.
CREATE TABLE handed_own (
    n    INTEGER PRIMARY KEY AUTOINCREMENT,
    hash BLOB NOT NULL UNIQUE,
    item BLOB NOT NULL,
    body BLOB NOT NULL,
    seen INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX handed_own_new ON handed_own (n) WHERE seen = 0;

-- Work about records here, whoever's, that waits on the server for a decision.
CREATE TABLE handed (
    number INTEGER PRIMARY KEY,
    doc    BLOB NOT NULL,
    body   BLOB NOT NULL
);
CREATE INDEX handed_by_doc ON handed (doc);

-- Photos whose record left: their files are to be deleted.
CREATE TABLE unwanted (
    hash BLOB PRIMARY KEY NOT NULL
) WITHOUT ROWID;
