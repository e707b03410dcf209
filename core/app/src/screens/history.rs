//! What was done with a record: by whom, how it was ruled, why it was sent back and what it came to.

use super::{Look, open};
use crate::make::tone;
use crate::pictures;
use crate::route::Route;
use crate::screen::{Badge, Block, Button, Fact, Line, Notice, Screen, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_device::screens::record::{Done, RecordScreen};
use rounds_device::screens::said::Said;
use rounds_model::ids::DocId;
use rounds_workflow::Kind;

/// Acts that stand on a record's own screen.
const LATELY: usize = 3;

impl Look<'_> {
    /// Why it was sent back, where the last that happened was that: the first thing to know.
    pub(super) fn sent_back(&self, kind: &Kind, record: &RecordScreen, may_fill: bool, screen: &mut Screen) {
        let Some(last) = record.done.last().filter(|last| last.state != "blocked") else { return };
        let meant = kind.act(&last.name).map(|rule| tone(super::act::tone_name(rule.tone)));
        let Some(meant @ (Tone::Warning | Tone::Bad)) = meant else { return };
        let said: Vec<&Said> = last.carried.iter().filter(|said| !is_file(said)).collect();
        let said = match said.as_slice() {
            [] => return,
            [one] => self.read_out(one),
            several => {
                let each = several.iter().map(|one| format!("{}: {}", one.title, self.read_out(one)));
                each.collect::<Vec<_>>().join(" · ")
            }
        };
        let args = [("act", last.title.clone()), ("by", last.by.clone()), ("said", said)];
        let mut notice = Notice::saying(meant, self.words("record-sent-back", &args));
        if may_fill {
            let route = Route::Form { doc: record.row.id };
            notice.buttons.push(Button::new(&Tap::To(route), self.plain("fill-on")));
        }
        screen.notice(notice);
    }

    /// What was done last.
    pub(super) fn lately(&self, record: &RecordScreen, screen: &mut Screen) {
        if record.done.is_empty() {
            return;
        }
        screen.heading(self.plain("record-lately"));
        for done in record.done.iter().rev().take(LATELY) {
            self.done(record, done, screen);
        }
    }

    /// An act, with what it carried and what it came to.
    fn done(&self, record: &RecordScreen, done: &Done, screen: &mut Screen) {
        let (key, tone) = match done.state {
            "accepted" => ("state-accepted", Tone::Good),
            "turned" => ("state-turned", Tone::Warning),
            "blocked" => ("state-blocked", Tone::Bad),
            _ => ("state-pending", Tone::Active),
        };
        let mut badges = vec![Badge::new(self.plain(key), tone)];
        if let Some(doubt) = &done.clock {
            badges.push(Badge::new(doubt.clone(), Tone::Warning));
        }
        let title = match &done.turned {
            Some(turned) => format!("{} → {turned}", done.title),
            None => done.title.clone(),
        };
        screen.line(Line {
            subtitle: Some(format!("{} · {}", done.by, done.at)),
            badges,
            why_not: done.reason.as_ref().map(|why| format!("{} {}", why.reason, why.remedy)),
            ..Line::new(&done.act.to_string(), title)
        });
        let facts = done.carried.iter().chain(&done.facts).map(|said| self.fact(said));
        let facts: Vec<Fact> = facts.collect();
        if !facts.is_empty() {
            screen.blocks.push(Block::Facts { facts });
        }
        // The record keeps what the latest act of a name carried.
        let latest = record.done.iter().rev().find(|other| other.name == done.name);
        let kept = latest.is_some_and(|latest| latest.act == done.act && latest.state != "blocked");
        for photo in done.carried.iter().filter(|said| kept && said.kind == "image") {
            screen.blocks.push(Block::Picture {
                picture: pictures::name(record.row.id, &format!("@{}/{}", done.name, photo.name)),
                about: photo.title.clone(),
            });
        }
    }

    fn fact(&self, said: &Said) -> Fact {
        let linked: Option<DocId> = said.value.parse().ok().filter(|_| said.kind == "record");
        let here = linked.filter(|doc| self.rounds.row_of(*doc, self.lang).is_ok());
        Fact { tap: here.map(|doc| open(doc).text()), ..Fact::new(said.title.clone(), self.read_out(said)) }
    }

    /// As people read it.
    fn read_out(&self, said: &Said) -> String {
        match said.kind {
            "geopoint" => self.place(&said.value),
            "datetime" => said.shown.replace('T', " ").chars().take(16).collect(),
            _ if is_file(said) => self.plain("taken"),
            _ => said.shown.clone(),
        }
    }

    /// Everything that was done, and who answered what.
    pub(super) fn history(&self, doc: DocId) -> Result<Screen, RoundsError> {
        let record = self.rounds.show(doc, self.lang)?;
        let mut screen = Screen::new("history", self.plain("history"));
        screen.subtitle = Some(record.row.title.clone());
        for done in record.done.iter().rev() {
            self.done(&record, done, &mut screen);
        }
        for chosen in &record.chosen {
            let args = [
                ("value", chosen.value.clone()),
                ("by", chosen.by.clone()),
                ("others", chosen.instead_of.join(", ")),
            ];
            let mut line = Line::new(&chosen.key, chosen.label.clone());
            line.subtitle = Some(self.words("history-chosen", &args));
            line.end = Some(chosen.at.clone());
            screen.line(line);
        }
        let packs = self.packs();
        let kind = packs.kind_at(&record.row.kind, record.version);
        let audit = self.rounds.audit(doc, self.lang)?;
        if !audit.is_empty() {
            screen.heading(self.plain("history-answers"));
        }
        let read = |key: &str, value: &str| -> String {
            let field = kind.and_then(|kind| kind.field(key));
            if let Some(field) = field {
                return self.rounds.read_answer(field, value, self.lang).unwrap_or_else(|_| value.to_owned());
            }
            kind.and_then(|kind| kind.choice_title(key, value, self.lang)).unwrap_or_else(|| value.to_owned())
        };
        for (number, one) in audit.iter().enumerate().rev().filter(|(_, one)| one.changed).take(200) {
            let new = match one.new.as_str() {
                "" => self.plain("history-cleared"),
                value => read(&one.question, value),
            };
            let old: Vec<String> = one.old.iter().map(|old| read(&one.question, old)).collect();
            let value = if old.is_empty() { new } else { format!("{} → {new}", old.join(" / ")) };
            let mut line = Line::new(&format!("{number}"), format!("{}: {value}", one.label));
            line.subtitle = Some(format!("{} · {}", one.by, one.device));
            line.end = Some(one.at.clone());
            screen.line(line);
        }
        Ok(screen)
    }
}

/// A photo, a recording, a paper: it is shown or told of, and not read out.
fn is_file(said: &Said) -> bool {
    matches!(said.kind, "image" | "audio" | "video" | "file")
}
