//! What a form came to is shown at an address of its own: a page that is loaded anew sends nothing again.

use super::fixture::Browser;
use super::real::{supervisor, visited};
use super::world::{HEAD, World};
use crate::storage::Storage;
use crate::testing::{BOSS, Office};
use axum::body::Body;
use axum::http::{Request, StatusCode};

/// Sends a form and goes nowhere.
async fn sent(browser: &mut Browser, path: &str, body: &str) -> super::fixture::Answer {
    let request = Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    browser.send(request, Body::from(body.to_owned())).await
}

#[tokio::test]
async fn an_invitation_is_shown_again_without_being_made_again_and_to_nobody_else() {
    let world = World::new().await;
    let open = || {
        let view = world.office.db.read(world.office.team).unwrap();
        view.open_invitations().unwrap().len()
    };
    let before = open();
    let (mut boss, csrf) = world.browser(Some(BOSS)).await;
    let answer = sent(&mut boss, "/team/invite", &format!("csrf={csrf}&name=Newcomer")).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let to = answer.header("location").to_owned();
    let first = boss.get(&to).await;
    assert!(first.body.contains("rounds://enrol"), "{}", first.body);
    let code = first.after("data-test=\"code\">");
    let again = boss.get(&to).await;
    assert_eq!((again.after("data-test=\"code\">"), open()), (code, before + 1), "loaded anew");
    let request = Request::get(&to).header("sec-fetch-site", "same-origin").header("accept-encoding", "gzip");
    let packed = boss.send(request, Body::empty()).await;
    assert_eq!((packed.status, packed.header("content-encoding")), (StatusCode::OK, ""), "never compressed");
    // Another session has nothing there, of the same person neither.
    for name in [HEAD, BOSS] {
        let (mut other, _) = world.browser(Some(name)).await;
        assert_eq!(other.get(&to).await.status, StatusCode::NOT_FOUND, "{name}");
    }
}

/// Found by users: whom one had invited, until when, stood nowhere.
#[tokio::test]
async fn open_invitations_stand_on_the_teams_page_until_they_are_taken_back() {
    let world = World::new().await;
    let (mut boss, csrf) = world.browser(Some(BOSS)).await;
    sent(&mut boss, "/team/invite", &format!("csrf={csrf}&name=Newcomer")).await;
    let page = boss.get("/team").await.body;
    let open = page.split("data-test=\"open-invitations\"").nth(1).unwrap().split("</ul>").next().unwrap();
    assert!(open.contains("Newcomer") && open.contains("good until") && open.contains("Rep"), "{open}");
    let (mut stranger, _) = world.browser(Some(super::world::STRANGER)).await;
    assert!(!stranger.get("/team").await.body.contains("Newcomer"));
    let theirs = open.split("<li").find(|line| line.contains("Newcomer")).unwrap();
    let form = theirs.split("action=\"").nth(1).unwrap().split('"').next().unwrap();
    let done = sent(&mut boss, form, &format!("csrf={csrf}")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let page = boss.get("/team").await.body;
    assert!(page.contains("The invitation was taken back."), "{page}");
    let left = page.split("data-test=\"open-invitations\"").nth(1).unwrap_or_default();
    assert!(!left.split("</ul>").next().unwrap().contains("Newcomer"), "{page}");
    assert!(boss.get("/team/log").await.body.contains("Unused invitations of Newcomer were taken back: 1"));
    // A second time, or after somebody has used it, nothing is taken back, and nobody is told that something was.
    let before = world.rows();
    let gone = sent(&mut boss, form, &format!("csrf={csrf}")).await;
    assert_eq!(gone.status, StatusCode::CONFLICT, "{}", gone.body);
    assert!(gone.body.contains("Newcomer has no open invitation"), "{}", gone.body);
    let page = form.strip_suffix("/uninvite").unwrap();
    assert!(gone.body.contains(&format!("href=\"{page}\"")), "the way to their page: {}", gone.body);
    assert!(!boss.get("/team").await.body.contains("The invitation was taken back."));
    assert_eq!(world.rows(), before);
}

#[tokio::test]
async fn many_decisions_are_reported_once_and_nothing_selected_is_said() {
    let office = Office::new();
    visited(&office);
    let mut boss = supervisor(&office).await;
    let list = boss.get("/kinds/visit").await;
    let form = format!("csrf={}&kind=visit&act=remove&back=%2Fkinds%2Fvisit", list.token());
    for path in ["/bulk", "/bulk/act"] {
        let none = sent(&mut boss, path, &form).await;
        assert_eq!((none.status, none.header("location")), (StatusCode::SEE_OTHER, "/kinds/visit"), "{path}");
        assert!(boss.get("/kinds/visit").await.body.contains("Nothing is selected."), "{path}");
    }
    let doc = list.after("name=\"doc\" value=\"");
    let review = sent(&mut boss, "/bulk", &format!("{form}&doc={doc}")).await;
    let chosen = crate::console::list::escaped(&review.after("name=\"doc\" value=\""));
    let done = sent(&mut boss, "/bulk/act", &format!("{form}&doc={chosen}&p%2Freason=twice")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    let (to, numbers) = (done.header("location").to_owned(), office.numbers());
    for _ in 0..2 {
        assert!(boss.get(&to).await.body.contains("Accepted: 1 of 1"));
    }
    assert_eq!(office.numbers(), numbers);
}

#[tokio::test]
async fn an_upload_that_is_too_large_is_told_to_be_that() {
    let world = World::new().await;
    let (mut head, csrf) = world.browser(Some(HEAD)).await;
    let large = vec![b'x'; crate::console::data::UPLOAD + 1];
    let form = [("csrf", csrf.as_str()), ("kind", "place"), ("key", "code")];
    let answer = head.upload("/data/check", &form, ("places.csv", &large)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        answer.body.contains("more than the server takes") && answer.body.contains("32 MB"),
        "{}",
        answer.body
    );
}
