-- What lists, exports and reports of days ask for, in the order in which they show it, so that 50,000 rows are
-- neither sorted nor opened to be counted.
CREATE INDEX records_by_day ON records (team_id, kind, removed, day, doc, scope, stage, owner);
CREATE INDEX records_staged ON records (team_id, kind, stage, removed, scope, doc);
-- The few with several values of an answer.
CREATE INDEX records_disputed ON records (team_id, doc, scope, owner, conflicts, removed) WHERE conflicts > 0 AND removed = 0;
