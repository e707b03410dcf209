-- How an act that was handed over was ruled before this server was put back to a backup, as its phone was told.
ALTER TABLE holding ADD COLUMN ruled BLOB;
