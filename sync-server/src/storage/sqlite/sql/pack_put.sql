INSERT INTO packs (team_id, pack, version, seq, hash, bundle)
VALUES (?1, ?2, ?3, ?4, ?5, ?6)
