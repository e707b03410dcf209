-- What a server that was put back to a backup had of an item before: nothing (NULL), the item ('had'), and of an act
-- that it had refused it ('refused') or accepted it, as which act ('as NAME').
ALTER TABLE outbox ADD COLUMN before TEXT;
ALTER TABLE held ADD COLUMN before TEXT;
ALTER TABLE acts ADD COLUMN before TEXT;
