-- Where a person is in a record that is being filled, so that whatever ends the process, the next one
-- opens at the very question: with what was typed there and is no answer yet. The clock readings are
-- monotonic and only count within the boot and the run of the app that wrote them.
CREATE TABLE places (
    doc        BLOB PRIMARY KEY NOT NULL,
    question   TEXT NOT NULL,
    typed      TEXT,
    boot       BLOB NOT NULL,
    run        INTEGER NOT NULL,
    entered_ms INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL
) WITHOUT ROWID;

-- How long questions were looked at since this phone's last edit of the record, which the next one
-- tells (rounds_model::edit::Spent).
CREATE TABLE spent (
    doc      BLOB NOT NULL,
    question TEXT NOT NULL,
    ms       INTEGER NOT NULL,
    PRIMARY KEY (doc, question)
) WITHOUT ROWID;

-- Versions of packs before the newest that records here were begun with.
CREATE TABLE older_packs (
    pack    TEXT NOT NULL,
    version INTEGER NOT NULL,
    bundle  BLOB NOT NULL,
    PRIMARY KEY (pack, version)
) WITHOUT ROWID;

-- What a record is about, so that the one before it is one look-up: earlier scores of the same store.
ALTER TABLE records ADD COLUMN subject TEXT;
CREATE INDEX records_by_subject ON records (kind, subject, doc) WHERE subject IS NOT NULL;
