//! Acts that are stated in the console: signed, ruled and told like those of phones.

use super::fixture::{Answer, Browser};
use super::real::{publish_folder, supervisor, visited};
use crate::storage::Storage;
use crate::testing::{BOSS, NOW, Office, Phone, act, doc, edit};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use rounds_model::ids::DocId;
use rounds_model::verdict::Outcome;
use rounds_protocol::exchange::PullItem;

/// A rep with plans that are handed in.
fn handed_in(office: &Office, name: &str, ids: &[u8]) -> Phone {
    let mut phone = office.phone(name);
    let owner = phone.person;
    for id in ids {
        let answers = [
            ("date", "2026-11-24"),
            ("goals", "three stores"),
            ("plan", "along the square"),
            ("prepared", "appointments written_plan area papers goods tools mindset"),
        ];
        let made = edit(&phone.create(doc(*id), "day_plan", owner, &answers));
        phone.push(office, vec![made]);
        let submitted = phone.act(doc(*id), "submit", "draft");
        assert_eq!(crate::testing::words(&phone.push(office, vec![act(&submitted)])), ["stored"]);
    }
    phone
}

async fn post(browser: &mut Browser, path: &str, form: &[(&str, String)]) -> Answer {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(path, &form).await
}

/// The hidden fields of an act's form on a record's page.
fn seen(page: &Answer) -> Vec<(&'static str, String)> {
    let field = |name: &str| page.after(&format!("name=\"{name}\" value=\""));
    vec![
        ("csrf", page.token()),
        ("back", field("back")),
        ("stage", field("stage")),
        ("heads", field("heads")),
        ("seen", field("seen")),
    ]
}

fn stage(office: &Office, id: DocId) -> String {
    office.db.read(office.team).unwrap().records(&[id]).unwrap()[0].stage.clone()
}

fn plans() -> Office {
    let office = Office::new();
    publish_folder(&office, "daily-routine");
    office
}

#[tokio::test]
async fn d9_a_plan_is_approved_in_the_console_and_the_phone_can_check_who_did_it() {
    let office = plans();
    let mut li = handed_in(&office, "李娜", &[1]);
    let mut boss = supervisor(&office).await;
    let work = boss.get("/work").await;
    assert!(
        work.body.contains("data-test=\"waits\"") && work.body.contains("Plan for 2026-11-24"),
        "{}",
        work.body
    );
    let page = boss.get(&format!("/records/{}", doc(1))).await;
    assert!(page.body.contains("data-offer=\"approve\"") && page.body.contains("data-offer=\"reject\""));
    assert!(!page.body.contains("data-offer=\"submit\""), "what is the rep's is not offered");
    let stated = post(&mut boss, &format!("/records/{}/acts/approve", doc(1)), &seen(&page)).await;
    assert_eq!(stated.status, StatusCode::SEE_OTHER, "{}", stated.body);
    assert_eq!(stage(&office, doc(1)), "approved");
    let after = boss.get(&format!("/records/{}", doc(1))).await;
    assert!(after.body.contains("Done: Approve.") && after.body.contains("控制台 · Console"));
    assert!(after.body.contains("time confirmed"), "the server's clock");
    assert!(!boss.get("/").await.body.contains("said-now"), "said once");

    let items = li.sync(&office);
    let device = items.iter().find_map(|item| match item {
        PullItem::Device(device) if device.name.contains("Console") => Some(device.clone()),
        _ => None,
    });
    let device = device.expect("the console is a device of the team");
    let ruled = items.iter().find_map(|item| match item {
        PullItem::Ruled { act, verdict } if verdict.doc == doc(1) => Some((act.clone(), verdict.clone())),
        _ => None,
    });
    let (signed, verdict) = ruled.expect("the rep's phone hears of it");
    signed.verify(&device.key).expect("signed with the console's key");
    let read = signed.read().unwrap();
    assert_eq!(
        (read.name.as_str(), read.person, verdict.outcome),
        ("approve", device.person, Outcome::Accepted)
    );
    assert_eq!(li.digest(), office.digest(&li));
}

