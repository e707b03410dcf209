-- Photos and other blobs; the bytes are in the object store, under the team and the hash.
CREATE TABLE blobs (
    team_id  BLOB NOT NULL,
    hash     BLOB NOT NULL,
    size     INTEGER NOT NULL,
    media    TEXT NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (team_id, hash)
) WITHOUT ROWID;

-- Which records have which blob: one photo may be in two records and is stored once.
CREATE TABLE blob_docs (
    team_id  BLOB NOT NULL,
    doc      BLOB NOT NULL,
    hash     BLOB NOT NULL,
    device   BLOB NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (team_id, doc, hash)
) WITHOUT ROWID;
CREATE INDEX blob_docs_by_hash ON blob_docs (team_id, hash);

-- What a team's blobs come to, so that a quota is one look-up.
CREATE TABLE blob_totals (
    team_id BLOB NOT NULL PRIMARY KEY,
    bytes   INTEGER NOT NULL
) WITHOUT ROWID;

-- Uploads; received is when the whole was stored, none while it is not. How far one is, only its
-- file says.
CREATE TABLE uploads (
    team_id  BLOB NOT NULL,
    upload   BLOB NOT NULL,
    device   BLOB NOT NULL,
    doc      BLOB NOT NULL,
    hash     BLOB NOT NULL,
    size     INTEGER NOT NULL,
    expires  INTEGER NOT NULL,
    received INTEGER,
    PRIMARY KEY (team_id, upload)
) WITHOUT ROWID;
CREATE INDEX uploads_by_device ON uploads (team_id, device, hash);
CREATE INDEX uploads_by_expiry ON uploads (team_id, expires);
