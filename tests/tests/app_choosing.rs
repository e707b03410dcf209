//! Choosing records in the app: greyed with the reason, found by words and by finders, however many there are;
//! and several at once.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use rounds_app::Phone;
use rounds_app::screen::{Block, Screen};
use rounds_tests::day::cast::Cast;
use rounds_tests::phone::text;
use serde_json::json;
use std::path::Path;
use support::app::{all_lines, app, asked, button, find, given, line, notices, press, tap, to};
use support::enrolled;

const PREPARED: &str = "prepared=appointments written_plan area papers goods tools mindset";

/// A team in which 李娜 serves the demo's policies, and has an open application for one of them.
fn team(folder: &Path) -> (Cast, Phone) {
    let (cast, _) = Cast::found(folder, 0).unwrap();
    let rep = enrolled(&cast, folder, "李娜", "rep", "rep");
    cast.serve(&["李娜"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let one = rep.create("application", &["policy=P10000000123", "item=contact_change"]).unwrap();
    rep.json(&["act", &one, "submit"]).unwrap();
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder, "李娜", "rep", "second");
    (cast, phone)
}

/// The choices of a question of an application that is about to begin.
fn choices(phone: &Phone) -> Screen {
    to(phone, json!({ "new": { "kind": "application", "given": {} } }));
    to(phone, json!({ "choices": { "question": "policy", "typed": "" } }))
}

#[test]
fn o15_o14_what_cannot_be_chosen_is_greyed_before_a_record_begins_and_while_words_are_typed() {
    let folder = tempfile::tempdir().unwrap();
    let (_cast, phone) = team(folder.path());
    let all = choices(&phone);
    assert_eq!(all_lines(&all).len(), 6);
    for screen in [all, find(&phone, "P10000000123")] {
        let taken = line(&screen, "P10000000123").unwrap();
        let why = taken.why_not.as_ref().unwrap();
        assert!(why.contains("already has an open application"), "{why}");
        assert_eq!(taken.tap, None);
    }
    let found = find(&phone, "P100");
    let free = line(&found, "P10000000456").unwrap();
    assert_eq!((all_lines(&found).len(), &free.why_not), (2, &None));
    let new = tap(&phone, free.tap.as_ref().unwrap());
    assert_eq!((new.name.as_str(), asked(&new, "policy").unwrap().shown.as_str()), ("new", "P10000000456"));
    // And in a record that is there.
    press(&phone, &[given("item", "contact_change")]);
    let record = phone.now().unwrap();
    let (_, doc) = record.id.split_once('/').unwrap();
    to(&phone, json!({ "form": { "doc": doc } }));
    to(&phone, json!({ "choices": { "question": "policy", "typed": "" } }));
    let found = find(&phone, "P10000000123");
    assert!(line(&found, "P10000000123").unwrap().why_not.is_some(), "{found:#?}");
}

#[test]
fn o3_o15_an_abbreviated_number_finds_its_policy_for_the_question_that_asked() {
    let folder = tempfile::tempdir().unwrap();
    let (_cast, phone) = team(folder.path());
    choices(&phone);
    let nothing = find(&phone, "P1000456");
    assert!(all_lines(&nothing).is_empty());
    // What is typed goes along; what was found is judged as in the list, and chosen by the same tap.
    let found = tap(&phone, &button(&nothing, "Find: By number").unwrap().tap);
    assert_eq!(found.name, "finder");
    let free = line(&found, "P10000000456").unwrap_or_else(|| panic!("{found:#?}"));
    let new = tap(&phone, free.tap.as_ref().unwrap());
    assert_eq!((new.name.as_str(), asked(&new, "policy").unwrap().shown.as_str()), ("new", "P10000000456"));
    to(&phone, json!({ "choices": { "question": "policy", "typed": "" } }));
    let nothing = find(&phone, "P1000123");
    let found = tap(&phone, &button(&nothing, "Find: By number").unwrap().tap);
    let taken = line(&found, "P10000000123").unwrap();
    assert!(taken.why_not.is_some() && taken.tap.is_none(), "{taken:?}");
    // Asked by itself, a finder opens what it found.
    let asked = json!({ "finder": { "kind": "policy", "finder": "by_number", "asked": { "typed": "P1000123" }, "done": true } });
    let alone = to(&phone, json!({ "search": { "typed": "" } }));
    assert_eq!(alone.name, "search");
    let found = to(&phone, asked);
    assert!(line(&found, "P10000000123").unwrap().tap.as_ref().unwrap().contains("record"));
}

/// Found by reading: only the newest thousand were looked at.
#[test]
fn o3_the_oldest_of_many_policies_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rows: String = (1..=1_100).map(|n| format!("Q{n:07},Customer {n},8001\n")).collect();
    let file = folder.path().join("policies.csv");
    std::fs::write(&file, format!("number,holder,service_code\n{rows}")).unwrap();
    cast.server
        .admin(&["import", "policy", file.to_str().unwrap(), "--key", "number"])
        .unwrap()
        .ok()
        .unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    choices(&phone);
    for number in ["P10000000123", "Q0000001", "Q0001100"] {
        let found = find(&phone, number);
        assert!(line(&found, number).is_some(), "{number}: {found:#?}");
    }
}

