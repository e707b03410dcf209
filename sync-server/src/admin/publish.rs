//! Publishing a pack: from then on the server rules by it, and every phone has it at its next
//! exchange. What lists show of its records is computed anew in the same transaction, and a record
//! that is now somebody else's, or counts as removed, moves there.

use super::by::By;
use super::{Done, Refused, tables};
use crate::error::Result;
use crate::exchange::moving::{Home, Mover};
use crate::exchange::open::{judged, record_row};
use crate::exchange::rules::Rules;
use crate::storage::log::{LogRow, PackRow, What};
use crate::storage::records::{ActRow, DocumentRow, Filter, RecordRow, Removed};
use crate::storage::{Read, RowsMade, Storage, Write};
use crate::texts::{file_trouble, messages};
use rounds_forms::Lost;
use rounds_model::document::Document;
use rounds_model::ids::{DocId, TeamId};
use rounds_model::scope::Scope;
use rounds_model::text::Text;
use rounds_workflow::bundle::{BadBundle, Bundle};
use rounds_workflow::{Catalogue, Pack, Problem};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

/// How many records are computed anew at a time.
const PAGE: u32 = 500;

/// The most bytes of all packs of a team: they go to a phone in one answer, which has a bound.
const TOGETHER: usize = 24 << 20;

/// What was published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Published {
    /// The pack's id.
    pub pack: String,
    /// Its version.
    pub version: u32,
    /// False if the very same had been published before.
    pub new: bool,
    /// The version before, if there is one.
    pub before: Option<u32>,
    /// Answers that records lose when they are moved to it from that one.
    pub losses: Vec<Losing>,
    /// What its author should know about its workbooks.
    pub notes: Vec<Problem>,
    /// The tables in it that are the company's own, laid over those that it was delivered with.
    pub laid: Vec<String>,
    /// Tables that were the company's own, and that this version has no place for any more.
    pub dropped: Vec<String>,
    /// What is published, where that is not what was delivered.
    pub bundle: Option<Bundle>,
}

/// A question whose answers do not outlast a move to the new version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Losing {
    /// Its kind of records.
    pub kind: String,
    /// Its key, or its path in the workbook.
    pub key: String,
    /// What people read of it in the version before.
    pub label: Text,
    /// What becomes of it.
    pub what: Lost,
}

/// Reads a folder as a pack: every file below it, except those whose name begins with a dot.
pub fn read_folder(folder: &Path) -> Done<Bundle> {
    let unreadable = |path: &Path, detail: Text| {
        Refused::new("folder-unreadable", &[("folder", &path.display())]).with("detail", detail)
    };
    let bad = |path: &Path, e: &std::io::Error| unreadable(path, file_trouble(e));
    let bundled = |e: BadBundle| {
        let detail = match e {
            BadBundle::TooLarge => messages().text("folder-too-large", &[]),
            BadBundle::Path(name) => messages().text("folder-path", &[("name", name)]),
            BadBundle::Malformed => messages().text("io-other", &[("detail", e.to_string())]),
        };
        unreadable(folder, detail)
    };
    let mut files = BTreeMap::new();
    let mut folders = vec![(folder.to_owned(), String::new())];
    let mut bytes = 0;
    while let Some((path, prefix)) = folders.pop() {
        for entry in std::fs::read_dir(&path).map_err(|e| bad(&path, &e))? {
            let entry = entry.map_err(|e| bad(&path, &e))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            // What editors keep beside a file that is open is none of the pack's.
            if name.starts_with('.') || name.starts_with("~$") {
                continue;
            }
            let kind = entry.file_type().map_err(|e| bad(&entry.path(), &e))?;
            if kind.is_dir() && prefix.matches('/').count() < 4 {
                folders.push((entry.path(), format!("{prefix}{name}/")));
            } else if kind.is_file() && files.len() <= rounds_workflow::limits::FILES {
                let content = std::fs::read(entry.path()).map_err(|e| bad(&entry.path(), &e))?;
                bytes += content.len();
                if bytes > rounds_workflow::limits::BUNDLE_BYTES {
                    return Err(bundled(BadBundle::TooLarge).into());
                }
                files.insert(format!("{prefix}{name}"), content);
            }
        }
    }
    Ok(Bundle::new(files).map_err(bundled)?)
}

