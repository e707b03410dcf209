-- What packs or the server found doubtful about a record, and somebody has looked at. What happens later is
-- another doubt: its time is part of its name.
CREATE TABLE settled_doubts (
    team_id BLOB NOT NULL,
    doc     BLOB NOT NULL,
    code    TEXT NOT NULL,
    since   INTEGER NOT NULL,
    person  BLOB NOT NULL,
    at      INTEGER NOT NULL,
    note    TEXT NOT NULL,
    PRIMARY KEY (team_id, doc, code, since)
) WITHOUT ROWID;

-- Photos of a wall, the newest first.
CREATE INDEX blob_docs_received ON blob_docs (team_id, received, doc);
