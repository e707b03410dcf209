-- What a record is about, as its kind says: the one before it about the same thing is one look-up.
-- Records of kinds that say nothing have none.
ALTER TABLE records ADD COLUMN subject TEXT;
CREATE INDEX records_by_subject ON records (team_id, kind, subject, doc) WHERE subject IS NOT NULL;
