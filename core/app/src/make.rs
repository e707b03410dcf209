//! Plain beginnings of what screens are made of, so that each says only what is special about it.

use crate::ask::{Choice, Input, Question};
use crate::screen::{Badge, Block, Button, Fact, Line, Notice, Screen, Tone};
use crate::tap::Tap;
use rounds_device::screens::record::Reason;
use rounds_device::{Class, RoundsError};
use rounds_model::text::Lang;

impl Screen {
    /// A screen with nothing on it.
    pub(crate) fn new(name: &str, title: String) -> Screen {
        Screen {
            name: name.to_owned(),
            id: name.to_owned(),
            title,
            subtitle: None,
            chip: None,
            places: vec![],
            back: false,
            blocks: vec![],
            main: None,
            also: vec![],
            at: None,
            gives: None,
            again_ms: None,
        }
    }

    pub(crate) fn heading(&mut self, text: String) {
        self.blocks.push(Block::Heading { text });
    }

    pub(crate) fn text(&mut self, text: String) {
        self.blocks.push(Block::Text { text });
    }

    pub(crate) fn line(&mut self, line: Line) {
        self.blocks.push(Block::Line { line });
    }

    pub(crate) fn ask(&mut self, question: Question) {
        self.blocks.push(Block::Ask { question });
    }

    pub(crate) fn button(&mut self, button: Button) {
        self.blocks.push(Block::Do { button });
    }

    pub(crate) fn notice(&mut self, notice: Notice) {
        self.blocks.push(Block::Notice { notice });
    }

    pub(crate) fn empty(&mut self, title: String, text: String) {
        self.blocks.push(Block::Empty { title, text });
    }
}

impl Button {
    /// A button that can be tapped at once.
    pub(crate) fn new(tap: &Tap, title: String) -> Button {
        Button { tap: tap.text(), title, tone: Tone::Neutral, why_not: None, asks: vec![], sure: None }
    }

    /// The same, greyed.
    pub(crate) fn not(mut self, why: Notice) -> Button {
        self.why_not = Some(why);
        self
    }
}

impl Question {
    /// A question without an answer.
    pub(crate) fn new(key: &str, label: String, input: Input) -> Question {
        Question {
            key: key.to_owned(),
            label,
            hint: None,
            input,
            value: String::new(),
            shown: String::new(),
            typed: None,
            required: false,
            read_only: false,
            error: None,
            comment: None,
            versions: None,
        }
    }
}

impl Choice {
    pub(crate) fn new(value: &str, label: &str) -> Choice {
        Choice { value: value.to_owned(), label: label.to_owned(), why_not: None }
    }
}

impl Line {
    /// A line that says what something is called.
    pub(crate) fn new(id: &str, title: String) -> Line {
        Line {
            id: id.to_owned(),
            mark: None,
            title,
            subtitle: None,
            end: None,
            badges: vec![],
            why_not: None,
            tap: None,
            chosen: None,
            picture: None,
        }
    }

    pub(crate) fn tapping(mut self, tap: &Tap) -> Line {
        self.tap = Some(tap.text());
        self
    }
}

impl Badge {
    pub(crate) fn new(text: String, tone: Tone) -> Badge {
        Badge { text, tone }
    }
}

impl Fact {
    pub(crate) fn new(label: String, value: String) -> Fact {
        Fact { label, value, tone: Tone::Neutral, tap: None }
    }
}

impl Notice {
    pub(crate) fn saying(tone: Tone, text: String) -> Notice {
        Notice { tone, text, remedy: None, code: None, buttons: vec![] }
    }

    /// What went wrong, in words.
    pub(crate) fn of(error: &RoundsError, lang: Lang) -> Notice {
        let remedy = error.remedy.get(lang);
        Notice {
            tone: match error.class {
                Class::Storage | Class::Internal => Tone::Bad,
                _ => Tone::Warning,
            },
            text: error.text.get(lang).to_owned(),
            remedy: Some(remedy.to_owned()).filter(|remedy| !remedy.is_empty()),
            code: Some(error.code.clone()),
            buttons: vec![],
        }
    }

    /// Why something is not possible.
    pub(crate) fn why(reason: &Reason) -> Notice {
        Notice {
            tone: Tone::Warning,
            text: reason.reason.clone(),
            remedy: Some(reason.remedy.clone()).filter(|remedy| !remedy.is_empty()),
            code: Some(reason.code.clone()),
            buttons: vec![],
        }
    }
}

/// How the device's screens name a tone.
pub(crate) fn tone(name: &str) -> Tone {
    match name {
        "active" => Tone::Active,
        "good" => Tone::Good,
        "warning" => Tone::Warning,
        "bad" => Tone::Bad,
        _ => Tone::Neutral,
    }
}
