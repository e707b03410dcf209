//! What a document promises.
use super::*;
use crate::edit::Edit;
use crate::ids::DocId;

const DOC: DocId = DocId([1; 16]);
const A: ActorId = ActorId([0xa; 16]);
const B: ActorId = ActorId([0xb; 16]);

fn put(d: &mut Document, actor: ActorId, at: i64, key: &str, value: &str) -> Edit {
    d.write(DOC, actor, at, &[(key.into(), value.into())]).unwrap().unwrap()
}

fn give(from: &Document, to: &mut Document) {
    to.merge(from).unwrap();
}

#[test]
fn two_offline_edits_of_one_field_keep_both_values_until_someone_chooses() {
    let mut a = Document::new();
    put(&mut a, A, 10, "phone", "0411-1");
    let mut b = a.clone();
    put(&mut a, A, 20, "phone", "0411-2");
    put(&mut b, B, 15, "phone", "0411-3");
    give(&a, &mut b);
    give(&b, &mut a);
    assert_eq!(a.conflicts(), b.conflicts());
    let values: Vec<_> = a.conflicts()[0].versions.iter().map(|v| v.value.to_string()).collect();
    assert_eq!(values, ["0411-2", "0411-3"]);

    let shown = a.get("phone").unwrap();
    let before = a.clone();
    let choice = a.write(DOC, A, 30, &[("phone".into(), shown.clone())]).unwrap().unwrap();
    assert!(before.settles(&choice));
    let third = before.clone().write(DOC, A, 30, &[("phone".into(), "0411-9".into())]).unwrap().unwrap();
    assert!(!before.settles(&third), "a third value is more than a choice");
    assert_eq!(choice.puts[0].replaces.len(), 2, "choosing the shown value is a put that names both");
    give(&a, &mut b);
    for d in [&a, &b, &Document::load(&a.save()).unwrap()] {
        assert!(d.conflicts().is_empty());
        assert_eq!(d.get("phone"), Some(shown.clone()));
        assert_eq!(d.versions("phone")[0].at, 30, "the choice has its own author and time");
    }
}

#[test]
fn a_later_concurrent_choice_is_a_conflict_again() {
    let mut a = Document::new();
    put(&mut a, A, 1, "x", "0");
    let mut b = a.clone();
    put(&mut a, A, 2, "x", "a");
    put(&mut b, B, 2, "x", "b");
    give(&a, &mut b);
    give(&b, &mut a);
    put(&mut a, A, 3, "x", "a");
    put(&mut b, B, 3, "x", "b");
    give(&b, &mut a);
    assert_eq!(a.conflicts()[0].versions.len(), 2);
}

#[test]
fn writing_what_stands_is_no_edit() {
    let mut a = Document::new();
    put(&mut a, A, 1, "x", "1");
    assert_eq!(a.write(DOC, A, 2, &[("x".into(), "1".into())]).unwrap(), None);
    assert_eq!(a.write(DOC, A, 2, &[("y".into(), Scalar::Null)]).unwrap(), None);
    assert!(a.write(DOC, A, 2, &[("x".into(), Scalar::Null)]).unwrap().is_some());
    assert_eq!(a.get("x"), Some(Scalar::Null));
}

#[test]
fn history_tells_who_wrote_what_and_fields_at_what_was_seen() {
    let mut a = Document::new();
    put(&mut a, A, 1, "x", "1");
    let seen = a.heads();
    put(&mut a, B, 2, "x", "2");
    let h = a.history();
    assert_eq!((h.len(), h[1].actor, h[1].at, h[1].puts[0].value.to_string()), (2, B, 2, "2".into()));
    assert_eq!(a.fields_at(&seen).unwrap()["x"], "1".into());
    assert_eq!(a.fields_at(&[ChangeHash([0; 32])]), None);
}

