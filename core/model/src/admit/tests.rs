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

/// Found by a critic: 65 changes side by side, and nobody could write to the record any more.
#[test]
fn nobody_can_crowd_a_document_so_that_others_cannot_write() {
    let pen = |n: usize| ActorId([u8::try_from(n).unwrap(); 16]);
    let beside = |d: &Document, n: usize, key: &str| {
        d.clone().write(DOC, pen(n), 2, &[(key.into(), "x".into())]).unwrap().unwrap()
    };
    // Each by another pen, all on the same old content.
    for same_key in [false, true] {
        let old = base();
        let mut d = old.clone();
        let key = |n: usize| if same_key { "a".to_owned() } else { format!("k{n}") };
        for n in 20..20 + limits::HEADS {
            d.admit(&beside(&old, n, &key(n))).unwrap();
        }
        assert_eq!(d.heads().len(), limits::HEADS);
        let one_more = beside(&old, 200, &key(200));
        assert_eq!(unharmed(&mut d, &one_more), Inadmissible::Crowded);
        // Who has seen all of it writes on, and then there is room again.
        let honest = honest(&d);
        assert!(honest.is_bounded());
        d.admit(&honest).unwrap();
        assert_eq!(d.heads().len(), 1);
        let again = d.admit(&one_more).map(|_| ());
        assert_eq!(
            again,
            if same_key { Err(Inadmissible::Crowded) } else { Ok(()) },
            "values stand side by side"
        );
        let chosen = d.clone().write(DOC, B, 3, &[("a".into(), "chosen".into())]).unwrap().unwrap();
        d.admit(&chosen).unwrap();
        assert_eq!(d.versions("a").len(), 1);
        d.admit(&beside(&old, 201, &key(201))).unwrap();
    }
    // What was crowded before this was asked can be brought in order.
    let old = base();
    let mut d = old.clone();
    for n in 20..60 {
        let mut other = old.clone();
        other.write(DOC, pen(n), 2, &[("a".into(), "x".into())]).unwrap();
        d.merge(&other).unwrap();
    }
    assert_eq!((d.heads().len(), d.versions("a").len()), (40, 40));
    d.admit(&honest(&d)).unwrap();
    let chosen = d.clone().write(DOC, B, 3, &[("a".into(), "chosen".into())]).unwrap().unwrap();
    d.admit(&chosen).unwrap();
    assert_eq!((d.heads().len(), d.versions("a").len()), (1, 1));
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

/// Found by a critic: each edit copied the document and looked at its whole history, under the server's
/// lock. What is left that grows with the history is what automerge does itself.
#[test]
fn a_run_of_edits_costs_no_more_on_a_long_history() {
    let history = |edits: usize| {
        let mut d = Document::new();
        for n in 0..edits {
            d.write(DOC, A, 1, &[("a".into(), Scalar::Int(n as i64))]).unwrap();
        }
        d
    };
    let run = |d: &Document| {
        let (mut author, mut judge) = (d.clone(), Document::load(&d.save()).unwrap());
        let write = |n: i64| author.write(DOC, B, 2, &[("b".into(), Scalar::Int(n))]).unwrap().unwrap();
        let edits: Vec<Edit> = (1..=150).map(write).collect();
        judge.admit(&edits[0]).unwrap();
        let began = std::time::Instant::now();
        for edit in &edits[1..] {
            judge.admit(edit).unwrap();
        }
        began.elapsed().as_secs_f64()
    };
    let (short, long) = (history(100), history(2_000));
    let took: Vec<_> = (0..9).map(|_| (run(&short), run(&long))).collect();
    let short = took.iter().map(|t| t.0).fold(f64::INFINITY, f64::min);
    let long = took.iter().map(|t| t.1).fold(f64::INFINITY, f64::min);
    assert!(long < 14.0 * short, "{long:.3} s, and {short:.3} s on a history twenty times shorter");
}

/// What automerge would spoil leaves the document as it was, with what the same run had brought.
#[test]
fn a_run_can_be_gone_back_on() {
    let mut d = base();
    let next =
        |d: &Document, n: i64| d.clone().write(DOC, B, 2, &[("b".into(), Scalar::Int(n))]).unwrap().unwrap();
    for n in 0..5 {
        d.admit(&next(&d, n)).unwrap();
        let before = (d.save(), d.heads());
        // Of a number that leaves a gap: the checks are not asked here.
        let mut late = next(&d, n + 100);
        late.seq += 7;
        assert!(!d.apply_safely(seal(late).to_change().unwrap()), "{n}");
        assert_eq!((d.save(), d.heads()), before);
    }
}
