//! What should be done: overdue, and due soon, by trusted time.

use super::row::{Row, row};
use super::say;
use super::status::clock;
use crate::Rounds;
use crate::authoring::who;
use crate::error::{Fail, RoundsError};
use crate::store::records;
use crate::world::Here;
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_model::time::Judgement;
use rounds_workflow::{Catalogue, Person, Reminder};
use rusqlite::Connection;
use serde::Serialize;
use std::collections::BTreeSet;

/// The most that a screen lists.
const LISTED: usize = 500;
/// Records that are looked at in one step.
const PAGE: u32 = 1_000;

/// The list of reminders.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reminders {
    /// This phone's clock is in doubt, and with it what is late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clock: Option<String>,
    /// Overdue, the longest first.
    pub overdue: Vec<Due>,
    /// Due soon, the next first.
    pub soon: Vec<Due>,
}

/// Something that should be done about a record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Due {
    /// What.
    pub text: String,
    /// By when, in the team's time zone.
    pub due: String,
    /// Whole days until then, or, negative, since.
    pub days: i64,
    /// It was not done in time.
    pub overdue: bool,
    /// The act that settles it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    /// What must be printed, if that settles it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub print: Option<String>,
    /// It is somebody else's, and has come up to this phone's person.
    pub escalated: bool,
    /// The requirement that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The record.
    pub record: Row,
}

impl Rounds {
    /// What this phone's person should do, and what others have not done that comes up to them.
    pub fn reminders(&self, lang: Lang) -> Result<Reminders, RoundsError> {
        Ok(self.store.read(|db| reminders(self, db, lang))?)
    }
}

impl Rounds {
    /// What should be done about these records, as far as it concerns this phone's person.
    pub fn reminders_of(&self, docs: &[DocId], lang: Lang) -> Result<Vec<Due>, RoundsError> {
        Ok(self.store.read(|db| {
            let (me, catalogue) = (self.identity()?, self.catalogue());
            let moment = rounds_workflow::moment(self.now(db)?.at_ms, me.zone());
            let mut out = Vec::new();
            for doc in docs {
                let Some(record) = records::get(db, *doc)? else { continue };
                let p = &record.projection;
                let Some(kind) = catalogue.kind_at(&p.kind, p.pack) else { continue };
                if !kind.reminds(&p.stage) {
                    continue;
                }
                let known = p.record(record.doc);
                for reminder in rounds_workflow::reminders(kind, &known, &Here(db), moment)? {
                    if reminder.concerns(&who(&me), known.owner) {
                        out.push(due(db, &catalogue, me.zone(), &who(&me), reminder, &record, lang)?);
                    }
                }
            }
            Ok::<_, Fail>(out)
        })?)
    }
}

fn reminders(rounds: &Rounds, db: &Connection, lang: Lang) -> Result<Reminders, Fail> {
    let (me, catalogue) = (rounds.identity()?, rounds.catalogue());
    let now = rounds.now(db)?;
    let moment = rounds_workflow::moment(now.at_ms, me.zone());
    let doubt = match now.judgement {
        Judgement::Trusted | Judgement::Estimated => None,
        Judgement::Unchecked => Some("clock-unchecked"),
        Judgement::Suspect => Some("clock-suspect"),
    };
    let mut found: Vec<(Reminder, records::Record)> = Vec::new();
    for (kind, stage) in reminding(&catalogue) {
        let mut before = None;
        loop {
            let page = records::in_stage(db, kind, stage, before, PAGE)?;
            let ended = page.len() < PAGE as usize;
            before = page.last().map(|record| record.n);
            for record in page {
                let Some(kind) = catalogue.kind_at(kind, record.projection.pack) else { continue };
                let known = record.projection.record(record.doc);
                let reminders = rounds_workflow::reminders(kind, &known, &Here(db), moment)?;
                let mine = reminders.into_iter().filter(|r| r.concerns(&who(&me), known.owner));
                found.extend(mine.map(|reminder| (reminder, record.clone())));
            }
            // Those that are overdue the longest are listed, in whatever page they were.
            found.sort_by_key(|(reminder, record)| (reminder.due_ms, record.n));
            found.truncate(LISTED);
            if ended {
                break;
            }
        }
    }
    let mut out =
        Reminders { clock: doubt.map(|key| say(lang, key, &[])), overdue: Vec::new(), soon: Vec::new() };
    for (reminder, record) in found {
        let list = if reminder.overdue { &mut out.overdue } else { &mut out.soon };
        list.push(due(db, &catalogue, me.zone(), &who(&me), reminder, &record, lang)?);
    }
    Ok(out)
}

fn due(
    db: &Connection,
    catalogue: &Catalogue,
    zone: chrono_tz::Tz,
    me: &Person<'_>,
    reminder: Reminder,
    record: &records::Record,
    lang: Lang,
) -> Result<Due, Fail> {
    Ok(Due {
        text: reminder.title.get(lang).to_owned(),
        due: clock(zone, reminder.due_ms),
        days: reminder.days,
        overdue: reminder.overdue,
        escalated: !reminder.is_first(me, record.projection.owner),
        act: reminder.act,
        print: reminder.print,
        rule: reminder.rule,
        record: row(db, catalogue, record, lang)?,
    })
}

/// The kinds and stages whose records can have reminders.
fn reminding(catalogue: &Catalogue) -> BTreeSet<(&str, &str)> {
    let kinds = catalogue.kinds().chain(catalogue.older_kinds());
    let pairs = kinds.flat_map(|kind| {
        let stages = kind.stages.iter().map(|stage| stage.name.as_str());
        stages.filter(|stage| kind.reminds(stage)).map(|stage| (kind.name.as_str(), stage))
    });
    pairs.collect()
}
