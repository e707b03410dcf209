//! What somebody looked at is out of the list of exceptions, with what they found, until there is another.

use super::fixture::{Answer, Browser};
use super::real::supervisor;
use super::world::{STRANGER, World};
use crate::storage::Storage;
use crate::testing::{BOSS, Office, act, doc, edit, words};
use axum::http::StatusCode;
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;
use rounds_protocol::exchange::{Status, Told};

fn shown(page: &Answer) -> usize {
    page.body.matches("data-test=\"exception\"").count()
}

async fn look(browser: &mut Browser, doc: &str, (code, since): (&str, &str)) -> StatusCode {
    let token = browser.get("/exceptions").await.token();
    let form = [
        ("csrf", token.as_str()),
        ("back", "/exceptions"),
        ("code", code),
        ("since", since),
        ("note", "Called her"),
    ];
    browser.post(&format!("/records/{doc}/looked"), &form).await.status
}

fn named(page: &Answer) -> (String, String) {
    (page.after("name=\"code\" value=\""), page.after("name=\"since\" value=\""))
}

#[tokio::test]
async fn what_was_not_accepted_is_opened_beside_the_list_and_noted_until_it_is_tried_again() {
    let office = Office::new();
    let (mut li, mut wang) = (office.phone("李娜"), office.phone("王芳"));
    for (phone, n) in [(&mut li, 1), (&mut wang, 2)] {
        let made = [edit(&phone.ticket(n, "Window seat")), edit(&phone.set(doc(n), "seat", "12A"))];
        phone.push(&office, made.into());
        let sent = phone.act(doc(n), "send", "open");
        assert_eq!(words(&phone.push(&office, vec![act(&sent)])), ["stored"]);
    }
    let mut boss = supervisor(&office).await;
    let page = boss.get("/exceptions?sort=blocked").await;
    assert_eq!(shown(&page), 1, "{}", page.body);
    let beside = format!("/exceptions?sort=blocked&#38;open={}", doc(2));
    assert!(page.body.contains(&format!("href=\"{beside}\"")), "{}", page.body);
    let panel = boss.get(&beside.replace("&#38;", "&")).await.body;
    let panel = panel.split_once("data-test=\"panel\"").expect("the record beside the list").1;
    assert!(panel.contains("Window seat") && panel.contains("data-test=\"stop\""), "{panel}");

    let (code, since) = named(&page);
    let id = doc(2).to_string();
    for (id, code, since) in
        [(&id, code.as_str(), "0"), (&id, "act:00", since.as_str()), (&doc(1).to_string(), &code, &since)]
    {
        assert_eq!(look(&mut boss, id, (code, since)).await, StatusCode::NOT_FOUND, "{code} {since}");
    }
    assert_eq!(look(&mut boss, &id, (&code, &since)).await, StatusCode::SEE_OTHER);
    assert!(boss.get("/exceptions?sort=blocked").await.body.contains("data-test=\"no-exceptions\""));
    let record = boss.get(&format!("/records/{id}")).await.body;
    assert!(record.contains("data-test=\"looked\"") && record.contains("Called her"), "{record}");
    assert!(boss.get("/team/log").await.body.contains("Called her"));

    // Tried again, it is another one.
    let again = wang.act(doc(2), "send", "open");
    assert_eq!(words(&wang.push(&office, vec![act(&again)])), ["stored"]);
    let page = boss.get("/exceptions?sort=blocked").await;
    assert_eq!(shown(&page), 1);
    assert_ne!(named(&page).0, code);
    assert_eq!(
        look(&mut boss, &id, (&code, &since)).await,
        StatusCode::NOT_FOUND,
        "it is the last word no more"
    );
}