#[tokio::test]
async fn what_the_rules_do_not_allow_is_told_and_nothing_is_stored() {
    let office = plans();
    handed_in(&office, "李娜", &[1]);
    let mut boss = supervisor(&office).await;
    let page = boss.get(&format!("/records/{}", doc(1))).await;
    let before = office.numbers();
    let path = format!("/records/{}/acts/reject", doc(1));
    let refused = post(&mut boss, &path, &seen(&page)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "a reason is required");
    assert!(refused.body.contains("What is not as it should be"), "{}", refused.body);
    let request = Request::post(&path).header("content-type", "application/x-www-form-urlencoded");
    let body: Vec<String> =
        seen(&page).iter().map(|(k, v)| format!("{k}={}", super::super::list::escaped(v))).collect();
    let told = boss.send(request.header("accept", "application/json"), Body::from(body.join("&"))).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert!(told.body.contains("\"field\":\"reason\""), "{}", told.body);
    // To a script that a session is over is said in words, not with a page: what was typed stays.
    let mut nobody = Browser::new(boss.router());
    let request = Request::post(&path).header("content-type", "application/x-www-form-urlencoded");
    let over = nobody.send(request.header("accept", "application/json"), Body::from(body.join("&"))).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED);
    assert!(over.body.contains("\"door\":true") && over.body.contains("still here"), "{}", over.body);
    let unknown = post(&mut boss, &format!("/records/{}/acts/submit", doc(1)), &seen(&page)).await;
    assert_eq!(unknown.status, StatusCode::CONFLICT, "it is the owner's act");
    let mut old = seen(&page);
    old[3].1 = "00".repeat(32);
    assert_eq!(
        post(&mut boss, &format!("/records/{}/acts/approve", doc(1)), &old).await.status,
        StatusCode::CONFLICT
    );
    let mut forged = seen(&page);
    forged[0].1 = "00".into();
    assert_eq!(
        post(&mut boss, &format!("/records/{}/acts/approve", doc(1)), &forged).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(office.numbers(), before, "nothing was stored, no device either");
    assert_eq!(stage(&office, doc(1)), "submitted");
    let none = post(&mut boss, &format!("/records/{}/acts/approve", doc(9)), &seen(&page)).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    let mut stranger = Browser::new(boss.router());
    let door = post(&mut stranger, &format!("/records/{}/acts/approve", doc(1)), &seen(&page)).await;
    assert_eq!((door.status, door.header("location")), (StatusCode::SEE_OTHER, "/sign-in"));
}

/// Found by a critic: whatever was no refusal was a page, and the script said that the server had not answered.
#[tokio::test]
async fn whatever_goes_wrong_is_told_to_the_script_in_words() {
    let office = plans();
    handed_in(&office, "李娜", &[1]);
    let mut boss = supervisor(&office).await;
    let page = boss.get(&format!("/records/{}", doc(1))).await;
    let body: Vec<String> =
        seen(&page).iter().map(|(k, v)| format!("{k}={}", super::super::list::escaped(v))).collect();
    let body = body.join("&");
    let long = format!("{body}&on/goals={}", "x".repeat(300 * 1024));
    let approve = |id: u8| format!("/records/{}/acts/approve", doc(id));
    for (path, body, status, reason) in [
        (approve(9), body.clone(), StatusCode::NOT_FOUND, "There is nothing here"),
        ("/records/nowhere/acts/approve".into(), body, StatusCode::NOT_FOUND, "There is nothing here"),
        (approve(1), "heads=zz".into(), StatusCode::BAD_REQUEST, "can no longer be used"),
        (approve(1), long, StatusCode::PAYLOAD_TOO_LARGE, "more than the server takes"),
    ] {
        let request = Request::post(&path).header("content-type", "application/x-www-form-urlencoded");
        let answer = boss.send(request.header("accept", "application/json"), Body::from(body)).await;
        assert_eq!(answer.status, status, "{}", answer.body);
        assert!(answer.header("content-type").starts_with("application/json"), "{}", answer.body);
        assert!(!answer.header("content-security-policy").is_empty());
        let told: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert!(told["reason"].as_str().unwrap().contains(reason), "{told}");
        let remedy = told["remedy"].as_str().unwrap();
        assert!(!remedy.is_empty() && !remedy.contains("MB"), "no file comes with it: {told}");
    }
    // Whoever comes without a script has a page.
    let answer = post(&mut boss, &approve(9), &seen(&page)).await;
    assert!(answer.status == StatusCode::NOT_FOUND && answer.body.contains("<!doctype html>"));
}

