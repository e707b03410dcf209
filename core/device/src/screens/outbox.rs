//! The outbox: what waits, what was not accepted, what is held, what has two versions. Everything a
//! person has to know before they put the phone away.

use super::media;
use super::record::Reason;
use super::row::{Row, row};
use super::say;
use super::status::{Status, clock, status};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::handed::{self, Taken};
use crate::store::{acts, outbox, records};
use crate::sync::ending;
use rounds_model::ids::DocId;
use rounds_model::text::{Lang, Text};
use rounds_model::verdict::Outcome;
use rounds_protocol::exchange::PushItem;
use rounds_workflow::Catalogue;
use rusqlite::Connection;
use serde::Serialize;

/// The outbox screen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outbox {
    /// The chip.
    pub status: Status,
    /// Acts that were not accepted, each with its reason.
    pub blocked: Vec<Entry>,
    /// Items that the server holds back, each with its reason.
    pub held: Vec<Entry>,
    /// Items that wait to be sent, oldest first.
    pub waiting: Vec<Entry>,
    /// Photos and files that wait to be sent, oldest first, with what is wrong if something is.
    pub media: Vec<Entry>,
    /// What the server took of this phone's work without applying it, and what was decided.
    pub handed_over: Vec<HandedOver>,
}

/// Work that is in somebody else's hands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HandedOver {
    /// The number to put it aside by.
    pub number: i64,
    /// What the record was called.
    pub title: String,
    /// What it is, in words.
    pub what: String,
    /// When it was taken, in the team's time zone.
    pub at: String,
    /// `waiting`, `accepted` or `dropped`.
    pub state: &'static str,
    /// The same in words, with who decided and why.
    pub text: String,
    /// Why it was not applied.
    pub reason: Reason,
    /// The rep has put it aside.
    pub seen: bool,
}

/// One item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// For a held item: the number to decide about it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// The record; none if it is not on this phone (any more).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Row>,
    /// What it is, in words: the act's title, or the answers that an edit writes.
    pub what: String,
    /// When it was made or held, in the team's time zone.
    pub at: String,
    /// For a held item: how to decide about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decide: Option<String>,
    /// Why it needs you.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

/// Answers of an edit that are spelled out.
const SHOWN: usize = 3;

/// More than this is not listed; the chip has the whole count.
pub(super) const LISTED: usize = 500;

impl Rounds {
    /// The outbox screen.
    pub fn outbox(&self, lang: Lang) -> Result<Outbox, RoundsError> {
        Ok(self.store.read(|db| screen(self, db, lang))?)
    }
}

fn screen(rounds: &Rounds, db: &Connection, lang: Lang) -> Result<Outbox, Fail> {
    let zone = match ending::signed_out(db)? {
        Some(ended) => ended.zone.parse().unwrap_or(chrono_tz::UTC),
        None => rounds.identity()?.zone(),
    };
    let mut blocked = Vec::new();
    for known in acts::blocked(db)? {
        let doc = known.act.doc;
        let Some(verdict) = known.verdict else { continue };
        let Outcome::Blocked(refusal) = verdict.outcome else { continue };
        blocked.push(Entry {
            number: None,
            decide: None,
            record: row_of(rounds, db, doc, lang)?,
            what: act_title(&rounds.catalogue(), db, doc, &known.act.name, lang)?,
            at: clock(zone, verdict.at_ms),
            reason: Some(Reason::of(&refusal, lang)),
        });
    }
    let mut held = Vec::new();
    for item in outbox::held(db)?.into_iter().take(LISTED) {
        held.push(Entry {
            number: Some(item.n),
            decide: Some(say(lang, "what-decide", &[("n", item.n.to_string())])),
            record: row_of(rounds, db, item.doc, lang)?,
            what: what(&rounds.catalogue(), db, item.doc, &item.item, lang)?,
            at: clock(zone, item.at_ms),
            reason: Some(Reason::of(&item.refusal, lang)),
        });
    }
    let mut waiting = Vec::new();
    for item in outbox::oldest(db, LISTED, usize::MAX)? {
        let read = item.item.unpack().map_err(|_| Fail::Damaged("an item of the outbox"))?;
        waiting.push(Entry {
            number: None,
            decide: None,
            record: row_of(rounds, db, item.doc, lang)?,
            what: what(&rounds.catalogue(), db, item.doc, &read, lang)?,
            at: clock(zone, item.at_ms),
            reason: None,
        });
    }
    let media = media::waiting(rounds, db, zone, lang)?;
    let taken = handed::taken(db, LISTED)?;
    let handed_over = taken.into_iter().map(|(n, taken, seen)| over(n, &taken, seen, zone, lang)).collect();
    Ok(Outbox { status: status(rounds, db, lang)?, blocked, held, waiting, media, handed_over })
}

