//! The hostile cases of automerge, as far as an edit can say them: each is refused by name, and
//! the document is byte for byte as it was, and loads again.

use super::*;
use crate::edit::{Put, limits};
use crate::ids::{ActorId, DocId};
use crate::scalar::Scalar;
use proptest::prelude::*;

const DOC: DocId = DocId([1; 16]);
const A: ActorId = ActorId([0xa; 16]);
const B: ActorId = ActorId([0xb; 16]);

fn base() -> Document {
    let mut d = Document::new();
    for (actor, key) in [(A, "a"), (A, "b"), (B, "c")] {
        d.write(DOC, actor, 1, &[(key.into(), "1".into())]).unwrap();
    }
    d
}

/// What an honest next edit of B would be, as B's phone makes it.
fn honest(d: &Document) -> Edit {
    d.clone().write(DOC, B, 2, &[("b".into(), "2".into()), ("d".into(), "3".into())]).unwrap().unwrap()
}

fn seal(mut e: Edit) -> Edit {
    if let Ok(Some(c)) = std::panic::catch_unwind(|| e.to_change()) {
        e.check = e.check_of(&ChangeHash(c.hash().0));
    }
    e
}

fn unharmed(d: &mut Document, e: &Edit) -> Inadmissible {
    let before = (d.save(), d.heads());
    let error = d.admit(e).unwrap_err();
    assert_eq!((d.save(), d.heads()), before, "{error}");
    assert_eq!(Document::load(&before.0).unwrap().heads(), before.1);
    error
}

#[test]
fn an_honest_edit_becomes_the_change_that_its_author_made() {
    let d = base();
    let mut author = d.clone();
    let e = author.write(DOC, B, 2, &[("b".into(), "2".into())]).unwrap().unwrap();
    let mut server = Document::load(&d.save()).unwrap();
    let hash = server.admit(&e).unwrap();
    assert_eq!(server.heads(), author.heads());
    assert_eq!(unharmed(&mut server, &e), Inadmissible::NumberUsed(hash), "sent twice: a repeat");
}

#[test]
fn every_hostile_edit_gets_its_name() {
    type Spoil = fn(&mut Edit);
    let table: Vec<(&str, Spoil, &str)> = vec![
        ("no puts", |e| e.puts.clear(), "edit-out-of-bounds"),
        (
            "a million puts",
            |e| e.puts = vec![Put { key: "k".into(), value: Scalar::Null, replaces: vec![] }; 1_000_000],
            "edit-out-of-bounds",
        ),
        ("a huge key", |e| e.puts[0].key = "k".repeat(1 << 20), "edit-out-of-bounds"),
        ("an empty key", |e| e.puts[0].key.clear(), "edit-out-of-bounds"),
        ("a control character in a key", |e| e.puts[0].key = "a\0b".into(), "edit-out-of-bounds"),
        ("a huge value", |e| e.puts[0].value = "v".repeat(limits::VALUE + 1).into(), "edit-out-of-bounds"),
        ("not a number", |e| e.puts[0].value = Scalar::Float(f64::NAN), "edit-out-of-bounds"),
        ("time before 1970", |e| e.time = -1, "edit-out-of-bounds"),
        ("the smallest time", |e| e.time = i64::MIN, "edit-out-of-bounds"),
        ("the largest time", |e| e.time = i64::MAX, "edit-out-of-bounds"),
        ("number 0", |e| e.seq = 0, "edit-out-of-bounds"),
        ("the largest number", |e| e.seq = u64::MAX, "edit-out-of-bounds"),
        ("a number gap", |e| e.seq += 1, "edit-number-gap"),
        ("a used number", |e| e.seq = 1, "edit-number-used"),
        ("an unknown actor with a late number", |e| e.actor = ActorId([9; 16]), "edit-number-gap"),
        ("counter 0", |e| e.start_op = 0, "edit-out-of-bounds"),
        ("the largest counter", |e| e.start_op = u64::MAX, "edit-out-of-bounds"),
        ("a counter of 32 bits", |e| e.start_op = u64::from(u32::MAX), "edit-out-of-bounds"),
        ("a counter gap", |e| e.start_op += 1, "edit-counter"),
        ("a reused operation id", |e| e.start_op -= 1, "edit-counter"),
        ("unknown deps", |e| e.deps = vec![ChangeHash([7; 32])], "edit-missing-deps"),
        ("a dep twice", |e| e.deps.push(e.deps[0]), "edit-out-of-bounds"),
        ("no deps, although it wrote before", |e| e.deps.clear(), "edit-counter"),
        ("a thousand deps", |e| e.deps = vec![e.deps[0]; 1000], "edit-out-of-bounds"),
        (
            "an unknown predecessor",
            |e| e.puts[1].replaces = vec![OpId { counter: 1, actor: B }],
            "edit-replaces",
        ),
        (
            "a predecessor of another key",
            |e| e.puts[0].replaces = vec![OpId { counter: 1, actor: A }],
            "edit-replaces",
        ),
        ("a predecessor left out", |e| e.puts[0].replaces.clear(), "edit-replaces"),
        (
            "a predecessor twice",
            |e| {
                let first = e.puts[0].replaces[0];
                e.puts[0].replaces.push(first);
            },
            "edit-replaces",
        ),
        (
            "a predecessor from the future",
            |e| e.puts[0].replaces = vec![OpId { counter: 99, actor: A }],
            "edit-out-of-bounds",
        ),
        ("a key twice", |e| e.puts.push(e.puts[0].clone()), "edit-key-twice"),
    ];
    for (name, spoil, code) in table {
        let mut d = base();
        let mut e = honest(&d);
        spoil(&mut e);
        assert_eq!(unharmed(&mut d, &seal(e)).code(), code, "{name}");
        let next = honest(&d);
        assert!(d.admit(&next).is_ok(), "{name}: the honest edit still goes through");
    }
}

