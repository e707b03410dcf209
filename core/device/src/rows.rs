//! Instances of repeats: the ids and places of new ones, and how people name those that are there.

use crate::error::Fail;
use crate::platform::{Platform, random};
use rounds_forms::{FillError, Filling};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// How many values an edit may get from instances that the form asks for. What does not fit is added
/// with the next answer.
const AT_ONCE: usize = 1_000;

/// Makes instances, in the order in which they are made and after those of earlier moments.
pub struct Rows<'p> {
    platform: &'p dyn Platform,
    at_ms: i64,
    made: u32,
}

impl<'p> Rows<'p> {
    /// Of this moment.
    pub fn at(platform: &'p dyn Platform, at_ms: i64) -> Rows<'p> {
        Rows { platform, at_ms: at_ms.max(0), made: 0 }
    }

    /// The id of the next instance, and where it sorts. Time orders instances, also those that two
    /// people add at once; thirteen digits sort as text as they do as numbers.
    pub fn one(&mut self) -> Result<(String, String), Fail> {
        let id = instance_id(&random::<8>(self.platform)?);
        let at = format!("{:013}", self.at_ms);
        let order = if self.made == 0 { at } else { format!("{at}.{:05}", self.made) };
        self.made = self.made.saturating_add(1);
        Ok((id, order))
    }

    /// The instances that counts ask for, which have the same ids on every phone: two people who answer one
    /// count fill the same rows, and these merge answer by answer. For a record that begins, also the first one of each other
    /// repeat, as ODK shows it at once. Only who begins the record makes that one, so that two phones
    /// never make two of it.
    pub fn fill(
        &mut self,
        filling: &mut Filling,
        begins: bool,
        written: &mut BTreeMap<String, String>,
    ) -> Result<(), Fail> {
        loop {
            // Adding may ask for more, inside what was added.
            let due = filling.rows_due();
            let mut due = due.iter().filter(|due| begins || due.counted).peekable();
            if due.peek().is_none() {
                return Ok(());
            }
            for due in due {
                let there = filling.node(&due.repeat, "").map(|node| node.instances).unwrap_or_default();
                // In a record of an older app, whose ids were drawn, they go on being drawn.
                let numbered = due.counted && all_numbered(&due.repeat, &there);
                let mut number = due.have;
                let room = AT_ONCE.saturating_sub(written.len());
                let mut made = Vec::new();
                for _ in 0..due.missing.min(room) {
                    made.push(if numbered {
                        loop {
                            number += 1;
                            let (id, order) = self::numbered(&due.repeat, number);
                            if !filling.knows_row(&due.repeat, &id) {
                                break (id, order);
                            }
                        }
                    } else {
                        self.one()?
                    });
                }
                match filling.add_all(&due.repeat, &made) {
                    Ok(changed) => written.extend(changed.written),
                    Err(FillError::TooManyInstances { .. } | FillError::TooManyAnswers { .. }) => {
                        return Ok(());
                    }
                    Err(other) => return Err(crate::answers::refused(other)),
                }
                if written.len() >= AT_ONCE {
                    return Ok(());
                }
            }
        }
    }
}

/// The id of a repeat's instance that a count asked for, and where it sorts: they follow from the repeat's
/// key and the instance's number, from 1.
fn numbered(repeat: &str, number: usize) -> (String, String) {
    let hash = Sha256::digest(format!("{repeat}/{number}"));
    let mut first = [0; 8];
    first.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    (instance_id(&first), format!("{:013}.{number:05}", 0))
}

/// Whether all of these instances are of those that a count asks for.
fn all_numbered(repeat: &str, there: &[String]) -> bool {
    if there.is_empty() {
        return true;
    }
    let known: BTreeSet<String> = (1..=2 * there.len() + AT_ONCE).map(|n| numbered(repeat, n).0).collect();
    there.iter().all(|id| known.contains(id))
}

/// The repeat and the instance of `sku 2`, `sku ID`, `sku[2]` or `sku/ID`: the second part is a
/// position from 1 or an id.
pub fn named<'t>(repeat: &'t str, instance: Option<&'t str>) -> (&'t str, &'t str) {
    let alone = || match repeat.strip_suffix(']').and_then(|repeat| repeat.rsplit_once('[')) {
        Some(both) => both,
        None => repeat.rsplit_once('/').unwrap_or((repeat, "")),
    };
    instance.filter(|instance| !instance.is_empty()).map_or_else(alone, |instance| (repeat, instance))
}

