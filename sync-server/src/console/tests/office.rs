//! What supervisors may do with people, and what they may not, however they write it down.

use super::world::{AREA, HEAD, STRANGER, World};
use crate::admin::access::{self, Access};
use crate::admin::by::By;
use crate::admin::leaving::Heir;
use crate::admin::team;
use crate::admin::{Refused, Trouble};
use crate::console::read_api;
use crate::enrol::enrol;
use crate::storage::Storage;
use crate::testing::{BOSS, NOW, PASSWORD};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use ed25519_dalek::SigningKey;
use rounds_model::people::Role;
use rounds_protocol::enrol::EnrolRequest;
use rounds_protocol::fault::Fault;
use std::time::Duration;

/// An answer that needs no turn is there long before.
const PATIENCE: Duration = Duration::from_secs(60);

/// Found by a critic: the name was looked at as a name and carried out as an id.
#[tokio::test]
async fn an_invitation_by_somebody_elses_id_takes_nobody_over() {
    let world = World::new().await;
    let (mut stranger, csrf) = world.browser(Some(STRANGER)).await;
    let view = world.office.db.read(world.office.team).unwrap();
    let boss = team::find_person(&*view, BOSS).unwrap();
    drop(view);
    let before = world.rows();
    let whom = [world.li.clone(), boss.id.to_string(), format!(" {} ", world.li), world.li.to_uppercase()];
    for name in whom.iter().map(String::as_str).chain(["李娜", BOSS, HEAD]) {
        let form = [("csrf", csrf.as_str()), ("name", name), ("role", "rep")];
        let answer = stranger.post("/team/invite", &form).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{name}: {}", answer.body);
        assert!(!answer.body.contains("rounds://enrol"), "no code is shown");
    }
    assert_eq!(world.rows(), before, "nobody's role, leader or invitation is another");
    let own = [("csrf", csrf.as_str()), ("name", "孙立")];
    assert!(stranger.post("/team/invite", &own).await.body.contains("rounds://enrol"));
    let again = stranger.post("/team/invite", &own).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "who is there has a page: {}", again.body);
    // Who leads a supervisor does not make a device that speaks for them.
    let leads = Access::Leads(BOSS.to_owned());
    access::grant(&world.office.db, world.office.team, STRANGER, &leads, NOW).unwrap();
    let path = format!("/team/people/{}/invite", boss.id);
    assert_eq!(stranger.post(&path, &[("csrf", &csrf)]).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn head_office_changes_a_role_and_a_supervisor_never_does() {
    let world = World::new().await;
    let role = |name: &str| {
        team::find_person(&*world.office.db.read(world.office.team).unwrap(), name).unwrap().role.0
    };
    let (mut head, csrf) = world.browser(Some(HEAD)).await;
    let form = [("csrf", csrf.as_str()), ("name", "李娜"), ("role", "supervisor")];
    assert_eq!(head.post("/team/invite", &form).await.status, StatusCode::OK);
    assert_eq!(role("李娜"), Role::SUPERVISOR);
    let (mut boss, csrf) = world.browser(Some(BOSS)).await;
    let again = format!("/team/people/{}/invite", world.li);
    let refused = boss.post(&again, &[("csrf", &csrf), ("role", "rep")]).await;
    assert_eq!((refused.status, role("李娜").as_str()), (StatusCode::CONFLICT, Role::SUPERVISOR));
}

/// Found by a critic: a supervisor could show any area's records to a rep of theirs.
#[tokio::test]
async fn an_area_is_granted_only_by_who_holds_it_and_a_rep_goes_only_to_a_supervisor() {
    let world = World::new().await;
    let areas = |name: &str| {
        let view = world.office.db.read(world.office.team).unwrap();
        view.areas_of(team::find_person(&*view, name).unwrap().id).unwrap()
    };
    let (mut boss, csrf) = world.browser(Some(BOSS)).await;
    let path = format!("/team/people/{}/area", world.li);
    let area = |area: &'static str, change: &'static str| {
        [("csrf", csrf.clone()), ("area", area.to_owned()), ("change", change.to_owned())]
    };
    let mut post = async |form: [(&str, String); 3]| {
        let form: Vec<_> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        boss.post(&path, &form).await.status
    };
    for (what, change) in [("沙河口区", "grant"), ("沙河口区", ""), ("  ", "grant")] {
        assert_eq!(post(area(what, change)).await, StatusCode::CONFLICT, "{what}");
    }
    assert!(areas("李娜").is_empty());
    assert_eq!(post(area(AREA, "grant")).await, StatusCode::SEE_OTHER);
    assert_eq!(areas("李娜"), [AREA]);
    // Head office took it from her: what she granted stays, and she may take it back.
    access::withdraw(&world.office.db, world.office.team, BOSS, &Access::Area(AREA.into()), NOW).unwrap();
    assert_eq!(post(area(AREA, "grant")).await, StatusCode::CONFLICT);
    assert_eq!(post(area(AREA, "withdraw")).await, StatusCode::SEE_OTHER);
    assert!(areas("李娜").is_empty());
    let (mut head, token) = world.browser(Some(HEAD)).await;
    let form = [("csrf", token.as_str()), ("area", "沙河口区"), ("change", "grant")];
    assert_eq!(head.post(&path, &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(areas("李娜"), ["沙河口区"]);

    let lead = format!("/team/people/{}/lead", world.li);
    let give =
        |to: &str| [("csrf", csrf.clone()), ("leader", to.to_owned()), ("change", "transfer".to_owned())];
    let mut given = async |to: &str| {
        let form = give(to);
        let form: Vec<_> = form.iter().map(|(k, v)| (*k, v.as_str())).collect();
        boss.post(&lead, &form).await.status
    };
    for to in ["赵强", HEAD] {
        assert_eq!(given(to).await, StatusCode::CONFLICT, "{to} is no supervisor");
    }
    assert_eq!(given(STRANGER).await, StatusCode::SEE_OTHER);
    assert_eq!(given(STRANGER).await, StatusCode::NOT_FOUND, "not hers any more");
}

/// What is asked on the page is asked again where it is done.
#[tokio::test]
async fn who_may_not_any_more_does_nothing_in_the_transaction_that_would() {
    let world = World::new().await;
    let (db, id) = (&world.office.db, world.office.team);
    let boss = team::find_person(&*db.read(id).unwrap(), BOSS).unwrap().id;
    let before = world.rows();
    let no = |_: &dyn crate::storage::Read| Err(Refused::not_yours().into());
    let by = By::person(boss, &no);
    let area = Access::Area(AREA.to_owned());
    let invite = team::Invite { whom: team::Whom::New("新人"), role: "rep", led_by: None, valid_ms: 1 };
    let bundle = rounds_workflow::bundle::Bundle::new([(
        "pack.toml",
        crate::testing::PACK.replace("version = 1", "version = 9").into_bytes(),
    )])
    .unwrap();
    let place = ("place", &b"code\nS1\n"[..], Some("code"));
    let refused = [
        team::invite_by(db, id, by, invite, NOW).err(),
        team::revoke_person_by(db, id, by, &world.li, Heir::Unsaid, NOW).err(),
        team::revoke_device_by(db, id, by, &world.device, NOW).err(),
        team::set_password_by(db, id, by, &world.li, "a long new password", NOW).err(),
        access::change_by(db, id, by, &world.li, &area, true, NOW).err(),
        access::transfer_by(db, id, by, (&world.li, BOSS, STRANGER), NOW).err(),
        crate::admin::import::import_by(db, id, by, place, false, NOW).err(),
        crate::admin::publish::publish_by(db, id, by, &bundle, false, NOW).err(),
    ];
    for no in refused {
        assert!(matches!(no, Some(Trouble::Refused(why)) if why[0].is_not_yours()));
    }
    assert_eq!(world.rows(), before);
}

/// Found by a critic: programs of whoever lost all access went on reading, and an invitation that nobody had
/// used yet let them in again.
#[tokio::test]
async fn withdrawing_all_access_ends_tokens_and_spoils_invitations() {
    let world = World::new().await;
    let (db, id) = (&world.office.db, world.office.team);
    let (mut browser, _) = world.browser(None).await;
    let mut read = async |token: &str| {
        let request = Request::get("/v1/read/kinds").header("authorization", format!("Bearer {token}"));
        browser.send(request, Body::empty()).await.status
    };
    let stranger = team::find_person(&*db.read(id).unwrap(), STRANGER).unwrap().id;
    let (other, row) = read_api::create(stranger, "theirs", NOW).unwrap();
    let mut tx = db.write(id).unwrap();
    tx.put_read_token(&row).unwrap();
    tx.commit().unwrap();
    let invitation = world.office.invite(BOSS, "supervisor", None);
    let theirs = world.office.invite("赵强", "rep", Some(STRANGER));
    assert_eq!((read(&world.token.0).await, read(&other).await), (StatusCode::OK, StatusCode::OK));

    let boss = team::find_person(&*db.read(id).unwrap(), BOSS).unwrap().id;
    let (mut head, csrf) = world.browser(Some(HEAD)).await;
    let path = format!("/team/people/{boss}/revoke");
    let form = [("csrf", csrf.as_str()), ("heir", "office")];
    assert_eq!(head.post(&path, &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(read(&world.token.0).await, StatusCode::UNAUTHORIZED);
    assert_eq!(read(&other).await, StatusCode::OK, "another's goes on");
    let come = |code: &str, n: u8| {
        enrol(db, &EnrolRequest::new(code, "phone", &SigningKey::from_bytes(&[n; 32])), NOW)
    };
    assert_eq!(come(&invitation, 91).unwrap_err().fault(), Fault::InviteUnknown);
    assert!(come(&theirs, 92).is_ok());
    let log = head.get("/team/log").await.body;
    for part in ["lost all access", "Took back the token “BI”", "Unused invitations of", "taken back: 1"]
    {
        assert!(log.contains(part), "{part}: {log}");
    }
    // Invited and given a password again, they are back; the token is not.
    assert_eq!(db.read(id).unwrap().withdrawn().unwrap().len(), 1);
    team::set_password(db, id, BOSS, crate::testing::PASSWORD).unwrap();
    assert!(db.read(id).unwrap().withdrawn().unwrap().is_empty());
    assert_eq!(read(&world.token.0).await, StatusCode::UNAUTHORIZED);
    assert!(come(&world.office.invite(BOSS, "supervisor", None), 93).is_ok());
}

/// Found by users: the log named roles, kinds and packs as programs do, in either language.
#[tokio::test]
async fn roles_kinds_and_packs_are_noted_in_words() {
    let world = World::new().await;
    let (db, id) = (&world.office.db, world.office.team);
    let place = ("place", &b"code\nS1\n"[..], Some("code"));
    assert!(crate::admin::import::import_by(db, id, By::server(), place, false, NOW).is_ok());
    let (mut head, csrf) = world.browser(Some(HEAD)).await;
    for (lang, parts) in [
        ("en", ["was invited as Rep.", "Imported rows: Places", "Published Tickets, version"]),
        ("zh-CN", ["角色：业务员", "地点", "工单"]),
    ] {
        head.accept = lang;
        let log = head.get("/team/log").await.body;
        let file = head.get("/team/log/export.csv").await.body;
        assert!(parts.iter().all(|part| log.contains(part) && file.contains(part)), "{parts:?}: {log}");
    }
    assert!(!csrf.is_empty());
}

/// Found by users: a supervisor's access was withdrawn, their reps were nobody's, and they themselves were
/// offered everywhere as before.
#[tokio::test]
async fn who_leaves_says_who_takes_their_reps_over_and_is_offered_nowhere_any_more() {
    let world = World::new().await;
    let (db, id) = (&world.office.db, world.office.team);
    let find = |name: &str| team::find_person(&*db.read(id).unwrap(), name).unwrap().id;
    let (boss, stranger) = (find(BOSS), find(STRANGER));
    let (mut head, csrf) = world.browser(Some(HEAD)).await;
    let page = format!("/team/people/{boss}");
    let asks = head.get(&page).await.body;
    assert!(asks.contains("Who leads from then on: 李娜") && asks.contains("data-test=\"heir\""), "{asks}");
    let before = world.rows();
    let revoke = async |head: &mut super::fixture::Browser, heir: &str| {
        let form = [("csrf", csrf.as_str()), ("heir", heir)];
        head.post(&format!("{page}/revoke"), &form).await
    };
    // Without anybody, or to somebody who cannot lead, nothing at all is done.
    for heir in ["", "李娜", "nobody"] {
        let refused = revoke(&mut head, heir).await;
        assert_eq!(refused.status, StatusCode::CONFLICT, "{heir}: {}", refused.body);
    }
    assert_eq!(world.rows(), before);
    let offers = |page: &str| page.contains(&format!("<option value=\"{boss}\">"));
    let (people, rep) = (head.get("/team").await.body, format!("/team/people/{}", world.zhao));
    assert!(offers(&people) && offers(&head.get(&rep).await.body));

    assert_eq!(revoke(&mut head, &stranger.to_string()).await.status, StatusCode::SEE_OTHER);
    let view = db.read(id).unwrap();
    assert!(view.led_by(boss).unwrap().is_empty());
    assert!(view.led_by(stranger).unwrap().iter().any(|led| led.to_string() == world.li));
    drop(view);
    let log = head.get("/team/log").await.body;
    assert!(log.contains(&format!("李娜 went from {BOSS} to {STRANGER}")), "{log}");
    let people = head.get("/team").await.body;
    assert!(people.contains("data-test=\"withdrawn\"") && !offers(&people), "{people}");
    assert!(!offers(&head.get(&rep).await.body));
    assert!(head.get(&page).await.body.contains("Without access since"));
    let leads = Access::Leads("李娜".to_owned());
    let refused = access::grant(db, id, BOSS, &leads, NOW);
    assert!(matches!(refused, Err(Trouble::Refused(why)) if why[0].code == "leader-withdrawn"));
    // Invited again they are without access as before, until the invitation is used.
    let code = world.office.invite(BOSS, "supervisor", None);
    let people = head.get("/team").await.body;
    assert!(people.contains("data-test=\"withdrawn\"") && !offers(&people), "{people}");
    enrol(db, &EnrolRequest::new(&code, "phone", &SigningKey::from_bytes(&[94; 32])), NOW).unwrap();
    assert!(offers(&head.get("/team").await.body));
    // Head office takes over where it is said.
    let leaves = format!("/team/people/{stranger}/revoke");
    let form = [("csrf", csrf.as_str()), ("heir", "office")];
    assert_eq!(head.post(&leaves, &form).await.status, StatusCode::SEE_OTHER);
    assert!(db.read(id).unwrap().led_by(stranger).unwrap().is_empty());
    assert!(
        head.get("/team/log")
            .await
            .body
            .contains(&format!("赵强 is led by head office now, after {STRANGER}"))
    );
}

/// Found by a critic: reps without access stayed with whoever left, and nobody could decide about their work.
#[tokio::test]
async fn who_takes_over_takes_those_without_access_too() {
    let world = World::new().await;
    let (db, id) = (&world.office.db, world.office.team);
    let find = |name: &str| team::find_person(&*db.read(id).unwrap(), name).unwrap().id;
    let (boss, stranger, li) = (find(BOSS), find(STRANGER), find("李娜"));
    let none = Heir::Unsaid;
    team::revoke_person_by(db, id, By::server(), "李娜", none, NOW).unwrap();
    let refused = team::revoke_person_by(db, id, By::server(), BOSS, none, NOW);
    assert!(matches!(refused, Err(Trouble::Refused(why)) if why[0].code == "heir-missing"));
    let (mut head, _) = world.browser(Some(HEAD)).await;
    let page = head.get(&format!("/team/people/{boss}")).await.body;
    assert!(page.contains("Who leads from then on: 李娜"), "{page}");
    team::revoke_person_by(db, id, By::server(), BOSS, Heir::Person(STRANGER), NOW).unwrap();
    let view = db.read(id).unwrap();
    assert!(view.led_by(boss).unwrap().is_empty() && view.led_by(stranger).unwrap().contains(&li));
}

/// Found by a critic: who was no supervisor any more led reps whom nobody saw then.
#[tokio::test]
async fn who_is_no_supervisor_any_more_leads_nobody_and_leaves_nobody_alone() {
    let world = World::new().await;
    let (db, id) = (&world.office.db, world.office.team);
    let find = |name: &str| team::find_person(&*db.read(id).unwrap(), name).unwrap();
    let boss = find(BOSS);
    let before = world.rows();
    let (mut head, csrf) = world.browser(Some(HEAD)).await;
    let form = [("csrf", csrf.as_str()), ("name", BOSS), ("role", "rep"), ("leader", STRANGER)];
    let refused = head.post("/team/invite", &form).await;
    assert_eq!(refused.status, StatusCode::CONFLICT, "{}", refused.body);
    assert!(refused.body.contains("李娜, whom nobody else leads"), "{}", refused.body);
    assert_eq!(world.rows(), before);
    access::grant(db, id, STRANGER, &Access::Leads("李娜".into()), NOW).unwrap();
    assert_eq!(head.post("/team/invite", &form).await.status, StatusCode::OK);
    assert_eq!(find(BOSS).role.0, Role::REP);
    let view = db.read(id).unwrap();
    assert!(view.led_by(boss.id).unwrap().is_empty());
    assert!(view.led_by(find(STRANGER).id).unwrap().contains(&boss.id));
    let log = head.get("/team/log").await.body;
    assert!(log.contains(&format!("{BOSS} does not lead 李娜 any more")), "{log}");
}

/// A form without a session waits for nobody who writes, and keeps nobody from it.
#[tokio::test]
async fn a_stranger_at_a_desk_does_not_wait_for_the_lock() {
    let world = World::new().await;
    let (mut nobody, _) = world.browser(None).await;
    let (mut boss, csrf) = world.browser(Some(BOSS)).await;
    let path = format!("/acts/{}/checked", world.act);
    let held = world.office.db.write(world.office.team).unwrap();
    let answer = nobody.post(&path, &[("csrf", "00"), ("back", "/"), ("note", "x")]).await;
    assert_eq!(answer.header("location"), "/sign-in");
    let forged = boss.post(&path, &[("csrf", "00"), ("back", "/"), ("note", "x")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    drop(held);
    let checked = boss.post(&path, &[("csrf", &csrf), ("back", "/"), ("note", "x")]).await;
    assert_eq!(checked.status, StatusCode::SEE_OTHER);
}

/// What is bounded says its bound and what to do.
#[tokio::test]
async fn one_view_or_token_too_many_is_told_with_the_limit() {
    let world = World::new().await;
    let (mut boss, csrf) = world.browser(Some(BOSS)).await;
    let mut save = async |name: &str| {
        let form = [("csrf", csrf.as_str()), ("name", name), ("back", "/kinds/ticket?stage=sent")];
        boss.post("/views", &form).await
    };
    // She has one already.
    for n in 1..50 {
        assert_eq!(save(&format!("view {n}")).await.status, StatusCode::SEE_OTHER, "{n}");
    }
    let full = save("one more").await;
    assert_eq!(full.status, StatusCode::CONFLICT);
    assert!(
        full.body.contains("You have 50 views") && full.body.contains("Remove one first"),
        "{}",
        full.body
    );
    let blank = save(" ").await;
    assert!(blank.status == StatusCode::CONFLICT && blank.body.contains("1 to 60 characters"));
    let mut make =
        async |name: &str| boss.post("/data/tokens", &[("csrf", csrf.as_str()), ("name", name)]).await;
    for n in 1..50 {
        assert_eq!(make(&format!("token {n}")).await.status, StatusCode::OK, "{n}");
    }
    let full = make("one more").await;
    assert!(full.status == StatusCode::CONFLICT && full.body.contains("50 tokens"), "{}", full.body);
    assert_eq!(make("").await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn whoever_finds_a_browser_open_cannot_try_passwords_with_it() {
    let world = World::new().await;
    let (mut boss, csrf) = world.browser(Some(BOSS)).await;
    let mut guess = async |old: &str| {
        let form = [("csrf", csrf.as_str()), ("old", old), ("new", "another four quiet words")];
        boss.post("/team/password", &form).await
    };
    for _ in 0..5 {
        let wrong = guess("a guess").await;
        assert_eq!(wrong.status, StatusCode::CONFLICT);
        assert!(wrong.body.contains("The present password is not right."), "{}", wrong.body);
    }
    let sixth = guess(PASSWORD).await;
    assert!(sixth.status == StatusCode::CONFLICT && sixth.body.contains("Too many tries"), "{}", sixth.body);
}

#[tokio::test]
async fn what_takes_a_turn_of_few_is_asked_for_by_who_may_have_it_before_it_is_taken() {
    let world = World::new().await;
    let (mut nobody, _) = world.browser(None).await;
    let (mut stranger, csrf) = world.browser(Some(STRANGER)).await;
    let _turns = world.turns().await;
    for path in ["/kinds/ticket/export.csv", "/kinds/ticket/export.xlsx", "/reports/ticket/titles"] {
        let answer =
            tokio::time::timeout(PATIENCE, nobody.get(path)).await.expect("an answer without a turn");
        assert_eq!(answer.header("location"), "/sign-in", "{path}");
    }
    for path in ["/bulk", "/bulk/act"] {
        let form = [("csrf", ""), ("kind", "ticket"), ("act", "finish")];
        let answer = tokio::time::timeout(PATIENCE, nobody.post(path, &form)).await;
        assert_eq!(answer.expect("an answer without a turn").header("location"), "/sign-in", "{path}");
    }
    for path in ["/data/check", "/templates/check"] {
        // Refused before a byte of it is read: the form is not even one.
        let request = Request::post(path).header("content-type", "multipart/form-data; boundary=edge");
        let answer = stranger.send(request, Body::from("not a form"));
        let answer = tokio::time::timeout(PATIENCE, answer).await.expect("an answer without a turn");
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {csrf}");
    }
}

#[tokio::test]
async fn a_check_takes_a_turn_because_it_copies_the_whole_database() {
    let world = World::new().await;
    let (mut head, csrf) = world.browser(Some(HEAD)).await;
    let form = [("csrf", csrf.as_str()), ("kind", "place"), ("key", "code")];
    let file = ("p.csv", b"code,size\nS1,3\n".as_slice());
    assert!(head.upload("/data/check", &form, file).await.body.contains("data-test=\"ready\""));
    world.no_more_turns();
    assert_eq!(head.upload("/data/check", &form, file).await.status, StatusCode::SERVICE_UNAVAILABLE);
}
