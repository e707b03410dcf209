//! The outbox: what waits, what was not accepted, what is held, what has two versions. Everything a
//! person has to know before they put the phone away.

use super::record::Reason;
use super::row::{Row, row};
use super::say;
use super::status::{Status, clock, status};
use super::{edited, media};
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::handed::{self, Taken};
use crate::store::notices::{self, Notice};
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
    /// Acts that were taken otherwise than this phone had foreseen, such as a seat that became a place on the
    /// waiting list, each with its reason, until the rep has read it (`dismiss`).
    pub turned: Vec<Entry>,
    /// Items that the server holds back, each with its reason.
    pub held: Vec<Entry>,
    /// Items that wait to be sent, oldest first.
    pub waiting: Vec<Entry>,
    /// Photos and files that wait to be sent, oldest first, with what is wrong if something is.
    pub media: Vec<Entry>,
    /// Records of which the server took something lately, newest first, each with its receipt.
    pub taken: Vec<Entry>,
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

/// Where an item is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for its turn, or for a network.
    Waiting,
    /// It is in the request that is under way just now.
    Sending,
    /// The server has it; the receipt is stored here.
    Taken,
    /// The server keeps it apart, until a person decides.
    Held,
    /// It was not accepted.
    Blocked,
    /// It was taken otherwise than foreseen.
    Turned,
}

impl State {
    /// What people read.
    pub fn text(self, lang: Lang) -> String {
        let key = match self {
            State::Waiting => "print-waiting",
            State::Sending => "print-sending",
            State::Taken => "print-taken",
            State::Held => "print-held",
            State::Blocked => "print-blocked",
            State::Turned => "print-otherwise",
        };
        say(lang, key, &[])
    }
}

/// One item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// Where it is on its way.
    pub state: State,
    /// For a held item, and a photo that can never be sent: the number to decide about it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// The record; none if it is not on this phone (any more).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<Row>,
    /// What it is, in words: the act's title, or the answers that an edit writes.
    pub what: String,
    /// The same as it is stored, for support: keys and values, or the name of the act.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stored: Vec<String>,
    /// When it was made or held, in the team's time zone.
    pub at: String,
    /// For the same: how to decide about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decide: Option<String>,
    /// Why it needs you, or why it could not be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// The time of day of the next try, if one that failed is to be repeated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_try: Option<String>,
    /// For what the server took: the place in its log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<u64>,
}

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
            state: State::Blocked,
            number: None,
            decide: None,
            next_try: None,
            receipt: None,
            record: row_of(rounds, db, doc, lang)?,
            what: act_title(&rounds.catalogue(), db, doc, &known.act.name, lang)?,
            stored: vec![known.act.name.clone()],
            at: clock(zone, verdict.at_ms),
            reason: Some(Reason::of(&refusal, lang)),
        });
    }
    let mut turned = Vec::new();
    for (number, at_ms, notice) in notices::turned(db)? {
        let Notice::Turned { doc, refusal, .. } = &notice else { continue };
        turned.push(Entry {
            state: State::Turned,
            number: Some(number),
            decide: Some(say(lang, "what-decide-turned", &[("n", number.to_string())])),
            next_try: None,
            receipt: None,
            record: row_of(rounds, db, *doc, lang)?,
            what: super::notices::words(&notice, &[], zone, lang).0,
            stored: vec![],
            at: clock(zone, at_ms),
            reason: refusal.as_ref().map(|refusal| Reason::of(refusal, lang)),
        });
    }
    let mut held = Vec::new();
    for item in outbox::held(db)?.into_iter().take(LISTED) {
        held.push(Entry {
            state: State::Held,
            next_try: None,
            receipt: None,
            number: Some(item.n),
            decide: Some(decide(rounds, db, &item, lang)?),
            record: row_of(rounds, db, item.doc, lang)?,
            what: what(&rounds.catalogue(), db, item.doc, &item.item, lang)?,
            stored: stored(&item.item),
            at: clock(zone, item.at_ms),
            reason: Some(Reason::of(&item.refusal, lang)),
        });
    }
    let status = status(rounds, db, lang)?;
    let sending = rounds.now_under_way().map(|now| now.sending).unwrap_or_default();
    let next_try = status.next_try.as_ref().map(|next| next.at.clone());
    let mut waiting = Vec::new();
    for item in outbox::oldest(db, LISTED, usize::MAX)? {
        let read = item.item.unpack().map_err(|_| Fail::Damaged("an item of the outbox"))?;
        let is_sending = sending.contains(&item.n);
        waiting.push(Entry {
            state: if is_sending { State::Sending } else { State::Waiting },
            number: None,
            decide: None,
            next_try: next_try.clone(),
            receipt: None,
            record: row_of(rounds, db, item.doc, lang)?,
            what: what(&rounds.catalogue(), db, item.doc, &read, lang)?,
            stored: stored(&read),
            at: clock(zone, item.at_ms),
            reason: status.trouble.clone(),
        });
    }
    let mut taken = Vec::new();
    for item in outbox::taken(db)? {
        taken.push(Entry {
            state: State::Taken,
            number: None,
            record: row_of(rounds, db, item.doc, lang)?,
            stored: vec![],
            what: say(lang, "what-taken", &[("receipt", item.seq.to_string())]),
            at: clock(zone, item.taken_ms),
            decide: None,
            reason: None,
            next_try: None,
            receipt: Some(item.seq),
        });
    }
    let media = media::waiting(rounds, db, zone, lang, &status)?;
    let own = handed::taken(db, LISTED)?;
    let handed_over = own.into_iter().map(|(n, taken, seen)| over(n, &taken, seen, zone, lang)).collect();
    Ok(Outbox { status, blocked, turned, held, waiting, media, taken, handed_over })
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
            let kind = record.and_then(|r| catalogue.kind_at(&r.projection.kind, r.projection.pack));
            edited::in_words(db, catalogue, kind, edit, lang)
        }
    }
}

fn stored(item: &PushItem) -> Vec<String> {
    match item {
        PushItem::Edit(edit) => edited::as_stored(edit),
        PushItem::Act(signed) => signed.read().map(|act| vec![act.name]).unwrap_or_default(),
    }
}

/// What can be done about a held item.
fn decide(rounds: &Rounds, db: &Connection, item: &outbox::Held, lang: Lang) -> Result<String, Fail> {
    let catalogue = rounds.catalogue();
    let record = records::get(db, item.doc)?;
    let kind = record.and_then(|r| catalogue.kind(&r.projection.kind));
    let asks = kind.is_some_and(|k| k.change_request.is_some()) && matches!(item.item, PushItem::Edit(_));
    let key = match item.item {
        // What was stated is stated anew on the record, by what holds then; it is not repeated as it was.
        PushItem::Act(_) => "what-decide-act",
        PushItem::Edit(_) if asks => "what-decide-request",
        PushItem::Edit(_) => "what-decide",
    };
    Ok(say(lang, key, &[("n", item.n.to_string())]))
}

fn act_title(
    catalogue: &Catalogue,
    db: &Connection,
    doc: DocId,
    name: &str,
    lang: Lang,
) -> Result<String, Fail> {
    let record = records::get(db, doc)?;
    let kind = record.and_then(|r| catalogue.kind_at(&r.projection.kind, r.projection.pack));
    let act = kind.and_then(|k| k.act(name));
    Ok(act.map_or(name, |a| a.title.get(lang)).to_owned())
}
