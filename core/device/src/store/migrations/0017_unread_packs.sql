-- Packs that this app could not read when they came. The server does not send them again; the next app may
-- be able to.
CREATE TABLE unread_packs (
    n      INTEGER PRIMARY KEY AUTOINCREMENT,
    hash   BLOB NOT NULL UNIQUE,
    bundle BLOB NOT NULL
);
