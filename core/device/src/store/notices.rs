//! What the rep is told in words until they put it aside: access that came or went, records that are
//! somebody else's now, rulings on records that are not here any more.

use super::{from_column, to_column};
use crate::error::Fail;
use rounds_model::ids::{DocId, PersonId};
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;
use rusqlite::{Connection, Transaction};
use serde::{Deserialize, Serialize};

/// Notices that are kept; beyond them the oldest goes.
const KEPT: i64 = 200;

/// One thing to know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// This person's records are shown here now, or no more.
    Person {
        /// Who.
        name: String,
        /// Shown; otherwise no more.
        granted: bool,
        /// The same person; phones of before did not note it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        person: Option<PersonId>,
    },
    /// This phone's person has another role now.
    Role {
        /// Which.
        now: String,
        /// What it was.
        before: String,
    },
    /// Work of somebody else, who held the record before, about a record that is this phone's person's.
    Work {
        /// Which record.
        doc: DocId,
        /// What it is called here.
        title: Text,
        /// Whose work.
        name: String,
        /// Whether it is part of the record now; none while it waits for a decision.
        accepted: Option<bool>,
    },
    /// The same for the records of an area.
    Area {
        /// Which.
        name: String,
        /// Shown; otherwise no more.
        granted: bool,
    },
    /// Somebody leads this phone's person now, or no more.
    Leader {
        /// Who.
        name: String,
        /// They do; otherwise no more.
        leads: bool,
    },
    /// Records of this phone's person are somebody else's now.
    Gone {
        /// What the first of them are called.
        titles: Vec<Text>,
        /// How many.
        count: u64,
        /// Which; phones of before did not note it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        docs: Vec<DocId>,
    },
    /// Records of somebody else are this phone's person's now.
    Came {
        /// What the first of them are called.
        titles: Vec<Text>,
        /// How many.
        count: u64,
    },
    /// An act was ruled whose record is not here any more.
    Ruled {
        /// What the record was called.
        title: Text,
        /// What the act is called.
        act: Text,
        /// Why it was not accepted; none if it was.
        refusal: Option<Box<Refusal>>,
    },
    /// An act of this phone was taken otherwise than was foreseen here, such as a seat that became a place on the
    /// waiting list. It needs the rep until they have read it, or something else was ruled about the record.
    Turned {
        /// The record.
        doc: DocId,
        /// What it is called.
        title: Text,
        /// What the act is called.
        act: Text,
        /// What it was foreseen as, where that was another act.
        foreseen: Text,
        /// What it was taken as.
        taken: Text,
        /// Why, where it was taken as another act than was stated.
        refusal: Option<Box<Refusal>>,
    },
    /// A record could not be read on this phone; its content comes again from the server.
    Unreadable {
        /// Which.
        doc: DocId,
        /// What it was called.
        title: Text,
    },
    /// A photo or file that could never be sent was given up.
    GivenUp {
        /// Of which record.
        doc: DocId,
        /// What it is called here.
        title: Text,
        /// Its bytes.
        size: u64,
        /// Why it could not be sent.
        why: Box<Refusal>,
    },
    /// The server refused a bundle that this phone carried for somebody.
    Bundle {
        /// What its file was called.
        name: String,
        /// When it was taken, the phone's clock, Unix milliseconds.
        taken_ms: i64,
        /// Why.
        why: Box<Refusal>,
    },
    /// The server cannot read a record.
    Damaged {
        /// Which.
        doc: DocId,
        /// What it is called here.
        title: Text,
    },
    /// What was typed at a question and was no answer yet when its record left.
    Typed {
        /// What the record was called.
        title: Text,
        /// The question.
        question: Text,
        /// What was typed.
        text: String,
    },
    /// The server was put back to a backup: this phone says everything again.
    PutBack,
    /// A number that an act had been given before the server was put back is another one now.
    Renumbered {
        /// The record.
        doc: DocId,
        /// What it is called.
        title: Text,
        /// What the number is called.
        number: Text,
        /// What it was: papers may say so.
        before: String,
        /// What it is.
        now: String,
    },
    /// A recording was broken off because its record leaves.
    BrokenOff {
        /// What the record is called.
        title: Text,
    },
}

/// Adds a notice, unless the same one is in the list.
pub fn tell(tx: &Transaction<'_>, notice: &Notice, at_ms: i64) -> Result<(), Fail> {
    let body = to_column(notice)?;
    let sql = "INSERT INTO notices (at_ms, body)
               SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM notices WHERE body = ?2 AND at_ms = ?1)";
    tx.prepare_cached(sql)?.execute((at_ms, body))?;
    let sql = "DELETE FROM notices WHERE n <= (SELECT coalesce(max(n), 0) FROM notices) - ?1";
    tx.prepare_cached(sql)?.execute([KEPT])?;
    Ok(())
}

/// The same, unless it is in the list already, whenever that was.
pub fn tell_once(tx: &Transaction<'_>, notice: &Notice, at_ms: i64) -> Result<(), Fail> {
    let mut known = tx.prepare_cached("SELECT 1 FROM notices WHERE body = ?1")?;
    if known.exists([to_column(notice)?])? { Ok(()) } else { tell(tx, notice, at_ms) }
}

/// Every notice, the newest first: its number, when, and what.
pub fn all(db: &Connection) -> Result<Vec<(i64, i64, Notice)>, Fail> {
    let mut query = db.prepare_cached("SELECT n, at_ms, body FROM notices ORDER BY n DESC")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push((row.get(0)?, row.get(1)?, from_column(row.get_ref(2)?.as_blob()?)?));
    }
    Ok(out)
}

/// The acts that were taken otherwise than foreseen, the newest first.
pub fn turned(db: &Connection) -> Result<Vec<(i64, i64, Notice)>, Fail> {
    let mut all = all(db)?;
    all.retain(|(_, _, notice)| matches!(notice, Notice::Turned { .. }));
    Ok(all)
}

/// Something else was ruled about a record: how an earlier act about it was taken is not its last word any more.
pub fn overruled(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    for (n, _, notice) in turned(tx)? {
        if matches!(notice, Notice::Turned { doc: about, .. } if about == doc) {
            dismiss(tx, n)?;
        }
    }
    Ok(())
}

/// Forgets all of them.
pub fn forget(tx: &Transaction<'_>) -> Result<(), Fail> {
    tx.prepare_cached("DELETE FROM notices")?.execute([])?;
    Ok(())
}

/// How many there are.
pub fn count(db: &Connection) -> Result<u64, Fail> {
    Ok(db.prepare_cached("SELECT count(*) FROM notices")?.query_row([], |r| r.get(0))?)
}

/// The rep has read it. False if there is none with this number.
pub fn dismiss(tx: &Transaction<'_>, n: i64) -> Result<bool, Fail> {
    Ok(tx.prepare_cached("DELETE FROM notices WHERE n = ?1")?.execute([n])? == 1)
}
