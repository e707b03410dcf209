-- Everything a team owns is keyed by the team first, so that one day a team can live on any node.
-- Ids are their raw bytes; scopes are 't', 'p' + person id, or 'a' + name; times are Unix ms.

CREATE TABLE teams (
    team_id  BLOB NOT NULL PRIMARY KEY,
    name     TEXT NOT NULL,
    zone     TEXT NOT NULL,
    last_seq INTEGER NOT NULL,
    epoch    BLOB NOT NULL DEFAULT x'00000000000000000000000000000000'
) WITHOUT ROWID;

CREATE TABLE people (
    team_id  BLOB NOT NULL,
    person   BLOB NOT NULL,
    name     TEXT NOT NULL,
    role     TEXT NOT NULL,
    password TEXT,
    PRIMARY KEY (team_id, person)
) WITHOUT ROWID;

CREATE TABLE leads (
    team_id    BLOB NOT NULL,
    supervisor BLOB NOT NULL,
    person     BLOB NOT NULL,
    PRIMARY KEY (team_id, supervisor, person)
) WITHOUT ROWID;

CREATE TABLE devices (
    team_id    BLOB NOT NULL,
    device     BLOB NOT NULL,
    person     BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    public_key BLOB NOT NULL,
    name       TEXT NOT NULL,
    enrolled   INTEGER NOT NULL,
    revoked    INTEGER,
    last_sync  INTEGER,
    unsent     INTEGER NOT NULL,
    PRIMARY KEY (team_id, device)
) WITHOUT ROWID;
-- A token names its device, not its team: the one look-up that crosses teams, with invitations.
CREATE INDEX devices_by_id ON devices (device);

CREATE TABLE invitations (
    team_id   BLOB NOT NULL,
    code_hash BLOB NOT NULL,
    person    BLOB NOT NULL,
    expires   INTEGER NOT NULL,
    used      INTEGER,
    PRIMARY KEY (team_id, code_hash)
) WITHOUT ROWID;
CREATE INDEX invitations_by_code ON invitations (code_hash);

CREATE TABLE sessions (
    team_id      BLOB NOT NULL,
    session_hash BLOB NOT NULL,
    person       BLOB NOT NULL,
    csrf         BLOB NOT NULL,
    expires      INTEGER NOT NULL,
    PRIMARY KEY (team_id, session_hash)
) WITHOUT ROWID;

CREATE TABLE actors (
    team_id BLOB NOT NULL,
    actor   BLOB NOT NULL,
    device  BLOB NOT NULL,
    PRIMARY KEY (team_id, actor)
) WITHOUT ROWID;

CREATE TABLE documents (
    team_id   BLOB NOT NULL,
    doc       BLOB NOT NULL,
    scope     BLOB NOT NULL,
    snapshot  BLOB NOT NULL,
    heads     BLOB NOT NULL,
    edits     INTEGER NOT NULL,
    plain     INTEGER NOT NULL,
    first_seq INTEGER NOT NULL,
    last_seq  INTEGER NOT NULL,
    PRIMARY KEY (team_id, doc)
);

-- Which change an actor made with which number: a repeat is answered, a fork is refused.
CREATE TABLE edits (
    team_id BLOB NOT NULL,
    doc     BLOB NOT NULL,
    actor   BLOB NOT NULL,
    number  INTEGER NOT NULL,
    hash    BLOB NOT NULL,
    seq     INTEGER NOT NULL,
    PRIMARY KEY (team_id, doc, actor, number)
) WITHOUT ROWID;

-- An act is stored together with its verdict, or not at all.
CREATE TABLE acts (
    team_id   BLOB NOT NULL,
    act       BLOB NOT NULL,
    doc       BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    device    BLOB NOT NULL,
    body      BLOB NOT NULL,
    signature BLOB NOT NULL,
    accepted  INTEGER NOT NULL,
    verdict   BLOB NOT NULL,
    PRIMARY KEY (team_id, act)
);
CREATE INDEX acts_by_doc ON acts (team_id, doc, seq);
-- The few that wait for somebody: a board asks for them at every look.
CREATE INDEX acts_blocked ON acts (team_id, seq) WHERE accepted = 0;

-- Clustered by scope: the one question asked of it is "what came after, in this scope".
CREATE TABLE log (
    team_id   BLOB NOT NULL,
    scope     BLOB NOT NULL,
    seq       INTEGER NOT NULL,
    what      INTEGER NOT NULL,
    doc       BLOB,
    reference BLOB NOT NULL,
    bytes     INTEGER NOT NULL,
    PRIMARY KEY (team_id, scope, seq)
) WITHOUT ROWID;

CREATE TABLE records (
    team_id    BLOB NOT NULL,
    doc        BLOB NOT NULL,
    kind       TEXT NOT NULL,
    stage      TEXT NOT NULL,
    owner      BLOB NOT NULL,
    scope      BLOB NOT NULL,
    day        TEXT,
    conflicts  INTEGER NOT NULL,
    settled    INTEGER NOT NULL,
    projection BLOB NOT NULL,
    PRIMARY KEY (team_id, doc)
);
CREATE INDEX records_by_kind ON records (team_id, kind, stage, doc);
CREATE INDEX records_by_owner ON records (team_id, owner, day);
CREATE INDEX records_conflicted ON records (team_id, scope) WHERE conflicts > 0;

CREATE TABLE claims (
    team_id BLOB NOT NULL,
    rule    TEXT NOT NULL,
    key     TEXT NOT NULL,
    doc     BLOB NOT NULL,
    PRIMARY KEY (team_id, rule, key, doc)
) WITHOUT ROWID;
CREATE INDEX claims_by_doc ON claims (team_id, doc);

CREATE TABLE packs (
    team_id BLOB NOT NULL,
    pack    TEXT NOT NULL,
    version INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    hash    BLOB NOT NULL,
    bundle  BLOB NOT NULL,
    PRIMARY KEY (team_id, pack, version)
);

-- Of the installation, not of a team: each start of the server, and whether it stopped by itself.
CREATE TABLE runs (
    run     INTEGER PRIMARY KEY,
    started INTEGER NOT NULL,
    stopped INTEGER
);
