//! Versions of the file: numbered steps, each additive, all in one transaction.

use crate::storage::{Error, Result};
use rusqlite::{Connection, TransactionBehavior};

/// Step `n` makes a file of version `n` from one of version `n - 1`.
const STEPS: &[&str] = &[
    include_str!("migrations/0001_start.sql"),
    include_str!("migrations/0002_blobs.sql"),
    include_str!("migrations/0003_handover.sql"),
    include_str!("migrations/0004_ledgers.sql"),
    include_str!("migrations/0005_subjects.sql"),
    include_str!("migrations/0006_scopes.sql"),
    include_str!("migrations/0007_counters.sql"),
    include_str!("migrations/0008_rows.sql"),
    include_str!("migrations/0009_console.sql"),
    include_str!("migrations/0010_evidence.sql"),
    include_str!("migrations/0011_marks.sql"),
    include_str!("migrations/0012_settled.sql"),
    include_str!("migrations/0013_seen.sql"),
    include_str!("migrations/0014_held.sql"),
    include_str!("migrations/0015_withdrawn.sql"),
    include_str!("migrations/0016_lost.sql"),
    include_str!("migrations/0017_ruled.sql"),
];

/// Marks a file as ours: "rnds".
const APPLICATION: i64 = 0x726e_6473;

/// The newest version that this build knows.
pub fn known() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// The file's version; 0 is an empty file.
pub fn version(file: &Connection) -> Result<i64> {
    Ok(file.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// Refuses a file that is newer than this build or is somebody else's. Writes nothing.
pub fn check(file: &Connection) -> Result<()> {
    let found = version(file)?;
    let application: i64 = file.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let tables: i64 = file.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    if tables > 0 && application != APPLICATION {
        return Err(Error::StorageDamaged("not a Rounds database".into()));
    }
    if found > known() { Err(Error::StorageNewer { found, known: known() }) } else { Ok(()) }
}

/// Brings a checked file up to this build's version.
pub fn run(file: &mut Connection) -> Result<()> {
    if version(file)? == known() {
        return Ok(());
    }
    // The version is read again under the lock: two processes may start at once.
    let step = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = usize::try_from(version(&step)?).unwrap_or(usize::MAX);
    for sql in STEPS.iter().skip(found) {
        step.execute_batch(sql)?;
    }
    step.pragma_update(None, "application_id", APPLICATION)?;
    step.pragma_update(None, "user_version", known())?;
    Ok(step.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_of_before_ledgers_is_one_of_one_for_good() {
        let mut file = Connection::open_in_memory().unwrap();
        for sql in &STEPS[..2] {
            file.execute_batch(sql).unwrap();
        }
        file.pragma_update(None, "user_version", 2).unwrap();
        file.pragma_update(None, "application_id", APPLICATION).unwrap();
        file.execute_batch("INSERT INTO claims VALUES (x'01', 'rule', 'key', x'02')").unwrap();
        check(&file).unwrap();
        run(&mut file).unwrap();
        assert_eq!(version(&file).unwrap(), known());
        let sql = "SELECT amount, until IS NULL AND lease IS NULL AND waits IS NULL FROM claims";
        let row = file.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(row, (rounds_model::claim::Amount::ONE.0, true));
    }

    #[test]
    fn a_file_of_before_its_lists_had_an_order_keeps_its_records() {
        let mut file = Connection::open_in_memory().unwrap();
        for sql in &STEPS[..12] {
            file.execute_batch(sql).unwrap();
        }
        file.pragma_update(None, "user_version", 12).unwrap();
        file.pragma_update(None, "application_id", APPLICATION).unwrap();
        let row = "INSERT INTO records (team_id, doc, kind, stage, owner, scope, day, conflicts, settled, projection)
            VALUES (x'01', x'02', 'visit', 'done', x'03', x'74', NULL, 1, 0, x'')";
        file.execute_batch(row).unwrap();
        check(&file).unwrap();
        run(&mut file).unwrap();
        assert_eq!(version(&file).unwrap(), known());
        for index in ["records_by_day", "records_staged", "records_disputed"] {
            let sql = format!(
                "SELECT count(*) FROM records INDEXED BY {index} WHERE team_id = x'01' AND removed = 0
                AND kind = 'visit' AND conflicts > 0"
            );
            assert_eq!(file.query_row(&sql, [], |row| row.get::<_, i64>(0)).unwrap(), 1, "{index}");
        }
    }
    /// Found by a critic: whoever had lost their access before was somebody like others afterwards.
    #[test]
    fn whose_access_was_withdrawn_before_it_was_kept_is_read_from_the_log() {
        let mut file = Connection::open_in_memory().unwrap();
        for sql in &STEPS[..13] {
            file.execute_batch(sql).unwrap();
        }
        file.pragma_update(None, "user_version", 13).unwrap();
        file.pragma_update(None, "application_id", APPLICATION).unwrap();
        let (mut number, team) = (0, [1_u8; 16]);
        let mut person = |n: u8, noted: &[&str], enrolled: Option<i64>| {
            let row = "INSERT INTO people (team_id, person, name, role) VALUES (?1, ?2, 'A', 'rep')";
            file.execute(row, (team, [n; 16])).unwrap();
            for what in noted {
                number += 1;
                let about = format!("person={}\nname=A", rounds_model::ids::PersonId([n; 16]));
                let row = "INSERT INTO noted (team_id, number, at, what, about) VALUES (?1, ?2, ?2, ?3, ?4)";
                file.execute(row, (team, number, format!("noted-{what}"), about)).unwrap();
            }
            if let Some(at) = enrolled {
                let row = "INSERT INTO devices (team_id, device, person, token_hash, public_key, name, enrolled, unsent)
                    VALUES (?1, ?2, ?2, x'', x'', 'phone', ?3, 0)";
                file.execute(row, (team, [n; 16], at)).unwrap();
            }
        };
        person(1, &["invited", "password", "revoked-person"], Some(1));
        person(2, &["revoked-person", "password"], None);
        person(3, &["revoked-person", "invited"], Some(7));
        person(4, &["revoked-person", "invited"], Some(7));
        person(5, &["revoked-person", "password", "revoked-person"], None);
        person(6, &["invited", "revoked-device"], None);
        check(&file).unwrap();
        run(&mut file).unwrap();
        let mut rows = file.prepare("SELECT team_id, person, at FROM withdrawn ORDER BY person").unwrap();
        let rows = rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        let rows: Vec<([u8; 16], [u8; 16], i64)> = rows.map(Result::unwrap).collect();
        // The third used the invitation, the fourth had that phone before.
        assert_eq!(rows, [(team, [1; 16], 3), (team, [4; 16], 8), (team, [5; 16], 12)]);
    }
}
