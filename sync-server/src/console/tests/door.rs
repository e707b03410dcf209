//! Signing in: who may, who may not, and what they are told.

use super::fixture::*;
use axum::http::StatusCode;

async fn try_door(f: &Fixture, name: &str, password: &str) -> Answer {
    let mut browser = Browser::new(f.router());
    let token = browser.get("/sign-in").await.token();
    browser.post("/sign-in", &[("csrf", &token), ("name", name), ("password", password)]).await
}

#[tokio::test]
async fn a_supervisor_signs_in_and_out() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await;
    let board = browser.get("/").await;
    assert_eq!(board.status, StatusCode::OK);
    assert_eq!(browser.get("/sign-in").await.header("location"), "/");
    let stolen = browser.get("/").await.token();
    let out = browser.post("/sign-out", &[("csrf", &stolen)]).await;
    assert_eq!(out.header("location"), "/sign-in");
    assert_eq!(browser.get("/").await.header("location"), "/sign-in");
}

#[tokio::test]
async fn a_session_that_was_ended_is_of_no_use_to_whoever_copied_its_cookie() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await;
    let mut copy = f.browser("陈静").await;
    let token = copy.get("/").await.token();
    let mut thief = Browser::new(f.router());
    thief.clone_cookies(&copy);
    assert_eq!(thief.get("/").await.status, StatusCode::OK);
    copy.post("/sign-out", &[("csrf", &token)]).await;
    assert_eq!(thief.get("/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "another session of the same person");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_told_the_same() {
    let f = Fixture::people();
    let wrong = try_door(&f, "陈静", "not it at all").await;
    let unknown = try_door(&f, "nobody", "not it at all").await;
    for answer in [&wrong, &unknown] {
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(answer.body.contains("Name and password do not fit together."));
        assert!(answer.body.contains("The operator can set a new password"), "a remedy");
        assert!(!answer.body.contains("not it at all"), "a password is never sent back");
    }
}

#[tokio::test]
async fn a_changed_password_and_a_withdrawn_access_end_the_sessions() {
    let f = Fixture::people();
    let mut browser = f.browser("陈静").await;
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    crate::admin::team::set_password(&*f.storage, TEAM, "陈静", "another secret").unwrap();
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER, "signed out");
    assert_eq!(try_door(&f, "陈静", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    let mut browser = Browser::new(f.router());
    let token = browser.get("/sign-in").await.token();
    let form = [("csrf", token.as_str()), ("name", "陈静"), ("password", "another secret")];
    assert_eq!(browser.post("/sign-in", &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    crate::admin::team::revoke_person(&*f.storage, TEAM, "陈静", crate::admin::leaving::Heir::Office, NOW)
        .unwrap();
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER, "signed out again");
    let answer = try_door(&f, "陈静", "another secret").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "and cannot come back");
}

#[tokio::test]
async fn signing_in_forgets_the_sessions_that_are_over() {
    let f = Fixture::people();
    f.browser("陈静").await;
    let mut later = Browser::new(f.router_later());
    let token = later.get("/sign-in").await.token();
    let form = [("csrf", token.as_str()), ("name", "陈静"), ("password", PASSWORD)];
    assert_eq!(later.post("/sign-in", &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(f.sessions(), 1);
}

#[tokio::test]
async fn a_rep_may_not_sign_in() {
    let f = Fixture::people();
    let answer = try_door(&f, "李娜", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(answer.body.contains("works on the phone only"));
    assert!(!answer.header("set-cookie").contains("rounds-session"));
    let guess = try_door(&f, "李娜", "not it at all").await;
    assert!(guess.body.contains("do not fit together"), "only who knows the password is told the role");
}

#[tokio::test]
async fn a_role_that_was_taken_away_ends_the_session() {
    let f = Fixture::people();
    let mut browser = f.browser("陈静").await;
    let mut tx = crate::storage::Storage::write(&*f.storage, TEAM).unwrap();
    let person = rounds_model::people::Person { id: CHEN, name: "陈静".into(), role: "rep".into() };
    tx.put_person(&person).unwrap();
    tx.commit().unwrap();
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await.at(f.router_later());
    assert_eq!(browser.get("/").await.header("location"), "/sign-in");
    assert_eq!(browser.get(&format!("/records/{VISIT}")).await.header("location"), "/sign-in");
}

#[tokio::test]
async fn a_form_without_the_right_token_changes_nothing() {
    let f = Fixture::morning();
    let mut stranger = Browser::new(f.router());
    let form = |csrf| [("csrf", csrf), ("name", "陈静"), ("password", PASSWORD)];
    assert_eq!(stranger.post("/sign-in", &form("")).await.status, StatusCode::FORBIDDEN);
    let token = Browser::new(f.router()).get("/sign-in").await.token();
    assert_eq!(stranger.post("/sign-in", &form(&token)).await.status, StatusCode::FORBIDDEN, "another's");
    let missing = [("name", "陈静"), ("password", PASSWORD)];
    assert_eq!(stranger.post("/sign-in", &missing).await.status, StatusCode::BAD_REQUEST);

    let mut browser = f.browser("陈静").await;
    for csrf in ["", "00", &token] {
        assert_eq!(browser.post("/sign-out", &[("csrf", csrf)]).await.status, StatusCode::FORBIDDEN);
        let choice = [("csrf", csrf), ("lang", "zh-CN"), ("back", "/")];
        assert_eq!(browser.post("/language", &choice).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(browser.post("/sign-out", &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/").await.status, StatusCode::OK, "still signed in");
}

#[tokio::test]
async fn guessing_ends_after_five_tries_a_minute() {
    let f = Fixture::people();
    let mut browser = Browser::new(f.router());
    let token = browser.get("/sign-in").await.token();
    let mut statuses = vec![];
    for _ in 0..6 {
        let form = [("csrf", token.as_str()), ("name", "陈静"), ("password", "a guess")];
        statuses.push(browser.post("/sign-in", &form).await.status);
    }
    assert_eq!(statuses[..5], [StatusCode::UNAUTHORIZED; 5]);
    assert_eq!(statuses[5], StatusCode::TOO_MANY_REQUESTS);
    let right = [("csrf", token.as_str()), ("name", "陈静"), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &right).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn cookies_are_for_this_host_and_no_script() {
    let f = Fixture::people();
    let mut browser = Browser::new(f.router());
    let page = browser.get("/sign-in").await;
    let door = page.header("set-cookie").to_owned();
    assert!(door.contains("HttpOnly; SameSite=Strict") && door.contains("Path=/;"), "{door}");
    let form = [("csrf", page.token()), ("name", "陈静".into()), ("password", PASSWORD.into())];
    let form: Vec<_> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let session = browser.post("/sign-in", &form).await.header("set-cookie").to_owned();
    assert!(session.contains("HttpOnly; SameSite=Lax") && session.contains("Max-Age=43200"), "{session}");
    assert_eq!(page.header("strict-transport-security"), "", "without TLS it would lock the host out");
    let safe = Browser::new(f.router_tls()).get("/sign-in").await;
    let tls = safe.header("set-cookie");
    assert!(tls.starts_with("__Host-") && tls.ends_with("; Secure"), "{tls}");
    assert_eq!(safe.header("strict-transport-security"), "max-age=31536000");
}

/// Found by a reviewer: behind a proxy everybody had one address, and whoever guessed locked the others out.
#[tokio::test]
async fn behind_a_proxy_each_browser_has_its_own_tries_and_without_one_nobody_makes_an_address_up() {
    let f = Fixture::people();
    let guess = async |router: axum::Router, forwarded: &str, password: &str| {
        let mut browser = Browser::new(router);
        let token = browser.get("/sign-in").await.token();
        let proxy = std::net::SocketAddr::from(([10, 0, 0, 1], 4711));
        let request = axum::http::Request::post("/sign-in")
            .extension(axum::extract::ConnectInfo(proxy))
            .header("x-forwarded-for", forwarded)
            .header("content-type", "application/x-www-form-urlencoded");
        let name = "陈静".bytes().map(|b| format!("%{b:02x}")).collect::<String>();
        let form = format!("csrf={token}&name={name}&password={}", password.replace(' ', "+"));
        browser.send(request, axum::body::Body::from(form)).await.status
    };
    let behind = crate::api::proxy::behind(f.router());
    for n in 0..6 {
        // What a guesser writes into the header stands before what the proxy adds.
        let forwarded = format!("192.0.2.{n}, 198.51.100.7");
        let expected = if n < 5 { StatusCode::UNAUTHORIZED } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(guess(behind.clone(), &forwarded, "a guess").await, expected, "try {n}");
    }
    assert_eq!(guess(behind, "203.0.113.9", PASSWORD).await, StatusCode::SEE_OTHER, "she herself, at home");
    let direct = f.router();
    for n in 0..6 {
        let expected = if n < 5 { StatusCode::UNAUTHORIZED } else { StatusCode::TOO_MANY_REQUESTS };
        let forwarded = format!("203.0.113.{n}");
        assert_eq!(guess(direct.clone(), &forwarded, "a guess").await, expected, "try {n} from one address");
    }
}

#[tokio::test]
async fn whoever_was_turned_away_from_a_page_comes_to_it_once_they_have_signed_in() {
    let f = Fixture::morning();
    let mut browser = Browser::new(f.router());
    let page = format!("/kinds/visit?q={VISIT}");
    assert_eq!(browser.get(&page).await.header("location"), "/sign-in");
    let token = browser.get("/sign-in").await.token();
    let form = [("csrf", token.as_str()), ("name", "陈静"), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &form).await.header("location"), page);
    let token = browser.get("/").await.token();
    browser.post("/sign-out", &[("csrf", &token)]).await;
    let token = browser.get("/sign-in").await.token();
    let form = [("csrf", token.as_str()), ("name", "陈静"), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &form).await.header("location"), "/", "and only once");

    // A report is asked for by who may have it before it takes a turn: it is come back to all the same.
    let mut browser = Browser::new(f.router());
    let report = "/reports/visit/any?from=2026-11-16";
    assert_eq!(browser.get(report).await.header("location"), "/sign-in");
    let token = browser.get("/sign-in").await.token();
    let form = [("csrf", token.as_str()), ("name", "陈静"), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &form).await.header("location"), report);
}

#[tokio::test]
async fn a_decision_about_handed_over_work_without_a_session_leads_to_the_door() {
    let f = Fixture::morning();
    let form = [("csrf", "00"), ("decision", "drop")];
    let answer = Browser::new(f.router()).post("/holding/1", &form).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_answered_with_a_page_in_the_readers_language() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await;
    browser.accept = "zh-CN";
    let (bad, none) = (StatusCode::BAD_REQUEST, StatusCode::NOT_FOUND);
    for (path, status) in
        [("/exceptions?sort=a&sort=b", bad), ("/kinds/visit?q=a&q=b", bad), ("/records/%ff", none)]
    {
        let page = browser.get(path).await;
        assert_eq!(page.status, status, "{path}: {}", page.body);
        assert!(page.body.contains("<html lang=\"zh-CN\">"), "{path}: {}", page.body);
    }
    let fault = browser.get("/v1/read/records/%ff").await;
    assert!(fault.body.starts_with("{\"code\":\"not-found\""), "{}", fault.body);
}
