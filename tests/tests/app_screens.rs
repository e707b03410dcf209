//! What the app shows of a team's work: what is said of single answers, long lists, long answers.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use rounds_app::screen::{Block, Screen};
use rounds_device::sync::stop::Stop;
use rounds_tests::day::cast::Cast;
use serde_json::json;
use support::app::{all_lines, app, asked, button, fact, given, line, lines, notices, press, tap, to};
use support::{FORM_1, enrolled, publish};

#[test]
fn lesson_18_what_a_supervisor_says_of_single_answers_stands_under_them() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let record = rep.create("inspection", &["_store=S0001", "shelf/clean=y", "exit=y"]).unwrap();
    rep.json(&["act", &record, "finish"]).unwrap();
    rep.json(&["sync"]).unwrap();

    let boss = app(&cast, folder.path(), "王芳", "supervisor", "boss");
    let sheet = to(&boss, json!({ "act": { "doc": record, "act": "reopen", "given": {} } }));
    let about = asked(&sheet, "on/shelf/clean").unwrap();
    assert_eq!((about.label.as_str(), about.hint.as_deref()), ("Clean", Some("Answered: Yes")));
    assert!(asked(&sheet, "on/remark").is_none(), "nobody answered it");
    let said = [given("reason", "One thing is missing"), given("on/shelf/clean", "Wipe the top shelf, too")];
    let sheet = boss.tap(&sheet.gives.unwrap(), &said).unwrap().screen;
    assert_eq!(asked(&sheet, "on/shelf/clean").unwrap().value, "Wipe the top shelf, too");
    let after = press(&boss, &[]);
    assert!(after.said.as_ref().is_some_and(|said| said.code.is_none()), "{:?}", after.said);
    boss.sync(None, &Stop::new()).unwrap();

    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let form = to(&phone, json!({ "form": { "doc": record } }));
    assert_eq!(asked(&form, "shelf/clean").unwrap().comment.as_deref(), Some("Wipe the top shelf, too"));
    assert_eq!(asked(&form, "exit").unwrap().comment, None);
}

/// Found by a critic: lists ended where their screen did.
#[test]
fn a_long_list_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let prepared = "prepared=appointments written_plan area papers goods tools mindset";
    for n in 1..=24 {
        let date = format!("date=2030-01-{n:02}");
        let plan = rep.create("day_plan", &[&date, "goals=Dalian", "plan=North", prepared]).unwrap();
        rep.json(&["act", &plan, "submit"]).unwrap();
    }
    rep.json(&["sync"]).unwrap();
    let boss = app(&cast, folder.path(), "王芳", "supervisor", "boss");
    let team = to(&boss, json!("team"));
    let people = team.blocks.iter().rev().take_while(|block| matches!(block, Block::Line { .. })).count();
    assert_eq!(lines(&boss, &team.blocks), (20 + people, 4));
    let me = team.blocks.iter().find_map(|block| match block {
        Block::Line { line } if line.title == "李娜" => line.tap.clone(),
        _ => None,
    });
    let person = boss.tap(&me.unwrap(), &[]).unwrap().screen;
    assert_eq!(lines(&boss, &person.blocks).1, 4, "and so of one person");
}