/// Checks a pack together with those that the team has, and stores it unless `check`.
pub fn publish(storage: &dyn Storage, team: TeamId, bundle: &Bundle, check: bool) -> Done<Published> {
    publish_by(storage, team, By::server(), bundle, check, crate::clock::now_ms())
}

/// The same, done by somebody.
pub fn publish_by(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    bundle: &Bundle,
    check: bool,
    now_ms: i64,
) -> Done<Published> {
    let pack = Pack::load(bundle).map_err(|found| problems(&found))?;
    if check {
        // Nothing is written, so nobody is kept from writing.
        let tx = storage.browse(team)?;
        by.check(&*tx)?;
        let unfounded = pack.unfounded();
        let (found, _) = prepared(&*tx, pack, bundle)?;
        return if found.new && !unfounded.is_empty() { Err(problems(&unfounded)) } else { Ok(found) };
    }
    let mut tx = storage.write(team)?;
    by.check(&*tx)?;
    let (found, ready) = prepared(&*tx, pack, bundle)?;
    let Some((encoded, hash)) = ready.filter(|_| found.new) else { return Ok(found) };
    let (id, version) = (found.pack.clone(), found.version);
    // A version that this build cannot read is no reason against one that it can.
    let made = tx.rows_made()?.by;
    let level = tx.counts()?.is_empty() || Rules::load(&*tx).is_ok_and(|r| r.catalogue.stamp() == made);
    let seq = tx.next_seq();
    let bytes = u32::try_from(encoded.len()).unwrap_or(u32::MAX);
    tx.put_pack(&PackRow { pack: id.clone(), version, seq, hash, bundle: encoded })?;
    let reference = format!("{id}\0{version}").into_bytes();
    tx.put_log(&[LogRow { seq, scope: Scope::Team, what: What::Pack, doc: None, reference, bytes }])?;
    project_again(&mut *tx, &id)?;
    if level {
        let made = Rules::load(&*tx)?.catalogue.stamp();
        tx.put_rows_made(&RowsMade { by: made, under_way: None })?;
    }
    tx.note(now_ms, by.person, "noted-published", &format!("pack={id}\nversion={version}"))?;
    tx.commit()?;
    Ok(found)
}

/// The bytes of a bundle and their hash.
type Packed = (Vec<u8>, [u8; 32]);

/// What would come of publishing a pack, with the company's own tables laid over; and its bytes and their hash,
/// unless the very same stands already.
fn prepared(tx: &dyn Read, pack: Pack, bundle: &Bundle) -> Done<(Published, Option<Packed>)> {
    let bad = |e: BadBundle| crate::error::Error::Packs(e.to_string());
    let Some(laid) = tables::lay(tx, (&pack.id, pack.version), bundle)? else {
        let (encoded, hash) = (bundle.encode().map_err(bad)?, bundle.hash().map_err(bad)?);
        let found = examined(tx, pack, (hash.0, encoded.len()))?;
        return Ok((found, Some((encoded, hash.0))));
    };
    let same = laid.same;
    let (laid, dropped, bundle) = (laid.tables, laid.dropped, laid.bundle);
    if let Some(version) = same {
        let (pack, notes, bundle) = (pack.id.clone(), pack.notes(), Some(bundle));
        return Ok((Published { pack, version, notes, laid, dropped, bundle, ..Published::default() }, None));
    }
    // The company's tables must do for this version too.
    let delivered = pack.version;
    let pack = Pack::load(&bundle).map_err(|found| unfit(&laid, delivered, &found))?;
    let (encoded, hash) = (bundle.encode().map_err(bad)?, bundle.hash().map_err(bad)?);
    let found = examined(tx, pack, (hash.0, encoded.len()))?;
    Ok((Published { laid, dropped, bundle: Some(bundle), ..found }, Some((encoded, hash.0))))
}

/// What was delivered has none of these problems: they come of the company's tables in it.
fn unfit(tables: &[String], delivered: u32, found: &[Problem]) -> super::Trouble {
    let paths = tables.iter().map(|name| format!("\"tables/{name}.csv\"")).collect::<Vec<_>>().join(", ");
    let args: [(_, &dyn std::fmt::Display); 3] =
        [("tables", &tables.join(", ")), ("delivered", &delivered), ("paths", &paths)];
    let mut why = vec![Refused::new("own-table-does-not-fit", &args)];
    if let super::Trouble::Refused(further) = problems(found) {
        why.extend(further);
    }
    super::Trouble::Refused(why)
}

