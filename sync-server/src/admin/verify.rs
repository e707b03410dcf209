//! Whether everything that is computed follows from what was stored: each document is loaded, each
//! projection and claim is made anew, and compared.

use crate::error::Result;
use crate::evidence::{confirm, sealed};
use crate::exchange::open::{judged, record_row};
use crate::exchange::rules::Rules;
use crate::storage::Read;
use crate::storage::log::What;
use crate::storage::records::{ActRow, DocumentRow, EditRow};
use rounds_model::document::Document;
use rounds_model::ids::{BlobHash, DeviceId, DocId, Seq};
use std::collections::{BTreeSet, HashMap};

/// Documents compared at a time.
const PAGE: u32 = 200;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// In which record.
    pub doc: DocId,
    /// What: `content`, `heads`, `edits`, `places`, `act`, `act-signature` (of
    /// its device), `verdict`, `server-signature` (on what an act sealed), `projection`, `scope`, `log`,
    /// `claims`, `number`.
    pub what: &'static str,
}

/// What was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many records.
    pub records: u64,
    /// What is wrong with them.
    pub differences: Vec<Difference>,
    /// Photos and files that they name and that are not known here: still on their phones, or lost with
    /// what a backup replaced.
    pub photos_lacking: u64,
}

/// Compares everything, as one reader sees it.
pub fn verify(view: &dyn Read) -> Result<Verified> {
    let rules = Rules::load(view)?;
    let mut done = Verified::default();
    let mut after = None;
    let mut numbers = HashMap::new();
    loop {
        let docs = view.doc_ids(after, PAGE)?;
        let Some(last) = docs.last() else { return Ok(done) };
        after = Some(*last);
        match page(view, &rules, &docs, &mut numbers, &mut done) {
            Err(e) if e.is_damage() => {}
            looked_at => {
                looked_at?;
                continue;
            }
        }
        // Something of them cannot be read: which record it is, each by itself tells.
        for doc in docs {
            match page(view, &rules, &[doc], &mut numbers, &mut done) {
                Err(e) if e.is_damage() => {
                    done.records += 1;
                    done.differences.push(Difference { doc, what: "content" });
                }
                looked_at => looked_at?,
            }
        }
    }
}

/// Looks at some records; notes nothing of any if something of one cannot be read.
fn page(
    view: &dyn Read,
    rules: &Rules,
    docs: &[DocId],
    numbers: &mut HashMap<String, DocId>,
    done: &mut Verified,
) -> Result<()> {
    let mut acts: HashMap<DocId, Vec<ActRow>> = HashMap::new();
    for act in view.acts_of(docs)? {
        acts.entry(act.doc).or_default().push(act);
    }
    let (mut records, mut given_here, mut differences, mut photos) = (0, vec![], vec![], 0);
    for row in view.documents(docs)? {
        let acts = acts.remove(&row.doc).unwrap_or_default();
        let doc = row.doc;
        records += 1;
        given_here.extend(given(rules, &row, &acts).into_iter().map(|number| (number, doc)));
        photos += photos_lacking(view, &row)?;
        differences.extend(check(view, rules, &row, &acts)?.map(|what| Difference { doc, what }));
    }
    for (number, doc) in given_here {
        if numbers.insert(number, doc).is_some_and(|other| other != doc) {
            differences.push(Difference { doc, what: "number" });
        }
    }
    done.records += records;
    done.photos_lacking += photos;
    done.differences.extend(differences);
    Ok(())
}

fn photos_lacking(view: &dyn Read, row: &DocumentRow) -> Result<u64> {
    let Ok(document) = Document::load(&row.snapshot) else { return Ok(0) };
    let mut lacking = 0;
    for value in document.fields().values() {
        if let Some(hash) = value.as_text().and_then(|text| text.parse::<BlobHash>().ok()) {
            lacking += u64::from(view.blob(&hash)?.is_none());
        }
    }
    Ok(lacking)
}

/// The numbers that were given to a record: no other one has them.
fn given(rules: &Rules, row: &DocumentRow, acts: &[ActRow]) -> Vec<String> {
    let identity =
        Document::load(&row.snapshot).ok().and_then(|d| rounds_workflow::identity(&d.fields()).ok());
    let kind = identity.and_then(|identity| rules.catalogue.kind_at(&identity.kind, identity.pack));
    let names = kind.into_iter().flat_map(|kind| &kind.acts).flat_map(|act| &act.numbers);
    let names: BTreeSet<&str> = names.map(|number| number.name.as_str()).collect();
    let facts = acts.iter().flat_map(|act| &act.verdict.facts);
    facts.filter(|(name, _)| names.contains(name.as_str())).map(|(_, number)| number.to_string()).collect()
}

