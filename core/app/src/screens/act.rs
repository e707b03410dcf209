//! What can be done with a record: its buttons, greyed with the reason, and the sheet of an act that asks
//! for something first.

use super::Look;
use crate::make::tone;
use crate::route::Route;
use crate::screen::{Button, Notice, Screen, Sure, Tone};
use crate::tap::Tap;
use crate::words::wrong;
use rounds_device::checking_in::place_of;
use rounds_device::screens::record::{Choice, RecordScreen};
use rounds_device::{Class, RoundsError};
use rounds_model::ids::DocId;
use rounds_workflow::kind::ActRule;
use rounds_workflow::{Answer, Kind, Tone as PackTone};
use std::collections::BTreeMap;

impl Look<'_> {
    /// The button of an act.
    pub(super) fn act_button(&self, doc: DocId, screen: &RecordScreen, choice: &Choice) -> Button {
        let packs = self.packs();
        let kind = packs.kind_at(&screen.row.kind, screen.version);
        let rule = kind.and_then(|kind| kind.act(&choice.act));
        let asks = rule.is_some_and(|rule| !rule.payload.is_empty());
        let tap = match asks {
            true => Tap::To(Route::Act { doc, act: choice.act.clone(), given: BTreeMap::new() }),
            false => Tap::Act(doc, choice.act.clone()),
        };
        let mut button = Button::new(&tap, choice.title.clone());
        if let (Some(kind), Some(rule)) = (kind, rule) {
            button.tone = tone(tone_name(rule.tone));
            button.sure = (!asks).then(|| self.sure(kind, rule, &screen.row.title)).flatten();
        }
        if !choice.possible {
            let why = choice.reason.as_ref().map_or_else(
                || Notice::saying(Tone::Warning, self.plain("act-not-now")),
                |why| {
                    let mut notice = Notice::why(why);
                    if let Some(link) = why.link {
                        notice.buttons.push(Button::new(&super::open(link), self.plain("open-it")));
                    }
                    if why.code == "form-incomplete" || why.field.is_some() {
                        notice.buttons.push(Button::new(&Tap::To(Route::Form { doc }), self.plain("fill")));
                    }
                    notice
                },
            );
            button.why_not = Some(why);
        }
        button
    }

    /// An act that cannot be taken back by the same person is asked about once more: one that removes, or
    /// that leads where they have no act any more.
    fn sure(&self, kind: &Kind, rule: &ActRule, title: &str) -> Option<Sure> {
        let role = self.role();
        let leads_on = kind.acts.iter().any(|act| act.roles.contains(&role) && act.from.contains(&rule.to));
        let final_one = !leads_on && rule.from.iter().all(|from| *from != rule.to);
        (kind.is_removed(&rule.to) || (final_one && rule.tone == PackTone::Bad)).then(|| Sure {
            text: self.words(
                "act-sure",
                &[("act", rule.title.get(self.lang).to_owned()), ("title", title.to_owned())],
            ),
            yes: rule.title.get(self.lang).to_owned(),
            no: self.plain("no"),
        })
    }

    /// The sheet of an act.
    pub(super) fn act(
        &self,
        doc: DocId,
        act: &str,
        given: &BTreeMap<String, String>,
    ) -> Result<Screen, RoundsError> {
        let stale = || wrong("tap-stale", Class::Usage, &[]);
        let record = self.rounds.show(doc, self.lang)?;
        let packs = self.packs();
        let kind = packs.kind_at(&record.row.kind, record.version).ok_or_else(stale)?;
        let rule = kind.act(act).ok_or_else(stale)?;
        let mut screen = Screen::new("act", rule.title.get(self.lang).to_owned());
        screen.subtitle = Some(record.row.title.clone());
        screen.gives = Some(Tap::Give.text());
        let choice = record.acts.iter().find(|choice| choice.act == act);
        if let Some(why) = choice.and_then(|choice| choice.reason.as_ref()) {
            screen.notice(Notice::why(why));
        }
        if let Some(turns) = choice.and_then(|choice| choice.turns.clone()) {
            screen.text(self.words("act-turns", &[("act", turns)]));
        }
        for field in &rule.payload {
            // What the phone knows of its position is not asked of the person.
            if place_of(&rule.payload, &field.name).is_some() {
                continue;
            }
            let mut question = self.of_field(Some(doc), field, given)?;
            if let Some((key, text)) = self.session.refused(doc, self.lang)
                && key == question.key
            {
                question.error = Some(text);
            }
            screen.ask(question);
        }
        screen.blocks.extend(self.comments((doc, act), kind, &record, given, 0));
        let mut main = Button::new(&Tap::Act(doc, act.to_owned()), rule.title.get(self.lang).to_owned());
        main.tone = tone(tone_name(rule.tone));
        main.sure = self.sure(kind, rule, &record.row.title);
        if choice.is_none() {
            main = main.not(Notice::saying(Tone::Warning, self.plain("act-not-now")));
        }
        screen.main = Some(main);
        Ok(screen)
    }
}

/// The question of an act's sheet that is answered by where the phone is, as soon as it opens.
pub(crate) fn place_asked(rule: &ActRule) -> Option<&str> {
    rule.payload.iter().find(|field| field.answer == Answer::Place).map(|field| field.name.as_str())
}

pub(super) fn tone_name(tone: PackTone) -> &'static str {
    match tone {
        PackTone::Neutral => "neutral",
        PackTone::Active => "active",
        PackTone::Good => "good",
        PackTone::Warning => "warning",
        PackTone::Bad => "bad",
    }
}
