-- With what the rows of a team's records were made; nothing for rows of before this was kept.
ALTER TABLE teams ADD COLUMN rows_made BLOB;