fn check(view: &dyn Read, rules: &Rules, row: &DocumentRow, acts: &[ActRow]) -> Result<Option<&'static str>> {
    let Ok(document) = Document::load(&row.snapshot) else { return Ok(Some("content")) };
    if document.heads() != row.heads {
        return Ok(Some("heads"));
    }
    let history = document.history();
    let made: BTreeSet<_> = history.iter().map(|step| (step.actor, step.seq, step.hash)).collect();
    let edits = view.edits_of(row.doc)?;
    let known: BTreeSet<_> = edits.iter().map(|e| (e.key.actor, e.key.number, e.hash)).collect();
    if made != known || row.edits != history.len() as u64 {
        return Ok(Some("edits"));
    }
    let places = || edits.iter().map(|e| e.seq);
    let last = places().chain(acts.iter().map(|act| act.seq)).chain([row.first_seq]).max();
    if places().min() > Some(row.first_seq) || last != Some(row.last_seq) {
        return Ok(Some("places"));
    }
    let mut judgements = vec![];
    for act in acts {
        match judged(act) {
            Ok(judged) if is_about(act, row.doc) => {
                if let Some(what) = unsigned(view, act, judged.act.device)? {
                    return Ok(Some(what));
                }
                judgements.push(judged);
            }
            _ => return Ok(Some("act")),
        }
    }
    let Ok(projection) = rules.project(row.doc, &document, &judgements) else {
        return Ok(Some("projection"));
    };
    let settled = history.iter().flat_map(|s| &s.puts).filter(|put| put.replaces.len() > 1).count();
    let settled = u32::try_from(settled).unwrap_or(u32::MAX);
    let conflicts = if projection.removed { 0 } else { document.conflicts().len() };
    let made = record_row(row.doc, &projection, conflicts, settled)?;
    if view.records(&[row.doc])? != [made] {
        return Ok(Some("projection"));
    }
    if row.scope != projection.scope {
        return Ok(Some("scope"));
    }
    if !is_logged(view, row, &edits, acts, projection.removed)? {
        return Ok(Some("log"));
    }
    Ok((view.claims_of(row.doc)? != projection.claims).then_some("claims"))
}

/// Whether whoever holds the record finds every edit and act of it in their log, and at its place:
/// all of them, or the row that stands for the first ones and those after it.
fn is_logged(
    view: &dyn Read,
    row: &DocumentRow,
    edits: &[EditRow],
    acts: &[ActRow],
    removed: bool,
) -> Result<bool> {
    let of_edits = edits.iter().map(|edit| (edit.seq, What::Edit, edit.hash.0.to_vec()));
    let of_acts = acts.iter().map(|act| (act.seq, What::Act, act.act.0.to_vec()));
    let mut wanted: Vec<_> = of_edits.chain(of_acts).collect();
    wanted.sort();
    let mut places: Vec<Seq> = wanted.iter().map(|(seq, ..)| *seq).collect();
    let stands_for_others = !places.contains(&row.first_seq);
    if stands_for_others {
        places.push(row.first_seq);
        wanted.retain(|(seq, ..)| *seq > row.first_seq);
    }
    places.sort_unstable();
    let mut found = view.log_at(&row.scope, &places)?;
    found.retain(|log| log.doc == Some(row.doc));
    if stands_for_others {
        let what = if removed { What::Removed } else { What::Arrived };
        if found.first().is_none_or(|log| log.seq != row.first_seq || log.what != what) {
            return Ok(false);
        }
        found.remove(0);
    }
    Ok(found.into_iter().map(|log| (log.seq, log.what, log.reference)).eq(wanted))
}

/// What is not as its device stated it, or as the server ruled and signed it.
fn unsigned(view: &dyn Read, act: &ActRow, device: DeviceId) -> Result<Option<&'static str>> {
    let known = view.device(device)?.filter(|row| row.device == act.device);
    if !known.is_some_and(|row| sealed::is_stated(act, &row.key)) {
        return Ok(Some("act-signature"));
    }
    if confirm::is_any_torn(&act.verdict) {
        return Ok(Some("verdict"));
    }
    let confirmed = confirm::of(&act.verdict);
    if confirmed.is_empty() {
        return Ok(None);
    }
    let (team, key) = (view.team()?.id, confirm::public_key(view)?);
    let fits = |c: &confirm::Confirmed| key.is_some_and(|key| sealed::is_signed(c, team, act.doc, &key));
    Ok((!confirmed.iter().all(fits)).then_some("server-signature"))
}

fn is_about(act: &ActRow, doc: DocId) -> bool {
    act.doc == doc
        && act.verdict.doc == doc
        && act.verdict.act == act.act
        && act.verdict.seq == act.seq
        && act.seq > Seq(0)
}
