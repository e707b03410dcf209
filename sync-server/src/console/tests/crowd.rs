//! Lists that are cut show what was asked for: what is others' is left out before they are cut, not after.

use super::fixture::*;
use crate::storage::Storage;
use crate::storage::records::{ActRow, RecordRow};
use axum::http::StatusCode;
use ed25519_dalek::SigningKey;
use rounds_model::act::Act;
use rounds_model::canonical;
use rounds_model::ids::{ActId, BootId, DocId, PersonId};
use rounds_model::people::Person;
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_model::text::Text;
use rounds_model::time::{Judgement, Reading, TrustedTime};
use rounds_model::verdict::{Outcome, Verdict};
use std::collections::BTreeMap;

const HEAD: PersonId = PersonId([4; 16]);

/// So many records of a person, each with a blocked act whose time cannot be believed.
fn crowd(f: &Fixture, owner: PersonId, scope: &Scope, count: u16, first: u16) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let mut tx = f.storage.write(TEAM).unwrap();
    for n in first..first + count {
        let mut bytes = [owner.0[0]; 16];
        bytes[..2].copy_from_slice(&n.to_be_bytes());
        let (doc, id, seq) = (DocId(bytes), ActId(bytes), tx.next_seq());
        let at_ms = NOW - 100 * MINUTE + i64::from(n);
        let reading = Reading { wall_ms: at_ms, mono_ms: 1, boot: BootId([0; 16]) };
        let (anchor, seen, gps) = (None, None, None);
        let act = Act {
            id,
            doc,
            name: "submit".into(),
            person: owner,
            device: device(owner),
            number: n.into(),
            pack: 1,
            heads: vec![],
            stage: "planned".into(),
            payload: BTreeMap::new(),
            proofs: vec![],
            time: TrustedTime { at_ms, reading, anchor, seen, gps, judgement: Judgement::Suspect },
        };
        let signed = act.sign(&key).unwrap();
        let no = Refusal::new("no", Text::new("不行", "Not like this"), Text::new("重来", "Again"));
        let (outcome, stage, facts) = (Outcome::Blocked(no), "planned".to_owned(), BTreeMap::new());
        let verdict = Verdict { act: id, doc, seq, outcome, stage, facts, turned: None, at_ms };
        let (device, body, signature) = (act.device, signed.body, signed.signature);
        tx.put_acts(&[ActRow { act: id, doc, seq, device, body, signature, verdict }]).unwrap();
        let data = BTreeMap::from([("title", format!("{}-{n}", owner.0[0]))]);
        let projection = canonical::encode(&BTreeMap::from([("data", data)])).unwrap();
        tx.put_records(&[RecordRow {
            doc,
            kind: "visit".into(),
            stage: "planned".into(),
            owner,
            scope: scope.clone(),
            day: None,
            conflicts: 0,
            settled: 0,
            subject: None,
            projection,
            removed: false,
        }])
        .unwrap();
    }
    tx.commit().unwrap();
}

/// The counts of the sorts on a page of exceptions.
fn shown(page: &Answer) -> usize {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.body.matches("data-test=\"exception\"").count()
}

#[tokio::test]
async fn exceptions_of_one_person_are_found_behind_those_of_everybody_else() {
    let f = Fixture::people();
    for person in [LI, WANG, SUN] {
        f.phone(person, "phone", None, 0);
    }
    // Another team's many, then a colleague's many, and the two of 李娜 at the very end.
    crowd(&f, SUN, &Scope::Person(SUN), 600, 0);
    crowd(&f, WANG, &Scope::Person(WANG), 150, 600);
    crowd(&f, LI, &Scope::Person(LI), 2, 900);
    let mut chen = f.browser("陈静").await;
    for sort in ["blocked", "suspect"] {
        let all = chen.get(&format!("/exceptions?sort={sort}")).await;
        assert_eq!(shown(&all), 100);
        assert!(all.body.contains("152"), "counted before it is cut: {}", all.body);
        assert!(all.body.contains("11-600<") && !all.body.contains("10-900<"), "the longest waiting first");
        let of_li = chen.get(&format!("/exceptions?sort={sort}&owner={LI}")).await;
        assert_eq!(shown(&of_li), 2);
        assert!(of_li.body.contains("10-900<") && !of_li.body.contains("11-600<"), "{}", of_li.body);
        let unread = chen.get(&format!("/exceptions?sort={sort}&owner=nobody")).await;
        assert_eq!(unread.status, StatusCode::BAD_REQUEST, "{}", unread.body);
    }
    let board = chen.get("/").await;
    assert!(board.body.contains(">152<"), "the board counts all: {}", board.body);
    let mut other = f.browser("Other").await;
    assert_eq!(
        shown(&other.get(&format!("/exceptions?owner={LI}")).await),
        0,
        "another team's are not there"
    );
}

#[tokio::test]
async fn the_log_shows_what_is_the_viewers_behind_what_is_not() {
    let f = Fixture::people();
    let mut tx = f.storage.write(TEAM).unwrap();
    tx.note(NOW, None, "noted-password", &format!("person={LI}\nname=李娜")).unwrap();
    for _ in 0..250 {
        tx.note(NOW, None, "noted-password", &format!("person={SUN}\nname=孙丽")).unwrap();
    }
    tx.commit().unwrap();
    let mut chen = f.browser("陈静").await;
    let page = chen.get("/team/log").await;
    assert_eq!(page.body.matches("data-test=\"noted\"").count(), 1, "{}", page.body);
    assert!(page.body.contains("李娜") && !page.body.contains("孙丽") && !page.body.contains("before="));
    let mut other = f.browser("Other").await;
    let page = other.get("/team/log").await;
    assert_eq!(page.body.matches("data-test=\"noted\"").count(), 100);
    assert!(page.body.contains("before="));
}

/// Head office sees what is in nobody's hands too, and people of roles that packs name.
#[tokio::test]
async fn head_office_sees_areas_that_nobody_holds_and_every_role() {
    let f = Fixture::people();
    let mut tx = f.storage.write(TEAM).unwrap();
    let hash = crate::secrets::password::hash(PASSWORD).unwrap();
    tx.put_person(&Person { id: HEAD, name: "总部".into(), role: "operator".into() }).unwrap();
    tx.put_password(HEAD, Some(&hash)).unwrap();
    tx.put_person(&Person { id: PersonId([9; 16]), name: "讲师".into(), role: "trainer".into() }).unwrap();
    tx.commit().unwrap();
    f.phone(LI, "phone", None, 0);
    f.phone(WANG, "phone", None, 0);
    let mut document = rounds_model::document::Document::new();
    let first = document.write(DONE, pen(LI), 1, &[("note".into(), "area secret".into())]).unwrap();
    assert!(first.is_some());
    let mut theirs = rounds_model::document::Document::load(&document.save()).unwrap();
    document.write(DONE, pen(LI), 2, &[("note".into(), "one".into())]).unwrap();
    theirs.write(DONE, pen(WANG), 2, &[("note".into(), "two".into())]).unwrap().unwrap();
    document.merge(&theirs).unwrap();
    assert_eq!(document.conflicts().len(), 1);
    f.document(DONE, "visit", "done", LI, Scope::Area("孤岛".into()), None, &document);
    let mut head = f.browser("总部").await;
    assert!(head.get("/conflicts").await.body.contains("data-test=\"conflict\""));
    assert!(head.get("/").await.body.contains("讲师"));
    let mut chen = f.browser("陈静").await;
    assert!(chen.get("/conflicts").await.body.contains("data-test=\"no-conflicts\""));
}
