-- Whose access was withdrawn as a whole, and when: until they use an invitation or are given a password again.
CREATE TABLE withdrawn (
    team_id BLOB NOT NULL,
    person  BLOB NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (team_id, person)
) WITHOUT ROWID;

-- Whoever lost it before there was this table is one of them, as the log says: it begins with `person=` and an
-- id with hyphens. An invitation alone gave nobody access; the device that it made did.
INSERT INTO withdrawn (team_id, person, at)
SELECT gone.team_id, gone.person, gone.at
FROM (
    -- Of one person, `at` is that of the greatest number.
    SELECT noted.team_id, people.person, max(noted.number) AS number, noted.at
    FROM noted JOIN people ON people.team_id = noted.team_id
        AND lower(hex(people.person)) = replace(substr(noted.about, 8, 36), '-', '')
    WHERE noted.what = 'noted-revoked-person'
    GROUP BY noted.team_id, people.person
) AS gone
WHERE NOT EXISTS (
    SELECT 1 FROM noted WHERE noted.team_id = gone.team_id AND noted.number > gone.number
        AND noted.what = 'noted-password'
        AND replace(substr(noted.about, 8, 36), '-', '') = lower(hex(gone.person))
) AND NOT EXISTS (
    SELECT 1 FROM devices WHERE devices.team_id = gone.team_id AND devices.person = gone.person
        AND devices.enrolled > gone.at
);
