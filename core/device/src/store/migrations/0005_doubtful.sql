-- What others made and this phone holds, while nobody knows whether a server that was restored from
-- a backup has it: the hash of a change, or the id of an act.
CREATE TABLE doubtful (
    doc       BLOB NOT NULL,
    what      TEXT NOT NULL CHECK (what IN ('edit', 'act')),
    reference BLOB NOT NULL,
    PRIMARY KEY (doc, what, reference)
) WITHOUT ROWID;
