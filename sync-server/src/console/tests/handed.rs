//! Handed-over work: who sees it, and who decides.

use super::fixture::*;
use crate::storage::Storage;
use crate::storage::holding::HoldingRow;
use axum::http::StatusCode;
use rounds_model::document::Document;
use rounds_model::ids::{ActorId, DocId, PersonId, Seq};
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;
use rounds_protocol::exchange::{Packed, PushItem};

/// A note about a record, handed over by somebody's phone; its number.
fn hand_over(f: &Fixture, doc: DocId, by: PersonId, note: &str) -> u64 {
    let values = [("note".to_owned(), note.into())];
    let edit = Document::new().write(doc, ActorId([77; 16]), 1, &values).unwrap().unwrap();
    let item: Packed = PushItem::Edit(edit).pack().unwrap();
    let mut tx = f.storage.write(TEAM).unwrap();
    let number: Seq = tx.next_seq();
    tx.put_holding(&HoldingRow {
        number,
        device: device(by),
        person: by,
        doc,
        hash: item.hash(),
        item: item.0,
        refusal: Refusal::new("record-out-of-scope", Text::new("不再共享", "not shared"), Text::default()),
        received: NOW - 60_000,
        decision: None,
        ruled: None,
    })
    .unwrap();
    tx.commit().unwrap();
    number.0
}

#[tokio::test]
async fn supervisors_see_and_decide_about_their_own_peoples_work_only() {
    let f = Fixture::morning();
    let own = hand_over(&f, VISIT, SUN, "<b>two boxes</b>");
    let foreign = hand_over(&f, FOREIGN, SUN, "secret work");
    let mut chen = f.browser("陈静").await;
    let page = chen.get("/holding").await;
    assert!(page.body.contains("&#60;b&#62;two boxes") && page.body.contains("孙丽"), "{}", page.body);
    assert!(page.body.contains("not shared") && !page.body.contains("secret work"));
    let record = chen.get(&format!("/records/{VISIT}")).await;
    assert!(record.body.contains("waits for a decision") && record.body.contains("two boxes"));
    let token = page.token();
    let form = |decision: &'static str| [("csrf", token.clone()), ("decision", decision.to_owned())];
    let forged = chen.post(&format!("/holding/{own}"), &[("csrf", "0"), ("decision", "drop")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    let send = form("drop");
    let send: Vec<(&str, &str)> = send.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(chen.post(&format!("/holding/{foreign}"), &send).await.status, StatusCode::NOT_FOUND);
    assert_eq!(chen.post(&format!("/holding/{own}"), &send).await.header("location"), "/holding");
    let after = chen.get("/holding").await;
    assert!(after.body.contains("Nothing was handed over"));
    let told = f.storage.read(TEAM).unwrap().holding(Seq(own)).unwrap().unwrap().decision.unwrap();
    assert_eq!((told.accepted, told.by), (false, CHEN));
    let again = chen.post(&format!("/holding/{own}"), &send).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.body.contains("decided about"), "{}", again.body);
    let mut other = f.browser("Other").await;
    let page = other.get("/holding").await;
    assert!(page.body.contains("secret work") && !page.body.contains("two boxes"));
}
