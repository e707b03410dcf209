//! The app of somebody of the demo team, by its four verbs.

use rounds_app::ask::Given;
use rounds_app::screen::{After, Block, Button, Line, Notice, Screen};
use rounds_app::simulated::Simulated;
use rounds_app::{Phone, Question};
use rounds_device::platform::System;
use rounds_device::sync::stop::Stop;
use rounds_tests::day::cast::Cast;
use rounds_tests::phone::text;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

pub fn given(key: &str, value: &str) -> Given {
    Given { key: key.to_owned(), value: value.to_owned() }
}

/// The app of somebody who has signed in and has everything.
pub fn app(cast: &Cast, folder: &Path, person: &str, role: &str, name: &str) -> Phone {
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder).unwrap();
    let machine = Simulated::new(&folder);
    let phone = Phone::open(&folder.join("app"), machine.machine(Arc::new(System)), "en").unwrap();
    let code = cast.server.admin_json(&["invite", "--person", person, "--role", role]).unwrap();
    let code = text(&code, "code").unwrap();
    press(&phone, &[given("server", &cast.network.url()), given("code", &code)]);
    let after = press(&phone, &[given("pin", "2580"), given("again", "2580")]);
    assert_eq!(after.screen.name, "today");
    phone.sync(None, &Stop::new()).unwrap();
    phone
}

pub fn press(phone: &Phone, answers: &[Given]) -> After {
    phone.tap(&phone.now().unwrap().main.unwrap().tap, answers).unwrap()
}

/// Goes somewhere, as a line of a list does.
pub fn to(phone: &Phone, route: serde_json::Value) -> Screen {
    phone.tap(&json!({ "to": route }).to_string(), &[]).unwrap().screen
}

pub fn asked<'s>(screen: &'s Screen, key: &str) -> Option<&'s Question> {
    screen.blocks.iter().find_map(|block| match block {
        Block::Ask { question } if question.key == key => Some(question),
        _ => None,
    })
}

/// The lines of a screen, and those that come when its end is reached.
pub fn lines(phone: &Phone, blocks: &[Block]) -> (usize, usize) {
    let count = |blocks: &[Block]| blocks.iter().filter(|block| matches!(block, Block::Line { .. })).count();
    let mut more = 0;
    let mut next = blocks.iter().find_map(goes_on);
    while let Some(from) = next {
        let page = phone.page(&from).unwrap();
        more += count(&page.blocks);
        next = page.blocks.iter().find_map(goes_on);
    }
    (count(blocks), more)
}

fn goes_on(block: &Block) -> Option<String> {
    match block {
        Block::More { more } => Some(more.clone()),
        _ => None,
    }
}

/// Taps something of a screen.
pub fn tap(phone: &Phone, tap: &str) -> Screen {
    let after = phone.tap(tap, &[]).unwrap();
    let wrong = after.said.as_ref().filter(|said| said.code.is_some());
    assert!(wrong.is_none(), "{tap}: {wrong:?}");
    after.screen
}

/// Searches on a screen that can be searched.
pub fn find(phone: &Phone, words: &str) -> Screen {
    let screen = phone.now().unwrap();
    let tap = screen.blocks.iter().find_map(|block| match block {
        Block::Find { tap, .. } => Some(tap.clone()),
        _ => None,
    });
    phone.tap(&tap.unwrap(), &[given("find", words)]).unwrap().screen
}

/// The lines of a screen.
pub fn all_lines(screen: &Screen) -> Vec<&Line> {
    let line = |block: &'_ Block| matches!(block, Block::Line { .. });
    let blocks = screen.blocks.iter().filter(|block| line(block));
    blocks.filter_map(|block| if let Block::Line { line } = block { Some(line) } else { None }).collect()
}

/// A line by its id or its title.
pub fn line<'s>(screen: &'s Screen, said: &str) -> Option<&'s Line> {
    all_lines(screen).into_iter().find(|line| line.id == said || line.title == said)
}

/// A button of a screen by what its title begins with, wherever it stands.
pub fn button<'s>(screen: &'s Screen, title: &str) -> Option<&'s Button> {
    let in_column = screen.blocks.iter().filter_map(|block| match block {
        Block::Do { button } => Some(button),
        _ => None,
    });
    let in_notices = notices(screen).into_iter().flat_map(|notice| &notice.buttons);
    let mut all = screen.main.iter().chain(in_column).chain(in_notices).chain(&screen.also);
    all.find(|button| button.title.starts_with(title))
}

/// The notices of a screen.
pub fn notices(screen: &Screen) -> Vec<&Notice> {
    let blocks = screen.blocks.iter();
    blocks
        .filter_map(|block| if let Block::Notice { notice } = block { Some(notice) } else { None })
        .collect()
}

/// The value of a fact by its label.
pub fn fact<'s>(screen: &'s Screen, label: &str) -> Option<&'s str> {
    let facts = screen.blocks.iter().filter_map(|block| match block {
        Block::Facts { facts } => Some(facts),
        _ => None,
    });
    facts.flatten().find(|fact| fact.label == label).map(|fact| fact.value.as_str())
}