#[test]
fn d5_o15_what_an_act_cannot_name_is_greyed_on_its_sheet() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let today = text(&rep.json(&["today"]).unwrap(), "day").unwrap();
    let day = rep.create("workday", &[&format!("date={today}")]).unwrap();
    rep.json(&["act", &day, "read", "arrived=08:00"]).unwrap();
    rep.json(&["act", &day, "set_out"]).unwrap();
    let plan = |date: &str, goals: &str| {
        rep.create("day_plan", &[&format!("date={date}"), goals, "plan=North", PREPARED]).unwrap()
    };
    let (draft, past, fits) = (
        plan("2099-01-01", "goals=Plan for 2099-01"),
        plan("2020-01-01", "goals=B"),
        plan("2099-01-02", "goals=C"),
    );
    for plan in [&past, &fits] {
        rep.json(&["act", plan, "submit"]).unwrap();
    }
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    to(&phone, json!({ "act": { "doc": day, "act": "summarise", "given": {} } }));
    let all = to(&phone, json!({ "choices": { "question": "tomorrow", "typed": "" } }));
    let why = |doc: &String| line(&all, doc).unwrap_or_else(|| panic!("{all:#?}")).why_not.clone();
    assert!(why(&draft).unwrap().contains("is not handed in"), "{:?}", why(&draft));
    assert!(why(&past).unwrap().contains("one for a day after"), "{:?}", why(&past));
    assert_eq!(why(&fits), None);
    // Words find what has them and, after it, what is called so.
    let found = find(&phone, "Plan for 2099-01");
    let ids: Vec<&str> = all_lines(&found).iter().map(|line| line.id.as_str()).collect();
    assert_eq!(ids, [&draft, &fits]);
    // A plan that is still missing is a tap away.
    assert!(button(&all, "New: Plan of the day").is_some());
    let sheet = tap(&phone, line(&all, &fits).unwrap().tap.as_ref().unwrap());
    assert_eq!(asked(&sheet, "tomorrow").unwrap().shown, "Plan for 2099-01-02");
}

