//! What waits, what needs a person and what to do about it: the outbox, answers with two versions, things
//! to know.

use super::{Look, More, Part, paged};
use crate::ask::{Input, Question};
use crate::route::Route;
use crate::screen::{Badge, Block, Button, Line, Notice, Screen, Sure, Tone, Version, Versions};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_device::screens::outbox::{Entry, HandedOver, Outbox, State};

/// What the server took lately.
const TAKEN: usize = 10;
/// Lines of one heading.
const LISTED: usize = 60;

impl Look<'_> {
    pub(super) fn outbox(&self) -> Result<Screen, RoundsError> {
        let outbox = self.rounds.outbox(self.lang)?;
        let status = &outbox.status;
        let mut screen = Screen::new("outbox", self.plain("place-outbox"));
        screen.subtitle = Some(status.text.clone());
        if let Some(syncing) = status.syncing.filter(|now| now.of > 0) {
            let args = [("n", syncing.sent.to_string()), ("of", syncing.of.to_string())];
            let text = self.words("sync-sent", &args);
            screen.blocks.push(Block::Progress { text, done: syncing.sent, of: syncing.of });
        }
        for told in [&status.no_access, &status.packs_problem].into_iter().flatten() {
            screen.notice(Notice::saying(Tone::Bad, told.clone()));
        }
        if let Some(trouble) = &status.trouble {
            let mut notice = Notice::why(trouble);
            notice.tone = Tone::Neutral;
            if let Some(next) = &status.next_try {
                notice.text = format!("{} {}", notice.text, next.text(self.lang));
            }
            screen.notice(notice);
        }
        let conflicts = self.rounds.conflicts(self.lang)?;
        if !conflicts.is_empty() {
            let open: usize = conflicts.iter().map(|one| one.conflicts.len()).sum();
            screen.heading(self.words("outbox-conflicts", &[("n", open.to_string())]));
            for one in &conflicts {
                let labels: Vec<&str> = one.conflicts.iter().map(|open| open.label.as_str()).collect();
                let mut line = Line::new(&format!("conflict/{}", one.row.id), one.row.title.clone());
                line.mark = Some("!".to_owned());
                line.subtitle = Some(labels.join(", "));
                line.badges.push(Badge::new(self.plain("conflict"), Tone::Warning));
                screen.line(line.tapping(&Tap::To(Route::Conflicts)));
            }
        }
        let unseen = outbox.handed_over.iter().filter(|handed| !handed.seen).count();
        for (part, heading, n) in [
            (Part::Blocked, "outbox-blocked", outbox.blocked.len()),
            (Part::Turned, "outbox-turned", outbox.turned.len()),
            (Part::Held, "outbox-held", outbox.held.len()),
            (Part::Handed, "outbox-handed", unseen),
            (Part::Waiting, "outbox-waiting", outbox.waiting.len()),
            (Part::Media, "outbox-media", outbox.media.len()),
            (Part::Taken, "outbox-taken", outbox.taken.len()),
        ] {
            if n > 0 {
                screen.heading(self.words(heading, &[("n", n.to_string())]));
                screen.blocks.extend(self.part(&outbox, part, 0)?);
            }
        }
        let clear = outbox.waiting.is_empty() && outbox.media.is_empty() && status.needs_you == 0;
        if clear && outbox.taken.is_empty() {
            screen.empty(self.plain("outbox-empty"), self.plain("outbox-empty-text"));
        }
        if status.state != "signed_out" {
            let mut sync = Button::new(&Tap::Sync, self.plain("sync-now"));
            if status.syncing.is_some() {
                sync = sync.not(Notice::saying(Tone::Active, self.plain("sync-going")));
            }
            screen.main = Some(sync);
            screen.also.push(Button::new(&Tap::HandOver, self.plain("hand-over")));
        }
        Ok(screen)
    }

    /// A page of one part of it.
    pub(super) fn part(&self, outbox: &Outbox, part: Part, skip: usize) -> Result<Vec<Block>, RoundsError> {
        let goes_on = |skip| More::Outbox(part, skip);
        let lines = |name: &str, entries: &[Entry], page| {
            let numbered: Vec<(usize, &Entry)> = entries.iter().enumerate().collect();
            paged(&numbered, skip, page, goes_on, |(n, entry)| Block::Line {
                line: self.entry(&format!("{name}/{n}"), entry),
            })
        };
        let told = |notice| Block::Notice { notice };
        Ok(match part {
            Part::Blocked => paged(&outbox.blocked, skip, LISTED, goes_on, |entry| told(self.blocked(entry))),
            Part::Turned => paged(&outbox.turned, skip, LISTED, goes_on, |entry| told(self.turned(entry))),
            Part::Held => {
                let held: Result<Vec<Notice>, RoundsError> =
                    outbox.held.iter().map(|entry| self.held(entry)).collect();
                paged(&held?, skip, LISTED, goes_on, |notice| told(notice.clone()))
            }
            Part::Handed => {
                let unseen: Vec<_> = outbox.handed_over.iter().filter(|handed| !handed.seen).collect();
                paged(&unseen, skip, LISTED, goes_on, |handed| told(self.handed(handed)))
            }
            Part::Waiting => lines("waiting", &outbox.waiting, LISTED),
            Part::Media => {
                let numbered: Vec<(usize, &Entry)> = outbox.media.iter().enumerate().collect();
                paged(&numbered, skip, LISTED, goes_on, |(n, entry)| match entry.number {
                    Some(number) => told(self.hopeless(entry, number)),
                    None => Block::Line { line: self.entry(&format!("media/{n}"), entry) },
                })
            }
            Part::Taken => lines("taken", &outbox.taken, TAKEN),
        })
    }

    fn blocked(&self, entry: &Entry) -> Notice {
        let mut notice = self.told_entry(entry, Tone::Bad);
        if let Some(record) = &entry.record {
            notice.buttons.push(Button::new(&super::open(record.id), self.plain("open-it")));
        }
        if let Some(link) = entry.reason.as_ref().and_then(|why| why.link) {
            notice.buttons.push(Button::new(&super::open(link), self.plain("open-other")));
        }
        notice
    }

    /// A seat that became a place on the list, or the other way round.
    fn turned(&self, entry: &Entry) -> Notice {
        let mut notice = Notice::saying(Tone::Warning, entry.what.clone());
        notice.remedy = entry.reason.as_ref().map(|why| format!("{} {}", why.reason, why.remedy));
        if let Some(record) = &entry.record {
            notice.buttons.push(Button::new(&super::open(record.id), self.plain("open-it")));
        }
        notice.buttons.extend(entry.number.map(|n| Button::new(&Tap::Read(n), self.plain("read"))));
        notice
    }

    /// What somebody else carries, or carried, for this phone.
    fn handed(&self, handed: &HandedOver) -> Notice {
        let mut notice = Notice::saying(
            if handed.state == "dropped" { Tone::Warning } else { Tone::Active },
            format!("{} · {}: {}", handed.title, handed.what, handed.text),
        );
        notice.remedy = Some(handed.reason.reason.clone());
        if handed.state != "waiting" {
            notice.buttons.push(Button::new(&Tap::Aside(handed.number), self.plain("read")));
        }
        notice
    }

    fn told_entry(&self, entry: &Entry, tone: Tone) -> Notice {
        let about = match &entry.record {
            Some(record) => format!("{} · {}", record.title, entry.what),
            None => entry.what.clone(),
        };
        let (text, remedy, code) = match &entry.reason {
            Some(why) => (format!("{about}: {}", why.reason), why.remedy.clone(), Some(why.code.clone())),
            None => (about, String::new(), None),
        };
        Notice { tone, text, remedy: Some(remedy).filter(|r| !r.is_empty()), code, buttons: vec![] }
    }

    /// A held item: again, ask for it, give it up.
    fn held(&self, entry: &Entry) -> Result<Notice, RoundsError> {
        let mut notice = self.told_entry(entry, Tone::Warning);
        let Some(number) = entry.number else { return Ok(notice) };
        if let Some(record) = &entry.record {
            notice.buttons.push(Button::new(&super::open(record.id), self.plain("open-it")));
        }
        notice.buttons.push(Button::new(&Tap::Retry(number), self.plain("held-retry")));
        let packs = self.packs();
        let kind = entry.record.as_ref().and_then(|record| packs.kind(&record.kind));
        let request = kind.and_then(|kind| kind.act(kind.change_request.as_deref()?));
        if let Some(request) = request {
            let mut button = Button::new(&Tap::Request(number), request.title.get(self.lang).to_owned());
            // What the edit would have changed is carried by itself.
            let nothing = std::collections::BTreeMap::new();
            let asks: Result<Vec<Question>, RoundsError> =
                request.payload.iter().map(|field| self.of_field(None, field, &nothing)).collect();
            let asks = asks?;
            let lacks = |one: &Question| one.required && fits(one.input.clone()).is_none();
            if !asks.iter().any(lacks) {
                button.asks = asks.into_iter().filter_map(on_sheet).collect();
                notice.buttons.push(button);
            }
        }
        let mut discard = Button::new(&Tap::Discard(number), self.plain("held-discard"));
        discard.tone = Tone::Bad;
        discard.sure = Some(Sure {
            text: self.words("held-discard-sure", &[("what", entry.what.clone())]),
            yes: self.plain("held-discard"),
            no: self.plain("no"),
        });
        notice.buttons.push(discard);
        Ok(notice)
    }

    /// A photo or file that can never be sent: give it up.
    fn hopeless(&self, entry: &Entry, number: i64) -> Notice {
        let mut notice = self.told_entry(entry, Tone::Bad);
        if let Some(record) = &entry.record {
            notice.buttons.push(Button::new(&super::open(record.id), self.plain("open-it")));
        }
        let mut give_up = Button::new(&Tap::GiveUp(number), self.plain("photo-give-up"));
        give_up.tone = Tone::Bad;
        give_up.sure = Some(Sure {
            text: self.plain("photo-give-up-sure"),
            yes: self.plain("photo-give-up"),
            no: self.plain("no"),
        });
        notice.buttons.push(give_up);
        notice
    }

    fn entry(&self, id: &str, entry: &Entry) -> Line {
        let title = entry.record.as_ref().map_or_else(|| entry.what.clone(), |record| record.title.clone());
        let mut line = Line::new(id, title);
        line.subtitle = entry.record.as_ref().map(|_| entry.what.clone());
        line.end = Some(entry.at.clone());
        let state = match entry.state {
            State::Sending => Tone::Active,
            State::Taken => Tone::Good,
            State::Held | State::Blocked | State::Turned => Tone::Warning,
            State::Waiting => Tone::Neutral,
        };
        line.badges.push(Badge::new(entry.state.text(self.lang), state));
        if let Some(next) = &entry.next_try {
            line.badges.push(Badge::new(self.words("next-try", &[("at", next.clone())]), Tone::Neutral));
        }
        line.why_not = entry.reason.as_ref().map(|why| why.reason.clone());
        line.tap = entry.record.as_ref().map(|record| super::open(record.id).text());
        line
    }

    /// Every answer with two versions: both values, who, on which device, when; choose, or type a third.
    pub(super) fn conflicts(&self) -> Result<Screen, RoundsError> {
        let me = self.rounds.identity()?.person.name.clone();
        let mut screen = Screen::new("conflicts", self.plain("conflicts-title"));
        screen.text(self.plain("conflicts-text"));
        let all = self.rounds.conflicts(self.lang)?;
        for one in &all {
            let form = self.rounds.form(one.row.id, self.lang)?;
            for open in &one.conflicts {
                let mut versions: Vec<Version> = open
                    .versions
                    .iter()
                    .rev()
                    .map(|version| {
                        let mine = version.by == me;
                        let args = [
                            ("by", version.by.clone()),
                            ("device", version.device.clone()),
                            ("at", version.at.clone()),
                        ];
                        let title = if mine { "conflict-mine" } else { "conflict-theirs" };
                        let tap =
                            Tap::Version(one.row.id, open.key.clone(), crate::tap::digest(&version.value));
                        let shown = if version.text.is_empty() {
                            self.plain("history-cleared")
                        } else {
                            version.text.clone()
                        };
                        Version {
                            value: shown,
                            by: self.words("conflict-by", &args),
                            mine,
                            button: Button::new(&tap, self.plain(title)),
                        }
                    })
                    .collect();
                versions.truncate(10);
                let node = form.nodes.iter().find(|node| node.question.key == open.key);
                let other = match node {
                    Some(node) if node.is_asked() => {
                        let mut button = Button::new(
                            &Tap::Other(one.row.id, open.key.clone()),
                            self.plain("conflict-other"),
                        );
                        let question = Question {
                            versions: None,
                            value: String::new(),
                            shown: String::new(),
                            typed: None,
                            error: None,
                            required: true,
                            ..self.of_node(one.row.id, node, None)?
                        };
                        on_sheet(question).map(|question| {
                            button.asks.push(question);
                            button
                        })
                    }
                    _ => None,
                };
                screen.blocks.push(Block::Versions {
                    versions: Versions {
                        label: open.label.clone(),
                        about: one.row.title.clone(),
                        versions,
                        other,
                    },
                });
            }
        }
        if all.is_empty() {
            screen.blocks.clear();
            screen.empty(self.plain("conflicts-none"), self.plain("conflicts-none-text"));
        }
        Ok(screen)
    }

    pub(super) fn notices(&self) -> Result<Screen, RoundsError> {
        let mut screen = Screen::new("notices", self.plain("notices"));
        let all = self.rounds.notices(self.lang)?;
        if all.is_empty() {
            screen.empty(self.plain("notices-none"), String::new());
        }
        for one in all {
            let mut notice = Notice::saying(Tone::Neutral, format!("{} · {}", one.text, one.at));
            notice.remedy = one.more;
            notice.buttons.push(Button::new(&Tap::Read(one.number), self.plain("read")));
            screen.notice(notice);
        }
        Ok(screen)
    }
}

/// A question on a sheet that lies over a screen: with what can be answered there, or not at all.
pub(super) fn on_sheet(question: Question) -> Option<Question> {
    Some(Question { input: fits(question.input.clone())?, ..question })
}

/// A list or a tool has a screen of its own, from which nobody comes back to the sheet. A number under bars can be
/// typed as well.
fn fits(input: Input) -> Option<Input> {
    match input {
        Input::One { more: Some(_), .. } | Input::Several { more: Some(_), .. } => None,
        Input::Photo { .. } | Input::File { .. } | Input::Signature { .. } | Input::Place { .. } => None,
        Input::Barcode { .. } => Some(Input::Text { long: false }),
        input => Some(input),
    }
}
