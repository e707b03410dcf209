-- The console as a device of each person who uses it; the secret half of the key is sealed under their
-- password, and for a session under the secret of its cookie.
CREATE TABLE console_keys (
    team_id    BLOB NOT NULL,
    person     BLOB NOT NULL,
    device     BLOB NOT NULL,
    public_key BLOB NOT NULL,
    salt       BLOB NOT NULL,
    sealed     BLOB NOT NULL,
    PRIMARY KEY (team_id, person)
) WITHOUT ROWID;
ALTER TABLE sessions ADD COLUMN signer BLOB;

CREATE TABLE views (
    team_id BLOB NOT NULL,
    person  BLOB NOT NULL,
    view    BLOB NOT NULL,
    name    TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (team_id, person, view)
) WITHOUT ROWID;

-- What was done in the office. Rows are only ever added.
CREATE TABLE noted (
    team_id BLOB NOT NULL,
    number  INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    person  BLOB,
    what    TEXT NOT NULL,
    about   TEXT NOT NULL,
    PRIMARY KEY (team_id, number)
);
CREATE TRIGGER noted_is_kept BEFORE DELETE ON noted BEGIN SELECT RAISE(ABORT, 'what is noted stays'); END;
CREATE TRIGGER noted_is_not_changed BEFORE UPDATE ON noted BEGIN SELECT RAISE(ABORT, 'what is noted stays'); END;

CREATE TABLE read_tokens (
    team_id     BLOB NOT NULL,
    token       BLOB NOT NULL,
    person      BLOB NOT NULL,
    secret_hash BLOB NOT NULL,
    name        TEXT NOT NULL,
    created     INTEGER NOT NULL,
    revoked     INTEGER,
    used        INTEGER,
    PRIMARY KEY (team_id, token)
) WITHOUT ROWID;

-- What a phone last said of itself.
CREATE TABLE device_status (
    team_id BLOB NOT NULL,
    device  BLOB NOT NULL,
    status  BLOB NOT NULL,
    PRIMARY KEY (team_id, device)
) WITHOUT ROWID;

-- Acts whose time cannot be believed: 1. Those of before this was kept have 0.
ALTER TABLE acts ADD COLUMN doubt INTEGER NOT NULL DEFAULT 0;
CREATE INDEX acts_doubtful ON acts (team_id, seq) WHERE doubt = 1;
CREATE INDEX acts_by_device ON acts (team_id, device);
CREATE TABLE checked (
    team_id BLOB NOT NULL,
    act     BLOB NOT NULL,
    person  BLOB NOT NULL,
    at      INTEGER NOT NULL,
    note    TEXT NOT NULL,
    PRIMARY KEY (team_id, act)
) WITHOUT ROWID;

-- Lists with filters: what they ask for is in the index, so that counting 50,000 opens none of them.
CREATE INDEX records_listed ON records (team_id, kind, removed, doc, scope, stage, owner, day);
CREATE INDEX records_counted ON records (team_id, kind, removed, scope, stage, owner, day);
CREATE INDEX records_of_day ON records (team_id, day, kind, owner) WHERE day IS NOT NULL;
