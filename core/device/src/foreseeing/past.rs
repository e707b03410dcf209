//! What the phone knew at each step of what waits.
//!
//! A record is opened when a step is about it, or a rule asks for it, and closed again when nothing of it waits.

use super::Step;
use crate::authoring::who;
use crate::error::Fail;
use crate::identity::Identity;
use crate::projecting::{self, contested};
use crate::store::{documents, records};
use crate::world::{Here, unreadable};
use rounds_model::act::Act;
use rounds_model::document::Document;
use rounds_model::ids::{ChangeHash, DocId, PersonId};
use rounds_workflow::{
    Ahead, Catalogue, Claim, Content, Foreseen, Judged, Known, Projection, Record, Unprojectable, World,
    WorldError,
};
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// The records of which something waits, as they stood.
pub(super) struct Past<'a> {
    db: &'a Connection,
    catalogue: &'a Catalogue,
    me: &'a Identity,
    subjects: RefCell<BTreeMap<DocId, Subject>>,
    /// The acts so far.
    foreseen: Foreseen,
}

/// A record of which something waits.
#[derive(Default)]
struct Subject {
    /// Steps about it that are to come.
    left: usize,
    /// Its kind and version as far as it has a row, once that was asked.
    kind: Option<Option<(String, u32)>>,
    /// The edits that come later.
    later: HashSet<ChangeHash>,
    /// With everything in it, while something comes later.
    whole: Option<Document>,
    /// As it stands, as far as that was asked.
    document: Option<Document>,
    history: Option<Arc<Vec<Judged>>>,
    row: Row,
}

#[derive(Default)]
enum Row {
    #[default]
    Unasked,
    /// It cannot be read: it is left as it is.
    Unread,
    /// None while there is no record yet.
    Made(Option<Box<Projection>>),
}

impl<'a> Past<'a> {
    /// Before the first of these steps.
    pub fn new(
        db: &'a Connection,
        catalogue: &'a Catalogue,
        me: &'a Identity,
        steps: &[Step<'_>],
    ) -> Past<'a> {
        let mut subjects: BTreeMap<DocId, Subject> = BTreeMap::new();
        for step in steps {
            let subject = subjects.entry(step.doc()).or_default();
            subject.left += 1;
            if let Step::Edit(_, hash) = step {
                subject.later.insert(*hash);
            }
        }
        Past { db, catalogue, me, subjects: RefCell::new(subjects), foreseen: Foreseen::new() }
    }

    /// What came out.
    pub fn foreseen(self) -> Foreseen {
        self.foreseen
    }

    pub fn go(&mut self, step: &Step<'_>) -> Result<(), Fail> {
        match step {
            Step::Edit(..) => {}
            Step::Sent(act, ruling) => drop(self.foreseen.insert(act.id, ruling.as_ref().clone())),
            Step::Act(act) => self.state(act)?,
        }
        if let Some(subject) = self.subjects.get_mut().get_mut(&step.doc()) {
            subject.left = subject.left.saturating_sub(1);
            if let Step::Edit(_, hash) = step {
                subject.later.remove(hash);
                subject.document = None;
            }
            if !matches!(subject.row, Row::Unread) {
                subject.row = Row::Unasked;
            }
            if subject.left == 0 && subject.document.is_some() {
                // While it is open: nothing changes it any more.
                self.asked(step.doc())?;
            } else if subject.left == 0 {
                subject.whole = None;
            }
        }
        Ok(())
    }

    fn state(&mut self, act: &Act) -> Result<(), Fail> {
        let Some((heads, now, seen)) = self.content(act)? else { return Ok(()) };
        let content = Content { now: &now, heads: &heads, seen: seen.as_ref() };
        let (who, zone) = (who(self.me), self.me.zone());
        let ruling = rounds_workflow::rule_on(self.catalogue, content, act, &who, self, zone)?;
        self.foreseen.insert(act.id, ruling);
        Ok(())
    }

    /// The record of an act as it stands, and as its author saw it, if that is another one. None if it is no
    /// record of a known kind.
    #[allow(clippy::type_complexity)] // The heads, the record, the record as it was seen.
    fn content(&self, act: &Act) -> Result<Option<(Vec<ChangeHash>, Record, Option<Record>)>, Fail> {
        self.asked(act.doc)?;
        let subjects = self.subjects.borrow();
        let Some(subject) = subjects.get(&act.doc) else { return Ok(None) };
        let (Row::Made(Some(_)), Some(document)) = (&subject.row, &subject.document) else { return Ok(None) };
        let (heads, contested) = (document.heads(), contested(document));
        let history = self.so_far(subject.history.as_deref().map(Vec::as_slice).unwrap_or_default());
        let here = Here(self.db);
        let stand = |fields| -> Result<Record, Unprojectable> {
            let ahead = Some(self.ahead(&here, &heads, &contested));
            Ok(rounds_workflow::stand(self.catalogue, act.doc, &fields, &history, ahead)?.record)
        };
        let seen = if act.heads == heads { None } else { document.fields_at(&act.heads) };
        match (stand(document.fields()), seen.map(stand).transpose()) {
            (Ok(now), Ok(seen)) => Ok(Some((heads, now, seen))),
            (Err(Unprojectable::World(e)), _) | (_, Err(Unprojectable::World(e))) => Err(e.into()),
            (Err(Unprojectable::Refused(_)), _) | (_, Err(Unprojectable::Refused(_))) => Ok(None),
        }
    }

    /// Makes the row of a record of which something waits, if it was written or acted on since.
    fn asked(&self, doc: DocId) -> Result<(), Fail> {
        let Some(mut subject) = self.subjects.borrow_mut().remove(&doc) else { return Ok(()) };
        let made = if matches!(subject.row, Row::Unasked) { self.make(doc, &mut subject) } else { Ok(()) };
        self.subjects.borrow_mut().insert(doc, subject);
        made
    }