/// What would come of publishing a pack with this hash and so many bytes: refused, the same again, or new.
fn examined(tx: &dyn Read, pack: Pack, (hash, bytes): ([u8; 32], usize)) -> Done<Published> {
    let (id, version, notes) = (pack.id.clone(), pack.version, pack.notes());
    let all = tx.all_packs()?;
    let refused =
        |code, newest: u32| Refused::new(code, &[("pack", &id), ("version", &version), ("newest", &newest)]);
    if let Some(known) = all.iter().find(|row| row.pack == id && row.version == version) {
        return if known.hash == hash {
            Ok(Published { pack: id, version, notes, ..Published::default() })
        } else {
            Err(refused("pack-taken", version).into())
        };
    }
    let newest = all.iter().filter(|row| row.pack == id).map(|row| row.version).max();
    if let Some(newest) = newest.filter(|newest| *newest > version) {
        return Err(refused("pack-older", newest).into());
    }
    check_numbers(&all, &pack)?;
    let standing = all.iter().filter(|row| row.pack == id).max_by_key(|row| row.version);
    let losses = standing.map_or(Ok(vec![]), |row| losing(row, &pack))?;
    check_together(tx, pack, bytes)?;
    Ok(Published { pack: id, version, new: true, before: newest, losses, notes, ..Published::default() })
}

/// What records of the published version would lose by a move. Not refused: it may be meant.
fn losing(standing: &PackRow, pack: &Pack) -> Done<Vec<Losing>> {
    let bundle = Bundle::decode(&standing.bundle).map_err(|e| crate::error::Error::Packs(e.to_string()))?;
    // One that this build cannot read any more has nothing to be compared.
    let Ok(before) = Pack::load(&bundle) else { return Ok(vec![]) };
    let mut found = vec![];
    for old in &before.kinds {
        let Some(new) = pack.kind(&old.name) else { continue };
        for field in &old.fields {
            let what = match new.field(&field.name) {
                None => Lost::Gone,
                Some(now) if now.answer != field.answer => {
                    let (old, new) = (field.answer.name().to_owned(), now.answer.name().to_owned());
                    Lost::Retyped { old, new }
                }
                _ => continue,
            };
            let (key, label) = (field.name.clone(), field.title.clone());
            found.push(Losing { kind: old.name.clone(), key, label, what });
        }
        let forms = (old.workbook.as_ref(), new.workbook.as_ref());
        if let (Some(had), Some(has)) = forms {
            found.extend(rounds_forms::losses(had.form(), has.form()).into_iter().map(|loss| Losing {
                kind: old.name.clone(),
                label: Text::new(loss.label.zh, loss.label.en),
                key: loss.path,
                what: loss.what,
            }));
        }
    }
    Ok(found)
}

/// Records stay with the version that they were begun with, and so do their numbers.
fn check_numbers(all: &[PackRow], pack: &Pack) -> Done<()> {
    for row in all {
        let bundle = Bundle::decode(&row.bundle).map_err(|e| crate::error::Error::Packs(e.to_string()))?;
        let earlier = Pack::load(&bundle).map_err(|found| problems(&found))?;
        if let Some(name) = pack.number_unlike(&earlier) {
            let args: [(_, &dyn std::fmt::Display); 3] =
                [("name", &name), ("pack", &row.pack), ("version", &row.version)];
            return Err(Refused::new("pack-number-changed", &args).into());
        }
    }
    Ok(())
}

fn check_together(tx: &dyn Read, pack: Pack, bytes: usize) -> Done<()> {
    let mut packs = vec![];
    let mut sum = bytes;
    for row in tx.packs()?.iter().filter(|row| row.pack != pack.id) {
        let bundle = Bundle::decode(&row.bundle).map_err(|e| crate::error::Error::Packs(e.to_string()))?;
        packs.push(Pack::load(&bundle).map_err(|found| problems(&found))?);
        sum = sum.saturating_add(row.bundle.len());
    }
    if sum > TOGETHER {
        return Err(Refused::new("packs-too-large", &[("max", &(TOGETHER >> 20))]).into());
    }
    for kind in &pack.kinds {
        // Said for itself, with what to do: it is what moving a kind looks like.
        if let Some(other) = packs.iter().find(|other| other.kind(&kind.name).is_some()) {
            let args: [(_, &dyn std::fmt::Display); 2] = [("kind", &kind.name), ("pack", &other.id)];
            return Err(Refused::new("pack-kind-elsewhere", &args).into());
        }
    }
    let id = pack.id.clone();
    packs.push(pack);
    let catalogue = Catalogue::new(packs).map_err(|found| problems(&found))?;
    let doubts = catalogue.doubts(&id);
    if !doubts.is_empty() {
        return Err(problems(&doubts));
    }
    // A record whose kind is gone could be neither shown nor judged.
    let used: BTreeSet<String> = tx.counts()?.into_iter().map(|row| row.kind).collect();
    match used.iter().find(|name| catalogue.kind(name).is_none()) {
        Some(name) => Err(Refused::new("pack-kind-gone", &[("kind", name)]).into()),
        None => Ok(()),
    }
}

