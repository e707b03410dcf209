-- Who holds which area, beside the team's records, their own and those of the people they lead.
CREATE TABLE areas (
    team_id BLOB NOT NULL,
    person  BLOB NOT NULL,
    area    TEXT NOT NULL,
    PRIMARY KEY (team_id, person, area)
) WITHOUT ROWID;

-- Work that arrived from somebody who did not hold the record any more, until it is decided about.
CREATE TABLE holding (
    team_id  BLOB NOT NULL,
    number   INTEGER NOT NULL,
    device   BLOB NOT NULL,
    person   BLOB NOT NULL,
    doc      BLOB NOT NULL,
    hash     BLOB NOT NULL,
    item     BLOB NOT NULL,
    refusal  BLOB NOT NULL,
    received INTEGER NOT NULL,
    waits    INTEGER NOT NULL,
    decision BLOB,
    PRIMARY KEY (team_id, number)
);
CREATE UNIQUE INDEX holding_by_item ON holding (team_id, device, hash);
CREATE INDEX holding_by_doc ON holding (team_id, doc, number);
CREATE INDEX holding_waiting ON holding (team_id, number) WHERE waits = 1;

-- Records that an act removed: they stay, and are in no list.
ALTER TABLE records ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
