//! In which order a phone says again what it said: that in which it said it, over all records.
//!
//! A phone counts its acts, so their order is beyond doubt, whatever its clock did; the edits of a record
//! are in the order in which each was built on the ones before. Between the two only time tells: an edit
//! goes before the first act that is not older, but never across an act of its own record.

use crate::error::Fail;
use crate::store::before::Before;
use crate::store::outbox;
use rounds_model::ids::DocId;
use rounds_protocol::exchange::{Packed, PushItem};
use rusqlite::Transaction;
use std::collections::{HashMap, HashSet};

/// Items to be put in order.
#[derive(Default)]
pub(super) struct Order {
    said: Vec<Said>,
    known: HashSet<[u8; 32]>,
}

struct Said {
    doc: DocId,
    /// Packed: there may be many thousands.
    item: Packed,
    /// It is in no record here.
    again: bool,
    before: Before,
    /// Its number, if it is an act.
    number: Option<u64>,
    at_s: i64,
}

/// Where an item goes: before which act, among those before it or as that act itself, when.
type Place = (usize, u8, i64);

impl Order {
    /// Adds an item of a record, after those of the same record that were added before. What is in already stays
    /// where it is.
    pub fn add(&mut self, doc: DocId, item: &PushItem, again: bool, before: Before) -> Result<(), Fail> {
        let (number, at_s) = match item {
            PushItem::Edit(edit) => (None, edit.time),
            PushItem::Act(signed) => {
                let act = signed.read().map_err(|_| Fail::Damaged("a stored act cannot be read"))?;
                (Some(act.number), act.time.at_ms.div_euclid(1_000))
            }
        };
        let item = item.pack().map_err(|_| Fail::Damaged("an item cannot be encoded"))?;
        if self.known.insert(item.hash().0) {
            self.said.push(Said { doc, item, again, before, number, at_s });
        }
        Ok(())
    }

    /// Puts everything into the outbox.
    pub fn push(self, tx: &Transaction<'_>, at_ms: i64) -> Result<(), Fail> {
        let places = self.places();
        let mut said: Vec<_> = places.into_iter().zip(self.said).collect();
        said.sort_by_key(|(place, _)| *place);
        for (_, Said { doc, item, again, before, .. }) in said {
            let item = item.unpack().map_err(|_| Fail::Damaged("an item of the outbox"))?;
            outbox::push_as(tx, doc, &item, at_ms, again, &before)?;
        }
        Ok(())
    }

    fn places(&self) -> Vec<Place> {
        let mut acts: Vec<_> = self.said.iter().filter_map(|said| Some((said.number?, said.at_s))).collect();
        acts.sort_unstable();
        let mut latest = i64::MIN;
        for (_, at_s) in &mut acts {
            latest = latest.max(*at_s);
            *at_s = latest;
        }
        let of_number = |number: u64| acts.partition_point(|(other, _)| *other < number);
        // The next act of the same record.
        let mut next: HashMap<DocId, usize> = HashMap::new();
        let mut most = vec![acts.len(); self.said.len()];
        for (said, most) in self.said.iter().zip(&mut most).rev() {
            *most = next.get(&said.doc).copied().unwrap_or(acts.len());
            if let Some(number) = said.number {
                next.insert(said.doc, of_number(number));
            }
        }
        let mut before: HashMap<DocId, Place> = HashMap::new();
        let place = |(said, most): (&Said, usize)| {
            let (slot, is_act) = match said.number {
                Some(number) => (of_number(number), 1),
                None => (acts.partition_point(|(_, at_s)| *at_s < said.at_s).min(most), 0),
            };
            let mut place = (slot, is_act, said.at_s);
            if let Some((slot, is_act, at_s)) = before.get(&said.doc) {
                place.2 = place.2.max(*at_s);
                if place.0 <= *slot {
                    (place.0, place.1) = (*slot, place.1.max(*is_act));
                }
            }
            before.insert(said.doc, place);
            place
        };
        self.said.iter().zip(most).map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(doc: u8, number: Option<u64>, at_s: i64) -> Said {
        let (item, before) = (Packed(vec![]), Before::Nothing);
        Said { doc: DocId([doc; 16]), item, again: false, before, number, at_s }
    }

    fn ordered(said: Vec<Said>) -> Vec<(u8, Option<u64>, i64)> {
        let order = Order { said, known: HashSet::new() };
        let mut places: Vec<_> = order.places().into_iter().zip(&order.said).collect();
        places.sort_by_key(|(place, _)| *place);
        places.into_iter().map(|(_, said)| (said.doc.0[0], said.number, said.at_s)).collect()
    }

    /// Found by a critic: a workday's summary names the plan that was made before it, and whose id comes after.
    #[test]
    fn what_was_said_of_another_record_before_is_said_before_again() {
        let items = [(1, None, 10), (1, Some(2), 30), (1, None, 31), (9, None, 20), (9, Some(1), 25)];
        let got = ordered(items.into_iter().map(|(doc, number, at)| said(doc, number, at)).collect());
        assert_eq!(got, [(1, None, 10), (9, None, 20), (9, Some(1), 25), (1, Some(2), 30), (1, None, 31)]);
        // An act rests on an edit of another record that no act followed.
        let items = [(1, Some(1), 30), (9, None, 20)];
        let got = ordered(items.into_iter().map(|(doc, number, at)| said(doc, number, at)).collect());
        assert_eq!(got, [(9, None, 20), (1, Some(1), 30)]);
    }

    proptest! {
        /// Whatever the clock did: acts by their number, and each record as it was made.
        #[test]
        fn acts_keep_their_order_and_records_theirs(items in proptest::collection::vec((0..4_u8, any::<bool>(), 0..50_i64), 0..40)) {
            let mut number = 0;
            let mut by_doc: Vec<Vec<(u8, Option<u64>, i64)>> = vec![vec![]; 4];
            for (doc, is_act, at) in items {
                number += u64::from(is_act);
                by_doc[usize::from(doc)].push((doc, is_act.then_some(number), at));
            }
            let all = by_doc.iter().flatten().map(|(doc, number, at)| said(*doc, *number, *at)).collect();
            let got = ordered(all);
            let numbers: Vec<_> = got.iter().filter_map(|(_, number, _)| *number).collect();
            prop_assert!(numbers.is_sorted());
            for (doc, made) in by_doc.iter().enumerate() {
                let of: Vec<_> = got.iter().copied().filter(|(of, ..)| usize::from(*of) == doc).collect();
                prop_assert_eq!(&of, made);
            }
        }
    }
}
