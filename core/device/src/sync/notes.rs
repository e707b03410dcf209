//! What an answer tells the rep beside the records themselves: access that came or went, records that
//! changed hands, rulings on what is out of sight, records that the server cannot read.

use super::absorb::{Otherwise, Renumbered};
use crate::error::Fail;
use crate::identity::Identity;
use crate::screens::outbox::in_words;
use crate::screens::row::row;
use crate::store::notices::{self, Notice};
use crate::store::records::{self, Record};
use crate::store::{documents, from_column, gone, handed, roster, typed};
use rounds_model::ids::{ActId, DocId, PersonId, Seq};
use rounds_model::people::Role;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::text::{Lang, Text};
use rounds_model::verdict::Outcome;
use rounds_protocol::exchange::{Answer, Cursors, Handed, PullItem, PushItem};
use rounds_workflow::{Catalogue, Projection};
use rusqlite::{Connection, Transaction};

/// Records that are named; of the others there is a number.
const NAMED: usize = 3;

/// Makes notices of an answer that was taken in.
pub(super) struct Notes<'a> {
    pub tx: &'a Transaction<'a>,
    pub catalogue: &'a Catalogue,
    pub me: &'a Identity,
    pub at_ms: i64,
}

impl Notes<'_> {
    /// What an answer says. `asked` are the acts whose rulings it was asked for, `before` is where the
    /// phone stood.
    pub fn news(&self, asked: &[ActId], answer: &Answer, before: &Cursors) -> Result<(), Fail> {
        let mut came = vec![];
        for item in &answer.pull {
            match item {
                PullItem::Access { scope, granted, at_ms } => self.access(scope, *granted, *at_ms)?,
                PullItem::Leader { person, leads, at_ms } => {
                    let notice = Notice::Leader { name: self.name(*person)?, leads: *leads };
                    notices::tell(self.tx, &notice, *at_ms)?;
                }
                PullItem::Ruled { act, verdict } if asked.contains(&verdict.act) => {
                    let item = PushItem::Act(act.clone());
                    let (title, act) = self.act(verdict.doc, &item)?;
                    let refusal = match &verdict.outcome {
                        Outcome::Accepted => None,
                        Outcome::Blocked(refusal) => Some(Box::new(refusal.clone())),
                    };
                    notices::tell(self.tx, &Notice::Ruled { title, act, refusal }, verdict.at_ms)?;
                }
                PullItem::Handed(handed) => {
                    let own = before.get(&Scope::Person(self.me.person.id));
                    self.work(handed, own.is_none_or(|at| *at == Seq(0)))?;
                }
                PullItem::Damaged { doc } => {
                    let title = self.title(records::get(self.tx, *doc)?.as_ref())?;
                    notices::tell(self.tx, &Notice::Damaged { doc: *doc, title }, self.at_ms)?;
                }
                PullItem::Snapshot { doc, projection, .. }
                    if self.has_changed_hands(*doc, projection, before)? =>
                {
                    came.extend(records::get(self.tx, *doc)?);
                }
                _ => {}
            }
        }
        let tell = |titles, count| Notice::Came { titles, count };
        self.about(&came, tell)
    }

    /// An own act was taken otherwise than was foreseen.
    pub fn turned(&self, otherwise: &Otherwise) -> Result<(), Fail> {
        let Otherwise { act, foreseen, verdict } = otherwise;
        let Some(record) = records::get(self.tx, act.doc)? else { return Ok(()) };
        let row = &record.projection;
        let Some(kind) = self.catalogue.kind_at(&row.kind, row.pack) else { return Ok(()) };
        let called = |name: &str| kind.act(name).map(|act| act.title.clone()).unwrap_or_default();
        let (taken, refusal) = match &verdict.turned {
            Some(turned) => (called(&turned.act), Some(Box::new(turned.why.clone()))),
            None => (called(&act.name), None),
        };
        let notice = Notice::Turned {
            doc: act.doc,
            title: self.title(Some(&record))?,
            act: called(&act.name),
            foreseen: called(foreseen),
            taken,
            refusal,
        };
        notices::tell(self.tx, &notice, verdict.at_ms)
    }

    /// An act was given other numbers before the server was put back: papers may have them.
    pub fn renumbered(&self, renumbered: &Renumbered) -> Result<(), Fail> {
        let Renumbered { act, before, verdict } = renumbered;
        let Some(record) = records::get(self.tx, act.doc)? else { return Ok(()) };
        let row = &record.projection;
        let name = verdict.turned.as_ref().map_or(&act.name, |turned| &turned.act);
        let kind = self.catalogue.kind_at(&row.kind, row.pack);
        for number in kind.and_then(|kind| kind.act(name)).into_iter().flat_map(|rule| &rule.numbers) {
            let [was, is] = [before, &verdict.facts].map(|facts| {
                facts.get(&number.name).and_then(Scalar::as_text).unwrap_or_default().to_owned()
            });
            // A phone's own guess says that it is one.
            if was.is_empty() || was.contains('?') || was == is || is.is_empty() {
                continue;
            }
            let title = self.title(Some(&record))?;
            let notice = Notice::Renumbered {
                doc: act.doc,
                title,
                number: number.title.clone(),
                before: was,
                now: is,
            };
            notices::tell(self.tx, &notice, verdict.at_ms)?;
        }
        Ok(())
    }

    /// These records are somebody else's now.
    pub fn gone(&self, records: &[Record]) -> Result<(), Fail> {
        let docs: Vec<_> = records.iter().map(|record| record.doc).collect();
        self.about(records, |titles, count| Notice::Gone { titles, count, docs: docs.clone() })
    }

    /// What this phone's person may do is another thing now.
    pub fn role(&self, before: Option<&Role>) -> Result<(), Fail> {
        let now = &self.me.person.role;
        match before.filter(|before| *before != now) {
            Some(before) => {
                let (now, before) = (now.to_string(), before.to_string());
                notices::tell(self.tx, &Notice::Role { now, before }, self.at_ms)
            }
            None => Ok(()),
        }
    }

    /// Work of somebody else about a record that is this phone's person's now: it waits, or was decided about.
    fn work(&self, handed: &Handed, is_first_read: bool) -> Result<(), Fail> {
        let decided = handed.decision.as_ref();
        if handed.person == self.me.person.id || (decided.is_some() && is_first_read) {
            return Ok(());
        }
        let Some(record) = records::get(self.tx, handed.doc)? else { return Ok(()) };
        if record.projection.owner != self.me.person.id {
            return Ok(());
        }
        let (title, name) = (self.title(Some(&record))?, self.name(handed.person)?);
        let accepted = decided.map(|decision| decision.accepted);
        // Its items come one by one and were decided about at once: it is one piece of work.
        let (doc, at_ms) = (handed.doc, decided.map_or(handed.at_ms, |decision| decision.at_ms));
        notices::tell_once(self.tx, &Notice::Work { doc, title, name, accepted }, at_ms)
    }

    fn about(&self, records: &[Record], notice: impl Fn(Vec<Text>, u64) -> Notice) -> Result<(), Fail> {
        if records.is_empty() {
            return Ok(());
        }
        let titles = records.iter().take(NAMED).map(|record| self.title(Some(record)));
        let titles = titles.collect::<Result<_, _>>()?;
        notices::tell(self.tx, &notice(titles, records.len() as u64), self.at_ms)
    }

    /// What an act and its record are called; of a record that is gone, what it was called.
    fn act(&self, doc: DocId, item: &PushItem) -> Result<(Text, Text), Fail> {
        let hash = item.pack().map_err(|_| Fail::BadAnswer("an act cannot be encoded"))?.hash();
        match handed::words(self.tx, hash)? {
            Some(taken) => Ok((taken.title, taken.what)),
            None => in_words(self.tx, self.catalogue, doc, item),
        }
    }

    fn access(&self, scope: &Scope, granted: bool, at_ms: i64) -> Result<(), Fail> {
        let notice = match scope {
            Scope::Person(person) => {
                Notice::Person { name: self.name(*person)?, granted, person: Some(*person) }
            }
            Scope::Area(name) => Notice::Area { name: name.clone(), granted },
            Scope::Team => return Ok(()),
        };
        notices::tell(self.tx, &notice, at_ms)
    }

    /// Whether a record that has come was begun as somebody else's and is this person's now. A phone
    /// that reads its person's records for the first time is told nothing: to it all are new.
    fn has_changed_hands(&self, doc: DocId, projection: &[u8], before: &Cursors) -> Result<bool, Fail> {
        let own = Scope::Person(self.me.person.id);
        if before.get(&own).is_none_or(|at| *at == Seq(0)) {
            return Ok(false);
        }
        let projection: Projection = from_column(projection)?;
        if projection.owner != self.me.person.id || gone::tombstone(self.tx, doc)?.is_some() {
            return Ok(false);
        }
        let Some(document) = documents::load(self.tx, doc)? else { return Ok(false) };
        let first = rounds_workflow::identity(&document.fields());
        Ok(first.is_ok_and(|identity| identity.owner != self.me.person.id))
    }

    fn title(&self, record: Option<&Record>) -> Result<Text, Fail> {
        title(self.tx, self.catalogue, record)
    }

    fn name(&self, person: PersonId) -> Result<String, Fail> {
        Ok(roster::person(self.tx, person)?.map_or_else(|| "?".to_owned(), |person| person.name))
    }
}