/// The id of an instance that is named by its position or its id. What is neither stays as it is, to
/// be refused.
pub fn id_of(instances: &[String], named: &str) -> String {
    let position = named.parse::<usize>().ok().and_then(|position| instances.get(position.checked_sub(1)?));
    match position {
        Some(id) if !instances.iter().any(|id| id == named) => id.clone(),
        _ => named.to_owned(),
    }
}

/// An instance id from random bytes: 13 characters of lower-case base32.
pub fn instance_id(random: &[u8; 8]) -> String {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let bits = u64::from_be_bytes(*random);
    let digit = |i: u32| char::from(DIGITS[(bits >> (i * 5) & 31) as usize]);
    (0..13).map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::Replay;
    use rounds_forms::{Answers, Form, QuestionSpec, Session};
    use std::sync::Arc;

    #[test]
    fn instance_ids_are_thirteen_base32_digits() {
        assert_eq!(instance_id(&[0; 8]), "aaaaaaaaaaaaa");
        assert_eq!(instance_id(&[255; 8]).len(), 13);
        assert_ne!(instance_id(&[1, 2, 3, 4, 5, 6, 7, 8]), instance_id(&[1, 2, 3, 4, 5, 6, 7, 9]));
    }

    #[test]
    fn instances_sort_in_the_order_in_which_they_are_made() {
        let (mut one, mut later) =
            (Rows::at(&crate::platform::System, 1_000), Rows::at(&crate::platform::System, 1_001));
        let mut orders: Vec<String> = (0..12).map(|_| one.one().unwrap().1).collect();
        orders.push(later.one().unwrap().1);
        assert!(orders.is_sorted(), "{orders:?}");
    }

    #[test]
    fn two_phones_that_answer_one_count_make_the_same_rows() {
        let ask = |kind: &str, name: &str| QuestionSpec {
            kind: kind.to_owned(),
            name: name.to_owned(),
            ..QuestionSpec::default()
        };
        let rows = QuestionSpec {
            repeat_count: "${size}".to_owned(),
            questions: vec![ask("text", "who")],
            ..ask("begin_repeat", "people")
        };
        let form = Arc::new(Form::from_questions("f", [ask("integer", "size"), rows]).unwrap().form);
        let filled = |seed: u64, at_ms: i64, size: &str, before: &BTreeMap<String, String>| {
            let platform = Replay::new(1, seed);
            let answers = Answers::collect(before.clone()).unwrap();
            let moment = rounds_workflow::moment(at_ms, chrono_tz::UTC);
            let mut filling = Filling::new(Arc::clone(&form), answers, moment, Session::default());
            let mut written = filling.set("size", size).unwrap().written;
            Rows::at(&platform, at_ms).fill(&mut filling, false, &mut written).unwrap();
            written
        };
        let (mine, theirs) =
            (filled(1, 5_000, "2", &BTreeMap::new()), filled(2, 9_000, "2", &BTreeMap::new()));
        assert_eq!(mine, theirs);
        assert_eq!(mine.keys().filter(|key| key.ends_with("/@ord")).count(), 2);
        let more = filled(3, 10_000, "3", &mine);
        assert_eq!(more.keys().filter(|key| key.ends_with("/@ord")).count(), 1, "{more:?}");
        assert!(more.keys().all(|key| !mine.contains_key(key) || key == "size"));
    }

    #[test]
    fn an_instance_is_named_by_position_or_id() {
        assert_eq!(named("sku", Some("2")), ("sku", "2"));
        assert_eq!(named("sku[2]", None), ("sku", "2"));
        assert_eq!(named("sku[1]/promo[2]", None), ("sku[1]/promo", "2"));
        assert_eq!(named("sku/abc", None), ("sku", "abc"));
        let ids = ["aaaaaaaaaaaaa".to_owned(), "2222222222222".to_owned()];
        assert_eq!(id_of(&ids, "1"), ids[0]);
        assert_eq!(id_of(&ids, "2222222222222"), ids[1]);
        assert_eq!((id_of(&ids, "0"), id_of(&ids, "3")), ("0".to_owned(), "3".to_owned()));
    }
}
