//! One record: what it is, what is to be done with it, what belongs to it.

use super::belongs::{Ahead, is_last, moves};
use super::{Look, form, line_of};
use crate::make::tone;
use crate::pictures;
use crate::route::Route;
use crate::screen::{Badge, Block, Button, Fact, Line, Notice, Score, Screen, Sure, Tone};
use crate::tap::Tap;
use rounds_device::RoundsError;
use rounds_device::screens::form::Node;
use rounds_device::screens::record::{Choice, RecordScreen, Staying};
use rounds_device::screens::score::Scored;
use rounds_model::ids::DocId;

/// Photos that stand on a record's screen.
const PHOTOS: usize = 6;
/// Answers that stand there.
const FACTS: usize = 40;
const MINUTE_MS: u64 = 60_000;

impl Look<'_> {
    pub(super) fn record(&self, doc: DocId) -> Result<Screen, RoundsError> {
        let record = self.rounds.show(doc, self.lang)?;
        let filled = self.rounds.form(doc, self.lang)?;
        let packs = self.packs();
        let kind = packs.kind_at(&record.row.kind, record.version);
        let mut screen = Screen::new("record", record.row.title.clone());
        screen.subtitle = record.row.subtitle.clone().filter(|text| !text.trim().is_empty());
        let open = form::is_open(&filled, &record);
        self.told(&record, &mut screen);
        if let Some(kind) = kind {
            self.sent_back(kind, &record, open, &mut screen);
        }
        self.facts(&record, kind, &mut screen);
        if let Some(score) = &record.score {
            let known = score.percent.is_some();
            let mut score = self.score(score);
            // Before everything is answered it says nothing of how it will end.
            let lacks = |node: &Node| {
                let asked = &node.question;
                node.is_asked() && asked.required && asked.value.is_empty() && !asked.read_only
            };
            if known && filled.nodes.iter().any(lacks) {
                let n = format!("{:.0}", score.percent);
                score.text = self.words("score-so-far", &[("n", n)]);
                (score.passed, score.before) = (None, None);
            }
            screen.blocks.push(Block::Score { score });
        }
        let workbook = kind.is_some_and(|kind| kind.workbook.is_some());
        if workbook || open {
            let args = [("done", filled.answered.to_string()), ("of", filled.asked.to_string())];
            if open && filled.asked > 0 {
                let (done, of) = (filled.answered as u64, filled.asked as u64);
                screen.blocks.push(Block::Progress { text: self.words("form-progress", &args), done, of });
            }
        }
        if let Some(stay) = record.stay {
            self.stay(stay, &mut screen);
        }
        if let Some(kind) = kind {
            self.left_over(kind, doc, &mut screen)?;
        }
        let ahead = match kind {
            Some(kind) => self.steps(kind, &record, &mut screen)?,
            None => Ahead::default(),
        };
        self.papers(doc, &record, &mut screen);
        self.prints(doc, &record, &mut screen);
        self.tabs(&record, None, &mut screen);
        if let Some(kind) = kind {
            self.trends(kind, doc, &mut screen)?;
        }
        self.buttons(doc, &record, (open, form::is_filled(&filled)), ahead, &mut screen);
        self.photos(doc, &record, &mut screen);
        self.lately(&record, &mut screen);
        screen.also.push(Button::new(&Tap::To(Route::History { doc }), self.plain("history")));
        // What somebody else may have, or was acted on, is not offered for it.
        if self.rounds.is_draft(doc)? {
            let mut throw = Button::new(&Tap::ThrowAway(doc), self.plain("draft-throw"));
            throw.tone = Tone::Bad;
            throw.sure = Some(Sure {
                text: self.words("draft-throw-sure", &[("title", record.row.title.clone())]),
                yes: self.plain("draft-throw"),
                no: self.plain("no"),
            });
            screen.also.push(throw);
        }
        if record.newer.is_some() {
            screen.also.push(Button::new(&Tap::To(Route::Newer { doc }), self.plain("newer-title")));
        }
        Ok(screen)
    }

    /// What somebody has to know first.
    pub(super) fn told(&self, record: &RecordScreen, screen: &mut Screen) {
        if !record.conflicts.is_empty() {
            let labels: Vec<&str> = record.conflicts.iter().map(|open| open.label.as_str()).collect();
            let args = [("labels", labels.join(", ")), ("n", labels.len().to_string())];
            let mut notice = Notice::saying(Tone::Warning, self.words("record-conflicts", &args));
            notice.buttons.push(Button::new(&Tap::To(Route::Conflicts), self.plain("conflicts-choose")));
            screen.notice(notice);
        }
        for held in &record.held {
            let mut notice = Notice::why(held);
            notice.text = self.words("record-held", &[("reason", held.reason.clone())]);
            notice.buttons.push(Button::new(&Tap::Place(Route::Outbox), self.plain("place-outbox")));
            screen.notice(notice);
        }
        for handed in &record.handed {
            screen.notice(Notice::saying(Tone::Active, handed.clone()));
        }
        // The last word on it, where that was a no.
        if let Some(last) = record.done.last().filter(|last| last.state == "blocked")
            && let Some(reason) = &last.reason
        {
            let mut notice = Notice::why(reason);
            let args = [("act", last.title.clone()), ("reason", reason.reason.clone())];
            notice.text = self.words("record-blocked", &args);
            notice.tone = Tone::Bad;
            if let Some(link) = reason.link {
                notice.buttons.push(Button::new(&super::open(link), self.plain("open-it")));
            }
            screen.notice(notice);
        }
        if let Some(said) = record.place.as_ref().and_then(|place| place.typed.as_ref()) {
            let mut notice =
                Notice::saying(Tone::Neutral, self.words("record-typed", &[("text", said.clone())]));
            let route = Route::Form { doc: record.row.id };
            notice.buttons.push(Button::new(&Tap::To(route), self.plain("fill-on")));
            screen.notice(notice);
        }
    }

    /// How long it should stay where it is: a ring that runs until it is over.
    fn stay(&self, stay: Staying, screen: &mut Screen) {
        let text = match stay.left_ms {
            0 => self.plain("stay-over"),
            left => self.words("stay-left", &[("n", left.div_ceil(MINUTE_MS).to_string())]),
        };
        screen.blocks.push(Block::Ring { text, left_ms: stay.left_ms, of_ms: stay.of_ms });
        if stay.left_ms > 0 {
            // At the next minute.
            let rest = stay.left_ms % MINUTE_MS;
            screen.again_ms = Some(if rest == 0 { MINUTE_MS } else { rest });
        }
    }

    pub(super) fn facts(
        &self,
        record: &RecordScreen,
        kind: Option<&rounds_workflow::Kind>,
        screen: &mut Screen,
    ) {
        let mut facts = vec![Fact {
            tone: tone(record.row.stage.tone),
            ..Fact::new(self.plain("record-stage"), record.row.stage.title.clone())
        }];
        for badge in line_of(&record.row).badges.iter().skip(1) {
            facts
                .push(Fact { tone: badge.tone, ..Fact::new(self.plain("record-state"), badge.text.clone()) });
        }
        let me = self.rounds.identity().map(|me| me.person.id).ok();
        if me != Some(record.owner_id) && !record.owner.is_empty() {
            facts.push(Fact::new(self.plain("record-owner"), record.owner.clone()));
        }
        for number in &record.numbers {
            let value = match number.provisional {
                true => self.words("number-provisional", &[("number", number.value.clone())]),
                false => number.value.clone(),
            };
            facts.push(Fact::new(number.title.clone(), value));
        }
        let answered = record.questions.iter().filter(|q| {
            let plain = !matches!(
                q.kind.as_str(),
                "group" | "repeat" | "note" | "image" | "audio" | "video" | "file" | "hidden" | "calculate"
            );
            plain && !q.value.is_empty() && !q.label.is_empty()
        });
        // A workbook has a screen of its own; what it says in a word is in the record's title.
        let declared = |key: &str| kind.is_some_and(|kind| kind.field(key).is_some());
        for question in answered.filter(|q| declared(&q.key)).take(FACTS) {
            let shown = match question.kind.as_str() {
                "boolean" => self.truth(&question.value),
                "geopoint" => self.place(&question.value),
                _ => question.shown.clone(),
            };
            let linked: Option<DocId> = question.value.parse().ok().filter(|_| question.kind == "record");
            let tap = linked.filter(|doc| self.rounds.row_of(*doc, self.lang).is_ok());
            facts.push(Fact {
                tap: tap.map(|doc| super::open(doc).text()),
                ..Fact::new(question.label.clone(), shown)
            });
        }
        screen.blocks.push(Block::Facts { facts });
    }

    pub(super) fn score(&self, score: &Scored) -> Score {
        let percent = score.percent.unwrap_or(0.0);
        let whole = |percent: f64| format!("{percent:.0}");
        let text = match (score.percent, score.passed) {
            (None, _) => self.plain("score-none"),
            (Some(_), Some(true)) => self.words("score-passed", &[("n", whole(percent))]),
            (Some(_), Some(false)) => self.words("score-failed", &[("n", whole(percent))]),
            (Some(_), None) => self.words("score-plain", &[("n", whole(percent))]),
        };
        let before = score.previous.as_ref().map(|before| {
            let change = before.change.unwrap_or(0.0);
            let sign = if change >= 0.5 { "+" } else { "" };
            let args = [
                ("n", whole(before.percent)),
                ("at", before.at.clone()),
                ("change", format!("{sign}{change:.0}")),
            ];
            self.words("score-before", &args)
        });
        let sections = score.sections.iter().filter(|section| !section.name.is_empty()).map(|section| Fact {
            tone: match section.passed {
                Some(true) => Tone::Good,
                Some(false) => Tone::Bad,
                None => Tone::Neutral,
            },
            ..Fact::new(
                section.name.clone(),
                section.percent.map_or_else(|| "–".to_owned(), |percent| format!("{} %", whole(percent))),
            )
        });
        let failed = score.critical_failed.iter().map(|critical| Line {
            mark: Some("!".to_owned()),
            badges: vec![Badge::new(self.plain("score-critical"), Tone::Bad)],
            ..Line::new(&critical.key, critical.label.clone())
        });
        Score {
            text,
            percent,
            passed: score.passed,
            before,
            sections: sections.collect(),
            failed: failed.collect(),
        }
    }

    pub(super) fn papers(&self, doc: DocId, record: &RecordScreen, screen: &mut Screen) {
        for list in &record.documents {
            let args = [("title", list.title.clone()), ("n", list.missing.to_string())];
            screen.heading(match list.missing {
                0 => list.title.clone(),
                _ => self.words("papers-missing", &args),
            });
            for item in &list.items {
                let mut line = Line::new(&item.key, item.title.clone());
                line.mark = Some(if item.lacks.is_some() { "○" } else { "✓" }.to_owned());
                line.subtitle = item.lacks.as_ref().map(|lacks| lacks.reason.clone());
                if !item.only_for.is_empty() {
                    line.end = Some(item.only_for.join(", "));
                }
                screen.line(line.tapping(&Tap::Question(doc, item.key.clone())));
            }
        }
    }

    fn prints(&self, doc: DocId, record: &RecordScreen, screen: &mut Screen) {
        for print in &record.prints {
            let title = match print.must {
                true => self.words("print-must", &[("title", print.title.clone())]),
                false => self.words("print", &[("title", print.title.clone())]),
            };
            let mut button = Button::new(&Tap::Print(doc, print.name.clone()), title);
            button.tone = if print.must { Tone::Warning } else { Tone::Neutral };
            if let Some(why) = &print.reason {
                button.why_not = Some(Notice::why(why));
            }
            match print.must || print.possible {
                true => screen.button(button),
                false => screen.also.push(button),
            }
        }
    }

    /// The acts: the first that is possible is the main button, unless answers are still missing or a step
    /// is under way.
    pub(super) fn buttons(
        &self,
        doc: DocId,
        record: &RecordScreen,
        (open, filled): (bool, bool),
        ahead: Ahead,
        screen: &mut Screen,
    ) {
        let fill = |key: &str| Button::new(&Tap::To(Route::Form { doc }), self.plain(key));
        let possible = |choice: &&Choice| choice.possible;
        let best = record
            .acts
            .iter()
            .filter(possible)
            .find(|choice| matches!(self.act_button(doc, record, choice).tone, Tone::Active | Tone::Good))
            .or_else(|| record.acts.iter().find(possible));
        let packs = self.packs();
        let kind = packs.kind_at(&record.row.kind, record.version);
        // What leads nowhere, such as giving a store to somebody, is not what one comes for.
        let leads = kind.is_none_or(moves);
        let best = best.filter(|_| leads);
        // What ends it comes after the steps that must be.
        let ends =
            |act: &str| kind.is_some_and(|kind| kind.act(act).is_some_and(|rule| is_last(kind, &rule.to)));
        if let Some((doc, title)) = ahead.going {
            let title = self.words("belongs-go-on", &[("title", title)]);
            screen.main = Some(Button::new(&super::open(doc), title));
        } else if open && !filled {
            screen.main = Some(fill("fill-on"));
        } else if let Some(must) = ahead.must.filter(|_| best.is_some_and(|best| ends(&best.act))) {
            screen.main = Some(must);
        } else if let Some(best) = best {
            screen.main = Some(self.act_button(doc, record, best));
        } else if open {
            screen.main = Some(fill("fill"));
        }
        let main = screen.main.as_ref().map(|main| main.tap.clone());
        for choice in &record.acts {
            let button = self.act_button(doc, record, choice);
            if !leads {
                screen.also.push(button);
            } else if main.as_ref() != Some(&button.tap) {
                screen.button(button);
            }
        }
        if open && main != Some(fill("fill").tap) {
            screen.also.push(fill("fill"));
        }
        if !open && record.questions.iter().any(|question| question.kind != "group") {
            screen.also.push(fill("form-look"));
        }
    }

    fn photos(&self, doc: DocId, record: &RecordScreen, screen: &mut Screen) {
        let photos = record.questions.iter().filter(|q| q.kind == "image" && !q.value.is_empty());
        for photo in photos.take(PHOTOS) {
            screen.blocks.push(Block::Picture {
                picture: pictures::name(doc, &photo.key),
                about: photo.label.clone(),
            });
        }
    }
}
