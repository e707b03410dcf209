//! Answers, for people or as JSON: one value on the standard output; refusals on the standard
//! error, as JSON too if that was asked for.

use crate::admin::Refused;
use crate::error::Error;
use crate::texts::{file_trouble, messages};
use chrono::{DateTime, SecondsFormat};
use chrono_tz::Tz;
use rounds_model::text::{Lang, Text};
use rounds_protocol::enrol::Team;
use rounds_protocol::fault::FaultBody;
use serde_json::{Value, json};
use std::io::Write;

/// How to answer.
pub struct Say {
    json: bool,
    lang: Lang,
    /// The team's; none before there is a team.
    zone: Option<Tz>,
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
        Say { json, lang: lang.parse().unwrap_or(Lang::En), zone: None }
    }

    /// The same, with times as people of this team read them.
    pub fn for_team(&self, team: &Team) -> Say {
        Say { zone: team.zone.parse().ok(), ..*self }
    }

    /// A time by the team's clocks, as its phones and its console show it; in UTC, and saying so,
    /// without a team.
    pub fn time(&self, at_ms: i64) -> String {
        let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
        match self.zone {
            Some(zone) => at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
            None => at.to_rfc3339_opts(SecondsFormat::Secs, true),
        }
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

    /// What broke, in words where there are any.
    fn detail(&self, error: &Error) -> String {
        let key = match error {
            Error::Io(e) => return file_trouble(e).get(self.lang).to_owned(),
            Error::StorageFull => "failure-storage-full",
            Error::StorageBusy => "failure-storage-busy",
            Error::StorageNewer { .. } => "failure-storage-newer",
            Error::StorageDamaged(what) => {
                return self.text("failure-storage-damaged", &[("detail", what.clone())]);
            }
            other => {
                let mut detail = other.to_string();
                let mut next = std::error::Error::source(other);
                while let Some(cause) = next {
                    detail = format!("{detail}: {cause}");
                    next = cause.source();
                }
                return detail;
            }
        };
        self.text(key, &[])
    }

    /// That something broke.
    pub fn failed(&self, error: &Error) {
        if let Error::Fault(fault) = error {
            return self.fault(&fault.body());
        }
        let detail = self.detail(error);
        let text = if self.json {
            format!("{:#}\n", json!({ "failed": detail, "code": error.fault().code() }))
        } else {
            self.text("failed", &[("detail", detail)]) + "\n"
        };
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rounds_model::ids::TeamId;

    #[test]
    fn times_are_those_of_the_teams_clocks() {
        let say = Say::new(false, Some("en"));
        assert_eq!(say.time(0), "1970-01-01T00:00:00Z", "no team yet, so it says which clock");
        let team = Team { id: TeamId::v7(0, [0; 10]), name: "大连".into(), zone: "Asia/Shanghai".into() };
        assert_eq!(say.for_team(&team).time(57_000_000), "1970-01-01 23:50");
    }

    #[test]
    fn what_a_system_says_is_said_in_words() {
        let missing = || Error::Io(std::io::Error::from(std::io::ErrorKind::NotFound));
        let zh = Say::new(false, Some("zh")).detail(&missing());
        assert!(zh.contains("没有这个文件") && !zh.contains("entity"), "{zh}");
        assert!(Say::new(false, Some("en")).detail(&Error::StorageFull).contains("Make room"));
    }
}