#[test]
fn a_saved_document_serves_its_original_changes() {
    let mut a = Document::new();
    for i in 0..50 {
        put(&mut a, A, i, "x", &i.to_string());
    }
    let b = Document::load(&a.save()).unwrap();
    let mut c = Document::new();
    let bytes: Vec<_> = b.history().iter().map(|s| b.change_bytes(&s.hash).unwrap()).collect();
    c.apply_bytes(bytes.iter().map(Vec::as_slice)).unwrap();
    assert_eq!((c.heads(), c.fields()), (a.heads(), a.fields()));
}

#[test]
fn a_held_edit_and_what_builds_on_it_can_be_left_out() {
    let mut a = Document::new();
    put(&mut a, A, 1, "x", "1");
    let mut b = a.clone();
    let held = put(&mut a, A, 2, "x", "held");
    put(&mut a, A, 3, "y", "on top");
    put(&mut b, B, 2, "z", "theirs");
    give(&b, &mut a);
    let trunk = a.without(&[held.hash().unwrap()].into()).unwrap();
    assert_eq!((trunk.fields(), trunk.heads()), (b.fields(), b.heads()));
}

#[test]
fn changes_with_a_gap_are_refused_and_known_ones_are_no_news() {
    let mut a = Document::new();
    for i in 0..3 {
        put(&mut a, A, i, "x", &i.to_string());
    }
    let bytes: Vec<_> = a.history().iter().map(|s| a.change_bytes(&s.hash).unwrap()).collect();
    let mut b = Document::new();
    assert!(b.apply_bytes([&bytes[0][..], &bytes[2][..]]).is_err());
    assert!(b.is_empty());
    assert_eq!(b.apply_bytes([&bytes[1][..], &bytes[0][..]]).unwrap().len(), 2);
    assert_eq!(b.apply_bytes(bytes.iter().map(Vec::as_slice)).unwrap().len(), 1);
}

#[test]
fn its_edits_can_be_made_again_from_the_document() {
    let mut a = Document::new();
    let first = put(&mut a, A, 1, "x", "1");
    let second = put(&mut a, B, 2, "x", "2");
    let seen = a.heads();
    let last = put(&mut a, A, 3, "y", "3");
    assert_eq!(a.edits(DOC), [first.clone(), second, last.clone()]);
    let at = a.seen_at(&seen);
    assert!(at.contains(&first.hash().unwrap()) && !at.contains(&last.hash().unwrap()));
}

#[test]
fn the_time_at_a_question_is_part_of_the_edit_and_of_the_history() {
    let mut a = Document::new();
    put(&mut a, A, 1, "x", "1");
    let mut server = a.clone();
    let spent = vec![Spent { key: "x".into(), ms: 4_200 }, Spent { key: "sku/a b/名称".into(), ms: 7 }];
    let values = [("x".to_owned(), "2".into())];
    let (edit, _) = a.write_telling(DOC, A, 2, &values, spent.clone()).unwrap().unwrap();
    assert_eq!(server.admit(&edit), Ok(edit.hash().unwrap()));
    let again = Document::load(&server.save()).unwrap();
    assert_eq!(again.history()[1].spent, spent);
    assert_eq!(again.edits(DOC)[1], edit);
    let mut forged = edit.clone();
    forged.spent[0].ms = 1;
    assert!(Document::new().admit(&forged).is_err());
    let mut before = again.fork_at(&edit.deps).unwrap();
    assert_eq!(before.admit(&forged), Err(crate::admit::Inadmissible::Damaged));
    let many = vec![Spent { key: "x".into(), ms: 1 }; crate::edit::limits::SPENT + 1];
    let values = [("x".to_owned(), "3".into())];
    assert_eq!(a.write_telling(DOC, A, 3, &values, many), Err(DocumentError::TooLarge));
}

#[test]
fn an_oversized_write_changes_nothing() {
    let mut a = Document::new();
    put(&mut a, A, 1, "x", "1");
    let before = a.save();
    let big = "字".repeat(crate::edit::limits::VALUE);
    assert_eq!(a.write(DOC, A, 2, &[("x".into(), big.into())]), Err(DocumentError::TooLarge));
    assert_eq!(a.save(), before);
}
