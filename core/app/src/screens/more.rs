//! Everything else: what is set, things to know, many records at once, the slots of the day.

use super::{Look, line_of};
use crate::ask::{Input, Question};
use crate::make::tone;
use crate::route::Route;
use crate::screen::{Badge, Block, Button, Fact, Line, Notice, Screen, Sure, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_device::store::batches::State;
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

    pub(super) fn batches(&self) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("batches", self.plain("batches"));
        let all = self.rounds.batches(self.lang)?;
        if all.is_empty() {
            screen.empty(self.plain("batches-none"), self.plain("batches-none-text"));
        }
        for batch in all {
            let mut line = Line::new(&batch.number.to_string(), batch.title);
            line.subtitle = Some(batch.state_text);
            line.end = Some(batch.at);
            if batch.state == "needs_you" {
                line.mark = Some("!".to_owned());
            }
            screen.line(line.tapping(&Tap::To(Route::Batch { number: batch.number })));
        }
        Ok(screen)
    }

    pub(super) fn batch(&self, number: i64) -> Result<Screen, RoundsError> {
        let batch = self.rounds.batch(number, self.lang)?;
        let mut screen = Screen::new("batch", batch.line.title.clone());
        screen.subtitle = Some(batch.line.state_text.clone());
        if let Some(newer) = &batch.line.newer {
            screen.notice(Notice::saying(Tone::Warning, newer.clone()));
        }
        if batch.line.progress.of > 0 {
            screen.blocks.push(Block::Progress {
                text: batch.line.state_text.clone(),
                done: u64::from(batch.line.progress.done),
                of: u64::from(batch.line.progress.of),
            });
        }
        for item in &batch.items {
            let id = item.item.to_string();
            let mut line = match &item.record {
                Some(record) => line_of(record),
                None => {
                    let typed: Vec<&str> = item.typed.iter().map(|(_, value)| value.as_str()).collect();
                    Line::new(&id, typed.join(" · "))
                }
            };
            line.id = id;
            let meant = match item.state {
                State::Done => tone("good"),
                State::Refused => tone("bad"),
                _ => tone("neutral"),
            };
            line.badges.insert(0, Badge::new(item.state_text.clone(), meant));
            line.why_not = item.reason.as_ref().map(|why| format!("{} {}", why.reason, why.remedy));
            screen.line(line);
        }
        match batch.line.state {
            "going" => {
                screen.main = Some(Button::new(&Tap::BatchOn(number), self.plain("batch-on")));
                let mut cancel = Button::new(&Tap::BatchCancel(number), self.plain("batch-cancel"));
                cancel.sure = Some(Sure {
                    text: self.plain("batch-cancel-sure"),
                    yes: self.plain("batch-cancel"),
                    no: self.plain("no"),
                });
                screen.also.push(cancel);
            }
            "needs_you" => {
                screen.main = Some(Button::new(&Tap::BatchOn(number), self.plain("batch-again")));
                screen.also.push(Button::new(&Tap::BatchCancel(number), self.plain("batch-cancel")));
            }
            _ => {}
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
