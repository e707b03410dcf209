//! Plays the scenarios of `tests/scenarios` with the app of this process, through its four verbs. The format
//! is described there; Kotlin and Swift have players of their own.

use crate::stage::{Card, Stage};
use anyhow::{Context, Result, bail, ensure};
use rounds_app::ask::{Given, Input, Question};
use rounds_app::screen::{After, Block, Button, Screen};
use rounds_app::simulated::Simulated;
use rounds_app::{Choice, Phone};
use rounds_device::platform::System;
use rounds_device::sync::stop::Stop;
use serde_json::{Map, Value};
use std::path::Path;
use std::sync::Arc;

/// Plays a scenario's file; fails at the step that does not come out as told.
pub fn play(file: &Path) -> Result<()> {
    let text = std::fs::read_to_string(file)?;
    let scenario: Value = serde_json::from_str(&text).with_context(|| format!("{}", file.display()))?;
    let mut player = Player::new(scenario["language"].as_str().unwrap_or("zh-CN"))?;
    let steps = scenario["steps"].as_array().context("a scenario without steps")?;
    for (number, step) in (1..).zip(steps) {
        let step = filled(step, &player.card);
        player.step(&step).with_context(|| {
            let seen = player.seen.as_ref().map(|screen| format!("{screen:#?}")).unwrap_or_default();
            format!("{}, step {number}: {step}\nseen: {seen}\nsaid: {:?}", file.display(), player.said)
        })?;
    }
    Ok(())
}

/// One text that is offered, with what a tap on it is.
struct Offer<'s> {
    title: &'s str,
    id: &'s str,
    tap: &'s str,
    greyed: Option<String>,
    under: String,
}

struct App {
    phone: Phone,
    machine: Arc<Simulated>,
}

struct Player {
    language: String,
    stage: Stage,
    card: Card,
    name: String,
    apps: std::collections::BTreeMap<String, App>,
    waiting: Vec<Given>,
    seen: Option<Screen>,
    said: Option<String>,
    file: Option<String>,
}

impl Player {
    fn new(language: &str) -> Result<Player> {
        let stage = Stage::set()?;
        let card = stage.card().clone();
        Ok(Player {
            language: language.to_owned(),
            stage,
            card,
            name: String::new(),
            apps: Default::default(),
            waiting: vec![],
            seen: None,
            said: None,
            file: None,
        })
    }

    fn app(&self) -> Result<&App> {
        self.apps.get(&self.name).context("no app was opened")
    }

    fn screen(&self) -> Result<&Screen> {
        self.seen.as_ref().context("nothing is seen")
    }

    fn open(&mut self, name: &str) -> Result<()> {
        name.clone_into(&mut self.name);
        if !self.apps.contains_key(name) {
            let folder = self.card.folder.join(name);
            std::fs::create_dir_all(&folder)?;
            let machine = Simulated::new(&folder);
            let phone = Phone::open(&folder, machine.machine(Arc::new(System)), &self.language)?;
            self.apps.insert(name.to_owned(), App { phone, machine });
        }
        self.look()
    }

    fn look(&mut self) -> Result<()> {
        self.seen = Some(self.app()?.phone.now()?);
        Ok(())
    }

    fn after(&mut self, after: After) {
        self.said = after.said.map(|said| format!("{} {}", said.text, said.remedy.unwrap_or_default()));
        self.file = after.file.map(|file| file.purpose);
        self.seen = Some(after.screen);
    }

