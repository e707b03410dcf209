//! What each row of a page becomes, and what that costs, before anything is loaded.

use crate::storage::log::{LogRow, What};
use crate::storage::records::DocumentMark;
use rounds_model::ids::{DocId, Seq};
use rounds_model::scope::Scope;
use std::collections::{BTreeSet, HashMap, HashSet};

/// More new edits of one record than this are sent as the whole record.
const MANY: usize = 64;
/// What the records that are opened for one page may come to, bytes of their edits, if there are more than
/// one: a text that repeats itself is nothing at rest, and all of it for whoever takes a change out.
const OPENED: u64 = 32 << 20;

/// What each row becomes, before anything is loaded.
pub(super) struct Plan {
    steps: Vec<Cost>,
}

/// What a row becomes, and what that comes to.
#[derive(Debug, Clone, Copy)]
struct Cost {
    step: Step,
    bytes: u64,
    items: u64,
    /// What is opened for it that no row before it opens, bytes of its edits.
    opens: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Nothing,
    Whole,
    Change,
    /// A record as it was when it came into the scope.
    Earlier,
    /// All packs, before everything else of the page.
    Packs,
    Other,
}

impl Plan {
    pub(super) fn new(
        rows: &[LogRow],
        marks: &HashMap<DocId, DocumentMark>,
        after: &HashMap<Scope, Seq>,
        own: &BTreeSet<Seq>,
        packs: u64,
    ) -> Plan {
        let end = rows.last().map(|row| row.seq).unwrap_or_default();
        let is_own = |row: &LogRow| row.what == What::Edit && own.contains(&row.seq);
        // A device that wrote to a record in this exchange has it.
        let has: HashSet<_> = rows.iter().filter(|row| is_own(row)).filter_map(|row| row.doc).collect();
        let whole: HashSet<DocId> = rows
            .iter()
            .filter_map(|row| {
                let mark = marks.get(&row.doc?).filter(|mark| mark.scope == row.scope)?;
                let new = Some(&mark.first_seq) > after.get(&row.scope) && !has.contains(&mark.doc);
                (new && mark.last_seq <= end).then_some(mark.doc)
            })
            .collect();
        // A record of which much is new comes whole to whoever has it too: as it is or, if the page ends
        // before its newest row, as it is at the last one here.
        let mut many: HashMap<DocId, (usize, Seq)> = HashMap::new();
        for row in rows.iter().filter(|row| row.what == What::Edit && !is_own(row)) {
            let Some(mark) = row.doc.and_then(|doc| marks.get(&doc)) else { continue };
            if mark.scope == row.scope && !has.contains(&mark.doc) && !whole.contains(&mark.doc) {
                let (count, last) = many.entry(mark.doc).or_insert((0, row.seq));
                (*count, *last) = (*count + 1, row.seq);
            }
        }
        many.retain(|_, (count, _)| *count > MANY);
        let mut sent = HashSet::new();
        let (mut opened, mut packed) = (HashSet::new(), false);
        // What has left for where the device sees it is not gone: it has come there, or will.
        let stays = |row: &LogRow, mark: &DocumentMark| {
            after.get(&mark.scope).is_some_and(|at| mark.first_seq <= *at || mark.first_seq < row.seq)
        };
        let mut step = |row: &LogRow| match (row.what, row.doc) {
            _ if is_own(row) => (Step::Nothing, 0, 0),
            (What::Edit | What::Arrived, Some(doc)) if whole.contains(&doc) => {
                let bytes = marks.get(&doc).map_or(0, |mark| mark.bytes);
                let (acts, heavy) = match row.what {
                    What::Arrived => (acts_of(row), u64::from(row.bytes)),
                    _ => (0, 0),
                };
                let new = sent.insert(doc);
                if new { (Step::Whole, bytes + heavy + 40, 1 + acts) } else { (Step::Nothing, 0, 0) }
            }
            (What::Edit, Some(doc)) if many.contains_key(&doc) => {
                let bytes = marks.get(&doc).map_or(0, |mark| mark.bytes);
                let is_newest = marks.get(&doc).is_some_and(|mark| mark.last_seq <= end);
                match many.get(&doc) {
                    Some((_, last)) if *last != row.seq => (Step::Nothing, 0, 0),
                    _ if is_newest => (Step::Whole, bytes + 40, 1),
                    _ => (Step::Earlier, bytes + 40, 1),
                }
            }
            (What::Arrived, _) => (Step::Earlier, u64::from(row.bytes) + 40, 1 + acts_of(row)),
            (What::Edit, doc) => {
                // A change is taken out of its document, which has to be opened for it, once.
                let opens = doc.filter(|doc| opened.insert(*doc)).and_then(|doc| marks.get(&doc));
                (Step::Change, u64::from(row.bytes) + 40 + opens.map_or(0, |mark| mark.bytes), 1)
            }
            (What::Left, Some(doc)) if marks.get(&doc).is_some_and(|mark| stays(row, mark)) => {
                (Step::Nothing, 0, 0)
            }
            (What::Pack, _) if !std::mem::replace(&mut packed, true) => (Step::Packs, packs, 0),
            (What::Pack, _) => (Step::Nothing, 0, 0),
            _ => (Step::Other, u64::from(row.bytes), 1),
        };
        let mut open = HashSet::new();
        let mut cost = |row: &LogRow| {
            let (step, bytes, items) = step(row);
            let opens = match step {
                Step::Change | Step::Earlier => row.doc.filter(|doc| open.insert(*doc)),
                _ => None,
            };
            let opens = opens.and_then(|doc| marks.get(&doc)).map_or(0, |mark| mark.plain);
            Cost { step, bytes, items, opens }
        };
        Plan { steps: rows.iter().map(&mut cost).collect() }
    }

