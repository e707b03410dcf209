//! Everything that is not as it should be, in one list: what is blocked, held on a phone, conflicting,
//! doubtful, or handed over; why, since when, whose it is, and what can be done about it here.
//!
//! Each sort comes from a function of its own in [`SOURCES`]; a further one is a further line there. What is
//! noted as looked at is in [`super::looked`].

use super::answers::Ink;
use super::conflicts::conflicted;
use super::filters::{self, Filters};
use super::history::{self, Told};
use super::kinds::Lexicon;
use super::list::escaped;
use super::names::{Names, other_record};
use super::record::unknown_kind;
use super::view::{Badge, Exception, ExceptionList, Facet, Settle, Tone};
use super::viewer::Viewer;
use super::words::Words;
use super::{holding, timeline};
use crate::error::Result;
use crate::storage::Read;
use crate::storage::console::{DoubtName, held_item, refused_act};
use crate::storage::records::{Among, RecordRow};
use rounds_model::document::Document;
use rounds_model::ids::{DeviceId, DocId, PersonId};
use rounds_model::verdict::Outcome;
use rounds_protocol::exchange::{Status, Told as HeldBack};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};

/// Of each sort at most so many.
pub const EACH: usize = 100;

/// Who looks at what.
pub struct Look<'a> {
    /// The database.
    pub tx: &'a dyn Read,
    /// The packs' words.
    pub lexicon: &'a dyn Lexicon,
    /// Who.
    pub viewer: &'a Viewer,
    /// In which language.
    pub words: &'a Words,
    /// When, Unix milliseconds.
    pub now_ms: i64,
    /// So many of each sort.
    pub each: usize,
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    /// Of this sort.
    pub sort: String,
    /// Of this person.
    pub owner: String,
    /// The record that is shown beside the list.
    pub open: String,
}

impl Filters for Ask {
    const NAMES: &'static [&'static str] = &["sort", "owner", "open"];
}

impl Ask {
    /// The record that is shown beside the list, if it is one.
    pub fn opened(&self) -> Option<DocId> {
        self.open.parse().ok()
    }

    /// The address of a sort of the list, for the same person.
    fn address(&self, sort: &str) -> String {
        let owner = match self.owner.as_str() {
            "" => String::new(),
            owner => format!("&owner={}", escaped(owner)),
        };
        format!("/exceptions?sort={}{owner}", escaped(sort))
    }
}