    fn step(&mut self, step: &Value) -> Result<()> {
        let step = step.as_object().context("a step is an object")?;
        let (verb, what) =
            step.iter().find(|(key, _)| *key != "under" && *key != "code").context("a step")?;
        let text = || what.as_str().context("a text");
        match verb.as_str() {
            "open" => self.open(text()?)?,
            "kill" => {
                let app = self.apps.remove(&self.name).context("no app")?;
                // What is let go of without being closed counts as killed; as the system does for a process
                // that is gone, this lets go of the files it had locked.
                drop(app);
                let name = self.name.clone();
                self.open(&name)?;
            }
            "close" => {
                self.app()?.phone.close()?;
                ensure!(self.app()?.phone.now().is_err_and(|e| e.code == "app-closed"), "it is not closed");
            }
            "reopen" => {
                self.app()?.phone.reopen()?;
                self.look()?;
            }
            "tap" => self.tap(text()?, step.get("under").and_then(Value::as_str))?,
            "give" => self.give(what.as_object().context("answers")?)?,
            "type" => {
                for (label, value) in what.as_object().context("texts")? {
                    let key = question(self.screen()?, label)?.key.clone();
                    self.app()?.phone.typing(&key, value.as_str().unwrap_or_default())?;
                }
                self.look()?;
            }
            "take" => {
                let tap = match &question(self.screen()?, text()?)?.input {
                    Input::Photo { take, .. } | Input::File { take, .. } | Input::Place { take } => {
                        take.clone()
                    }
                    Input::Barcode { scan } => scan.clone(),
                    Input::Signature { sign, .. } => sign.clone(),
                    other => bail!("nothing is taken there: {other:?}"),
                };
                self.tapped(&tap)?;
            }
            "more" => {
                let tap = match &question(self.screen()?, text()?)?.input {
                    Input::One { more: Some(more), .. } | Input::Several { more: Some(more), .. } => {
                        more.clone()
                    }
                    other => bail!("there is no more: {other:?}"),
                };
                self.tapped(&tap)?;
            }
            "find" => {
                let blocks = &self.screen()?.blocks;
                let tap = blocks.iter().find_map(|block| match block {
                    Block::Find { tap, .. } => Some(tap.clone()),
                    _ => None,
                });
                self.waiting.push(Given { key: "find".to_owned(), value: text()?.to_owned() });
                self.tapped(&tap.context("nothing to find with")?)?;
            }
            "back" => {
                let after = self.app()?.phone.back()?;
                self.after(after);
            }
            "machine" => self.machine(what.as_object().context("a machine")?)?,
            "stage" => {
                let answer = self.stage.obey(text()?)?;
                ensure!(answer.get("error").is_none(), "{answer}");
            }
            "sync" => {
                let done = self.app()?.phone.sync(None, &Stop::new());
                match (what, done) {
                    (Value::Bool(true), done) => drop(done?),
                    (_, Ok(_)) => bail!("the sync should have failed"),
                    (_, Err(error)) => {
                        let code = step.get("code").and_then(Value::as_str);
                        ensure!(code.is_none_or(|code| code == error.code), "it failed with {}", error.code);
                    }
                }
                self.look()?;
            }
            "page" => {
                let more = self.screen()?.blocks.iter().rev().find_map(|block| match block {
                    Block::More { more } => Some(more.clone()),
                    _ => None,
                });
                let page = self.app()?.phone.page(&more.context("there is no more")?)?;
                let screen = self.seen.as_mut().context("nothing is seen")?;
                screen.blocks.retain(|block| !matches!(block, Block::More { .. }));
                screen.blocks.extend(page.blocks);
            }
            "expect" => self.expect(what.as_object().context("expectations")?)?,
            other => bail!("no such step: {other}"),
        }
        Ok(())
    }

    fn tapped(&mut self, tap: &str) -> Result<()> {
        let given = std::mem::take(&mut self.waiting);
        let after = self.app()?.phone.tap(tap, &given)?;
        self.after(after);
        Ok(())
    }

    fn tap(&mut self, text: &str, under: Option<&str>) -> Result<()> {
        let screen = self.screen()?;
        let offers = offers(screen);
        let inside = |offer: &&Offer<'_>| under.is_none_or(|under| offer.under.contains(under));
        let exact = |offer: &&Offer<'_>| offer.title == text || offer.id == text;
        let offer = offers
            .iter()
            .filter(inside)
            .find(exact)
            .or_else(|| offers.iter().filter(inside).find(|offer| offer.title.contains(text)))
            .with_context(|| format!("nothing is called {text}"))?;
        if let Some(why) = &offer.greyed {
            bail!("{text} is greyed: {why}");
        }
        let tap = offer.tap.to_owned();
        self.tapped(&tap)
    }

