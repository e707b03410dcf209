//! Documents, acts, rows, claims, counters.

use super::{Backend, TEAM, act, doc, record, with_team};
use crate::storage::Result;
use crate::storage::console::{Settled, refused_act};
use crate::storage::records::{ActRow, Among, EditKey, EditRow, Filter, RecordRow, Removed};
use rounds_model::claim::{Amount, Claim};
use rounds_model::ids::{ActId, ActorId, ChangeHash, DocId, PersonId, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_model::text::Text;
use rounds_model::verdict::Outcome;

pub fn an_edit_is_stored_once<B: Backend>() {
    let b = with_team::<B>();
    let key = |number| EditKey { doc: doc(1), actor: ActorId([3; 16]), number };
    let row = |n| EditRow { key: key(n), hash: ChangeHash([4; 32]), seq: Seq(n) };
    let put = |rows: &[EditRow]| -> Result<()> {
        let mut tx = b.storage().write(TEAM)?;
        tx.put_edits(rows)?;
        tx.commit()
    };
    put(&[row(1), row(2)]).unwrap();
    assert!(put(&[row(2)]).is_err());
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.edits(&[key(2), key(3)]).unwrap(), [row(2)]);
    assert_eq!(view.edits_of(doc(1)).unwrap(), [row(1), row(2)]);
}

pub fn claims_are_set_exactly<B: Backend>() {
    let b = with_team::<B>();
    let claim = |key: &str| Claim::one("one", key);
    let lease = Claim { amount: Amount(25_000), until: Some(-7), ..claim("B") };
    let waiting = Claim { from: Some(doc(9)), waits: Some(Seq(5)), ..claim("C") };
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_claims(doc(1), &[claim("A"), claim("B")]).unwrap();
    tx.put_claims(doc(2), &[claim("A")]).unwrap();
    let both = [(doc(1), claim("A")), (doc(2), claim("A"))];
    assert_eq!(tx.claims("one", "A").unwrap(), both, "a writer sees what it wrote");
    tx.put_claims(doc(1), &[waiting.clone(), lease.clone()]).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.claims("one", "A").unwrap(), [(doc(2), claim("A"))]);
    assert_eq!(view.claims_of(doc(1)).unwrap(), [lease, waiting]);
    assert_eq!(view.claims_of(doc(2)).unwrap(), [claim("A")]);
}

pub fn counters_count<B: Backend>() {
    let b = with_team::<B>();
    let mut tx = b.storage().write(TEAM).unwrap();
    assert_eq!(tx.counter("YS-2026").unwrap(), 0);
    tx.put_counter("YS-2026", 1).unwrap();
    tx.put_counter("YS-2026", 2).unwrap();
    assert_eq!(tx.counter("YS-2026").unwrap(), 2, "a writer sees what it wrote");
    tx.commit().unwrap();
    let mut undone = b.storage().write(TEAM).unwrap();
    undone.put_counter("YS-2026", 3).unwrap();
    drop(undone);
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!((view.counter("YS-2026").unwrap(), view.counter("YS-2027").unwrap()), (2, 0));
}

pub fn the_records_before_one_about_the_same<B: Backend>() {
    let b = with_team::<B>();
    let mut tx = b.storage().write(TEAM).unwrap();
    let rows: Vec<_> = (1..=9).map(|n| record(n, if n == 6 { "other" } else { "a" }, "x")).collect();
    tx.put_records(&rows).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    let found = |before: u8, limit| -> Vec<DocId> {
        let rows = view.earlier("a", "S1", doc(before), limit).unwrap();
        rows.into_iter().map(|row| row.doc).collect()
    };
    assert_eq!(found(99, 9), [doc(9), doc(3)], "newest first, of that kind only");
    assert_eq!(found(9, 9), [doc(3)], "before, not at");
    assert_eq!(found(99, 1), [doc(9)]);
    assert_eq!(view.earlier("a", "S2", doc(99), 9).unwrap(), []);
}

