SELECT pack, version, seq, hash, bundle
FROM packs AS this
WHERE team_id = ?1
  AND version = (SELECT max(version) FROM packs WHERE team_id = ?1 AND pack = this.pack)
ORDER BY pack