    fn give(&mut self, answers: &Map<String, Value>) -> Result<()> {
        for (label, value) in answers {
            let screen = self.screen()?;
            let question = question(screen, label)?;
            let given = Given { key: question.key.clone(), value: stored(question, value)? };
            match screen.gives.clone() {
                Some(tap) => {
                    let after = self.app()?.phone.tap(&tap, &[given])?;
                    self.after(after);
                }
                None => self.waiting.push(given),
            }
        }
        Ok(())
    }

    fn machine(&mut self, what: &Map<String, Value>) -> Result<()> {
        let machine = self.app()?.machine.clone();
        for (sense, value) in what {
            match (sense.as_str(), value) {
                ("at", Value::Null) => machine.place(None),
                ("at", Value::String(_)) => {
                    let [north, east] = self.card.store;
                    machine.place(Some((north, east, 10.0)));
                }
                ("at", Value::Array(at)) => {
                    let degrees = |n: usize| at.get(n).and_then(Value::as_f64).context("degrees");
                    machine.place(Some((degrees(0)?, degrees(1)?, 10.0)));
                }
                ("photo", Value::Bool(true)) => machine.photo(Some(std::fs::read(&self.card.photo)?)),
                ("photo", _) => machine.photo(None),
                ("code", code) => machine.code(code.as_str().map(str::to_owned)),
                ("signs", signs) => machine.signs(signs.as_bool().unwrap_or(false)),
                ("keys", _) => machine.lose_keys(),
                other => bail!("no such sense: {other:?}"),
            }
        }
        Ok(())
    }

    fn expect(&self, what: &Map<String, Value>) -> Result<()> {
        let screen = self.screen()?;
        let seen = texts(screen);
        let list = |value: &Value| -> Result<Vec<String>> {
            let list = value.as_array().context("a list")?;
            Ok(list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect())
        };
        for (key, value) in what {
            let text = value.as_str();
            match key.as_str() {
                "name" => ensure!(text == Some(screen.name.as_str()), "its name is {}", screen.name),
                "title" => ensure!(text == Some(screen.title.as_str()), "its title is {}", screen.title),
                "main" => {
                    let main = screen.main.as_ref().map(|main| main.title.as_str());
                    ensure!(text == main, "the main button is {main:?}");
                }
                "texts" => {
                    for text in list(value)? {
                        ensure!(
                            seen.iter().any(|seen| seen.contains(&text)),
                            "{text} is not seen: {seen:#?}"
                        );
                    }
                }
                "not" => {
                    for text in list(value)? {
                        let found = seen.iter().find(|seen| seen.contains(&text));
                        ensure!(found.is_none(), "{text} is seen: {found:?}");
                    }
                }
                "said" => match text {
                    Some(text) => {
                        let said = self.said.as_deref().unwrap_or_default();
                        ensure!(said.contains(text), "it said {said:?}");
                    }
                    None => ensure!(self.said.is_none(), "it said {:?}", self.said),
                },
                "questions" => {
                    for (label, wanted) in value.as_object().context("questions")? {
                        asked(question(screen, label)?, wanted).with_context(|| label.clone())?;
                    }
                }
                "buttons" => {
                    for (title, wanted) in value.as_object().context("buttons")? {
                        button(screen, title, wanted).with_context(|| title.clone())?;
                    }
                }
                "chip" => {
                    let chip = screen.chip.as_ref().map(|chip| chip.state.as_str());
                    ensure!(text == chip, "the chip is {:?}", screen.chip);
                }
                "at" => {
                    let at = screen.at.as_deref().context("it is at no question")?;
                    let label = question(screen, at)?.label.clone();
                    ensure!(text.is_some_and(|text| label.contains(text)), "it is at {label}");
                }
                "count" => {
                    for (kind, wanted) in value.as_object().context("counts")? {
                        let is = |block: &&Block| {
                            serde_json::to_value(block).is_ok_and(|block| block["block"] == kind.as_str())
                        };
                        let count = screen.blocks.iter().filter(is).count() as u64;
                        ensure!(wanted.as_u64() == Some(count), "there are {count} of {kind}");
                    }
                }
                "file" => ensure!(text == self.file.as_deref(), "the file is for {:?}", self.file),
                other => bail!("no such expectation: {other}"),
            }
        }
        Ok(())
    }
}

