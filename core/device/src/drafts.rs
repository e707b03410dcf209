//! Throwing away a draft that was begun by mistake: a record that is on this phone alone.
//!
//! What nobody else has and nobody has acted on can go without a trace. As soon as a part of it was in a request
//! or a bundle, whether an answer was heard or not, it may be at the server: from then on it is ended by its own
//! acts, so that everybody knows of it.

use crate::Rounds;
use crate::authoring::who;
use crate::error::{Fail, RoundsError, messages};
use crate::identity;
use crate::projecting;
use crate::screens::row::row;
use crate::store::{acts, documents, gone, handed, offered, outbox, recordings, records};
use crate::sync::ending;
use crate::world::Here;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::text::{Lang, Text};
use rounds_protocol::exchange::PushItem;
use rounds_workflow::View;
use rusqlite::Connection;

impl Rounds {
    /// Throws a draft away, with its photos. The shell asks before it calls this.
    ///
    /// # Errors
    /// `draft-sent`, `draft-acted`, `draft-linked`, `draft-recording`: why it stays, and what to do instead.
    pub fn throw_away(&self, doc: DocId) -> Result<(), RoundsError> {
        Ok(self.throw(doc)?)
    }

    /// Why a record cannot be thrown away; none if it can.
    pub fn kept_because(&self, doc: DocId) -> Result<Option<Refusal>, RoundsError> {
        let recorded = self.records_for(doc);
        Ok(self.store.read(|db| why_not(self, db, doc, recorded))?)
    }

    /// Whether a record is on this phone alone, as far as it alone says: for a screen, which offers what may be
    /// refused for the sake of another record.
    pub fn is_draft(&self, doc: DocId) -> Result<bool, RoundsError> {
        let recorded = self.records_for(doc);
        Ok(self.store.read(|db| Ok(kept_by(db, doc, recorded)?.is_none()))?)
    }

    fn throw(&self, doc: DocId) -> Result<(), Fail> {
        let recorded = self.records_for(doc);
        self.store.write(|tx| {
            if let Some(no) = why_not(self, tx, doc, recorded)? {
                return Err(no.into());
            }
            for (n, _) in outbox::of(tx, doc)? {
                outbox::remove(tx, n)?;
            }
            gone::forget(tx, doc)?;
            gone::leave_nothing(tx, doc)
        })?;
        self.let_places_be(doc);
        // Its photos are nobody's now.
        ending::sweep(self)
    }
}

fn why_not(rounds: &Rounds, db: &Connection, doc: DocId, recorded: bool) -> Result<Option<Refusal>, Fail> {
    if let Some(no) = of_its_own(rounds, db, doc, recorded)? {
        return Ok(Some(no));
    }
    let Some(other) = linking(db, doc)? else { return Ok(None) };
    let title = |lang| -> Result<String, Fail> { Ok(row(db, &rounds.catalogue(), &other, lang)?.title) };
    let (zh, en) = (title(Lang::Zh)?, title(Lang::En)?);
    let named = |lang| vec![("title", if lang == Lang::Zh { zh.clone() } else { en.clone() })];
    Ok(Some(said("draft-linked", false, named)))
}

/// What keeps a record, as far as it alone says: the code of the refusal.
fn kept_by(db: &Connection, doc: DocId, recorded: bool) -> Result<Option<&'static str>, Fail> {
    let (waiting, offered) = (outbox::of(db, doc)?, offered::last(db)?);
    if !acts::of(db, doc)?.is_empty() {
        return Ok(Some("draft-acted"));
    }
    let held = outbox::held_count(db, doc)? > 0 || !handed::about(db, doc)?.is_empty();
    if waiting.is_empty() || held || waiting.iter().any(|(n, _)| *n <= offered) {
        return Ok(Some("draft-sent"));
    }
    let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
    if waiting.len() != document.len() {
        return Ok(Some("draft-sent"));
    }
    let recorded = recorded || recordings::open(db)?.iter().any(|(of, _)| *of == doc);
    Ok(recorded.then_some("draft-recording"))
}

/// The same in words, with what can be done instead.
fn of_its_own(rounds: &Rounds, db: &Connection, doc: DocId, recorded: bool) -> Result<Option<Refusal>, Fail> {
    let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
    let Some(code) = kept_by(db, doc, recorded)? else { return Ok(None) };
    if code == "draft-recording" {
        return Ok(Some(said(code, false, |_| vec![])));
    }
    let (me, catalogue) = (identity::load(db)?.ok_or(Fail::NotEnrolled)?, rounds.catalogue());
    let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
    let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
    let record = projecting::stand(db, &catalogue, &me, doc, &document)?;
    let (here, moment) = (Here(db), rounds_workflow::moment(rounds.now(db)?.at_ms, me.zone()));
    let mut acts = rounds_workflow::available(&catalogue, &record, &View::new(who(&me), &here, moment))?;
    acts.retain(|choice| choice.possible.is_ok());
    let args = |lang| {
        let titles: Vec<&str> = acts.iter().map(|choice| choice.title.get(lang)).collect();
        let titles = titles.join(if lang == Lang::Zh { "、" } else { ", " });
        vec![("acts", titles), ("kind", kind.title.get(lang).to_owned())]
    };
    Ok(Some(said(code, acts.is_empty(), args)))
}

/// A record that links to one that never left this phone: what links to it has not left it either.
fn linking(db: &Connection, doc: DocId) -> Result<Option<records::Record>, Fail> {
    let id = doc.to_string();
    for waiting in outbox::oldest(db, usize::MAX, usize::MAX)?.into_iter().filter(|w| w.doc != doc) {
        let names = match waiting.item.unpack() {
            Ok(PushItem::Edit(edit)) => edit.puts.iter().any(|put| put.value.as_text() == Some(&id)),
            Ok(PushItem::Act(signed)) => {
                signed.read().is_ok_and(|act| act.payload.values().any(|value| value.as_text() == Some(&id)))
            }
            Err(_) => false,
        };
        if let Some(record) = records::get(db, waiting.doc)?.filter(|_| names)
            && record.projection.data.values().any(|value| value.as_text() == Some(&id))
        {
            return Ok(Some(record));
        }
    }
    Ok(None)
}

/// A refusal in both languages; without an act that could be done instead it says whom to ask.
fn said(code: &str, nothing: bool, args: impl Fn(Lang) -> Vec<(&'static str, String)>) -> Refusal {
    let text = |key: &str| {
        let one = |lang| messages().get(lang, key, &args(lang));
        Text::new(one(Lang::Zh), one(Lang::En))
    };
    let remedy = if nothing { "draft-ask".to_owned() } else { format!("{code}-remedy") };
    Refusal::new(code, text(code), text(&remedy))
}
