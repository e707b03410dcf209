-- Batches: one kind of step for many records, each item done in a transaction of its own. What is not done
-- yet waits here, with the id that its record or its act will have, so that a kill repeats nothing.

CREATE TABLE batches (
    n         INTEGER PRIMARY KEY AUTOINCREMENT,
    job       BLOB NOT NULL,
    at_ms     INTEGER NOT NULL,
    cancelled INTEGER NOT NULL DEFAULT 0
);

-- state: waiting, done, refused, dropped, cancelled. why: the refusal.
CREATE TABLE batch_items (
    batch INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    state TEXT NOT NULL,
    doc   BLOB NOT NULL,
    act   BLOB,
    work  BLOB NOT NULL,
    why   BLOB,
    PRIMARY KEY (batch, n)
);
CREATE INDEX batch_items_by_state ON batch_items (batch, state, n);
