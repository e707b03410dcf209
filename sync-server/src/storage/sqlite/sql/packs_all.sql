SELECT pack, version, seq, hash, bundle FROM packs WHERE team_id = ?1 ORDER BY pack, version
