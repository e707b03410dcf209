//! Every record can come to an end: from each stage that it can reach there is a way to one that finishes it.

use crate::team::*;
use rounds_workflow::Pack;
use rounds_workflow::kind::{Kind, Tone};
use std::collections::BTreeSet;

/// The stages that acts lead to from here.
fn next<'k>(kind: &'k Kind, stage: &'k str) -> impl Iterator<Item = &'k str> {
    let acts = kind.acts.iter().filter(move |act| act.from.iter().any(|from| from == stage));
    acts.map(|act| act.to.as_str()).filter(move |to| *to != stage)
}

fn reached<'k>(kind: &'k Kind, from: &'k str) -> BTreeSet<&'k str> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(stage) = open.pop() {
        if found.insert(stage) {
            open.extend(next(kind, stage));
        }
    }
    found
}

/// A stage that is as it should be, or one that nothing leads out of and in which nothing is under way.
fn finishes(kind: &Kind, name: &str) -> bool {
    let stage = kind.stage(name).unwrap();
    let over = stage.tone != Tone::Active && next(kind, name).next().is_none();
    stage.tone == Tone::Good || stage.removed || over
}

/// The stages of a kind from which nothing leads to an end.
fn stuck(kind: &Kind) -> Vec<&str> {
    let all = reached(kind, &kind.initial).into_iter();
    all.filter(|stage| !reached(kind, stage).into_iter().any(|end| finishes(kind, end))).collect()
}

#[test]
fn l6_a8_o14_every_record_of_every_pack_can_come_to_an_end() {
    let mut kinds = 0;
    for pack in packs() {
        let pack = Pack::load(&bundle(pack)).unwrap();
        for kind in &pack.kinds {
            assert_eq!(stuck(kind), [""; 0], "{} of {}", kind.name, pack.id);
            kinds += 1;
        }
    }
    assert!(kinds > 20, "{kinds}");
}

/// What is over is no work of today.
#[test]
fn l2_d5_whatever_nothing_leads_out_of_is_done_on_the_days_screen() {
    for pack in packs() {
        let pack = Pack::load(&bundle(pack)).unwrap();
        for kind in &pack.kinds {
            let Some(agenda) = &kind.agenda else { continue };
            for stage in reached(kind, &kind.initial) {
                let over = next(kind, stage).next().is_none() && !kind.is_removed(stage);
                assert!(!over || agenda.done.iter().any(|done| done == stage), "{}: {stage}", kind.name);
            }
        }
    }
}

/// A deal that nobody could close any more would be told.
#[test]
fn a_way_that_ends_nowhere_is_told() {
    let mut files = bundle("visit-to-contract");
    let source = files.files.get_mut("pack.toml").unwrap();
    let text = String::from_utf8(source.to_vec()).unwrap();
    let open =
        text.replace("from = [\"called_back\"]\nto = \"closed\"", "from = [\"signed\"]\nto = \"closed\"");
    assert_ne!(open, text);
    *source = open.into_bytes().into();
    let pack = Pack::load(&files).unwrap();
    let deal = pack.kinds.iter().find(|kind| kind.name == "deal").unwrap();
    assert_eq!(stuck(deal), ["called_back", "delivered"]);
}