fn project_again(tx: &mut dyn Write, pack: &str) -> Result<()> {
    let rules = Rules::load(tx)?;
    let kinds = rules.catalogue.pack(pack).map(|pack| &pack.kinds);
    for kind in kinds.into_iter().flatten() {
        let (kind, removed) = (Some(kind.name.clone()), Removed::With);
        let mut filter = Filter { kind, removed, limit: PAGE, ..Filter::default() };
        loop {
            let page = tx.list(&filter)?;
            let Some(last) = page.last() else { break };
            filter.after = Some(last.doc);
            project_page(tx, &rules, page)?;
        }
    }
    Ok(())
}

pub(super) fn project_page(tx: &mut dyn Write, rules: &Rules, page: Vec<RecordRow>) -> Result<()> {
    let docs: Vec<DocId> = page.iter().map(|row| row.doc).collect();
    let mut acts: HashMap<DocId, Vec<ActRow>> = HashMap::new();
    for act in tx.acts_of(&docs)? {
        acts.entry(act.doc).or_default().push(act);
    }
    let documents: HashMap<_, _> = tx.documents(&docs)?.into_iter().map(|row| (row.doc, row)).collect();
    let (mut rows, mut moved, mut log) = (vec![], vec![], vec![]);
    for old in page {
        let Some(stored) = documents.get(&old.doc) else { continue };
        // It keeps its row: `verify` names it, and it must not keep a pack from being published.
        if !Document::is_intact(&stored.snapshot, &stored.heads) {
            tracing::error!(record = %old.doc, "a stored record is damaged");
            continue;
        }
        let document = Document::load(&stored.snapshot)?;
        let history = acts.remove(&old.doc).unwrap_or_default();
        let bytes = history.iter().map(ActRow::weight).sum();
        let history = history.iter().map(judged).collect::<Result<Vec<_>>>()?;
        let Ok(new) = rules.project(old.doc, &document, &history) else { continue };
        let (from, to) = (Home { scope: old.scope.clone(), removed: old.removed }, Home::of(&new));
        if from != to {
            let (doc, first, plain) = (old.doc, stored.first_seq, stored.plain);
            let mover = Mover { doc, first, history: &history, plain, acts: bytes };
            let (told, arrival) = mover.go(tx, &from, &to)?;
            log.extend(told);
            moved.push(DocumentRow {
                scope: to.scope,
                first_seq: arrival,
                last_seq: arrival,
                ..stored.clone()
            });
        }
        let conflicts = if new.removed { 0 } else { document.conflicts().len() };
        let row = record_row(old.doc, &new, conflicts, old.settled)?;
        if row != old {
            tx.put_claims(old.doc, &new.claims)?;
            rows.push(row);
        }
    }
    tx.put_documents(&moved)?;
    tx.put_log(&log)?;
    tx.put_records(&rows)
}

fn problems(found: &[Problem]) -> super::Trouble {
    let one = |p: &Problem| {
        let refused = match p.line {
            Some(line) => Refused::new("pack-problem", &[("file", &p.file), ("line", &line)]),
            None => Refused::new("pack-problem-file", &[("file", &p.file)]),
        };
        refused.with("text", sentence(&p.text)).with("remedy", sentence(&p.remedy))
    };
    super::Trouble::Refused(found.iter().map(one).collect())
}

/// With its full stop: what a parser said has none.
fn sentence(text: &Text) -> Text {
    let stopped = |text: &str, stop: char| {
        let text = text.trim_end();
        let ends = text.is_empty() || text.ends_with(['.', '!', '?', '。', '！', '？']);
        if ends { text.to_owned() } else { format!("{text}{stop}") }
    };
    Text::new(stopped(&text.zh, '。'), stopped(&text.en, '.'))
}