/// What is kept on phones, by the board (with what is doubted) and by the page of the device's person.
async fn held(browser: &mut Browser, world: &World) -> (usize, usize) {
    let device = world.device.parse().unwrap();
    let person = world.office.db.read(world.office.team).unwrap().device(device).unwrap().unwrap().person;
    let sum = |page: &Answer, cell: &str| {
        let cells = page.body.split(cell).skip(1).map(|part| part.split('<').next().unwrap());
        cells.map(|text| text.parse::<usize>().unwrap()).sum()
    };
    let board = sum(&browser.get("/").await, "data-test=\"held\">");
    let page = browser.get(&format!("/team/people/{person}")).await;
    (board, sum(&page, "data-label=\"Held on a phone\">"))
}

#[tokio::test]
async fn what_a_phone_keeps_is_noted_by_whoever_leads_until_it_keeps_something_else() {
    let world = World::new().await;
    let keeps = |at_ms: i64, n: u8| {
        let refusal =
            Refusal::new("not-yours", Text::new("不行", "not allowed"), Text::new("改", "Change it"));
        let held = vec![Told { doc: doc(n), refusal, at_ms }];
        let status = Status { app: "1".into(), held };
        let mut tx = world.office.db.write(world.office.team).unwrap();
        tx.put_status(world.device.parse().unwrap(), &status).unwrap();
        tx.commit().unwrap();
    };
    // One of a record that the server does not have.
    for n in [1, 77] {
        keeps(5_000 + i64::from(n), n);
        let (mut boss, _) = world.browser(Some(BOSS)).await;
        let before = held(&mut boss, &world).await;
        assert_eq!(before.1, 1);
        let page = boss.get("/exceptions?sort=held").await;
        assert_eq!(shown(&page), 1, "{}", page.body);
        let (code, since) = named(&page);
        let (mut stranger, _) = world.browser(Some(STRANGER)).await;
        let id = doc(n).to_string();
        assert_eq!(look(&mut stranger, &id, (&code, &since)).await, StatusCode::NOT_FOUND);
        assert_eq!(look(&mut boss, &id, (&code, "1")).await, StatusCode::NOT_FOUND);
        assert_eq!(look(&mut boss, &id, (&code, &since)).await, StatusCode::SEE_OTHER);
        assert_eq!(shown(&boss.get("/exceptions?sort=held").await), 0);
        let (board, person) = held(&mut boss, &world).await;
        assert_eq!((board + 1, person), (before.0, 0), "neither on the board nor on the person's page");
    }
    keeps(9_000, 1);
    let (mut boss, _) = world.browser(Some(BOSS)).await;
    assert_eq!(shown(&boss.get("/exceptions?sort=held").await), 1, "something else");
}

/// Found by a reviewer: whoever may see an act could note it as checked although nobody doubts it.
#[tokio::test]
async fn only_an_act_that_is_doubted_is_noted_as_checked() {
    let world = World::new().await;
    let (mut boss, token) = world.browser(Some(BOSS)).await;
    let page = boss.get(&format!("/records/{}", doc(1))).await;
    let field = |name: &str| page.after(&format!("name=\"{name}\" value=\""));
    let (stage, heads) = (field("stage"), field("heads"));
    let form = [("csrf", token.as_str()), ("stage", &stage), ("heads", &heads), ("back", "/")];
    let path = format!("/records/{}/acts/finish", doc(1));
    assert_eq!(boss.post(&path, &form).await.status, StatusCode::SEE_OTHER);
    let view = world.office.db.read(world.office.team).unwrap();
    let acts: Vec<_> = view.acts_of(&[doc(1)]).unwrap().iter().map(|row| row.act).collect();
    drop(view);
    let before = world.rows();
    let mut check = async |id: &rounds_model::ids::ActId| {
        let form = [("csrf", token.as_str()), ("back", "/exceptions"), ("note", "seen")];
        boss.post(&format!("/acts/{id}/checked"), &form).await.status
    };
    assert_eq!(check(&acts[1]).await, StatusCode::NOT_FOUND, "stated here, by the server's clock");
    assert_eq!(world.rows(), before);
    assert_eq!(check(&acts[0]).await, StatusCode::SEE_OTHER, "stated by a phone that never met the server");
}
