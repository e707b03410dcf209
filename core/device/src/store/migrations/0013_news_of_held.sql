-- Of a held item's record something new has come since it was held: perhaps what it lacked.
ALTER TABLE held ADD COLUMN news INTEGER NOT NULL DEFAULT 0;