#[test]
fn o15_several_are_ticked_foreseen_and_done_and_what_was_refused_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    for (day, prepared) in [("01", PREPARED), ("02", PREPARED), ("03", "prepared=tools")] {
        rep.create("day_plan", &[&format!("date=2030-01-{day}"), "goals=Six", "plan=North", prepared])
            .unwrap();
    }
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let list = to(&phone, json!({ "list": { "kind": "day_plan", "act": "submit" } }));
    let pick = tap(&phone, &button(&list, "Choose several").unwrap().tap);
    assert_eq!((pick.name.as_str(), pick.title.as_str()), ("pick", "Hand in"));
    let unprepared = line(&pick, "Plan for 2030-01-03").unwrap();
    assert!(unprepared.tap.is_none() && unprepared.why_not.is_some(), "{unprepared:?}");
    assert!(pick.main.as_ref().unwrap().why_not.is_some(), "nothing is chosen");
    for day in ["01", "02", "01", "01"] {
        let here = phone.now().unwrap();
        tap(&phone, line(&here, &format!("Plan for 2030-01-{day}")).unwrap().tap.as_ref().unwrap());
    }
    let picked = phone.now().unwrap();
    assert_eq!(picked.subtitle.as_deref(), Some("2 chosen"));
    let unprepared = unprepared.id.clone();
    let chosen: Vec<String> =
        all_lines(&picked).iter().filter(|l| l.chosen == Some(true)).map(|l| l.id.clone()).collect();
    let foreseen = press(&phone, &[]).screen;
    assert_eq!(
        (foreseen.name.as_str(), foreseen.main.as_ref().unwrap().title.as_str()),
        ("foresee", "Do it (2)")
    );
    assert_eq!(all_lines(&foreseen).len(), 2);
    let done = press(&phone, &[]).screen;
    assert_eq!(done.name, "batch");
    assert!(
        all_lines(&done).iter().all(|line| line.badges.iter().any(|badge| badge.text == "To be checked"))
    );
    assert_eq!(phone.back().unwrap().screen.name, "list", "what was chosen is done with");

    // Tapped twice it is begun once.
    let again = phone.tap(&json!("many").to_string(), &[]).unwrap();
    assert_eq!(again.said.unwrap().code.as_deref(), Some("tap-stale"));
    assert_eq!(all_lines(&to(&phone, json!("batches"))).len(), 1);

    // One that is refused says why, and is tried again or left out by itself.
    let many = json!({ "act": { "kind": "day_plan", "act": "submit" } });
    let chosen = json!([unprepared, chosen[0]]);
    let foreseen = to(&phone, json!({ "foresee": { "many": many, "chosen": chosen, "given": {} } }));
    assert!(foreseen.main.as_ref().unwrap().why_not.is_some(), "none of them is possible");
    assert!(all_lines(&foreseen).iter().all(|line| line.why_not.is_some()));
    let batch = tap(&phone, &json!("many").to_string());
    assert_eq!(notices(&batch).len(), 2, "{batch:#?}");
    assert!(notices(&batch)[0].text.contains("preparations are made"), "{batch:#?}");
    // Once it is put right it goes.
    let fix = json!({ "form": { "doc": unprepared } });
    let form = to(&phone, fix);
    let all = PREPARED.strip_prefix("prepared=").unwrap();
    phone.tap(&form.gives.unwrap(), &[given("prepared", all)]).unwrap();
    let batch = phone.back().unwrap().screen;
    let again = notices(&batch)[0].buttons.iter().find(|button| button.title == "Try again").unwrap();
    let batch = tap(&phone, &again.tap);
    assert_eq!(notices(&batch).len(), 1, "{batch:#?}");
    let batch = tap(&phone, &button(&batch, "Leave it out").unwrap().tap);
    assert!(notices(&batch).is_empty() && batch.main.is_none(), "{batch:#?}");
}

/// Found by reading: one record that a sync took from the phone, or one answer that does not fit, put an empty screen
/// in the place of all that was ticked.
#[test]
fn o15_what_left_the_phone_and_what_cannot_be_foreseen_leave_the_rest_ticked() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let plan = rep.create("day_plan", &["date=2030-01-01", "goals=Six", "plan=North", PREPARED]).unwrap();
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let many = json!({ "act": { "kind": "day_plan", "act": "submit" } });
    let gone = "01939d3e-0000-7000-8000-000000000001";
    let chosen = json!([gone, plan]);

    let pick = to(&phone, json!({ "pick": { "many": many, "chosen": chosen, "typed": "" } }));
    assert_eq!(pick.subtitle.as_deref(), Some("1 chosen"));
    assert!(notices(&pick)[0].text.starts_with("1 of those you chose left this phone"), "{pick:#?}");
    let foreseen = press(&phone, &[]).screen;
    assert_eq!((foreseen.name.as_str(), all_lines(&foreseen).len()), ("foresee", 1));

    let foreseen = to(&phone, json!({ "foresee": { "many": many, "chosen": chosen, "given": {} } }));
    assert!(notices(&foreseen)[0].text.starts_with("1 of those you chose left this phone"), "{foreseen:#?}");
    assert_eq!(foreseen.main.as_ref().unwrap().title, "Do it (1)");

    let unknown = json!({ "no_such_question": "x" });
    let wrong = to(&phone, json!({ "foresee": { "many": many, "chosen": [plan], "given": unknown } }));
    let why = wrong.main.as_ref().unwrap().why_not.as_ref().unwrap();
    assert_eq!((wrong.title.as_str(), why.code.as_deref()), ("Hand in", Some("batch-no-column")));
    assert_eq!(notices(&wrong)[0].code, why.code);

    // None is left: that is a word, not an empty screen.
    to(&phone, json!({ "pick": { "many": many, "chosen": [gone], "typed": "" } }));
    let after = phone.tap(&json!("picked").to_string(), &[]).unwrap();
    assert_eq!(
        (after.screen.name.as_str(), after.said.unwrap().text.as_str()),
        ("pick", "Tick at least one.")
    );
}

