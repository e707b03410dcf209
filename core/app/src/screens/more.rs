//! Everything else: what is set, things to know, the slots of the day.

use super::Look;
use crate::ask::{Input, Question};
use crate::route::Route;
use crate::screen::{Badge, Block, Button, Fact, Line, Notice, Screen, Sure, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use std::path::Path;

impl Look<'_> {
    pub(super) fn more(&self) -> Result<Screen, RoundsError> {
        let status = self.rounds.status(self.lang)?;
        let mut screen = Screen::new("more", self.plain("place-more"));
        if let Ok(me) = self.rounds.identity() {
            let facts = vec![
                Fact::new(self.plain("more-person"), me.person.name.clone()),
                Fact::new(self.plain("more-team"), me.team.name.clone()),
            ];
            screen.blocks.push(Block::Facts { facts });
        }
        let line = |id: &str, key: &str, route: Route, count: u64| {
            let mut line = Line::new(id, self.plain(key)).tapping(&Tap::To(route));
            if count > 0 {
                line.badges.push(Badge::new(count.to_string(), Tone::Active));
            }
            line
        };
        let conflicts = self.rounds.conflicts(self.lang)?.len() as u64;
        screen.line(line("notices", "notices", Route::Notices, status.notices));
        screen.line(line("conflicts", "conflicts-title", Route::Conflicts, conflicts));
        screen.line(line("batches", "batches", Route::Batches, self.rounds.batches(self.lang)?.len() as u64));
        screen.line(line("schedule", "schedule", Route::Schedule, 0));
        screen.line(line("search", "search", Route::Search { typed: String::new() }, 0));
        screen.line(line("settings", "settings", Route::Settings, 0));
        let lock = Line::new("lock", self.plain("lock")).tapping(&Tap::Lock);
        screen.line(Line { subtitle: Some(self.plain("lock-text")), ..lock });
        Ok(screen)
    }

    pub(super) fn settings(&self) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("settings", self.plain("settings"));
        let (set, rounds) = (self.inner.set(), self.rounds.settings()?);
        screen.gives = Some(Tap::Give.text());
        let yes_or_no = |key: &str, label: &str, is: bool| {
            let options = vec![
                crate::Choice::new("true", &self.plain("yes")),
                crate::Choice::new("false", &self.plain("no-word")),
            ];
            Question {
                value: is.to_string(),
                shown: self.truth(&is.to_string()),
                hint: Some(self.plain(&format!("{label}-hint"))),
                ..Question::new(key, self.plain(label), Input::One { options, more: None })
            }
        };
        let languages = [("zh-CN", "中文"), ("en", "English")];
        let shown = languages.iter().find(|(tag, _)| *tag == self.lang.tag()).map_or("", |(_, name)| name);
        screen.ask(Question {
            value: self.lang.tag().to_owned(),
            shown: shown.to_owned(),
            ..Question::new(
                "language",
                self.plain("set-language"),
                Input::One {
                    options: languages.iter().map(|(tag, name)| crate::Choice::new(tag, name)).collect(),
                    more: None,
                },
            )
        });
        screen.ask(yes_or_no("wifi_only", "set-wifi", rounds.wifi_only));
        screen.ask(yes_or_no("single", "set-single", set.single));
        let status = self.rounds.status(self.lang)?;
        let home = self.inner.reps.home(&self.session.rep);
        let mut facts = vec![
            Fact::new(self.plain("set-storage"), size(used(&home))),
            Fact::new(self.plain("set-photos"), size(used(&home.join("blobs")))),
            Fact::new(self.plain("set-waiting"), status.waiting.to_string()),
            Fact::new(self.plain("set-version"), env!("CARGO_PKG_VERSION").to_owned()),
        ];
        if let Ok(me) = self.rounds.identity() {
            facts.push(Fact::new(self.plain("enrol-server"), me.server.clone()));
        }
        screen.blocks.push(Block::Facts { facts });
        screen.button(Button::new(&Tap::Log, self.plain("support-log")));
        screen.button(Button::new(&Tap::HandOver, self.plain("hand-over")));
        screen.button(Button::new(&Tap::To(Route::ChangePin), self.plain("change-pin")));
        screen.button(Button::new(&Tap::Lock, self.plain("lock")));
        let mut out = Button::new(&Tap::SignOut, self.plain("sign-out"));
        out.tone = Tone::Bad;
        match self.unsent()? {
            0 => {
                out.sure = Some(Sure {
                    text: self.plain("sign-out-sure"),
                    yes: self.plain("sign-out"),
                    no: self.plain("no"),
                });
            }
            n => {
                let mut why =
                    Notice::saying(Tone::Warning, self.words("sign-out-unsent", &[("n", n.to_string())]));
                why.remedy = Some(self.plain("sign-out-unsent-remedy"));
                why.code = Some("sign-out-unsent".to_owned());
                why.buttons.push(Button::new(&Tap::Sync, self.plain("sync-now")));
                why.buttons.push(Button::new(&Tap::HandOver, self.plain("hand-over")));
                out = out.not(why);
            }
        }
        screen.button(out);
        Ok(screen)
    }

    /// What would be lost if this rep left the phone: records that wait, held items, photos.
    pub(crate) fn unsent(&self) -> Result<u64, RoundsError> {
        let status = self.rounds.status(self.lang)?;
        let held = self.rounds.outbox(self.lang)?.held.len() as u64;
        Ok(status.waiting + held + status.media.total.saturating_sub(status.media.sent))
    }

    pub(super) fn change_pin(&self) -> Screen {
        let mut screen = Screen::new("change_pin", self.plain("change-pin"));
        for (key, label) in [("old", "pin-old"), ("pin", "pin-new"), ("again", "pin-again")] {
            let question = Question::new(key, self.plain(label), Input::Pin);
            screen.ask(Question { required: true, ..question });
        }
        screen.main = Some(Button::new(&Tap::SetPin, self.plain("first-pin-do")));
        screen
    }

    pub(super) fn schedule(&self) -> Result<Screen, RoundsError> {
        let plan = self.rounds.day_plan(None, self.lang)?;
        let mut screen = Screen::new("schedule", self.plain("schedule"));
        screen.subtitle = Some(plan.day.clone());
        if plan.schedules.is_empty() {
            screen.empty(self.plain("schedule-none"), String::new());
        }
        for schedule in plan.schedules {
            let title = match &schedule.season {
                Some(season) => format!("{} · {season}", schedule.title),
                None => schedule.title.clone(),
            };
            screen.heading(title);
            if let Some(note) = schedule.note {
                screen.text(note);
            }
            for slot in schedule.slots {
                let mut line = Line::new(&format!("{}/{}", schedule.name, slot.name), slot.title);
                line.end = Some(format!("{}–{}", slot.from, slot.to));
                if slot.now {
                    line.mark = Some("→".to_owned());
                    line.badges.push(Badge::new(self.plain("schedule-now"), Tone::Active));
                }
                screen.line(line);
            }
        }
        Ok(screen)
    }
}

/// The bytes of a folder and those in it.
fn used(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let one = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(data) if data.is_dir() => used(&entry.path()),
        Ok(data) => data.len(),
        Err(_) => 0,
    };
    entries.flatten().map(one).sum()
}

/// "1.4 MB".
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
