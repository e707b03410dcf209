-- What finders look records up by: the keys that a finder has asked for, and their values in every row
-- of the kind. A key is added when it is first asked for, and its values with it.

CREATE TABLE sought (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key  TEXT NOT NULL,
    UNIQUE (kind, key)
);

CREATE TABLE sought_words (
    key  INTEGER NOT NULL,
    word TEXT NOT NULL,
    n    INTEGER NOT NULL,
    PRIMARY KEY (key, word, n)
) WITHOUT ROWID;
CREATE INDEX sought_by_record ON sought_words (n);