/// A batch of a thousand that is refused must not make a thousand notices with buttons.
#[test]
fn o15_of_many_that_were_refused_the_first_are_shown_and_the_rest_counted() {
    let folder = tempfile::tempdir().unwrap();
    let (cast, _) = Cast::found(folder.path(), 0).unwrap();
    let rep = enrolled(&cast, folder.path(), "李娜", "rep", "rep");
    let rows: String = (1..=22).map(|day| format!("2030-01-{day:02},Six,North,tools\n")).collect();
    let file = folder.path().join("plans.csv");
    std::fs::write(&file, format!("date,goals,plan,prepared\n{rows}")).unwrap();
    rep.json(&["batch", "create", "day_plan", "--rows", file.to_str().unwrap()]).unwrap();
    rep.json(&["sync"]).unwrap();
    let phone = app(&cast, folder.path(), "李娜", "rep", "second");
    let list = to(&phone, json!({ "list": { "kind": "day_plan", "act": "submit" } }));
    let chosen: Vec<&str> = all_lines(&list).iter().map(|line| line.id.as_str()).collect();
    assert_eq!(chosen.len(), 22);
    let many = json!({ "act": { "kind": "day_plan", "act": "submit" } });
    to(&phone, json!({ "foresee": { "many": many, "chosen": chosen, "given": {} } }));
    let batch = tap(&phone, &json!("many").to_string());
    assert_eq!(notices(&batch).len(), 20);
    let says =
        |block: &Block| matches!(block, Block::Text { text } if text.starts_with("2 more were refused"));
    assert!(batch.blocks.iter().any(says), "{batch:#?}");
    let batch = tap(&phone, &button(&batch, "Leave it out").unwrap().tap);
    assert_eq!(notices(&batch).len(), 20, "the next one follows");
}

#[test]
fn o15_o5_an_application_begins_for_each_policy_that_was_ticked() {
    let folder = tempfile::tempdir().unwrap();
    let (_cast, phone) = team(folder.path());
    let all = choices(&phone);
    let pick = tap(&phone, &button(&all, "Choose several").unwrap().tap);
    assert!(line(&pick, "P10000000123").unwrap().tap.is_none(), "it is greyed here too");
    for number in ["P10000000456", "P20000000123"] {
        let here = find(&phone, number);
        tap(&phone, line(&here, number).unwrap().tap.as_ref().unwrap());
    }
    let foreseen = press(&phone, &[]).screen;
    assert!(all_lines(&foreseen).is_empty() && foreseen.main.as_ref().unwrap().why_not.is_some());
    assert!(asked(&foreseen, "policy").is_none() && asked(&foreseen, "item").is_some());
    let foreseen = phone.tap(&foreseen.gives.unwrap(), &[given("item", "contact_change")]).unwrap().screen;
    assert_eq!(foreseen.main.as_ref().unwrap().title, "Do it (2)");
    let done = press(&phone, &[]).screen;
    let titles: Vec<&str> = all_lines(&done).iter().map(|line| line.title.as_str()).collect();
    assert_eq!(titles, ["P10000000456 Change of contact details", "P20000000123 Change of contact details"]);
    assert_eq!(phone.back().unwrap().screen.name, "today", "the question that asked is done with");
}
