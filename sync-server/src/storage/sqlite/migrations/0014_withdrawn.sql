-- Whose access was withdrawn as a whole, and when: until they are invited or given a password again.
CREATE TABLE withdrawn (
    team_id BLOB NOT NULL,
    person  BLOB NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (team_id, person)
) WITHOUT ROWID;