/// Variables filled in, in every text of a step.
fn filled(value: &Value, card: &Card) -> Value {
    match value {
        Value::String(text) => {
            let mut text = text.clone();
            for (name, code) in &card.invitations {
                text = text.replace(&format!("${{invitations.{name}}}"), code);
            }
            for (name, value) in
                [("address", &card.address), ("today", &card.today), ("tomorrow", &card.tomorrow)]
            {
                text = text.replace(&format!("${{{name}}}"), value);
            }
            Value::String(text)
        }
        Value::Array(list) => list.iter().map(|one| filled(one, card)).collect(),
        Value::Object(map) => map.iter().map(|(key, one)| (key.clone(), filled(one, card))).collect(),
        other => other.clone(),
    }
}

fn questions(screen: &Screen) -> Vec<&Question> {
    let of = |block: &'_ Block| matches!(block, Block::Ask { .. });
    let blocks = screen.blocks.iter().filter(|block| of(block));
    blocks
        .filter_map(|block| if let Block::Ask { question } = block { Some(question) } else { None })
        .collect()
}

/// A question by its label or key.
fn question<'s>(screen: &'s Screen, said: &str) -> Result<&'s Question> {
    let (label, number) = match said.rsplit_once('#').map(|(label, n)| (label, n.parse::<usize>())) {
        Some((label, Ok(number))) => (label, number),
        _ => (said, 1),
    };
    let all = questions(screen);
    let exact: Vec<&Question> = all.iter().filter(|q| q.label == label || q.key == label).copied().collect();
    let found = match exact.is_empty() {
        false => exact,
        true => all.into_iter().filter(|q| q.label.contains(label)).collect(),
    };
    found.into_iter().nth(number.saturating_sub(1)).with_context(|| format!("nobody asks for {said}"))
}

/// An answer in its stored form: a choice may be said by its label.
fn stored(question: &Question, value: &Value) -> Result<String> {
    let said = match value {
        Value::String(text) => text.clone(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Array(several) => {
            let each = several.iter().map(|one| stored(question, one)).collect::<Result<Vec<_>>>()?;
            return Ok(each.join(" "));
        }
        other => bail!("no answer: {other}"),
    };
    let options: &[Choice] = match &question.input {
        Input::One { options, .. } | Input::Several { options, .. } | Input::Rank { options } => options,
        _ => &[],
    };
    let chosen = options.iter().find(|choice| choice.label == said);
    Ok(chosen.map_or(said, |choice| choice.value.clone()))
}

fn greyed(button: &Button) -> Option<String> {
    let why = button.why_not.as_ref()?;
    Some(format!("{} {}", why.text, why.remedy.clone().unwrap_or_default()))
}

/// Everything that is offered, in the order in which it is looked for.
fn offers(screen: &Screen) -> Vec<Offer<'_>> {
    let mut out = Vec::new();
    let of_button = |button: &'_ Button, under: &str| -> (String, Option<String>) {
        (format!("{under} {}", button.title), greyed(button))
    };
    let mut buttons: Vec<(&Button, String)> = vec![];
    buttons.extend(screen.main.iter().map(|main| (main, String::new())));
    for block in &screen.blocks {
        match block {
            Block::Do { button } => buttons.push((button, String::new())),
            Block::Notice { notice } => {
                let under = format!("{} {}", notice.text, notice.remedy.clone().unwrap_or_default());
                buttons.extend(notice.buttons.iter().map(|button| (button, under.clone())));
            }
            Block::Versions { versions } => {
                for version in &versions.versions {
                    let under =
                        format!("{} {} {} {}", versions.label, versions.about, version.value, version.by);
                    buttons.push((&version.button, under));
                }
                let under = format!("{} {}", versions.label, versions.about);
                buttons.extend(versions.other.iter().map(|button| (button, under.clone())));
            }
            _ => {}
        }
    }
    for (button, under) in &buttons {
        let (under, greyed) = of_button(button, under);
        out.push(Offer { title: &button.title, id: "", tap: &button.tap, greyed, under });
    }
    for block in &screen.blocks {
        let Block::Line { line } = block else { continue };
        let Some(tap) = &line.tap else { continue };
        let under = format!("{} {}", line.title, line.subtitle.clone().unwrap_or_default());
        out.push(Offer { title: &line.title, id: &line.id, tap, greyed: None, under });
    }
    for block in &screen.blocks {
        let Block::Facts { facts } = block else { continue };
        for fact in facts {
            let Some(tap) = &fact.tap else { continue };
            out.push(Offer { title: &fact.value, id: "", tap, greyed: None, under: fact.label.clone() });
        }
    }
    for button in &screen.also {
        let (under, greyed) = of_button(button, "");
        out.push(Offer { title: &button.title, id: "", tap: &button.tap, greyed, under });
    }
    for place in &screen.places {
        out.push(Offer {
            title: &place.title,
            id: &place.icon,
            tap: &place.tap,
            greyed: None,
            under: String::new(),
        });
    }
    if let Some(chip) = &screen.chip {
        out.push(Offer { title: &chip.text, id: "chip", tap: &chip.tap, greyed: None, under: String::new() });
    }
    out
}

