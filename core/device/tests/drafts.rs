//! A draft that was begun by mistake is thrown away, as long as it is on this phone alone.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod common;

use common::{Phone, me, phone, typed, with_pack};
use rounds_device::store::{offered, outbox};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;

fn files(phone: &Phone) -> usize {
    std::fs::read_dir(phone.dir.path().join("blobs")).into_iter().flatten().count()
}

/// How many rows of all tables that speak of a record do.
fn left(phone: &Phone, doc: DocId) -> i64 {
    let tables = [
        "documents",
        "tail",
        "acts",
        "outbox",
        "held",
        "records",
        "claims",
        "blobs",
        "uploads",
        "places",
        "spent",
        "typed",
        "recordings",
        "looks",
        "sheets",
        "foreseen",
        "taken",
        "leaving",
        "tombstones",
    ];
    let count = |db: &rusqlite::Connection, table: &str| {
        db.query_row(&format!("SELECT count(*) FROM {table} WHERE doc = ?1"), [doc.as_bytes()], |r| {
            r.get::<_, i64>(0)
        })
    };
    phone.store().read(|db| Ok(tables.iter().map(|table| count(db, table).unwrap()).sum())).unwrap()
}

fn family(phone: &Phone) -> DocId {
    phone.create("family", &typed(&[("label", "王家"), ("phone", "1")])).unwrap()
}

#[test]
fn a_draft_that_nobody_else_has_is_thrown_away_and_leaves_nothing() {
    let phone = phone("rep", &["family-event"]);
    let (draft, other) = (family(&phone), family(&phone));
    phone.answer(draft, &typed(&[("members", "三口"), ("phone", "2")])).unwrap();
    let unsent = phone.store().read(outbox::waiting).unwrap();
    assert!(phone.is_draft(draft).unwrap() && phone.kept_because(draft).unwrap().is_none());
    phone.throw_away(draft).unwrap();
    assert_eq!(left(&phone, draft), 0);
    assert_eq!(phone.show(draft, Lang::En).unwrap_err().code, "record-unknown");
    assert_eq!(phone.list("family", None, 9, Lang::En).unwrap().rows.len(), 1);
    assert!(phone.search("三口", 9, Lang::En).unwrap().rows.is_empty());
    assert!(phone.store().read(outbox::waiting).unwrap() < unsent);
    assert!(phone.verify().unwrap().is_clean());
    assert_eq!(phone.throw_away(draft).unwrap_err().code, "record-unknown");
    phone.answer(other, &typed(&[("phone", "3")])).unwrap();
}

#[test]
fn its_photos_go_with_it_and_those_of_others_stay() {
    let dir = tempfile::tempdir().unwrap();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflow/tests/packs/mechanisms");
    let paths = ["pack.toml", "tables/day.csv", "tables/papers.csv"];
    let read = |path: &str| (path.to_owned(), std::fs::read(folder.join(path)).unwrap());
    let rounds = with_pack(dir.path(), "mechanisms", paths.map(read).to_vec());
    let phone = Phone { dir, rounds };
    let draft = || phone.create("loan", &typed(&[("applied_on", "2026-11-23")])).unwrap();
    let (one, other) = (draft(), draft());
    phone.attach(one, "papers/licence", &mut &b"one"[..]).unwrap();
    phone.attach(other, "papers/licence", &mut &b"two"[..]).unwrap();
    assert_eq!(files(&phone), 2);
    phone.throw_away(one).unwrap();
    assert_eq!((files(&phone), left(&phone, one)), (1, 0));
    assert!(left(&phone, other) > 0);
}

#[test]
fn what_went_out_was_acted_on_or_is_referred_to_stays_and_says_what_to_do() {
    let phone = phone("supervisor", &["family-event"]);
    let leader = me("supervisor").person.id.to_string();
    let answers = [
        ("label", "小小牙医"),
        ("date", "2026-11-28"),
        ("begins", "09:30"),
        ("venue", "某诊所"),
        ("leader", leader.as_str()),
    ];
    let event = phone.create("event", &typed(&answers)).unwrap();
    let family = family(&phone);
    phone.answer(family, &typed(&[("event", &event.to_string())])).unwrap();
    let no = phone.throw_away(event).unwrap_err();
    assert_eq!((no.code.as_str(), no.text.en.as_str()), ("draft-linked", "“王家” refers to it."));
    phone.act(event, "invite", &[]).unwrap();
    let no = phone.throw_away(event).unwrap_err();
    assert_eq!(no.code, "draft-acted");
    assert!(no.remedy.en.contains("Cancel") && no.remedy.zh.contains("取消"), "{no:?}");
    // In a request, whether an answer was heard or not.
    let newest = phone.store().read(outbox::newest).unwrap();
    assert!(offered::try_now(phone.store(), newest).unwrap());
    assert!(!phone.is_draft(family).unwrap());
    let no = phone.throw_away(family).unwrap_err();
    assert_eq!(no.code, "draft-sent");
    assert!(no.remedy.en.contains("Cancel"), "{no:?}");
    // What is begun afterwards is a draft again.
    let later = self::family(&phone);
    phone.throw_away(later).unwrap();
    assert_eq!(phone.list("family", None, 9, Lang::En).unwrap().rows.len(), 1);
}
