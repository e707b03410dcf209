//! What a link could point to: page by page, or by words, each judged as if it had been chosen (O.15); for a
//! record that is there, for one that is still to be begun, and for the sheet of an act.

use super::greyed::stored;
use super::record::Reason;
use super::row::{Row, row};
use crate::Rounds;
use crate::answers;
use crate::authoring::{Typed, who};
use crate::error::{Fail, RoundsError};
use crate::identity::Identity;
use crate::store::records;
use crate::world::Here;
use rounds_model::ids::{DocId, PersonId};
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_workflow::{
    Catalogue, Claim, Field, Judged, KIND, Kind, Known, OWNER, PACK, Record, View, World, WorldError,
};
use rusqlite::Connection;
use serde::Serialize;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The most candidates of a page.
pub const CANDIDATES: usize = 200;
/// So many of the newest are looked at by what they are called, beside what the search finds by words.
const LOOKED_AT: u32 = 1_000;

/// Which page of candidates.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    /// What the page before gave as the next one.
    pub from: Option<i64>,
    /// How many; never more than [`CANDIDATES`].
    pub most: usize,
}

/// For what a record is chosen.
#[derive(Debug, Clone, Copy)]
pub enum Chosen<'a> {
    /// For a question of a record that is there.
    Record(DocId),
    /// For a record of this kind that is still to be begun, with what is answered so far.
    New(&'a str, &'a [Typed]),
    /// For the sheet of an act about a record, with what is answered on it so far.
    Act(DocId, &'a str, &'a [Typed]),
    /// For what judges nothing: a question of a finder.
    Finder,
}

/// What a link could point to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidates {
    /// The records of the linked kind: the newest first, or those that fit the words best.
    pub candidates: Vec<Candidate>,
    /// Give this to get the next page; none if this is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<i64>,
}

/// A record that a link could point to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// As lists show it.
    #[serde(flatten)]
    pub row: Row,
    /// False: greyed, for this reason.
    pub possible: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

impl Rounds {
    /// What a link of a record could point to, with all of the words that were typed; what could not says why.
    pub fn candidates(
        &self,
        doc: DocId,
        question: &str,
        typed: &str,
        before: Option<i64>,
        lang: Lang,
    ) -> Result<Candidates, RoundsError> {
        let catalogue = self.catalogue();
        let row = self.store.read(|db| records::get(db, doc)?.ok_or(Fail::UnknownRecord))?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let field = kind.field(question).ok_or_else(|| Fail::UnknownQuestion(question.to_owned()))?;
        let page = Paging { from: before, most: CANDIDATES };
        self.candidates_for(Chosen::Record(doc), field, typed, page, lang)
    }

    /// The same for any question that a pack declares and that links to a record.
    pub fn candidates_for(
        &self,
        by: Chosen<'_>,
        field: &Field,
        typed: &str,
        page: Paging,
        lang: Lang,
    ) -> Result<Candidates, RoundsError> {
        let page = Paging { most: page.most.clamp(1, CANDIDATES), ..page };
        let catalogue = self.catalogue();
        Ok(self.store.read(|db| {
            let link = linked(field)?;
            let (found, next) = match typed.trim() {
                "" => newest(db, link, page)?,
                words => by_words(db, &catalogue, link, words, page, lang)?,
            };
            Ok::<_, Fail>(Candidates { candidates: self.judged(db, by, field, &found, lang)?, next })
        })?)
    }

    /// These records, such as a finder found, each judged as if it had been chosen.
    pub fn judge_candidates(
        &self,
        by: Chosen<'_>,
        field: &Field,
        among: &[DocId],
        lang: Lang,
    ) -> Result<Vec<Candidate>, RoundsError> {
        Ok(self.store.read(|db| {
            let mut found = Vec::with_capacity(among.len());
            for doc in among {
                found.extend(records::get(db, *doc)?);
            }
            self.judged(db, by, field, &found, lang)
        })?)
    }