/// Found by a critic: a tap is short, and named a version by its whole value.
#[test]
fn one_of_two_long_answers_can_be_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    publish(&cast, folder.path(), 1, FORM_1);
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let record = rep.create("inspection", &["_store=S0001", "shelf/clean=y"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let form = to(&phone, json!({ "form": { "doc": record } }));
    let (here, there) = ("here ".repeat(2_000), "there ".repeat(2_000));
    phone.tap(&form.gives.unwrap(), &[given("remark", &here)]).unwrap();
    rep.json(&["answer", &record, &format!("remark={there}")]).unwrap();
    rep.json(&["sync"]).unwrap();
    phone.sync(None, &Stop::new()).unwrap();
    let conflicts = to(&phone, json!("conflicts"));
    let versions = conflicts.blocks.iter().find_map(|block| match block {
        Block::Versions { versions } => Some(versions),
        _ => None,
    });
    let versions = versions.unwrap_or_else(|| panic!("{conflicts:#?}"));
    assert_eq!(versions.versions.len(), 2);
    let other = versions.versions.iter().find(|version| version.value.starts_with("there")).unwrap();
    let after = phone.tap(&other.button.tap, &[]).unwrap();
    assert_eq!(after.said.unwrap().code, None);
    let form = to(&phone, json!({ "form": { "doc": record } }));
    assert_eq!(asked(&form, "remark").unwrap().value.trim(), there.trim());
}

/// How far a visit is: how long it should be, what belongs to it, and what was left out for a reason.
#[test]
fn e9_a_visit_shows_its_steps_and_how_long_it_should_be() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let today = chrono::Utc::now().with_timezone(&chrono_tz::Asia::Shanghai).format("%Y-%m-%d").to_string();
    let visit = rep.create("visit", &["store=S0001", &format!("date={today}")]).unwrap();
    let photo = folder.path().join("door.jpg");
    std::fs::write(&photo, include_bytes!("../src/day/shelf.jpg")).unwrap();
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let record = || to(&phone, json!({ "record": { "doc": visit } }));
    let ring = |screen: &Screen| {
        screen.blocks.iter().find_map(|block| match block {
            Block::Ring { left_ms, of_ms, text } => Some((*left_ms, *of_ms, text.clone())),
            _ => None,
        })
    };
    let step = |screen: &Screen| {
        screen.blocks.iter().find_map(|block| match block {
            Block::Line { line } if line.id.ends_with("/audit") => {
                let badges: Vec<String> = line.badges.iter().map(|badge| badge.text.clone()).collect();
                Some((line.mark.clone().unwrap(), line.subtitle.clone(), badges.join(" ")))
            }
            _ => None,
        })
    };
    let planned = record();
    assert_eq!(ring(&planned), None);
    assert_eq!(step(&planned), Some(("○".into(), None, "Required".into())));
    let door = "place=38.9201 121.6443 0 12";
    rep.json(&["act", &visit, "check_in", door]).unwrap();
    rep.json(&["sync"]).unwrap();
    phone.sync(None, &Stop::new()).unwrap();
    let screen = record();
    let (left, of, text) = ring(&screen).unwrap();
    assert!(of == 5 * 60_000 && left > 0 && left <= of && text.contains("min left"), "{text}");
    assert!(screen.again_ms.unwrap() <= 60_000, "and it runs");
    // There will be none, and why.
    let form = to(&phone, json!({ "form": { "doc": visit } }));
    phone.tap(&form.gives.unwrap(), &[given("no_audit", "The shelves are being rebuilt")]).unwrap();
    let (mark, why, badge) = step(&record()).unwrap();
    assert_eq!(
        (mark.as_str(), why.as_deref(), badge.as_str()),
        ("–", Some("The shelves are being rebuilt"), "Skipped")
    );
}

const PREPARED: &str = "prepared=appointments written_plan area papers goods tools mindset";

