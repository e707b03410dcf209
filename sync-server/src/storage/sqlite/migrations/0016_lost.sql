-- Blobs whose files are gone, for each device that brought one: it is asked to send it again.
CREATE TABLE blobs_lost (
    team_id BLOB NOT NULL,
    device  BLOB NOT NULL,
    hash    BLOB NOT NULL,
    doc     BLOB NOT NULL,
    PRIMARY KEY (team_id, device, hash, doc)
) WITHOUT ROWID;
CREATE INDEX blobs_lost_by_hash ON blobs_lost (team_id, hash);