/// Found by users: of two windows the second one's "send back" undid the approval of the first unseen.
#[tokio::test]
async fn d9_a_decision_on_a_page_that_is_old_is_refused_with_what_changed() {
    let office = plans();
    let mut li = handed_in(&office, "李娜", &[1, 2]);
    let mut boss = supervisor(&office).await;
    let path = |id: u8, act: &str| format!("/records/{}/acts/{act}", doc(id));
    let old = boss.get(&format!("/records/{}", doc(1))).await;
    let stated = post(&mut boss, &path(1, "approve"), &seen(&old)).await;
    assert_eq!((stated.status, stage(&office, doc(1)).as_str()), (StatusCode::SEE_OTHER, "approved"));
    let before = office.numbers();
    let mut back = seen(&old);
    back.push(("p/reason", "too vague".into()));
    for act in ["reject", "approve"] {
        let refused = post(&mut boss, &path(1, act), &back).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{act}");
        for part in [BOSS, "stated “Approve”", "it is “Approved” now", "Reload the page"] {
            assert!(refused.body.contains(part), "{part}: {}", refused.body);
        }
    }
    assert_eq!(office.numbers(), before, "nothing was stored");
    // In the console many are decided in the same way: one of them is another by now.
    let docs = |page: &str| {
        let docs = page.split("name=\"doc\" value=\"").skip(1);
        docs.map(|part| ("doc", part.split('"').next().unwrap().to_owned())).collect::<Vec<_>>()
    };
    let mut chosen = seen(&old);
    chosen.extend([("kind", "day_plan".into()), ("act", "reject".into()), ("doc", doc(2).to_string())]);
    let review = post(&mut boss, "/bulk", &chosen).await.body;
    let fresh = boss.get(&format!("/records/{}", doc(2))).await;
    post(&mut boss, &path(2, "approve"), &seen(&fresh)).await;
    let sent = [("csrf", old.token()), ("kind", "day_plan".into()), ("act", "reject".into())];
    let sent: Vec<_> = sent.into_iter().chain([("p/reason", "x".into())]).chain(docs(&review)).collect();
    let report = post(&mut boss, "/bulk/act", &sent).await.body;
    assert!(report.contains("Accepted: 0 of 1") && report.contains("it is “Approved” now"), "{report}");
    assert_eq!(stage(&office, doc(2)), "approved");
    li.sync(&office);
    assert_eq!(li.digest(), office.digest(&li));
}

#[tokio::test]
async fn what_leaves_the_stage_as_it_was_is_seen_too() {
    let office = Office::new();
    let mut li = visited(&office);
    let zhang = office.phone("张伟");
    let mut boss = supervisor(&office).await;
    let path = format!("/records/{}/acts/reassign", doc(1));
    let give = |page: &Answer, to: &Phone| {
        let mut form = seen(page);
        form.push(("p/to", to.person.to_string()));
        form
    };
    let old = boss.get(&format!("/records/{}", doc(1))).await;
    let late = edit(&li.set(doc(1), "notes", "The till is behind the door now."));
    assert_eq!(crate::testing::words(&li.push(&office, vec![late])), ["stored"]);
    let refused = post(&mut boss, &path, &give(&old, &zhang)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("李娜 changed it") && refused.body.contains("Notes"), "{}", refused.body);
    let fresh = boss.get(&format!("/records/{}", doc(1))).await;
    let given = post(&mut boss, &path, &give(&fresh, &zhang)).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.body);
    let refused = post(&mut boss, &path, &give(&fresh, &li)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "it would have gone back unseen");
    assert!(refused.body.contains("stated “Reassign”"), "{}", refused.body);
}

