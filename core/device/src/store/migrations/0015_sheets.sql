-- Photos on the sheet of an act that is not stated yet. The act will carry them; if it is never stated they
-- are let go.
CREATE TABLE sheets (
    doc      BLOB NOT NULL,
    act      TEXT NOT NULL,
    question TEXT NOT NULL,
    photo    BLOB NOT NULL,
    PRIMARY KEY (doc, act, question)
) WITHOUT ROWID;
