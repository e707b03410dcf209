//! How fast the app's screens are, against the aims: Today with 200 visits and 50,000 records in the store,
//! a form of 300 questions, an answer in it. Run by hand, released:
//! `cargo test --release -p rounds-tests --test app_speed -- --ignored --nocapture`.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use rounds_app::Phone;
use rounds_app::ask::Given;
use rounds_app::screen::{After, Block, Screen};
use rounds_app::simulated::Simulated;
use rounds_device::platform::System;
use rounds_device::sync::stop::Stop;
use rounds_tests::stage::Stage;
use rust_xlsxwriter::Workbook;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const RECORDS: usize = 50_000;
const VISITS: usize = 200;
const QUESTIONS: usize = 300;

fn given(key: &str, value: &str) -> Given {
    Given { key: key.to_owned(), value: value.to_owned() }
}

/// Taps what is called this: the main button or a line.
fn tap(phone: &Phone, screen: &Screen, title: &str, answers: &[Given]) -> After {
    let main = screen.main.iter().map(|main| (main.title.as_str(), main.tap.clone()));
    let lines = screen.blocks.iter().filter_map(|block| match block {
        Block::Line { line } => Some((line.title.as_str(), line.tap.clone()?)),
        _ => None,
    });
    let places = screen.places.iter().map(|place| (place.title.as_str(), place.tap.clone()));
    let found = main.chain(lines).chain(places).find(|(known, _)| known.contains(title));
    let (_, tap) = found.unwrap_or_else(|| panic!("no {title} on {screen:#?}"));
    let after = phone.tap(&tap, answers).unwrap();
    assert!(after.said.as_ref().is_none_or(|said| said.code.is_none()), "{:?}", after.said);
    after
}

/// A pack of one kind with a workbook of so many questions.
fn long_form(folder: &Path) {
    std::fs::create_dir_all(folder.join("forms")).unwrap();
    let pack = r#"
id = "long"
version = 1
title = { zh = "长表", en = "Long form" }
[kinds.long_form]
title = { zh = "长表", en = "Long form" }
plural = { zh = "长表", en = "Long forms" }
scope = "owner"
form = "forms/long.xlsx"
create = ["rep"]
initial = "draft"
[kinds.long_form.display]
title = { zh = "'长表'", en = "'Long form'" }
[kinds.long_form.stages]
draft = { title = { zh = "草稿", en = "Draft" } }
[[kinds.long_form.write]]
stages = ["draft"]
roles = ["rep"]
fields = ["*"]
"#;
    std::fs::write(folder.join("pack.toml"), pack).unwrap();
    let mut book = Workbook::new();
    let survey = book.add_worksheet().set_name("survey").unwrap();
    let head = ["type", "name", "label::中文 (zh)", "label::English (en)", "required", "constraint"];
    for (column, text) in (0..).zip(head) {
        survey.write(0, column, text).unwrap();
    }
    for n in 1..=QUESTIONS {
        let row = u32::try_from(n).unwrap();
        let cells =
            ["integer", &format!("q{n}"), &format!("问题 {n}"), &format!("Question {n}"), "yes", ". >= 0"];
        for (column, text) in (0..).zip(cells) {
            survey.write(row, column, text).unwrap();
        }
    }
    let settings = book.add_worksheet().set_name("settings").unwrap();
    for (column, (key, value)) in (0..).zip([("form_title", "Long"), ("form_id", "long"), ("version", "1")]) {
        settings.write(0, column, key).unwrap();
        settings.write(1, column, value).unwrap();
    }
    book.save(folder.join("forms/long.xlsx")).unwrap();
}

/// The median of some tries.
fn median(mut tries: Vec<Duration>) -> Duration {
    tries.sort();
    tries[tries.len() / 2]
}

#[test]
#[ignore = "a measurement, run by hand and released"]
fn screens_answers_and_long_forms() {
    let stage = Stage::set().unwrap();
    let card = stage.card().clone();
    let folder = card.folder.join("speed");
    std::fs::create_dir_all(&folder).unwrap();
    let mut table = String::from("number,holder,product,service_code\n");
    for n in 0..RECORDS {
        table.push_str(&format!("P{n:011},Holder {n},Product,8001\n"));
    }
    let csv = folder.join("policies.csv");
    std::fs::write(&csv, table).unwrap();
    stage.admin(&["import", "policy", csv.to_str().unwrap(), "--key", "number"]).unwrap();
    long_form(&folder.join("long"));
    stage.admin(&["publish", folder.join("long").to_str().unwrap()]).unwrap();

    let machine = Simulated::new(&folder);
    machine.place(Some((card.store[0], card.store[1], 10.0)));
    let phone = Phone::open(&folder.join("app"), machine.machine(Arc::new(System)), "en").unwrap();
    let code = card.invitations.get("李娜").unwrap();
    let enrol = [given("server", &card.address), given("code", code)];
    let after = tap(&phone, &phone.now().unwrap(), "Join", &enrol);
    tap(&phone, &after.screen, "Set the PIN", &[given("pin", "2580"), given("again", "2580")]);
    phone.sync(None, &Stop::new()).unwrap();
    for n in 0..VISITS {
        let after = tap(&phone, &phone.now().unwrap(), "Add: Visit", &[]);
        let store = format!("S{:04}", n % 12 + 1);
        tap(&phone, &after.screen, "Begin", &[given("store", &store), given("order", &n.to_string())]);
        phone.back().unwrap();
    }
    let measure = |what: &str, aim: Duration, tries: Vec<Duration>| {
        let took = median(tries);
        println!("{what}: {:.1} ms (aim {:.0} ms)", took.as_secs_f64() * 1e3, aim.as_secs_f64() * 1e3);
    };
    let looks = || {
        let began = Instant::now();
        let screen = phone.now().unwrap();
        (began.elapsed(), screen)
    };
    let (_, today) = looks();
    let lines = today.blocks.iter().filter(|block| matches!(block, Block::Line { .. })).count();
    assert_eq!(lines, VISITS);
    let tries = (0..21).map(|_| looks().0).collect();
    measure("Today, 200 visits, 50,000 records", Duration::from_millis(20), tries);

    let work = tap(&phone, &today, "Work", &[]);
    let list = tap(&phone, &work.screen, "Long forms", &[]);
    let form = tap(&phone, &list.screen, "New: Long form", &[]);
    assert_eq!(form.screen.name, "form");
    let asked = form.screen.blocks.iter().filter(|block| matches!(block, Block::Ask { .. })).count();
    assert_eq!(asked, QUESTIONS);
    let tries = (0..21).map(|_| looks().0).collect();
    measure("a form of 300 questions", Duration::from_millis(100), tries);
    let gives = form.screen.gives.clone().unwrap();
    let tries = (0..21)
        .map(|n| {
            let began = Instant::now();
            phone.tap(&gives, &[given(&format!("q{}", n + 1), "7")]).unwrap();
            began.elapsed()
        })
        .collect();
    measure("an answer in it, with the whole screen", Duration::from_millis(10), tries);
}
