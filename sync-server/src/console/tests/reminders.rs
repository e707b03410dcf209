//! What is due, on its page (O.10): who is told of it, and that it goes when it is done.

use super::fixture::Browser;
use crate::admin::publish;
use crate::console::packs::PublishedPacks;
use crate::console::{Console, routes};
use crate::storage::sqlite::Sqlite;
use crate::testing::{BOSS, NOW, Office, PASSWORD, act, doc, edit};
use std::path::Path;
use std::sync::Arc;

const DAY: i64 = 24 * 3_600_000;

async fn supervisor_at(office: &Office, clock: fn() -> i64) -> Browser {
    let storage = Arc::new(Sqlite::open(&office.dir.path().join("rounds.db")).unwrap());
    let console = Console::new(storage, Arc::new(PublishedPacks::default()), clock, false);
    let mut browser = Browser::new(routes::routes(console));
    let token = browser.get("/sign-in").await.token();
    let form = [("csrf", token.as_str()), ("name", BOSS), ("password", PASSWORD)];
    browser.post("/sign-in", &form).await;
    browser
}

#[tokio::test]
async fn o10_what_was_not_printed_comes_up_to_the_supervisor() {
    let office = Office::new();
    let mut before = supervisor_at(&office, || NOW).await;
    assert!(!before.get("/").await.body.contains("/reminders"), "no pack has any");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/workflow/tests/packs/mechanisms");
    let bundle = publish::read_folder(&folder).unwrap();
    publish::publish(&office.db, office.team, &bundle, false).unwrap();
    let mut li = office.phone("李娜");
    let file = "0".repeat(64);
    let papers = [("papers/licence", &*file), ("papers/power", &file), ("papers/power_dated", "2026-11-01")];
    let made = li.create_with(doc(1), "loan", &papers, &[("papers/licence_original", true.into())]);
    let submit = li.act(doc(1), "submit", "draft");
    li.push(&office, vec![edit(&made), act(&submit)]);

    let mut soon = supervisor_at(&office, || NOW).await;
    let page = soon.get("/reminders").await.body;
    assert!(page.contains("data-test=\"due\"") && page.contains("O.10") && page.contains("李娜"), "{page}");
    assert!(!page.contains("data-test=\"overdue\""));
    let mut late = supervisor_at(&office, || NOW + 6 * DAY).await;
    let page = late.get("/reminders").await.body;
    assert!(page.contains("data-test=\"overdue\""), "{page}");
    assert!(page.contains("has come up to you") || page.contains("已上报给您"), "{page}");

    let page = late.get(&format!("/records/{}", doc(1))).await.body;
    for label in ["Business licence", "Electricity bills of 3 months: date on it"] {
        assert!(page.contains(label), "{label}: {page}");
    }

    let print = li.act(doc(1), "print", "submitted");
    li.push(&office, vec![act(&print)]);
    assert!(late.get("/reminders").await.body.contains("data-test=\"no-reminders\""));
}
