//! Where a record is in the log, and how it moves from there.
//!
//! A record's rows are in the log of its scope. When an act, an edit or a new version of a pack
//! gives it another scope, or removes it, or brings it back, nobody needs the old rows any more:
//! they are taken out, and one row takes their place where the record is now. Whoever reads that
//! row gets the whole record, or only that it was removed; the scope that it left is told so.

use crate::error::Result;
use crate::storage::Write;
use crate::storage::log::{LogRow, What};
use rounds_model::ids::{ActId, DocId, Seq};
use rounds_model::scope::Scope;
use rounds_model::verdict::Outcome;
use rounds_workflow::{Judged, Projection};

/// Where a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home {
    /// In whose log.
    pub scope: Scope,
    /// Whether the log has only that it was removed.
    pub removed: bool,
}

/// A record that goes elsewhere.
pub struct Mover<'a> {
    /// Which.
    pub doc: DocId,
    /// The place at which it came to where it is.
    pub first: Seq,
    /// Its acts with their rulings.
    pub history: &'a [Judged],
    /// The bytes of its edits, about.
    pub plain: u64,
    /// The bytes of its acts with their rulings.
    pub acts: u64,
}

impl Home {
    /// Where a record with this projection belongs.
    pub fn of(projection: &Projection) -> Home {
        Home { scope: projection.scope.clone(), removed: projection.removed }
    }
}

impl What {
    /// Whether a row of this sort goes when its record goes.
    pub fn is_of_record(self) -> bool {
        matches!(self, What::Edit | What::Act | What::Arrived | What::Removed)
    }
}

impl Mover<'_> {
    /// Takes the record out of the log where it is, and returns the rows that tell about it, the
    /// last of which is the place at which it arrives.
    pub fn go(&self, tx: &mut dyn Write, from: &Home, to: &Home) -> Result<(Vec<LogRow>, Seq)> {
        tx.take_out(&from.scope, self.doc, self.first)?;
        let mut rows = vec![];
        if from.scope != to.scope {
            rows.push(left(tx, self.doc, from.scope.clone()));
        }
        let acts = self.history.len();
        let (what, reference, bytes) = match self.removed_by().filter(|_| to.removed) {
            // One of them, and no more than all.
            Some(act) => (What::Removed, act.0.to_vec(), self.acts),
            None => {
                let count = u32::try_from(acts).unwrap_or(u32::MAX);
                (What::Arrived, count.to_be_bytes().to_vec(), self.plain + self.acts)
            }
        };
        let seq = tx.next_seq();
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
        rows.push(LogRow { seq, scope: to.scope.clone(), what, doc: Some(self.doc), reference, bytes });
        for waiting in tx.holding_about(self.doc)?.iter().filter(|row| row.decision.is_none()) {
            rows.push(handed(tx, self.doc, to.scope.clone(), waiting.number));
        }
        Ok((rows, seq))
    }

    /// The act that brought it to the stage that it is in.
    fn removed_by(&self) -> Option<ActId> {
        let accepted = |judged: &&Judged| {
            judged.verdict.as_ref().is_some_and(|verdict| verdict.outcome == Outcome::Accepted)
        };
        self.history.iter().rev().find(accepted).map(|judged| judged.act.id)
    }
}

/// The row that says that a record has left a scope.
pub fn left(tx: &mut dyn Write, doc: DocId, scope: Scope) -> LogRow {
    let seq = tx.next_seq();
    LogRow { seq, scope, what: What::Left, doc: Some(doc), reference: vec![], bytes: 40 }
}

/// The row that tells about work that was handed over.
pub fn handed(tx: &mut dyn Write, doc: DocId, scope: Scope, number: Seq) -> LogRow {
    let (seq, reference) = (tx.next_seq(), number.0.to_be_bytes().to_vec());
    LogRow { seq, scope, what: What::Holding, doc: Some(doc), reference, bytes: 600 }
}
