-- How far each counter of automatic numbers has come.
CREATE TABLE counters (
    team_id BLOB NOT NULL,
    counter TEXT NOT NULL,
    last    INTEGER NOT NULL,
    PRIMARY KEY (team_id, counter)
) WITHOUT ROWID;
