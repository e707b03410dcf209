-- What is typed at questions and is no answer yet, each at its own question: going to another question
-- takes none of it away. `places.typed` had room for one of them and is not used any more.
CREATE TABLE typed (
    doc      BLOB NOT NULL,
    question TEXT NOT NULL,
    text     TEXT NOT NULL,
    PRIMARY KEY (doc, question)
) WITHOUT ROWID;

INSERT INTO typed (doc, question, text) SELECT doc, question, typed FROM places WHERE typed IS NOT NULL;
UPDATE places SET typed = NULL WHERE typed IS NOT NULL;
