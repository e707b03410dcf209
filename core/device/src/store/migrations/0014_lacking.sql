-- Records whose content cannot be read any more. It comes again from the server; what could not be read
-- is kept as it is until then, for support.
CREATE TABLE lacking (
    doc     BLOB PRIMARY KEY NOT NULL,
    content BLOB
) WITHOUT ROWID;