    fn make(&self, doc: DocId, subject: &mut Subject) -> Result<(), Fail> {
        let document = match subject.document.take() {
            Some(document) => document,
            None => {
                let whole =
                    match subject.whole.take().map_or_else(|| documents::load(self.db, doc), |w| Ok(Some(w)))
                    {
                        Ok(Some(whole)) => whole,
                        Ok(None) | Err(Fail::Document(_)) => {
                            subject.row = Row::Unread;
                            return Ok(());
                        }
                        Err(fail) => return Err(fail),
                    };
                if subject.later.is_empty() {
                    whole
                } else {
                    match whole.without(&subject.later) {
                        Ok(document) => {
                            subject.whole = Some(whole);
                            document
                        }
                        // What cannot be taken apart is looked at as a whole: one record stops no other.
                        Err(_) => whole,
                    }
                }
            }
        };
        let history = match &subject.history {
            Some(history) => history.clone(),
            None => subject.history.insert(Arc::new(projecting::history(self.db, doc)?)).clone(),
        };
        subject.row = Row::Made(self.row(doc, &document, &history)?.map(Box::new));
        if subject.left > 0 {
            subject.document = Some(document);
        } else {
            (subject.whole, subject.history) = (None, None);
        }
        Ok(())
    }

    /// How many records are open.
    #[cfg(test)]
    pub fn open(&self) -> usize {
        let subjects = self.subjects.borrow();
        subjects.values().filter(|subject| subject.document.is_some() || subject.whole.is_some()).count()
    }

    fn row(&self, doc: DocId, document: &Document, history: &[Judged]) -> Result<Option<Projection>, Fail> {
        if document.is_empty() {
            return Ok(None);
        }
        let (heads, contested, history) = (document.heads(), contested(document), self.so_far(history));
        let moment = rounds_workflow::moment(document.last_written() * 1000, self.me.zone());
        let here = Here(self.db);
        let ahead = Some(self.ahead(&here, &heads, &contested));
        match rounds_workflow::project(self.catalogue, doc, &document.fields(), &history, moment, ahead) {
            Ok(projection) => Ok(Some(projection)),
            Err(Unprojectable::Refused(_)) => Ok(None),
            Err(Unprojectable::World(e)) => Err(e.into()),
        }
    }

    /// Of the acts about a record those that were ruled, or stated before this step.
    fn so_far(&self, history: &[Judged]) -> Vec<Judged> {
        let counts =
            |judged: &&Judged| judged.verdict.is_some() || self.foreseen.contains_key(&judged.act.id);
        history.iter().filter(counts).cloned().collect()
    }

    /// For a record whose acts are foreseen, so that nothing is asked of the world.
    fn ahead<'s>(
        &'s self,
        here: &'s Here<'_>,
        heads: &'s [ChangeHash],
        contested: &'s BTreeSet<String>,
    ) -> Ahead<'s> {
        let (who, zone) = (who(self.me), self.me.zone());
        Ahead { who, world: here, zone, heads, contested, foreseen: &self.foreseen }
    }

    /// The records of which something waits and that may have a claim in a ledger.
    fn claimants(&self, ledger: &str) -> Result<Vec<DocId>, Fail> {
        let mut out = Vec::new();
        for (doc, subject) in self.subjects.borrow_mut().iter_mut() {
            let kind = match &subject.kind {
                Some(kind) => kind,
                None => {
                    let row = records::get(self.db, *doc)?.map(|record| record.projection);
                    subject.kind.insert(row.map(|row| (row.kind, row.pack)))
                }
            };
            let kind = kind.as_ref().and_then(|(kind, pack)| self.catalogue.kind_at(kind, *pack));
            // Of one without a row it is not known.
            if kind.is_none_or(|kind| kind.keeps(ledger)) {
                out.push(*doc);
            }
        }
        Ok(out)
    }
}

impl World for Past<'_> {
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError> {
        self.asked(id).map_err(unreadable)?;
        match self.subjects.borrow().get(&id).map(|subject| &subject.row) {
            Some(Row::Made(row)) => Ok(row.as_deref().map(Projection::known)),
            _ => Here(self.db).record(id),
        }
    }

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        let mut claims = Here(self.db).claims(rule, key)?;
        let (mut made, mut own) = (BTreeSet::new(), Vec::new());
        for doc in self.claimants(rule).map_err(unreadable)? {
            self.asked(doc).map_err(unreadable)?;
            if let Some(Row::Made(row)) = self.subjects.borrow().get(&doc).map(|subject| &subject.row) {
                let all = row.iter().flat_map(|row| &row.claims);
                let meant = all.filter(|claim| claim.rule == rule && claim.key == key);
                own.extend(meant.map(|claim| (doc, claim.clone())));
                made.insert(doc);
            }
        }
        claims.retain(|(doc, _)| !made.contains(doc));
        claims.extend(own);
        // As every world has them, by the record.
        claims.sort_by_key(|(doc, _)| *doc);
        Ok(claims)
    }

    fn history(&self, id: DocId) -> Result<Arc<Vec<Judged>>, WorldError> {
        let history = Here(self.db).history(id)?;
        let waits = self.subjects.borrow().contains_key(&id);
        Ok(if waits { Arc::new(self.so_far(&history)) } else { history })
    }

    fn name(&self, person: PersonId) -> Result<Option<String>, WorldError> {
        Here(self.db).name(person)
    }

    fn is_whole(&self) -> bool {
        Here(self.db).is_whole()
    }
}
