-- What the head of the log was marked with when it was there: a log that was put back to an earlier
-- state, and has grown again, has other marks at the same places.
CREATE TABLE marks (
    team_id BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    mark    BLOB NOT NULL,
    PRIMARY KEY (team_id, seq)
) WITHOUT ROWID;

-- What the marks are sealed with that devices are given, so that none can make one up.
ALTER TABLE teams ADD COLUMN seal BLOB;
UPDATE teams SET seal = randomblob(32);