/// A place where exceptions come from, of everybody or of one person.
type Source = fn(&Look<'_>, Option<PersonId>) -> Result<Found>;

/// Those that have waited longest, and how many there are: both of what the viewer may see and has asked
/// for, so that what is cut off is counted and what is looked for is not cut off.
struct Found {
    rows: Vec<Exception>,
    total: usize,
}

/// Every sort, by its name in the address, in the order of the page.
const SOURCES: [(&str, Tone, Source); 6] = [
    ("blocked", Tone::Bad, blocked),
    ("held", Tone::Warning, held),
    ("conflict", Tone::Split, conflicting),
    ("suspect", Tone::Warning, suspect),
    ("doubt", Tone::Warning, evidence),
    ("holding", Tone::Active, handed),
];

/// The page: the longest waiting first.
pub fn page(look: &Look<'_>, ask: &Ask) -> Result<ExceptionList> {
    let (mut shown, mut sorts, mut all): (Vec<Exception>, _, _) = (vec![], vec![], 0);
    let of = filters::id::<PersonId>("owner", &ask.owner)?;
    filters::id::<DocId>("open", &ask.open)?;
    filters::one_of("sort", &ask.sort, SOURCES.iter().map(|(name, ..)| *name))?;
    for (name, tone, source) in SOURCES {
        let Found { rows, total } = source(look, of)?;
        let here = ask.sort == name;
        sorts.push(Facet {
            name: name.to_owned(),
            label: look.words.t(name),
            tone,
            count: total as u64,
            here,
            href: ask.address(if here { "" } else { name }),
        });
        if ask.sort.is_empty() || here {
            all += total;
            shown.extend(rows);
        }
    }
    shown.sort_by_key(|row| row.since_ms);
    let count = match shown.len() {
        some if some < all => {
            look.words.f("exceptions-some", &[("n", all.to_string()), ("shown", some.to_string())])
        }
        _ => look.words.n("exceptions-count", all),
    };
    let query = [("sort", &ask.sort), ("owner", &ask.owner)];
    let query = query.map(|(name, value)| format!("{name}={}", super::list::escaped(value))).join("&");
    let close = ask.address(&ask.sort);
    for row in &mut shown {
        row.href = row.doc.as_ref().map(|doc| format!("{close}&open={doc}"));
    }
    Ok(ExceptionList { query, count, sorts, rows: shown, close })
}

impl Look<'_> {
    fn exception(&self, sort: &str, record: Option<&RecordRow>, since_ms: i64) -> Result<Exception> {
        let tone =
            SOURCES.iter().find(|(name, ..)| *name == sort).map_or(Tone::Neutral, |(_, tone, _)| *tone);
        let title = match record {
            Some(record) => self.lexicon.name(self.tx, record, self.words.lang)?.title,
            None => String::new(),
        };
        let kind = record.and_then(|record| self.lexicon.kind(&record.kind));
        Ok(Exception {
            sort: sort.to_owned(),
            badge: Badge { tone, text: self.words.t(sort) },
            doc: record.map(|record| record.doc.to_string()),
            href: None,
            title,
            kind: kind.map(|kind| self.words.of(&kind.title).to_owned()).unwrap_or_default(),
            reason: String::new(),
            remedy: String::new(),
            other: None,
            owner: String::new(),
            owner_id: String::new(),
            at: self.words.ago(since_ms, self.now_ms),
            since_ms,
            settle: Settle::Nothing,
        })
    }

    fn visible(&self, docs: &[DocId]) -> Result<HashMap<DocId, RecordRow>> {
        let seen = self.tx.records(docs)?.into_iter().filter(|record| self.viewer.may_see(&record.scope));
        Ok(seen.map(|record| (record.doc, record)).collect())
    }
}

fn among(look: &Look<'_>, of: Option<PersonId>) -> Among {
    let limit = u32::try_from(look.each).unwrap_or(u32::MAX);
    Among { scopes: look.viewer.seen(), person: of, limit }
}

fn sum(counted: &[(PersonId, u64)]) -> usize {
    usize::try_from(counted.iter().map(|(_, count)| count).sum::<u64>()).unwrap_or(usize::MAX)
}

fn owned(mut exception: Exception, names: &Names, person: PersonId) -> Exception {
    (exception.owner, exception.owner_id) = (names.person(person), person.to_string());
    exception
}

/// What is noted as looked at by its name, and comes back when there is another.
fn look_at((doc, code, since): DoubtName) -> Settle {
    Settle::Look { doc: doc.to_string(), code, since }
}

/// Acts that were not accepted and are the last word on their record.
fn blocked(look: &Look<'_>, of: Option<PersonId>) -> Result<Found> {
    let names = Names::read(look.tx, look.words)?;
    let mut out = vec![];
    let among = among(look, of);
    let total = sum(&look.tx.blocked_count(&among)?);
    for (record, row) in &look.tx.blocked(&among)? {
        let Outcome::Blocked(refusal) = &row.verdict.outcome else { continue };
        let act = timeline::read(row)?;
        let base = look.exception("blocked", Some(record), act.time.at_ms)?;
        let other = match refusal.link {
            Some(doc) => other_record(look.tx, look.lexicon, look.viewer, look.words, doc)?,
            None => None,
        };
        let reason = look.words.of(&refusal.reason).to_owned();
        let remedy = look.words.of(&refusal.remedy).to_owned();
        let settle = look_at(refused_act(record.doc, act.id, act.time.at_ms));
        out.push(owned(Exception { reason, remedy, other, settle, ..base }, &names, record.owner));
    }
    Ok(Found { total, rows: out })
}

