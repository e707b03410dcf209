-- What a record claims, and how: how much (in ten-thousandths), until when (Unix ms), from whose
-- lease, and in which place it waits. A claim of before is one, now and for good.
ALTER TABLE claims ADD COLUMN amount INTEGER NOT NULL DEFAULT 10000;
ALTER TABLE claims ADD COLUMN until INTEGER;
ALTER TABLE claims ADD COLUMN lease BLOB;
ALTER TABLE claims ADD COLUMN waits INTEGER;