/// Found by a critic: it named whoever wrote last by the clocks of phones, whom the page had seen, and no answer.
#[tokio::test]
async fn what_the_page_has_not_seen_is_told_with_its_author_and_its_time() {
    let office = Office::new();
    let mut li = visited(&office);
    let mut boss = supervisor(&office).await;
    let path = format!("/records/{}", doc(1));
    let old = boss.get(&path).await;
    let written = |li: &mut Phone, at: i64, note: &str| {
        let (values, actor) = ([("notes".to_owned(), note.into())], li.actor);
        let document = li.docs.get_mut(&doc(1)).unwrap();
        let made = edit(&document.write(doc(1), actor, at / 1000, &values).unwrap().unwrap());
        assert_eq!(crate::testing::words(&li.push(&office, vec![made])), ["stored"]);
    };
    let words = crate::console::words::Words::new(rounds_model::text::Lang::En, "Asia/Shanghai");
    let said = |at: i64| format!("({})", words.moment(at, NOW).short);
    let hour = 3_600_000;
    // What is unsent for long comes after what was written later by its clock.
    written(&mut li, NOW - 2 * hour, "The till is behind the door now.");
    let refused = post(&mut boss, &format!("{path}/acts/remove"), &seen(&old)).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let when = said(NOW - 2 * hour);
    assert!(refused.body.contains(&format!("李娜 changed it {when}: Notes")), "{}", refused.body);
    // There and back again: it is another, and no answer is.
    let old = boss.get(&path).await;
    written(&mut li, NOW - 3 * hour, "There is no till.");
    written(&mut li, NOW - 4 * hour, "The till is behind the door now.");
    let refused = post(&mut boss, &format!("{path}/acts/remove"), &seen(&old)).await;
    let when = said(NOW - 4 * hour);
    assert!(refused.body.contains(&format!("李娜 changed it {when}. Nothing")), "{}", refused.body);
}

#[tokio::test]
async fn a_record_is_returned_with_comments_on_single_questions_and_what_changed_is_shown_afterwards() {
    let office = plans();
    let mut li = handed_in(&office, "李娜", &[1]);
    let mut boss = supervisor(&office).await;
    let path = format!("/records/{}", doc(1));
    let page = boss.get(&path).await;
    assert!(
        page.body.contains("name=\"on/goals\"") && page.body.contains("form=\"act-reject\""),
        "{}",
        page.body
    );
    let mut form = seen(&page);
    form.push(("p/reason", "too vague".into()));
    form.push(("on/goals", "Which three?".into()));
    form.push(("on/plan", "  ".into()));
    let returned = post(&mut boss, &format!("{path}/acts/reject"), &form).await;
    assert_eq!(returned.status, StatusCode::SEE_OTHER, "{}", returned.body);
    let page = boss.get(&path).await;
    assert!(page.body.contains("Which three?") && page.body.contains("data-test=\"said\""), "{}", page.body);
    li.sync(&office);
    let verdicts = &li.history[&doc(1)];
    let said = &verdicts.last().unwrap().act.payload;
    assert_eq!(said["on/goals"], "Which three?".into());
    assert!(!said.contains_key("on/plan"), "what is blank is not said");
    let mended = [edit(&li.set(doc(1), "goals", "Zhongshan, Qingniwa, Xi'an Road"))];
    li.push(&office, mended.into());
    let again = li.act(doc(1), "submit", "draft");
    li.push(&office, vec![act(&again)]);
    let page = boss.get(&path).await;
    assert!(!page.body.contains("data-test=\"said\""), "said about what was returned, not for ever");
    assert!(
        page.body.contains("data-test=\"changed\"") && page.body.contains("<del>three stores</del>"),
        "{}",
        page.body
    );
    let mut wrong = seen(&page);
    wrong.push(("p/reason", "x".into()));
    wrong.push(("on/nothing", "x".into()));
    let refused = post(&mut boss, &format!("{path}/acts/reject"), &wrong).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "about no question");
}

