-- What a server that was put back to a backup had of an item before: nothing (0), the item (1), and of an act that it
-- had accepted (2) or refused it (3).
ALTER TABLE outbox ADD COLUMN before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE held ADD COLUMN before INTEGER NOT NULL DEFAULT 0;