/// What a record is called; nothing, if it is not here.
pub(crate) fn title(db: &Connection, catalogue: &Catalogue, record: Option<&Record>) -> Result<Text, Fail> {
    let mut title = Text::default();
    let Some(record) = record else { return Ok(title) };
    for lang in Lang::ALL {
        let name = row(db, catalogue, record, lang)?.title;
        match lang {
            Lang::Zh => title.zh = name,
            Lang::En => title.en = name,
        }
    }
    Ok(title)
}

/// What was typed in a record and is no answer yet, for whoever typed it.
pub(super) fn typed(db: &Connection, catalogue: &Catalogue, doc: DocId) -> Result<Vec<Notice>, Fail> {
    let record = records::get(db, doc)?;
    let kind = record.as_ref().map(|record| &record.projection);
    let kind = kind.and_then(|row| catalogue.kind_at(&row.kind, row.pack));
    let title = title(db, catalogue, record.as_ref())?;
    let notice = |(key, text): (String, String)| {
        let question = kind.and_then(|kind| kind.question_title(&key));
        let question = question.unwrap_or_else(|| Text::new(key.clone(), key));
        Notice::Typed { title: title.clone(), question, text }
    };
    let typed = typed::of(db, doc)?.into_iter().filter(|(_, text)| !text.trim().is_empty());
    Ok(typed.map(notice).collect())
}
