//! Making a plan: what each item is to do, checked and bounded as a whole.

use super::rows::Rows;
use super::{BYTES, BatchFault, ITEMS, Selection};
use crate::Rounds;
use crate::authoring::{Typed, who};
use crate::error::{Fail, RoundsError};
use crate::identity;
use crate::platform::random;
use crate::store::batches::{Item, Job, State, Step, Work};
use crate::store::documents;
use rounds_model::ids::DocId;
use rounds_workflow::Kind;
use rusqlite::Connection;
use std::collections::BTreeMap;

/// What a batch is to do. Nothing of it is stored yet.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub(super) job: Job,
    pub(super) items: Vec<Item>,
}

impl Rounds {
    /// A record of a kind for each row; what is typed for all of them counts where a row says nothing.
    pub fn plan_records(&self, kind: &str, rows: Rows, all: &[Typed]) -> Result<Plan, RoundsError> {
        Ok(self.store.read(|db| {
            let job = Job { step: Step::Create { link: None }, kind: kind.to_owned(), version: 0 };
            let works = rows.into_iter().map(|mut row| {
                let more: Vec<_> = all.iter().filter(|(key, _)| !row.iter().any(|(k, _)| k == key)).collect();
                row.extend(more.into_iter().cloned());
                (None, row)
            });
            self.plan(db, job, works.collect())
        })?)
    }

    /// A record of a kind for each chosen record, which it links to by a question, with the same answers.
    /// What could not be chosen there is refused, as in the list that greys it.
    pub fn plan_for_each(
        &self,
        kind: &str,
        link: &str,
        chosen: &Selection,
        all: &[Typed],
    ) -> Result<Plan, RoundsError> {
        Ok(self.store.read(|db| {
            let catalogue = self.catalogue();
            let (of, chosen) = chosen.resolve(db, &catalogue)?;
            let known =
                catalogue.kind(kind).ok_or_else(|| Fail::UnknownKind(kind.to_owned(), catalogue.names()))?;
            if known.field(link).and_then(|field| field.link.as_ref()) != Some(&of) {
                return Err(BatchFault::NoLink(link.to_owned()).into());
            }
            let job =
                Job { step: Step::Create { link: Some(link.to_owned()) }, kind: kind.to_owned(), version: 0 };
            let works = chosen.into_iter().map(|doc| {
                let rest = all.iter().filter(|(key, _)| key != link).cloned();
                (None, [(link.to_owned(), doc.to_string())].into_iter().chain(rest).collect())
            });
            self.plan(db, job, works.collect())
        })?)
    }

    /// The same answers for each chosen record.
    pub fn plan_answers(&self, chosen: &Selection, all: &[Typed]) -> Result<Plan, RoundsError> {
        if all.is_empty() {
            return Err(Fail::from(BatchFault::Empty).into());
        }
        Ok(self.store.read(|db| self.plan_chosen(db, Step::Answer, chosen, all))?)
    }

    /// The same act about each chosen record.
    pub fn plan_act(&self, name: &str, chosen: &Selection, payload: &[Typed]) -> Result<Plan, RoundsError> {
        Ok(self.store.read(|db| self.plan_chosen(db, Step::Act(name.to_owned()), chosen, payload))?)
    }

    fn plan_chosen(
        &self,
        db: &Connection,
        step: Step,
        chosen: &Selection,
        all: &[Typed],
    ) -> Result<Plan, Fail> {
        let (kind, chosen) = chosen.resolve(db, &self.catalogue())?;
        let works = chosen.into_iter().map(|doc| (Some(doc), all.to_vec())).collect();
        self.plan(db, Job { step, kind, version: 0 }, works)
    }

    fn plan(
        &self,
        db: &Connection,
        mut job: Job,
        works: Vec<(Option<DocId>, Vec<Typed>)>,
    ) -> Result<Plan, Fail> {
        let catalogue = self.catalogue();
        let me = identity::load(db)?.ok_or(Fail::NotEnrolled)?;
        let kind = catalogue.kind(&job.kind);
        let kind = kind.ok_or_else(|| Fail::UnknownKind(job.kind.clone(), catalogue.names()))?;
        job.version = kind.version;
        // Whoever may create none at all is told once, not for each row.
        if let Step::Create { .. } = job.step {
            rounds_workflow::may_create(kind, &who(&me), me.person.id, &BTreeMap::new())?;
        }
        match works.len() {
            0 => return Err(BatchFault::Empty.into()),
            n if n > ITEMS => return Err(BatchFault::TooMany(n).into()),
            _ => {}
        }
        asked_for(kind, &job.step, works.iter().flat_map(|(_, typed)| typed))?;
        let typed = works.iter().flat_map(|(_, typed)| typed);
        if typed.map(|(key, text)| key.len() + text.len()).sum::<usize>() > BYTES {
            return Err(BatchFault::TooLarge.into());
        }
        let ms = u64::try_from(self.now(db)?.at_ms).unwrap_or(0);
        let mut items = Vec::with_capacity(works.len());
        for (n, (doc, typed)) in (1..).zip(works) {
            let seen = match doc {
                Some(doc) => seen(db, doc)?,
                None => vec![],
            };
            let doc = match doc {
                Some(doc) => doc,
                None => DocId::v7(ms, random(&*self.platform)?),
            };
            let act = match job.step {
                Step::Act(_) => Some(self.act_id(db)?),
                _ => None,
            };
            items.push(Item { n, state: State::Waiting, doc, act, work: Work { typed, seen }, why: None });
        }
        Ok(Plan { job, items })
    }
}

/// The content that a person sees of a record now.
pub(super) fn seen(db: &Connection, doc: DocId) -> Result<Vec<rounds_model::ids::ChangeHash>, Fail> {
    Ok(documents::load(db, doc)?.map(|document| document.heads()).unwrap_or_default())
}

/// What is typed must be asked for by the step.
fn asked_for<'t>(kind: &Kind, step: &Step, typed: impl Iterator<Item = &'t Typed>) -> Result<(), BatchFault> {
    let names = |fields: &[rounds_workflow::Field]| {
        fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>().join(", ")
    };
    let asked: &[_] = match step {
        Step::Act(name) => match kind.act(name) {
            Some(act) => &act.payload,
            None => {
                let known: Vec<_> = kind.acts.iter().map(|act| act.name.as_str()).collect();
                return Err(BatchFault::NoAct(name.clone(), known.join(", ")));
            }
        },
        _ => &kind.fields,
    };
    for (key, _) in typed {
        let known = match step {
            Step::Act(_) => asked.iter().any(|field| field.name == *key),
            // Questions in a repeat are known once the record is there.
            _ => kind.question_title(key).is_some() || key.contains(['/', '[']),
        };
        if !known {
            return Err(BatchFault::NoColumn(key.clone(), names(asked)));
        }
    }
    Ok(())
}
