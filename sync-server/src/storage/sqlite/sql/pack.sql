SELECT pack, version, seq, hash, bundle
FROM packs
WHERE team_id = ?1 AND pack = ?2 AND version = ?3
