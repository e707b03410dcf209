SELECT last FROM counters WHERE team_id = ?1 AND counter = ?2
