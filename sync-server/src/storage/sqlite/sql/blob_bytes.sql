SELECT coalesce((SELECT bytes FROM blob_totals WHERE team_id = ?1), 0)
     + coalesce((SELECT sum(held) FROM uploads WHERE team_id = ?1 AND received IS NULL), 0)