/// Found by reading: the app showed that a plan was sent back, and not why.
#[test]
fn d9_why_a_plan_was_sent_back_is_the_first_thing_that_its_author_reads() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let plan = rep.create("day_plan", &["date=2030-01-01", "goals=Six", "plan=North", PREPARED]).unwrap();
    rep.json(&["act", &plan, "submit"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let boss = enrolled(&cast, folder.path(), "王芳", "supervisor", "boss");
    boss.json(&["act", &plan, "reject", "reason=Say where you go"]).unwrap();
    boss.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let record = to(&phone, json!({ "record": { "doc": plan } }));
    let first = *notices(&record).first().unwrap();
    assert_eq!(first.text, "Send back (王芳): Say where you go");
    assert_eq!(first.tone, rounds_app::screen::Tone::Warning);
    assert_eq!(button(&record, "Go on filling in").map(|fill| fill.tap.contains("form")), Some(true));
    assert_eq!(fact(&record, "What is not as it should be"), Some("Say where you go"));
    let history = to(&phone, json!({ "history": { "doc": plan } }));
    assert_eq!(fact(&history, "What is not as it should be"), Some("Say where you go"));
    // What is handed in again is not sent back any more.
    phone.back().unwrap();
    tap(&phone, &button(&record, "Hand in").unwrap().tap);
    let record = to(&phone, json!({ "record": { "doc": plan } }));
    assert!(notices(&record).iter().all(|notice| !notice.text.contains("Send back")), "{record:#?}");
}

#[test]
fn d8_what_an_act_carried_and_came_to_stands_under_it() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let day = rep.create("workday", &["date=2030-01-01"]).unwrap();
    rep.json(&["act", &day, "read", "arrived=09:00", "reason=The bus"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let record = to(&phone, json!({ "record": { "doc": day } }));
    assert_eq!(fact(&record, "Minutes late"), Some("10"));
    assert_eq!(fact(&record, "Why late"), Some("The bus"));
}

/// Found by reading: what stands well was taken for over, and nothing could be begun from it.
#[test]
fn o3_o4_d9_what_stands_well_can_be_begun_from() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    cast.serve(&["李娜"]).unwrap();
    let plan = rep.create("day_plan", &["date=2030-01-01", "goals=Six", "plan=North", PREPARED]).unwrap();
    rep.json(&["act", &plan, "submit"]).unwrap();
    let package = rep.create("package", &["customer=周强"]).unwrap();
    rep.json(&["act", &package, "discard"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let boss = enrolled(&cast, folder.path(), "王芳", "supervisor", "boss");
    boss.json(&["act", &plan, "approve"]).unwrap();
    boss.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");

    let found = to(&phone, json!({ "search": { "typed": "P10000000456" } }));
    let policy = tap(&phone, all_lines(&found)[0].tap.as_ref().unwrap());
    let begin = line(&policy, "begin/application").unwrap_or_else(|| panic!("{policy:#?}"));
    let new = tap(&phone, begin.tap.as_ref().unwrap());
    assert_eq!(asked(&new, "policy").unwrap().shown, "P10000000456");
    let after = press(&phone, &[given("item", "contact_change")]);
    assert_eq!(after.screen.title, "P10000000456 Change of contact details");

    let approved = to(&phone, json!({ "record": { "doc": plan } }));
    for kind in ["begin/visit", "begin/workday"] {
        assert!(line(&approved, kind).is_some(), "{kind}: {approved:#?}");
    }
    // Of what has ended nothing is expected: there it is in the menu.
    let ended = to(&phone, json!({ "record": { "doc": package } }));
    assert_eq!(line(&ended, "begin/application"), None);
    assert!(ended.also.iter().any(|button| button.title == "New: Application"), "{ended:#?}");
}

#[test]
fn d9_o9_a_list_that_a_pack_has_is_a_tap_away() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    for goals in ["goals=Twelve", "goals=Six"] {
        let plan = rep.create("day_plan", &["date=2030-01-01", goals, "plan=North", PREPARED]).unwrap();
        if goals == "goals=Six" {
            rep.json(&["act", &plan, "submit"]).unwrap();
        }
    }
    rep.json(&["sync"]).unwrap();
    let boss = app(&cast, folder.path(), "王芳", "supervisor", "boss");
    let all = to(&boss, json!({ "list": { "kind": "day_plan", "act": null } }));
    assert_eq!(all_lines(&all).len(), 2);
    let view = tap(&boss, &button(&all, "Plans to be checked").unwrap().tap);
    assert_eq!((view.name.as_str(), view.subtitle.as_deref()), ("list", Some("Plans to be checked")));
    let rows: Vec<_> = all_lines(&view).into_iter().map(|line| line.subtitle.clone().unwrap()).collect();
    assert_eq!(rows, ["Day: 2030-01-01 · Goals of the day: Six"]);
    let all = tap(&boss, &button(&view, "All").unwrap().tap);
    assert_eq!(all_lines(&all).len(), 2);
    // One that a delivery of the pack took away leaves the records.
    let other = to(&boss, json!({ "list": { "kind": "day_plan", "act": null, "view": "renamed" } }));
    assert_eq!(all_lines(&other).len(), 2);
}

#[test]
fn o2_the_tabs_of_an_application_part_its_screen() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    cast.serve(&["李娜"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let application =
        rep.create("application", &["policy=P10000000123", "item=contact_change", "note=By phone"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let whole = to(&phone, json!({ "record": { "doc": application } }));
    assert_eq!(fact(&whole, "Note"), Some("By phone"));
    let choose = line(&whole, "tab/choose").unwrap_or_else(|| panic!("{whole:#?}"));
    let choose = tap(&phone, choose.tap.as_ref().unwrap());
    assert_eq!(choose.subtitle.as_deref(), Some("Choose a service"));
    assert_eq!((fact(&choose, "Policy"), fact(&choose, "Note")), (Some("P10000000123"), None));
    assert!(button(&choose, "Find: By customer").is_some() && button(&choose, "Submit").is_none());
    let submit = tap(&phone, line(&choose, "tab/submit").unwrap().tap.as_ref().unwrap());
    assert_eq!((fact(&submit, "Note"), fact(&submit, "Policy")), (Some("By phone"), None));
    assert_eq!(submit.main.as_ref().map(|main| main.title.as_str()), Some("Submit"));
    // A tab that a delivery of the pack took away leaves the record.
    let other = to(&phone, json!({ "record": { "doc": application, "tab": "renamed" } }));
    assert!(fact(&other, "Note").is_some() && line(&other, "tab/submit").is_some(), "{other:#?}");
    phone.back().unwrap();
    let whole = tap(&phone, line(&submit, "tab/").unwrap().tap.as_ref().unwrap());
    assert!(fact(&whole, "Note").is_some() && fact(&whole, "Policy").is_some());
}

/// Found by looking at the app: the big button ended a visit that still lacked a step, and an empty first day
/// offered to add to what had not come yet.
#[test]
fn e7_a_required_step_comes_before_the_end_of_a_visit() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let today = rep.json(&["today"]).unwrap()["day"].as_str().unwrap().to_owned();
    let visit = rep.create("visit", &["store=S0001", &format!("date={today}")]).unwrap();
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let title = |screen: &Screen| screen.main.as_ref().map(|main| main.title.clone());
    let record = to(&phone, json!({ "record": { "doc": visit } }));
    assert_eq!(title(&record).as_deref(), Some("Check in"), "it does not end the visit");
    rep.json(&["act", &visit, "check_in", "place=38.9201 121.6443 0 12"]).unwrap();
    rep.json(&["sync"]).unwrap();
    phone.sync(None, &Stop::new()).unwrap();
    let record = phone.now().unwrap();
    assert_eq!(title(&record).as_deref(), Some("New: Shelf audit"), "{record:#?}");
    assert!(button(&record, "Check out").is_some());
}

/// A draft that was begun by mistake is thrown away after a question; one that has gone out is not offered for it.
#[test]
fn a_draft_can_be_thrown_away_until_it_has_gone_out() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "phone");
    let begin = || {
        to(&phone, json!({ "new": { "kind": "workday", "given": {} } }));
        let screen = press(&phone, &[given("date", "2030-01-01")]).screen;
        assert_eq!(screen.name, "record", "{screen:?}");
        screen
    };
    let throw = "Throw this draft away";
    let screen = begin();
    let asked = button(&screen, throw).unwrap();
    assert!(asked.sure.as_ref().is_some_and(|sure| sure.yes == throw), "{asked:?}");
    let after = phone.tap(&asked.tap, &[]).unwrap();
    assert_eq!(after.said.unwrap().text, "Thrown away.");
    assert_ne!(after.screen.name, "record");
    let screen = begin();
    assert!(button(&screen, throw).is_some());
    phone.sync(None, &Stop::new()).unwrap();
    assert!(button(&phone.now().unwrap(), throw).is_none(), "others may see it now");
}
