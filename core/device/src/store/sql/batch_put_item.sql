INSERT INTO batch_items (batch, n, state, doc, act, work) VALUES (?1, ?2, 'waiting', ?3, ?4, ?5)