#[test]
fn a_changed_byte_that_says_something_else_is_damaged() {
    let mut d = base();
    let mut e = honest(&d);
    e.puts[1].value = "4".into();
    assert_eq!(unharmed(&mut d, &e), Inadmissible::Damaged);
    let mut e = honest(&d);
    e.check[7] ^= 1;
    assert_eq!(unharmed(&mut d, &e), Inadmissible::Damaged);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..Default::default() })]

    /// Random histories on three phones with merges in between: every edit that a phone makes is
    /// admitted by a server that sees them in any causal order, and all end up equal.
    #[test]
    fn whatever_honest_phones_write_is_admitted(steps in prop::collection::vec((0..3usize, 0..4u8, 0..5u8, any::<bool>()), 1..40)) {
        let mut phones = vec![base(), base(), base()];
        let pens = [ActorId([1; 16]), ActorId([2; 16]), ActorId([3; 16])];
        let mut server = base();
        for (who, key, value, sync) in steps {
            let values = [(format!("k{key}"), if value == 4 { Scalar::Null } else { Scalar::Int(value.into()) })];
            if let Some(e) = phones[who].write(DOC, pens[who], 5, &values).unwrap() {
                server.admit(&e).unwrap();
            }
            if sync {
                phones[who].merge(&server).unwrap();
            }
        }
        for p in &mut phones {
            p.merge(&server).unwrap();
            prop_assert_eq!(p.fields(), server.fields());
            prop_assert_eq!(p.conflicts(), server.conflicts());
        }
        let again = Document::load(&server.save()).unwrap();
        prop_assert_eq!(again.heads(), server.heads());
    }

    /// Any single damage to an honest edit, resealed by an attacker who owns the device, is either
    /// refused with the document unharmed or is another honest edit.
    #[test]
    fn no_resealed_damage_harms_a_document(
        seq in 0..5u64, op in 0..9u64, time in any::<i64>(), key in "[a-d]{1,2}",
        counter in 0..9u64, preds in 0..3usize, dep in any::<bool>(),
    ) {
        let mut d = base();
        let mut e = honest(&d);
        (e.seq, e.start_op, e.time) = (seq, op, time);
        e.puts[0].key = key;
        e.puts[0].replaces = vec![OpId { counter, actor: A }; preds];
        if dep { e.deps.clear(); }
        let before = d.save();
        match d.admit(&seal(e)) {
            Err(_) => prop_assert_eq!(d.save(), before),
            Ok(_) => {
                let next = honest(&d);
                prop_assert!(d.admit(&next).is_ok());
            }
        }
        let again = Document::load(&d.save()).unwrap();
        prop_assert_eq!(again.heads(), d.heads());
        prop_assert_eq!(again.fields(), d.fields());
    }
}