    pub(super) fn has(&self, wanted: Step) -> bool {
        self.steps().any(|step| step == wanted)
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = Step> {
        self.steps.iter().map(|cost| cost.step)
    }

    /// How many rows fit, if not all do. Never none: what one row stands for may be larger than the
    /// bounds.
    pub(super) fn overflow(&self, bytes: u64, items: u64) -> Option<usize> {
        let (mut sum, mut count, mut opened) = (0u64, 0u64, 0u64);
        for (i, cost) in self.steps.iter().enumerate() {
            sum = sum.saturating_add(cost.bytes);
            count = count.saturating_add(cost.items);
            opened = opened.saturating_add(cost.opens);
            if (sum > bytes || count > items || opened > OPENED) && i > 0 {
                return Some(i);
            }
        }
        None
    }
}

/// How many acts an arriving record brings along.
fn acts_of(row: &LogRow) -> u64 {
    row.reference.as_slice().try_into().map_or(0, |count| u64::from(u32::from_be_bytes(count)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(seq: u64, doc: u8, what: What) -> LogRow {
        let doc = Some(DocId([doc; 16]));
        LogRow { seq: Seq(seq), scope: Scope::Team, what, doc, reference: vec![0; 4], bytes: 50 }
    }

    /// Found by a critic: records that are nothing at rest and megabytes each to whoever opens them were
    /// counted by what they are at rest, so that one page opened thousands.
    #[test]
    fn a_page_counts_what_its_records_are_when_they_are_open() {
        let mark = |doc: u8| DocumentMark {
            doc: DocId([doc; 16]),
            scope: Scope::Team,
            first_seq: Seq(1),
            last_seq: Seq(1_000),
            bytes: 100,
            plain: OPENED / 3,
        };
        let marks = (1..=9).map(|n| (DocId([n; 16]), mark(n))).collect();
        let after = |seq| HashMap::from([(Scope::Team, Seq(seq))]);
        let fits = |rows: &[LogRow], seen| {
            Plan::new(rows, &marks, &after(seen), &BTreeSet::new(), 0).overflow(1 << 20, 5_000)
        };
        let edits: Vec<_> = (1..=9u8).map(|n| row(u64::from(n) + 10, n, What::Edit)).collect();
        assert_eq!(fits(&edits, 10), Some(3));
        assert_eq!(fits(&edits[..3], 10), None);
        // Each is opened once, however many of its changes are told.
        let twice: Vec<_> = (0..9).map(|n| row(n + 11, (n % 3 + 1) as u8, What::Edit)).collect();
        assert_eq!(fits(&twice, 10), None);
        // A record that arrives, and is not as it was then any more, is opened too.
        let arrived: Vec<_> = (1..=9u8).map(|n| row(u64::from(n) + 10, n, What::Arrived)).collect();
        assert_eq!(fits(&arrived, 10), Some(3));
    }
}