/// Every text that is seen.
fn texts(screen: &Screen) -> Vec<String> {
    /// What is no text for people.
    const UNSEEN: [&str; 21] = [
        "tap",
        "id",
        "name",
        "icon",
        "key",
        "state",
        "code",
        "more",
        "picture",
        "gives",
        "at",
        "take",
        "scan",
        "sign",
        "tone",
        "is",
        "block",
        "purpose",
        "path",
        "mime",
        "versions_tap",
    ];
    fn collect(value: &Value, inside: &str, out: &mut Vec<String>) {
        match value {
            Value::String(text) => out.push(text.clone()),
            Value::Array(list) => list.iter().for_each(|one| collect(one, inside, out)),
            Value::Object(map) => {
                // The stored form of an answer or a choice is not seen; a fact's and a version's value is.
                let stored = map.contains_key("key") || (map.contains_key("value") && inside == "options");
                for (key, one) in map {
                    let unseen = UNSEEN.contains(&key.as_str()) && one.is_string();
                    if !(unseen || key == "value" && stored) {
                        collect(one, key, out);
                    }
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    collect(&serde_json::to_value(screen).unwrap_or_default(), "", &mut out);
    out
}

fn asked(question: &Question, wanted: &Value) -> Result<()> {
    for (part, wanted) in wanted.as_object().context("what is expected of it")? {
        let text = match part.as_str() {
            "value" => Some(&question.value).filter(|value| !value.is_empty()),
            "shown" => Some(&question.shown).filter(|shown| !shown.is_empty()),
            "typed" => question.typed.as_ref(),
            "error" => question.error.as_ref(),
            "required" | "read_only" => {
                let is = if part == "required" { question.required } else { question.read_only };
                ensure!(wanted.as_bool() == Some(is), "{part} is {is}");
                continue;
            }
            other => bail!("no such part of a question: {other}"),
        };
        match (wanted.as_str(), text) {
            (Some(wanted), Some(text)) => ensure!(text.contains(wanted), "{part} is {text:?}"),
            (Some(wanted), None) => bail!("{part} is not there, and {wanted:?} is expected"),
            (None, text) => ensure!(text.is_none(), "{part} is {text:?}"),
        }
    }
    Ok(())
}

fn button(screen: &Screen, title: &str, wanted: &Value) -> Result<()> {
    let offers = offers(screen);
    let found = offers.iter().find(|offer| offer.title == title);
    let found = found.or_else(|| offers.iter().find(|offer| offer.title.contains(title)));
    match (wanted, found) {
        (Value::Bool(false), None) => {}
        (Value::Bool(false), Some(found)) => bail!("{} is there", found.title),
        (_, None) => bail!("it is not there"),
        (Value::Bool(true), Some(found)) => {
            ensure!(found.greyed.is_none(), "it is greyed: {:?}", found.greyed)
        }
        (Value::String(why), Some(found)) => {
            let greyed = found.greyed.as_deref().context("it is enabled")?;
            ensure!(greyed.contains(why.as_str()), "it is greyed: {greyed}");
        }
        other => bail!("no such expectation: {:?}", other.0),
    }
    Ok(())
}
