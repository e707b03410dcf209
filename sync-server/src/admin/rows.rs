//! Rows follow from content, acts, packs and this build's way of projecting. After an upgrade of the
//! server they are made anew, before it serves: some at a time, each step for itself, so that other
//! commands get their turn and a stop in the middle loses nothing.

use super::publish::project_page;
use crate::error::{Error, Result};
use crate::exchange::rules::Rules;
use crate::storage::records::{Filter, Removed};
use crate::storage::{RowsMade, Storage};
use rounds_model::ids::TeamId;

/// Records of one step.
const STEP: u32 = 500;

/// Makes the rows of a team's records anew if they were made with something else. Returns of how many
/// records it did.
pub fn catch_up(storage: &dyn Storage, team: TeamId) -> Result<u64> {
    let mut done = 0;
    while let Some(records) = step(storage, team)? {
        done += records;
    }
    if done > 0 {
        tracing::info!(records = done, "rows were made anew after an upgrade");
    }
    Ok(done)
}

/// None if nothing is left to do.
fn step(storage: &dyn Storage, team: TeamId) -> Result<Option<u64>> {
    let view = storage.read(team)?;
    let rules = match Rules::load(&*view) {
        // There is nothing to make rows with; whoever looks for rules is told.
        Err(Error::Packs(what)) => {
            tracing::error!(%what, "rows stay as they are");
            return Ok(None);
        }
        rules => rules?,
    };
    let stamp = rules.catalogue.stamp();
    if view.rows_made()?.by == stamp {
        return Ok(None);
    }
    drop(view);
    let mut tx = storage.write(team)?;
    let made = tx.rows_made()?;
    if made.by == stamp {
        return Ok(None);
    }
    let after = made.under_way.filter(|(by, _)| *by == stamp).map(|(_, doc)| doc);
    let filter = Filter { after, removed: Removed::With, limit: STEP, ..Filter::default() };
    let page = tx.list(&filter)?;
    let count = page.len() as u64;
    let made = match page.last() {
        Some(last) => RowsMade { under_way: Some((stamp, last.doc)), ..made },
        None => RowsMade { by: stamp, under_way: None },
    };
    project_page(&mut *tx, &rules, page)?;
    tx.put_rows_made(&made)?;
    tx.commit()?;
    Ok(Some(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::admin::verify::verify;
    use crate::testing::{Office, doc, edit};

    /// Found by a critic: rows that an earlier build had made otherwise stayed as they were.
    #[test]
    fn after_an_upgrade_rows_are_made_anew_in_steps_and_only_once() {
        let office = Office::new();
        let mut li = office.phone("李娜");
        assert_eq!(catch_up(&office.db, office.team).unwrap(), 0, "published with this build");
        let items = (1..=9).map(|n| edit(&li.ticket(n, "a"))).collect();
        li.push(&office, items);
        let file = rusqlite::Connection::open(office.dir.path().join("rounds.db")).unwrap();
        let spoil = "UPDATE records SET stage = 'old', day = '1999-01-01'";
        file.execute(spoil, []).unwrap();
        assert_eq!(catch_up(&office.db, office.team).unwrap(), 0, "nothing says that they are old");
        let view = || office.db.read(office.team).unwrap();
        assert_eq!(verify(&*view()).unwrap().differences.len(), 9);
        // As an earlier build left it, stopped after the third record.
        let mut tx = office.db.write(office.team).unwrap();
        let stamp = Rules::load(&*tx).unwrap().catalogue.stamp();
        let half = RowsMade { by: "0.0.9".into(), under_way: Some((stamp, doc(3))) };
        tx.put_rows_made(&half).unwrap();
        tx.commit().unwrap();
        assert_eq!(catch_up(&office.db, office.team).unwrap(), 6);
        assert_eq!(verify(&*view()).unwrap().differences.len(), 3, "the others were made before the stop");
        let mut tx = office.db.write(office.team).unwrap();
        tx.put_rows_made(&RowsMade::default()).unwrap();
        tx.commit().unwrap();
        assert_eq!(catch_up(&office.db, office.team).unwrap(), 9);
        assert_eq!(verify(&*view()).unwrap().differences, []);
        assert_eq!(catch_up(&office.db, office.team).unwrap(), 0);
    }
}
