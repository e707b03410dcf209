//! Answers, for people or as JSON: one value on the standard output; refusals on the standard
//! error, as JSON too if that was asked for.

use crate::admin::Refused;
use crate::error::Error;
use crate::texts::messages;
use rounds_model::text::{Lang, Text};
use rounds_protocol::fault::FaultBody;
use serde_json::{Value, json};
use std::io::Write;

/// How to answer.
pub struct Say {
    json: bool,
    lang: Lang,
}

impl Say {
    /// As asked for, or as the system speaks.
    pub fn new(json: bool, lang: Option<&str>) -> Say {
        let system = || {
            let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)
        };
        let lang = lang.map(str::to_owned).or_else(system).unwrap_or_default();
        // A system that names neither language is most likely an English one.
        Say { json, lang: lang.parse().unwrap_or(Lang::En) }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A message.
    pub fn text(&self, key: &str, args: &[(&str, String)]) -> String {
        messages().get(self.lang, key, args)
    }

    /// A text of a pack.
    pub fn of<'a>(&self, text: &'a Text) -> &'a str {
        text.get(self.lang)
    }

    /// The answer: as JSON, or as lines of text.
    pub fn answer(&self, json: &Value, lines: impl IntoIterator<Item = String>) {
        let text = if self.json {
            format!("{json:#}\n")
        } else {
            lines.into_iter().map(|line| line + "\n").collect()
        };
        // Nobody may be reading any more; what was done is done.
        let _ = std::io::stdout().write_all(text.as_bytes());
        let _ = std::io::stdout().flush();
    }

    /// Why it was not done.
    pub fn refused(&self, why: &[Refused]) {
        let text = if self.json {
            let one = |r: &Refused| json!({ "code": r.code, "text": r.text() });
            format!("{:#}\n", json!({ "refused": why.iter().map(one).collect::<Vec<_>>() }))
        } else {
            why.iter().map(|refused| refused.say(self.lang) + "\n").collect()
        };
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// What a phone would be told, in words: a code alone helps nobody.
    fn fault(&self, fault: &FaultBody) {
        let (text, remedy) = (fault.text.get(self.lang), fault.remedy.get(self.lang));
        let said = if self.json {
            format!("{:#}\n", json!({ "failed": text, "remedy": remedy, "code": fault.code }))
        } else {
            format!("{text}\n{remedy}\n")
        };
        let _ = std::io::stderr().write_all(said.as_bytes());
    }

    /// That something broke.
    pub fn failed(&self, error: &Error) {
        if let Error::Fault(fault) = error {
            return self.fault(&fault.body());
        }
        let mut detail = error.to_string();
        let mut next = std::error::Error::source(error);
        while let Some(cause) = next {
            detail = format!("{detail}: {cause}");
            next = cause.source();
        }
        let text = if self.json {
            format!("{:#}\n", json!({ "failed": detail, "code": error.fault().code() }))
        } else {
            self.text("failed", &[("detail", detail)]) + "\n"
        };
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}
