-- What was found about evidence: recordings whose chain is not whole, photos that are nearly the same.
-- `about` is JSON for people and programs. A finding that no longer holds is taken out.
CREATE TABLE findings (
    team_id BLOB NOT NULL,
    doc     BLOB NOT NULL,
    key     TEXT NOT NULL,
    code    TEXT NOT NULL,
    about   BLOB NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (team_id, doc, key, code)
) WITHOUT ROWID;

-- What photos look like, a row for each sixth of a look: two looks that differ in five places at most
-- have one sixth in common.
CREATE TABLE looks (
    team_id BLOB NOT NULL,
    band    INTEGER NOT NULL,
    doc     BLOB NOT NULL,
    key     TEXT NOT NULL,
    blob    BLOB NOT NULL,
    look    INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (team_id, band, doc, key, blob)
) WITHOUT ROWID;