/// What a phone says that it keeps and that nobody has noted as looked at.
pub fn kept<'s>(
    settled: &'s BTreeSet<DoubtName>,
    device: DeviceId,
    status: &'s Status,
) -> impl Iterator<Item = &'s HeldBack> {
    status.held.iter().filter(move |held| !settled.contains(&held_item(held.doc, device, held.at_ms)))
}

/// What phones say that they keep, because the server may not apply it.
fn held(look: &Look<'_>, of: Option<PersonId>) -> Result<Found> {
    let names = Names::read(look.tx, look.words)?;
    let devices: HashMap<_, _> = look.tx.devices()?.into_iter().map(|row| (row.device, row)).collect();
    let settled = look.tx.settled()?;
    let mut all = vec![];
    for (device, status) in look.tx.statuses()? {
        let Some(device) = devices.get(&device).filter(|row| row.revoked.is_none()) else { continue };
        if look.viewer.leads(device.person) && of.is_none_or(|person| person == device.person) {
            all.extend(kept(&settled, device.device, &status).cloned().map(|held| (device, held)));
        }
    }
    let total = all.len();
    all.sort_by_key(|(_, held)| held.at_ms);
    all.truncate(look.each);
    let docs: Vec<DocId> = all.iter().map(|(_, held)| held.doc).collect();
    let records = look.visible(&docs)?;
    let mut out = vec![];
    for (device, held) in all {
        let base = look.exception("held", records.get(&held.doc), held.at_ms)?;
        let reason = look.words.of(&held.refusal.reason).to_owned();
        let how = look.words.f("held-how", &[("device", device.name.clone())]);
        let remedy = format!("{} {how}", look.words.of(&held.refusal.remedy));
        let settle = look_at(held_item(held.doc, device.device, held.at_ms));
        out.push(owned(Exception { reason, remedy, settle, ..base }, &names, device.person));
    }
    Ok(Found { total, rows: out })
}

/// Answers of which there are two versions, to be chosen from here.
fn conflicting(look: &Look<'_>, of: Option<PersonId>) -> Result<Found> {
    let mut out = vec![];
    let search = conflicted(look.viewer, of, look.each);
    let total = usize::try_from(look.tx.search_count(&search)?).unwrap_or(usize::MAX);
    for record in &look.tx.search(&search)? {
        let Some(stored) = look.tx.documents(&[record.doc])?.into_iter().next() else { continue };
        let document = Document::load(&stored.snapshot)?;
        let open = document.conflicts();
        let versions = || open.iter().flat_map(|conflict| &conflict.versions);
        let pens: BTreeSet<_> = versions().map(|version| version.op.actor).collect();
        let names =
            Names::read(look.tx, look.words)?.with_pens(look.tx, &pens.into_iter().collect::<Vec<_>>())?;
        let Look { tx, lexicon, viewer, words, now_ms, .. } = *look;
        let ink = Ink { tx, lexicon, viewer, words, names: &names, doc: record.doc, blobs: &[], now_ms };
        let unknown = unknown_kind(&record.kind);
        let kind = lexicon.kind(&record.kind).unwrap_or(&unknown);
        let rows = history::conflicts(&ink, &Told::new(kind, &document.fields()), &open)?;
        let since = versions().map(|version| version.at).max().unwrap_or_default().saturating_mul(1_000);
        let base = look.exception("conflict", Some(record), since)?;
        let fields = rows.iter().map(|row| row.label.clone()).collect::<BTreeSet<_>>();
        let fields = fields.into_iter().collect::<Vec<_>>().join(" · ");
        let reason = words.f("conflict-reason", &[("fields", fields)]);
        let one =
            Exception { reason, remedy: words.t("conflict-remedy"), settle: Settle::Choose(rows), ..base };
        out.push(owned(one, &names, record.owner));
    }
    Ok(Found { total, rows: out })
}