#[tokio::test]
async fn many_are_decided_at_once_each_by_itself_with_a_report() {
    let office = plans();
    let mut li = handed_in(&office, "李娜", &[1, 2, 3]);
    let mut boss = supervisor(&office).await;
    let list = boss.get("/kinds/day_plan?stage=submitted").await;
    assert_eq!(list.body.matches("data-test=\"pick\"").count(), 3);
    let mut chosen = vec![
        ("csrf", list.token()),
        ("kind", "day_plan".into()),
        ("act", "approve".into()),
        ("back", "/kinds/day_plan".into()),
    ];
    chosen.extend([1, 2, 3, 9].map(|id| ("doc", doc(id).to_string())));
    let review = post(&mut boss, "/bulk", &chosen).await;
    assert_eq!(review.status, StatusCode::OK, "{}", review.body);
    assert!(review.body.contains("Possible for 3 of 3"), "one of them is not there: {}", review.body);
    assert_eq!(stage(&office, doc(1)), "submitted", "nothing is done yet");
    // Meanwhile one of them is sent back, and comes to nothing.
    let page = boss.get(&format!("/records/{}", doc(2))).await;
    let mut form = seen(&page);
    form.push(("p/reason", "no".into()));
    post(&mut boss, &format!("/records/{}/acts/reject", doc(2)), &form).await;
    let docs = review
        .body
        .split("name=\"doc\" value=\"")
        .skip(1)
        .map(|part| part.split('"').next().unwrap().to_owned());
    let mut sent: Vec<(&str, String)> = chosen[..4].to_vec();
    sent.extend(docs.map(|value| ("doc", value)));
    let report = post(&mut boss, "/bulk/act", &sent).await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.body);
    assert!(report.body.contains("Accepted: 2 of 3"), "{}", report.body);
    assert_eq!([1, 2, 3].map(|id| stage(&office, doc(id))), ["approved", "draft", "approved"]);
    li.sync(&office);
    assert_eq!(li.digest(), office.digest(&li));
    assert!(
        crate::admin::verify::verify(&*office.db.read(office.team).unwrap()).unwrap().differences.is_empty()
    );
}

/// Found by a reviewer: the report was lost, of acts that were done.
#[tokio::test]
async fn one_act_of_many_that_breaks_is_told_beside_those_that_are_done() {
    let office = plans();
    handed_in(&office, "李娜", &[1, 2]);
    let mut boss = supervisor(&office).await;
    let form = [
        ("csrf", boss.get("/kinds/day_plan").await.token()),
        ("kind", "day_plan".into()),
        ("act", "approve".into()),
        ("back", "/kinds/day_plan".into()),
    ];
    let chosen: Vec<_> = form.iter().cloned().chain([1, 2].map(|id| ("doc", doc(id).to_string()))).collect();
    let review = post(&mut boss, "/bulk", &chosen).await.body;
    let docs = review.split("name=\"doc\" value=\"").skip(1);
    let docs = docs.map(|part| ("doc", part.split('"').next().unwrap().to_owned()));
    let sent: Vec<_> = form.iter().cloned().chain(docs).collect();
    let file = rusqlite::Connection::open(office.dir.path().join("rounds.db")).unwrap();
    file.execute("UPDATE documents SET snapshot = x'00' WHERE doc = ?1", [doc(2).0]).unwrap();
    let report = post(&mut boss, "/bulk/act", &sent).await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.body);
    assert!(
        report.body.contains("Accepted: 1 of 2") && report.body.contains("Something broke on the server")
    );
    assert_eq!([1, 2].map(|id| stage(&office, doc(id))), ["approved", "submitted"]);
}

#[tokio::test]
async fn the_key_outlives_a_session_and_a_new_password_is_a_new_device() {
    let office = plans();
    handed_in(&office, "李娜", &[1, 2, 3]);
    let approve = async |id: u8| {
        let mut boss = supervisor(&office).await;
        let page = boss.get(&format!("/records/{}", doc(id))).await;
        let stated = post(&mut boss, &format!("/records/{}/acts/approve", doc(id)), &seen(&page)).await;
        assert_eq!(stated.status, StatusCode::SEE_OTHER, "{}", stated.body);
        let view = office.db.read(office.team).unwrap();
        let row = view.acts_of(&[doc(id)]).unwrap().pop().unwrap();
        (row.device, crate::console::timeline::read(&row).unwrap().number)
    };
    let (first, second) = (approve(1).await, approve(2).await);
    assert_eq!((first.0, first.1, second.1), (second.0, 1, 2), "one device that counts its acts");
    crate::admin::team::set_password(&office.db, office.team, BOSS, "a new password").unwrap();
    crate::admin::team::set_password(&office.db, office.team, BOSS, crate::testing::PASSWORD).unwrap();
    assert_eq!(approve(3).await.0, first.0, "the same password opens the same key");
    let device = office.db.read(office.team).unwrap().device(first.0).unwrap().unwrap();
    assert_eq!(device.revoked, Some(NOW), "nothing can sign in as it");
}