    fn judged(
        &self,
        db: &Connection,
        by: Chosen<'_>,
        field: &Field,
        found: &[records::Record],
        lang: Lang,
    ) -> Result<Vec<Candidate>, Fail> {
        let (me, catalogue) = (self.identity()?, self.catalogue());
        let moment = rounds_workflow::moment(self.now(db)?.at_ms, me.zone());
        let here = Here(db);
        let view = View::new(who(&me), &here, moment);
        let among: Vec<DocId> = found.iter().map(|found| found.doc).collect();
        let judged = judge(db, &catalogue, &me, by, field, &among, &view)?;
        let one = |(found, judged): (&records::Record, Result<(), Refusal>)| {
            let reason = judged.err().map(|no| Reason::of(&no, lang));
            Ok(Candidate { row: row(db, &catalogue, found, lang)?, possible: reason.is_none(), reason })
        };
        found.iter().zip(judged).map(one).collect()
    }
}

fn judge(
    db: &Connection,
    catalogue: &Catalogue,
    me: &Identity,
    by: Chosen<'_>,
    field: &Field,
    among: &[DocId],
    view: &View<'_>,
) -> Result<Vec<Result<(), Refusal>>, Fail> {
    let (who, world, moment) = (&view.who, view.world, view.moment);
    let of = |record: &Record| catalogue.kind_at(&record.kind, record.pack).ok_or(Fail::UnknownRecord);
    Ok(match by {
        Chosen::Finder => vec![Ok(()); among.len()],
        Chosen::Record(doc) => {
            let record = stored(db, catalogue, me, doc)?;
            rounds_workflow::candidates(of(&record)?, &record, field, among, who, world, moment)?
        }
        Chosen::New(kind, given) => {
            let known = catalogue.kind(kind);
            let kind = known.ok_or_else(|| Fail::UnknownKind(kind.to_owned(), catalogue.names()))?;
            let record = supposed(db, me, kind, given)?;
            rounds_workflow::candidates(kind, &record, field, among, who, world, moment)?
        }
        Chosen::Act(doc, act, given) => {
            let record = stored(db, catalogue, me, doc)?;
            let kind = of(&record)?;
            let rule = kind.act(act).ok_or(Fail::UnknownRecord)?;
            let given = understood(&rule.payload, given, me);
            rounds_workflow::candidates_for_act(kind, &record, (rule, &given), field, among, view)?
        }
    })
}

/// The record as it would begin with what is answered so far.
fn supposed(db: &Connection, me: &Identity, kind: &Kind, given: &[Typed]) -> Result<Record, Fail> {
    let mut fields = understood(&kind.fields, given, me);
    fields.insert(KIND.to_owned(), Scalar::from(kind.name.as_str()));
    fields.insert(OWNER.to_owned(), Scalar::from(me.person.id.to_string()));
    fields.insert(PACK.to_owned(), Scalar::Int(kind.version.into()));
    let doc = DocId([0; 16]);
    let record = Record::new(kind, doc, fields.clone())?;
    let known = rounds_workflow::prefill(kind, &record, &Here(db))?;
    let known = understood(&kind.fields, &known, me);
    fields.extend(known);
    Ok(Record::new(kind, doc, fields)?)
}

/// What is answered so far, without what is no answer yet.
fn understood(asked: &[Field], given: &[Typed], me: &Identity) -> BTreeMap<String, Scalar> {
    let known = given.iter().filter(|(key, _)| asked.iter().any(|field| field.name == *key));
    let read = known.filter_map(|one| answers::asked_for(asked, std::slice::from_ref(one), me.zone()).ok());
    read.flatten().filter(|(_, value)| *value != Scalar::Null).collect()
}

fn linked(field: &Field) -> Result<&str, Fail> {
    field.link.as_deref().ok_or_else(|| Fail::UnknownQuestion(field.name.clone()))
}

type Page = (Vec<records::Record>, Option<i64>);