/// Acts whose time cannot be believed and that nobody has looked at.
fn suspect(look: &Look<'_>, of: Option<PersonId>) -> Result<Found> {
    let names = Names::read(look.tx, look.words)?;
    let among = among(look, of);
    let mut out = vec![];
    let total = sum(&look.tx.doubtful_count(&among)?);
    for (record, row) in &look.tx.doubtful(&among)? {
        let act = timeline::read(row)?;
        let base = look.exception("suspect", Some(record), row.verdict.at_ms)?;
        let kind = look.lexicon.kind(&record.kind);
        let title = kind.and_then(|kind| kind.act(&act.name)).map(|a| look.words.of(&a.title).to_owned());
        let said = look.words.moment(act.time.at_ms, look.now_ms).short;
        let args = [("act", title.unwrap_or_else(|| act.name.clone())), ("time", said)];
        let reason = look.words.f("suspect-reason", &args);
        let (remedy, settle) = (look.words.t("suspect-how"), Settle::Check(act.id.to_string()));
        out.push(owned(Exception { reason, remedy, settle, ..base }, &names, act.person));
    }
    Ok(Found { total, rows: out })
}

/// What packs and the server found about photos, positions, visits and recordings.
fn evidence(look: &Look<'_>, of: Option<PersonId>) -> Result<Found> {
    let names = Names::read(look.tx, look.words)?;
    let mut found = look.lexicon.evidence(look.tx, look.viewer.seen().as_deref(), look.now_ms)?;
    let settled = look.tx.settled()?;
    found.retain(|one| of.is_none_or(|person| one.owner == person));
    found.retain(|one| !settled.contains(&(one.doc, one.code.clone(), one.since_ms)));
    found.sort_by_key(|one| one.since_ms);
    let total = found.len();
    let docs: Vec<DocId> = found.iter().take(look.each).map(|one| one.doc).collect();
    let records = look.visible(&docs)?;
    let mut out = vec![];
    for one in found.iter().take(look.each).filter(|one| records.contains_key(&one.doc)) {
        let base = look.exception("doubt", records.get(&one.doc), one.since_ms)?;
        let other = match one.other {
            Some(doc) => other_record(look.tx, look.lexicon, look.viewer, look.words, doc)?,
            None => None,
        };
        let reason = format!("{} · {}", look.words.of(&one.what), look.words.of(&one.reason));
        let remedy = look.words.t("evidence-how");
        let settle = look_at((one.doc, one.code.clone(), one.since_ms));
        out.push(owned(Exception { reason, remedy, other, settle, ..base }, &names, one.owner));
    }
    Ok(Found { total, rows: out })
}

/// Work that came from somebody who did not hold its record any more.
fn handed(look: &Look<'_>, of: Option<PersonId>) -> Result<Found> {
    let list = holding::waiting(look.tx, look.lexicon, look.viewer, look.words, look.now_ms)?;
    let own = list.works.into_iter().filter(|work| of.is_none_or(|person| work.person == person.to_string()));
    let own: Vec<_> = own.collect();
    let mut out = vec![];
    let total = own.len();
    for work in own.into_iter().take(look.each) {
        let record = work.record.as_ref().and_then(|record| record.doc.parse::<DocId>().ok());
        let records = record.map(|doc| look.visible(&[doc])).transpose()?.unwrap_or_default();
        let base = look.exception("holding", records.values().next(), work.since_ms)?;
        out.push(Exception {
            title: if base.title.is_empty() { work.title } else { base.title },
            reason: work.reason,
            remedy: look.words.t("holding-how"),
            owner: work.who,
            owner_id: work.person,
            settle: Settle::Decide { number: work.number, says: work.says, decides: work.decides },
            ..base
        });
    }
    Ok(Found { total, rows: out })
}
