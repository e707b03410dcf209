//! What the pages say, to whom, and what they never do.

use super::fixture::*;
use crate::storage::Storage;
use axum::http::{Request, StatusCode};
use rounds_model::document::Document;
use rounds_model::scope::Scope;

#[tokio::test]
async fn the_board_has_todays_numbers_of_whom_the_viewer_leads() {
    let f = Fixture::morning();
    let board = f.browser("陈静").await.get("/").await;
    assert!(board.body.contains("Mon 23 Nov 2026") && board.body.contains("14:32"));
    assert!(board.body.contains("李娜") && board.body.contains("王芳"));
    assert!(!board.body.contains("孙丽"), "somebody else's rep");
    let row = board.body.split(&format!("data-person=\"{LI}\"")).nth(1).unwrap();
    assert!(row.contains(r#"data-test="done">1<"#) && row.contains(r#"data-test="planned">2<"#));
    assert!(row.contains("5 min ago"));
    assert!(row.contains(r#"data-test="unsent">4<"#));
    let row = board.body.split(&format!("data-person=\"{WANG}\"")).nth(1).unwrap();
    assert!(row.contains("never"));
    assert!(row.contains(r#"data-test="blocked">1<"#));
    assert!(board.body.contains("One open application exists for this policy"));
    assert!(board.body.contains(&format!("/records/{VISIT}")), "the record in the way");
}

#[tokio::test]
async fn a_blocked_act_leaves_the_board_once_a_later_one_was_accepted() {
    let f = Fixture::morning();
    f.act(CLAIM, WANG, "submit", 3, None);
    let board = f.browser("陈静").await.get("/").await;
    assert!(board.body.contains("Nothing waits for you."));
    let page = f.browser("陈静").await.get(&format!("/records/{CLAIM}")).await;
    assert!(page.body.contains("O.14"), "the record remembers it");
}

#[tokio::test]
async fn an_empty_team_is_taught_its_first_step() {
    let f = Fixture::people();
    let board = f.browser("陈静").await.get("/").await;
    assert!(board.body.contains("No phone has synced yet") && board.body.contains("href=\"/team\""));
    // What a supervisor can do, and not what an operator types on a server.
    let mut tx = f.storage.write(TEAM).unwrap();
    tx.remove_lead(CHEN, LI).unwrap();
    tx.remove_lead(CHEN, WANG).unwrap();
    tx.commit().unwrap();
    let board = f.browser("陈静").await.get("/").await.body;
    assert!(board.contains("Invite a rep under Team") && board.contains("href=\"/team#invite\""), "{board}");
    assert!(!board.contains("rounds-server"), "{board}");
}

/// Found by users: once a phone had no access, its rep had "never" synced.
#[tokio::test]
async fn a_rep_whose_phone_has_no_access_any_more_has_its_last_sync_with_that_said() {
    let f = Fixture::morning();
    let mut tx = f.storage.write(TEAM).unwrap();
    let row = tx.device(device(LI)).unwrap().unwrap();
    tx.put_device(&crate::storage::people::DeviceRow { revoked: Some(NOW - MINUTE), ..row }).unwrap();
    tx.commit().unwrap();
    let board = f.browser("陈静").await.get("/").await.body;
    let row = board.split(&format!("data-person=\"{LI}\"")).nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("5 min ago") && row.contains("phone without access"), "{row}");
    assert!(!row.contains("never"), "{row}");
    f.phone(LI, "Li's phone", Some(NOW - 3 * MINUTE), 4);
    let board = f.browser("陈静").await.get("/").await.body;
    let row = board.split(&format!("data-person=\"{LI}\"")).nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(row.contains("3 min ago") && !row.contains("phone without access"), "{row}");
}

#[tokio::test]
async fn a_record_shows_answers_acts_and_rulings() {
    let f = Fixture::morning();
    let page = f.browser("陈静").await.get(&format!("/records/{CLAIM}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for part in ["0411-1", "Draft", "王芳", "Submit", "Not accepted", "Open the other one", "rule O.14"] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(page.body.contains("clock to be checked"));
    let visit = f.browser("陈静").await.get(&format!("/records/{VISIT}")).await;
    let (tea, milk) = (visit.body.find("<td>Tea"), visit.body.find("<td>Milk"));
    assert!(tea.is_some() && tea < milk, "a repeat's rows in their order");
    assert!(visit.body.contains("Zhongshan Square"), "a linked record by its title");
}

#[tokio::test]
async fn a_conflict_shows_both_values_and_its_settlement_is_remembered() {
    let f = Fixture::morning();
    let doc = rounds_model::ids::DocId([30; 16]);
    let mut mine = Document::new();
    let at = |minutes: i64| (NOW - 100 * MINUTE + minutes * MINUTE) / 1000;
    mine.write(doc, pen(LI), at(0), &[("note".into(), "0411-0".into())]).unwrap();
    let mut theirs = mine.clone();
    mine.write(doc, pen(LI), at(1), &[("note".into(), "0411-8263".into())]).unwrap();
    theirs.write(doc, pen(WANG), at(2), &[("note".into(), "0411-8265".into())]).unwrap();
    mine.merge(&theirs).unwrap();
    f.document(doc, "store", "open", LI, Scope::Person(LI), None, &mine);
    let mut browser = f.browser("陈静").await;
    let page = browser.get(&format!("/records/{doc}")).await;
    assert_eq!(page.body.matches("data-test=\"version\"").count(), 2);
    assert!(page.body.contains("Wang&#39;s phone"), "who and on which device");
    assert!(browser.get("/").await.body.contains("Two people wrote without seeing each other: Note."));

    mine.write(doc, pen(WANG), at(3), &[("note".into(), "0411-8265".into())]).unwrap();
    f.document(doc, "store", "open", LI, Scope::Person(LI), None, &mine);
    let page = browser.get(&format!("/records/{doc}")).await;
    assert!(!page.body.contains("data-test=\"version\""));
    assert_eq!(page.body.matches("data-test=\"settled\"").count(), 1);
    assert!(page.body.contains("<del>0411-0</del>"));
}

#[tokio::test]
async fn an_edit_that_only_adds_a_row_says_so_and_rulings_keep_their_ids_for_support() {
    let f = Fixture::morning();
    let row = &[edit(LI, 9, &[("sku/c/@ord", "3")])];
    let doc = rounds_model::ids::DocId([31; 16]);
    f.record(doc, "visit", "open", LI, Scope::Person(LI), None, row);
    let page = f.browser("陈静").await.get(&format!("/records/{doc}")).await;
    let change = page.body.split("data-test=\"change\"").nth(1).unwrap();
    assert!(change.contains("Added a row:") && change.contains("<ins>Products<"), "{change}");
    let page = f.browser("陈静").await.get(&format!("/records/{CLAIM}")).await;
    let (shown, support) = page.body.split_once("data-test=\"support\"").unwrap();
    assert!(support.contains("rule O.14") && !shown.contains("rule O.14"));
}

#[tokio::test]
async fn what_is_not_the_viewers_is_not_there() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await;
    let foreign = browser.get(&format!("/records/{FOREIGN}")).await;
    let nothing = browser.get("/records/01234567-89ab-7def-8123-456789abcdef").await;
    assert_eq!((foreign.status, nothing.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(foreign.body, nothing.body, "the same answer, letter by letter");
    assert!(!browser.get("/kinds/visit").await.body.contains("secret"));
    assert_eq!(browser.get("/kinds/nothing").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/records/not-an-id").await.status, StatusCode::NOT_FOUND);
    assert!(f.browser("Other").await.get(&format!("/records/{FOREIGN}")).await.body.contains("secret"));
    assert_eq!(
        f.browser("Other").await.get(&format!("/records/{STORE}")).await.status,
        StatusCode::OK,
        "team"
    );
}

#[tokio::test]
async fn a_list_is_searched_on_the_server_too() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await;
    assert_eq!(browser.get("/kinds/visit").await.body.matches("data-test=\"record\"").count(), 2);
    assert_eq!(browser.get("/kinds/visit?q=fine").await.body.matches("data-test=\"record\"").count(), 1);
    assert!(browser.get("/kinds/visit?q=nowhere").await.body.contains("Nothing found"));
}

#[tokio::test]
async fn what_people_typed_is_never_markup() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await;
    for path in [
        "/".to_owned(),
        format!("/records/{VISIT}"),
        "/kinds/visit?q=%3Cscript%3E".into(),
        "/kinds/visit".into(),
    ] {
        let page = browser.get(&path).await;
        assert!(!page.body.contains("<script>alert"), "{path}");
        assert!(!page.body.contains("value=\"<script"), "{path}");
    }
    assert!(browser.get(&format!("/records/{VISIT}")).await.body.contains("&#60;script&#62;alert(1)"));
    let mut stranger = Browser::new(f.router());
    let token = stranger.get("/sign-in").await.token();
    let form = [("csrf", token.as_str()), ("name", "\"><script>"), ("password", "x")];
    assert!(!stranger.post("/sign-in", &form).await.body.contains("\"><script>"));
}

#[tokio::test]
async fn both_languages_by_header_and_by_choice() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await;
    let english = browser.get("/").await;
    assert!(english.body.contains("<html lang=\"en\">") && english.body.contains("Needs a decision"));
    browser.accept = "zh-CN,zh;q=0.9";
    let chinese = browser.get("/").await;
    assert!(chinese.body.contains("<html lang=\"zh-CN\">") && chinese.body.contains("需要处理"));
    assert!(chinese.body.contains("这张保单已有一份申请"), "the ruling in the reader's language");
    let choice = [("csrf", chinese.token()), ("lang", "en".into()), ("back", "/kinds/visit".into())];
    let choice: Vec<_> = choice.iter().map(|(k, v)| (*k, v.as_str())).collect();
    assert_eq!(browser.post("/language", &choice).await.header("location"), "/kinds/visit");
    assert!(browser.get("/").await.body.contains("<html lang=\"en\">"), "the choice goes before the header");
}

#[tokio::test]
async fn every_answer_has_the_strict_headers() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await;
    let record = format!("/records/{VISIT}");
    for path in [
        "/",
        &record,
        "/kinds/visit",
        "/sign-in",
        "/nowhere",
        "/assets/console.css",
        "/assets/no",
        "/sign-out",
    ] {
        let answer = browser.get(path).await;
        assert!(
            answer.header("content-security-policy").starts_with("default-src 'none'; style-src 'self'"),
            "{path}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert!(!answer.header("permissions-policy").is_empty(), "{path}");
        assert!(!answer.body.contains("style=\"") && !answer.body.contains("onclick"), "{path}");
        assert!(!answer.body.contains("http://") || path.ends_with(".css"), "{path} names another host");
        if !path.starts_with("/assets") {
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
    }
    let body = "x".repeat(20_000);
    let large = browser.post("/sign-out", &[("csrf", &body)]).await;
    assert!(large.status.is_client_error());
    assert_eq!(large.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn an_asset_is_kept_until_it_changes() {
    let f = Fixture::people();
    let mut browser = Browser::new(f.router());
    let link = browser.get("/sign-in").await.after("rel=\"stylesheet\" href=\"");
    let style = browser.get(&link).await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    assert!(style.header("cache-control").contains("immutable"));
    let request = Request::get("/assets/console.css").header("if-none-match", style.header("etag"));
    let again = browser.send(request, axum::body::Body::empty()).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    assert_eq!(browser.get("/assets/console.css?v=old").await.header("cache-control"), "no-cache");
    assert_eq!(browser.get("/assets/..%2fCargo.toml").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_error_page_speaks_both_languages() {
    let f = Fixture::people();
    let mut browser = Browser::new(f.router());
    let page = browser.get("/nowhere").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.body.contains("There is nothing here") && page.body.contains("这里没有内容"));
}

#[tokio::test]
async fn only_what_a_page_of_ours_asked_for_is_compressed_and_no_token_stands_twice_the_same() {
    let f = Fixture::morning();
    let mut browser = f.browser("陈静").await;
    let style = browser.get("/").await.after("rel=\"stylesheet\" href=\"");
    let mut packed = async |path: &str, site: Option<&str>| {
        let request = Request::get(path).header("accept-encoding", "gzip");
        let request = site.into_iter().fold(request, |request, site| request.header("sec-fetch-site", site));
        let answer = browser.send(request, axum::body::Body::empty()).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        (answer.header("content-encoding") == "gzip", answer.body.len())
    };
    for site in [None, Some("cross-site"), Some("same-site")] {
        assert!(!packed("/", site).await.0, "{site:?} could guess at what is in it");
        assert!(packed(&style, site).await.0, "everybody's");
    }
    for site in ["same-origin", "none"] {
        assert!(packed("/", Some(site)).await.0, "{site}");
    }
    // What is shown once answers a form.
    let (first, second) = (browser.get("/").await.token(), browser.get("/").await.token());
    assert_ne!(first, second, "one token, written differently");
    for token in [&first, &second] {
        let form = [("csrf", token.as_str()), ("lang", "en"), ("back", "/")];
        assert_eq!(browser.post("/language", &form).await.status, StatusCode::SEE_OTHER);
    }
    let (half, rest) = first.split_at(64);
    let forged = format!("{half}{}", rest.chars().rev().collect::<String>());
    for bad in [forged.as_str(), half, "", &format!("{first}00")] {
        let form = [("csrf", bad), ("lang", "en"), ("back", "/")];
        assert_eq!(browser.post("/language", &form).await.status, StatusCode::FORBIDDEN, "{bad}");
    }
}

/// The whole first load of a board with as many reps as one page has, each with a phone, and more exceptions
/// than it shows.
#[tokio::test]
async fn the_first_load_is_small() {
    let f = Fixture::morning();
    let mut tx = crate::storage::Storage::write(&*f.storage, TEAM).unwrap();
    let rep = |n: u8| rounds_model::ids::PersonId([100 + n; 16]);
    for n in 0..60 {
        let (id, name) = (rep(n), format!("业务员 {n:03}"));
        tx.put_person(&rounds_model::people::Person { id, name, role: "rep".into() }).unwrap();
        tx.put_lead(CHEN, id).unwrap();
    }
    tx.commit().unwrap();
    for n in 0..60 {
        f.phone(rep(n), "phone", Some(NOW - MINUTE), 3);
        let doc = rounds_model::ids::DocId([100 + n; 16]);
        f.record(
            doc,
            "claim",
            "draft",
            rep(n),
            Scope::Person(rep(n)),
            None,
            &[edit(rep(n), 5, &[("note", "x")])],
        );
        let refusal = rounds_model::refusal::Refusal::new(
            "one-open-application",
            rounds_model::text::Text::new(
                "这张保单已有一份申请",
                "One open application exists for this policy",
            ),
            rounds_model::text::Text::new("打开另一份", "Open the other one"),
        );
        f.act(doc, rep(n), "submit", 100 + n, Some(refusal));
    }
    let mut browser = f.browser("陈静").await;
    let board = browser.get("/").await;
    assert_eq!(board.body.matches("data-test=\"rep\"").count(), 40);
    let links = ["rel=\"stylesheet\" href=\"", "<script src=\"", "rel=\"icon\" href=\""]
        .map(|mark| board.after(mark));
    let mut all = board.body.len();
    let mut sent = 0;
    for path in ["/".to_owned()].iter().chain(&links) {
        let request = Request::get(path).header("accept-encoding", "gzip").header("sec-fetch-site", "none");
        let answer = browser.send_large(request).await;
        assert_eq!(answer.0, StatusCode::OK, "{path}");
        sent += answer.1;
    }
    for link in &links {
        all += browser.get(link).await.body.len();
    }
    assert!(sent <= 40 * 1024, "{sent} bytes packed");
    assert!(all <= 150 * 1024, "{all} bytes for whoever takes no packed ones");
}

/// What is typed is kept in a window by whose it is: the script finds on the page who that is.
#[tokio::test]
async fn a_page_says_to_its_script_whose_it_is() {
    let f = Fixture::morning();
    for (name, id) in [("陈静", CHEN), ("Other", OTHER)] {
        let page = f.browser(name).await.get("/work").await;
        assert!(page.body.contains(&format!("<body data-viewer=\"{id}\">")), "{}", page.body);
    }
    let door = Browser::new(f.router()).get("/sign-in").await;
    assert!(!door.body.contains("data-viewer"), "{}", door.body);
}