fn newest(db: &Connection, link: &str, page: Paging) -> Result<Page, Fail> {
    let found = records::of_kind(db, link, page.from, u32::try_from(page.most).unwrap_or(u32::MAX))?;
    let next = (found.len() == page.most).then(|| found.last().map(|r| r.n)).flatten();
    Ok((found, next))
}

/// Those with all of the words; the page begins after as many as came before.
fn by_words(
    db: &Connection,
    catalogue: &Catalogue,
    link: &str,
    words: &str,
    page: Paging,
    lang: Lang,
) -> Result<Page, Fail> {
    let skip = usize::try_from(page.from.unwrap_or(0)).unwrap_or(0);
    let (found, more) = named(db, catalogue, link, words, (skip, page.most), lang)?;
    Ok((found, more.then(|| i64::try_from(skip + page.most).unwrap_or(i64::MAX))))
}

/// A page of those with all of the words, the best first, and after them of those that are called so: a title that
/// is worked out is in no index. And whether there are more.
pub(crate) fn named(
    db: &Connection,
    catalogue: &Catalogue,
    link: &str,
    words: &str,
    (skip, most): (usize, usize),
    lang: Lang,
) -> Result<(Vec<records::Record>, bool), Fail> {
    let mut found = records::found_of_kind(db, link, words, skip, most.saturating_add(1))?;
    if found.len() <= most {
        let indexed: BTreeSet<DocId> = match skip {
            0 => found.iter().map(|one| one.doc).collect(),
            _ => {
                let all = records::found_of_kind(db, link, words, 0, skip.saturating_add(most))?;
                all.iter().map(|one| one.doc).collect()
            }
        };
        let before = skip.saturating_sub(indexed.len());
        let wanted = before.saturating_add(most - found.len()).saturating_add(1);
        let called = called(db, catalogue, (link, words), &indexed, wanted, lang)?;
        found.extend(called.into_iter().skip(before));
    }
    let more = found.len() > most;
    found.truncate(most);
    Ok((found, more))
}

/// The newest records of a kind that the reader sees called what was typed, but for those that are known already.
fn called(
    db: &Connection,
    catalogue: &Catalogue,
    (link, words): (&str, &str),
    known: &BTreeSet<DocId>,
    most: usize,
    lang: Lang,
) -> Result<Vec<records::Record>, Fail> {
    let words = words.to_lowercase();
    let here = Remembering { here: Here(db), known: RefCell::default() };
    let mut found = Vec::new();
    let newest = records::of_kind(db, link, None, LOOKED_AT)?;
    for record in newest.into_iter().filter(|record| !known.contains(&record.doc)) {
        let p = &record.projection;
        let Some(kind) = catalogue.kind_at(&p.kind, p.pack) else { continue };
        let title = rounds_workflow::display(kind, &p.record(record.doc), &here, lang)?.title;
        if title.to_lowercase().contains(&words) {
            found.push(record);
        }
        if found.len() == most {
            break;
        }
    }
    Ok(found)
}

/// What this phone holds, each linked record read once for all the titles that name it.
struct Remembering<'a> {
    here: Here<'a>,
    known: RefCell<BTreeMap<DocId, Option<Known>>>,
}

impl World for Remembering<'_> {
    fn record(&self, id: DocId) -> Result<Option<Known>, WorldError> {
        if let Some(known) = self.known.borrow().get(&id) {
            return Ok(known.clone());
        }
        let known = self.here.record(id)?;
        self.known.borrow_mut().insert(id, known.clone());
        Ok(known)
    }

    fn claims(&self, rule: &str, key: &str) -> Result<Vec<(DocId, Claim)>, WorldError> {
        self.here.claims(rule, key)
    }

    fn is_whole(&self) -> bool {
        self.here.is_whole()
    }

    fn name(&self, person: PersonId) -> Result<Option<String>, WorldError> {
        self.here.name(person)
    }

    fn history(&self, id: DocId) -> Result<Arc<Vec<Judged>>, WorldError> {
        self.here.history(id)
    }
}