pub fn records_are_filtered<B: Backend>() {
    let b = with_team::<B>();
    let mut tx = b.storage().write(TEAM).unwrap();
    let rows: Vec<_> = (1..7)
        .map(|n| record(n, if n < 4 { "x" } else { "y" }, if n % 3 == 0 { "done" } else { "open" }))
        .collect();
    tx.put_records(&rows).unwrap();
    let acts = [act(1, 2, Outcome::Accepted), act(1, 1, Outcome::Accepted)];
    tx.put_acts(&acts).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    let list = |f: Filter| -> Vec<u8> { view.list(&f).unwrap().iter().map(|r| r.doc.0[0]).collect() };
    assert_eq!(list(Filter::default()), [1, 2, 3, 4, 5, 6]);
    assert_eq!(list(Filter { kind: Some("x".into()), ..Filter::default() }), [1, 2, 3]);
    assert_eq!(list(Filter { stage: Some("done".into()), after: Some(doc(3)), ..Filter::default() }), [6]);
    assert_eq!(list(Filter { conflicted: true, limit: 2, ..Filter::default() }), [1, 3]);
    assert_eq!(list(Filter { owner: Some(PersonId([0; 16])), ..Filter::default() }), [2, 4, 6]);
    let days = Filter {
        from_day: Some("2026-11-23".into()),
        to_day: Some("2026-11-24".into()),
        ..Filter::default()
    };
    assert_eq!(list(days), [3, 4]);
    assert_eq!(view.records(&[doc(5)]).unwrap(), [record(5, "y", "open")]);
    let counts: Vec<_> = view.counts().unwrap().into_iter().map(|c| (c.kind, c.stage, c.records)).collect();
    let row = |k: &str, s: &str, n| (k.to_owned(), s.to_owned(), n);
    assert_eq!(counts, [row("x", "done", 1), row("x", "open", 2), row("y", "done", 1), row("y", "open", 2)]);
    assert_eq!(view.verdict_counts().unwrap(), (2, 0));
    assert_eq!(view.acts_of(&[doc(1)]).unwrap(), [acts[1].clone(), acts[0].clone()]);
    assert_eq!(view.acts(&[ActId([2; 16])]).unwrap(), [acts[0].clone()]);
}

pub fn a_blocked_act_is_told_while_it_is_the_last_word<B: Backend>() {
    let b = with_team::<B>();
    let no = || Outcome::Blocked(Refusal::new("no", Text::new("不行", "no"), Text::new("重来", "again")));
    let acts =
        [act(1, 1, no()), act(2, 2, no()), act(3, 3, no()), act(1, 4, Outcome::Accepted), act(2, 5, no())];
    let mine = Scope::Person(PersonId([8; 16]));
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_acts(&acts).unwrap();
    let rows = [record(1, "x", "open"), record(2, "x", "open"), record(3, "x", "open")];
    let rows = rows.map(|row| RecordRow { scope: mine.clone(), ..row });
    tx.put_records(&rows).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    let told = |among: &Among| -> Vec<(u8, u64)> {
        view.blocked(among).unwrap().iter().map(|(record, act)| (record.doc.0[0], act.seq.0)).collect()
    };
    assert_eq!(told(&Among::default()), [(3, 3), (2, 5)], "the oldest first, one for each record");
    assert_eq!(told(&Among { limit: 1, ..Among::default() }), [(3, 3)]);
    let only = |scopes: &[Scope]| Among { scopes: Some(scopes.to_vec()), limit: 1, ..Among::default() };
    assert_eq!(told(&only(&[Scope::Team, mine])), [(3, 3)]);
    assert_eq!(told(&only(&[Scope::Team, Scope::Area("北区".into())])), [], "cut after it is filtered");
    assert_eq!(told(&only(&[])), []);
    let owner = |n| view.records(&[doc(n)]).unwrap()[0].owner;
    assert_ne!(owner(2), owner(3));
    let of = |person| Among { person: Some(person), limit: 1, ..Among::default() };
    assert_eq!((told(&of(owner(2))), told(&of(owner(3)))), (vec![(2, 5)], vec![(3, 3)]));
    let mut counted = view.blocked_count(&Among { limit: 1, ..Among::default() }).unwrap();
    counted.sort();
    let mut each = vec![(owner(2), 1), (owner(3), 1)];
    each.sort();
    assert_eq!(counted, each, "whatever the limit");
    let second = owner(2);
    drop(view);
    let mut tx = b.storage().write(TEAM).unwrap();
    let looked = |n, act: &ActRow| Settled {
        doubt: refused_act(doc(n), act.act, 5),
        person: PersonId([8; 16]),
        at: 6,
        note: String::new(),
    };
    // The second was of an earlier act about that record.
    tx.put_settled(&looked(3, &acts[2])).unwrap();
    tx.put_settled(&looked(2, &acts[1])).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    let told: Vec<_> = view.blocked(&Among::default()).unwrap();
    assert_eq!(told.iter().map(|(record, _)| record.doc).collect::<Vec<_>>(), [doc(2)]);
    assert_eq!(view.blocked_count(&Among::default()).unwrap(), [(second, 1)]);
}

pub fn removed_records_are_in_no_list<B: Backend>() {
    let b = with_team::<B>();
    let gone = RecordRow { removed: true, ..record(2, "x", "gone") };
    let mut tx = b.storage().write(TEAM).unwrap();
    tx.put_records(&[record(1, "x", "open"), gone.clone()]).unwrap();
    tx.commit().unwrap();
    let view = b.storage().read(TEAM).unwrap();
    assert_eq!(view.list(&Filter::default()).unwrap(), [record(1, "x", "open")]);
    let all = Filter { removed: Removed::With, ..Filter::default() };
    assert_eq!(view.list(&all).unwrap(), [record(1, "x", "open"), gone.clone()]);
    assert_eq!(view.records(&[doc(2)]).unwrap(), [gone]);
}
