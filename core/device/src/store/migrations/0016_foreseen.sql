-- How each act that waits for its ruling is expected to be ruled: foreseen once, on what came before it.
CREATE TABLE foreseen (
    act    BLOB PRIMARY KEY NOT NULL,
    doc    BLOB NOT NULL,
    ruling BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX foreseen_by_doc ON foreseen (doc);
