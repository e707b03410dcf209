-- How much of an upload has arrived, so that a team's quota counts what is here and not what is announced.
ALTER TABLE uploads ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
