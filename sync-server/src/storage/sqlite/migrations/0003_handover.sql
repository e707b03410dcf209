-- The secret half of a team's key for hand-over, as the bytes that it is derived from.
CREATE TABLE team_secrets (
    team_id BLOB NOT NULL PRIMARY KEY REFERENCES teams (team_id),
    seed    BLOB NOT NULL
) WITHOUT ROWID;