fn over(number: i64, taken: &Taken, seen: bool, zone: chrono_tz::Tz, lang: Lang) -> HandedOver {
    let (state, text) = match &taken.decision {
        None => ("waiting", say(lang, "handed-waiting", &[])),
        Some((decision, by)) => {
            let (at, reason) = (clock(zone, decision.at_ms), decision.reason.clone());
            let (state, key) = match (decision.accepted, reason.is_empty()) {
                (true, _) => ("accepted", "handed-accepted"),
                (false, true) => ("dropped", "handed-dropped"),
                (false, false) => ("dropped", "handed-dropped-why"),
            };
            (state, say(lang, key, &[("by", by.clone()), ("at", at), ("reason", reason)]))
        }
    };
    HandedOver {
        number,
        title: taken.title.get(lang).to_owned(),
        what: taken.what.get(lang).to_owned(),
        at: clock(zone, taken.at_ms),
        state,
        text,
        reason: Reason::of(&taken.refusal, lang),
        seen,
    }
}

/// What a record is called and what an item about it says, in both languages: for when the record
/// is not here any more.
pub(crate) fn in_words(
    db: &Connection,
    catalogue: &Catalogue,
    doc: DocId,
    item: &PushItem,
) -> Result<(Text, Text), Fail> {
    let (mut title, mut words) = (Text::default(), Text::default());
    for lang in Lang::ALL {
        let known = records::get(db, doc)?;
        let name = known.map(|record| row(db, catalogue, &record, lang)).transpose()?;
        let name = name.map(|row| row.title).unwrap_or_default();
        let said = what(catalogue, db, doc, item, lang)?;
        match lang {
            Lang::Zh => (title.zh, words.zh) = (name, said),
            Lang::En => (title.en, words.en) = (name, said),
        }
    }
    Ok((title, words))
}

pub(super) fn row_of(rounds: &Rounds, db: &Connection, doc: DocId, lang: Lang) -> Result<Option<Row>, Fail> {
    records::get(db, doc)?.map(|r| row(db, &rounds.catalogue(), &r, lang)).transpose()
}

fn what(
    catalogue: &Catalogue,
    db: &Connection,
    doc: DocId,
    item: &PushItem,
    lang: Lang,
) -> Result<String, Fail> {
    match item {
        PushItem::Act(signed) => {
            let name = signed.read().map(|a| a.name).unwrap_or_default();
            act_title(catalogue, db, doc, &name, lang)
        }
        PushItem::Edit(edit) => {
            let record = records::get(db, doc)?;
            let kind = record.and_then(|r| catalogue.kind(&r.projection.kind));
            let puts: Vec<_> = edit.puts.iter().filter(|p| !p.key.starts_with('@')).collect();
            let shown = puts.iter().take(SHOWN).map(|p| {
                let title = kind.and_then(|k| k.question_title(&p.key));
                let title = title.map_or_else(|| p.key.clone(), |t| t.get(lang).to_owned());
                format!("{title}: {}", p.value)
            });
            let mut text = shown.collect::<Vec<_>>().join(" · ");
            if puts.len() > SHOWN {
                text.push_str(" … ");
                text.push_str(&say(lang, "what-answers", &[("n", puts.len().to_string())]));
            }
            Ok(text)
        }
    }
}

fn act_title(
    catalogue: &Catalogue,
    db: &Connection,
    doc: DocId,
    name: &str,
    lang: Lang,
) -> Result<String, Fail> {
    let record = records::get(db, doc)?;
    let kind = record.and_then(|r| catalogue.kind(&r.projection.kind));
    let act = kind.and_then(|k| k.act(name));
    Ok(act.map_or(name, |a| a.title.get(lang)).to_owned())
}
