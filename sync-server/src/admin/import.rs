//! Master data from CSV, as edits by the server's own device, through the same judge as a phone's.
//! All or nothing; every problem names its row.

use super::by::By;
use super::csv::{self, Sheet};
use super::{Done, Refused, Trouble, sorts, team, typed};
use crate::clock::stamp;
use crate::error::Error;
use crate::exchange::batch::Batch;
use crate::exchange::caller::{Author, Holds};
use crate::exchange::rules::Rules;
use crate::exchange::world::TeamWorld;
use crate::secrets;
use crate::storage::records::Filter;
use crate::storage::{Storage, Write};
use rounds_model::canonical;
use rounds_model::document::Document;
use rounds_model::ids::{ActorId, DocId, PersonId, TeamId};
use rounds_model::people::Person;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;
use rounds_protocol::exchange::{Packed, PushItem, Receipt};
use rounds_workflow::Projection;
use rounds_workflow::{Answer, Field, Kind, Person as RulesPerson, Record, View};
use rounds_workflow::{KIND, OWNER, PACK};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Rows judged at a time: open records take some 20 KB each.
const CHUNK: usize = 500;
/// The most changed values that are told.
const CHANGES: usize = 50;
/// The most problems that are told at once.
const PROBLEMS: usize = 100;
/// The columns that are no fields, unless the kind has a field of that name.
const ID: &str = "id";
const OWNED_BY: &str = "owner";

/// What became of the rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// New records.
    pub created: u64,
    /// Records with other values than before.
    pub changed: u64,
    /// Records that had these values.
    pub same: u64,
    /// The first values of known records that are others now: what a person looks at before it is done.
    pub changes: Vec<Change>,
}

/// A value of a known record that is another one now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// In which row of the sheet.
    pub line: u64,
    /// The field.
    pub column: String,
    /// The value before; blank if there was none.
    pub from: String,
    /// The value after; blank if it was cleared.
    pub to: String,
}

/// One row, read.
struct Row {
    line: u64,
    doc: DocId,
    known: bool,
    /// Whose a new record is; what the sheet says of one that is there must be so already.
    owner: PersonId,
    said: Option<PersonId>,
    values: Vec<(String, Scalar)>,
}

/// Imports a sheet. With `key`, a row whose key columns (one, or several with commas between) have the
/// values of a record that is there changes that record; without, every row is a new record.
pub fn import(
    storage: &dyn Storage,
    team: TeamId,
    kind: &str,
    bytes: &[u8],
    key: Option<&str>,
    now_ms: i64,
) -> Done<Imported> {
    import_by(storage, team, By::server(), (kind, bytes, key), false, now_ms)
}

/// The same, done by somebody: of what kind, from which sheet, by which key column. A dry run does
/// everything in a copy that is thrown away: it cannot say anything else, and keeps nobody from writing.
pub fn import_by(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    (kind, bytes, key): (&str, &[u8], Option<&str>),
    dry: bool,
    now_ms: i64,
) -> Done<Imported> {
    let sheet = csv::read(bytes)?;
    let copy = if dry { Some(storage.copy()?) } else { None };
    let mut tx = copy.as_deref().unwrap_or(storage).write(team)?;
    by.check(&*tx)?;
    let rules = Rules::load(&*tx)?;
    let kinds = || rules.catalogue.kinds().map(|k| k.name.as_str()).collect::<Vec<_>>().join(", ");
    let Some(found) = rules.catalogue.kind(kind) else {
        return Err(Refused::new("kind-missing", &[("kind", &kind), ("kinds", &kinds())]).into());
    };
    let (operator, device) = team::own_device(&*tx)?;
    let rows = Reading { tx: &*tx, kind: found, operator: &operator, now_ms }.rows(&sheet, key)?;
    let author = Author {
        device: device.device,
        key: device.key,
        person: operator,
        holds: Holds::Everything,
        decided: false,
    };
    // A pen of its own for each import: after a restore, an old one could be ahead of the file.
    let actor = ActorId(secrets::random()?);
    let mut done = Imported::default();
    let mut problems = vec![];
    for rows in rows.chunks(CHUNK) {
        judge(&mut *tx, &rules, &author, found, actor, rows, now_ms, &mut done, &mut problems)?;
        if problems.len() >= PROBLEMS {
            break;
        }
    }
    if !problems.is_empty() {
        return Err(Trouble::Refused(problems));
    }
    if !dry {
        let rows = (done.created + done.changed).to_string();
        tx.note(now_ms, by.person, "noted-imported", &format!("kind={kind}\nrows={rows}"))?;
        tx.commit()?;
    }
    Ok(done)
}

#[allow(clippy::too_many_arguments)]
fn judge(
    tx: &mut dyn Write,
    rules: &Arc<Rules>,
    author: &Author,
    kind: &Kind,
    actor: ActorId,
    rows: &[Row],
    now_ms: i64,
    done: &mut Imported,
    problems: &mut Vec<Refused>,
) -> Done<()> {
    let known: Vec<_> = rows.iter().filter(|row| row.known).map(|row| row.doc).collect();
    let stored: HashMap<_, _> =
        tx.documents(&known)?.into_iter().map(|row| (row.doc, row.snapshot)).collect();
    let people = tx.people()?;
    let mut items: Vec<(u64, Packed)> = vec![];
    let (open, histories) = (HashMap::new(), Default::default());
    let damaged = Default::default();
    let world = TeamWorld { view: &*tx, open: &open, now_ms: None, damaged, histories: &histories };
    let who = RulesPerson { id: author.person.id, role: &author.person.role };
    let view = View::new(who, &world, rounds_workflow::moment(now_ms, rules.zone));
    for row in rows {
        let mut document = match stored.get(&row.doc) {
            Some(snapshot) => Document::load(snapshot)?,
            None => Document::new(),
        };
        let new = document.is_empty();
        let mut values = row.values.clone();
        if !new && done.changes.len() < CHANGES {
            changes(row, &document, kind, &people, &mut done.changes);
        }
        if new {
            values.retain(|(_, value)| !value.is_blank());
            values.push((KIND.to_owned(), kind.name.as_str().into()));
            values.push((OWNER.to_owned(), row.owner.to_string().into()));
            values.push((PACK.to_owned(), i64::from(kind.version).into()));
        }
        match document.write(row.doc, actor, now_ms.div_euclid(1000), &values)? {
            None => done.same += 1,
            Some(edit) => {
                problems.extend(required(row, kind, &document, &view, new)?);
                *(if new { &mut done.created } else { &mut done.changed }) += 1;
                items.push((row.line, PushItem::Edit(edit).pack()?));
            }
        }
    }
    let (lines, items): (Vec<u64>, Vec<Packed>) = items.into_iter().unzip();
    let mut batch = Batch::new(tx, Arc::clone(rules), author.clone(), now_ms);
    let receipts = batch.push(&items)?;
    batch.store()?;
    for (line, receipt) in lines.into_iter().zip(receipts) {
        if let Receipt::Held(refusal) = receipt {
            problems.push(at(line, refusal.reason));
        }
    }
    Ok(())
}

/// The answers that the form requires and that a row does not say: all of a new record, and those that it clears.
fn required(row: &Row, kind: &Kind, document: &Document, view: &View<'_>, new: bool) -> Done<Vec<Refused>> {
    let Ok(record) = Record::new(kind, row.doc, document.fields()) else { return Ok(vec![]) };
    let unreadable = |e: rounds_workflow::WorldError| Error::Packs(e.to_string());
    let lacking = rounds_workflow::lacking(kind, &record, view).map_err(unreadable)?;
    let cleared = |field: &Field| row.values.iter().any(|(name, _)| *name == field.name);
    let meant = lacking.into_iter().map(|(field, _)| field).filter(|field| new || cleared(field));
    let said = meant.map(|field| {
        let refused = Refused::new("csv-required", &[("column", &field.name)]);
        at(row.line, refused.with("label", field.title.clone()).text())
    });
    Ok(said.collect())
}

/// What a row changes about a record, as people read it.
fn changes(row: &Row, document: &Document, kind: &Kind, people: &[Person], all: &mut Vec<Change>) {
    let before = document.fields();
    let said = |name: &str, value: &Scalar| {
        let text = value.to_string();
        let is_person = kind.field(name).is_some_and(|field| field.answer == Answer::Person);
        let person = people.iter().find(|person| is_person && person.id.to_string() == text);
        person.map_or(text, |person| person.name.clone())
    };
    for (name, value) in &row.values {
        let was = before.get(name).unwrap_or(&Scalar::Null);
        if was == value || (was.is_blank() && value.is_blank()) {
            continue;
        }
        let (from, to) = (said(name, was), said(name, value));
        all.push(Change { line: row.line, column: name.clone(), from, to });
    }
    all.truncate(CHANGES);
}

struct Reading<'a> {
    tx: &'a dyn Write,
    kind: &'a Kind,
    operator: &'a Person,
    now_ms: i64,
}

enum Column<'k> {
    Id,
    Owner,
    Field(&'k Field),
}

impl<'a> Reading<'a> {
    fn rows(&self, sheet: &Sheet, key: Option<&str>) -> Done<Vec<Row>> {
        let columns = self.columns(sheet)?;
        let has_id = columns.iter().any(|column| matches!(column, Column::Id));
        let key = match key {
            None if has_id => return Err(Refused::new("csv-new-id", &[]).into()),
            // The column itself says which record a row is; a blank one is a new record.
            Some(ID) if has_id => None,
            key => key.map(|key| self.key(sheet, key)).transpose()?,
        };
        let known = key.as_ref().map(|key| self.known(key)).transpose()?.unwrap_or_default();
        let people = self.tx.people()?;
        let mut seen = HashMap::new();
        let (mut rows, mut problems) = (vec![], vec![]);
        for (line, cells) in &sheet.rows {
            let fresh = DocId::v7(stamp(self.now_ms), secrets::random()?);
            let (owner, said) = (self.operator.id, None);
            let mut row = Row { line: *line, doc: fresh, known: false, owner, said, values: vec![] };
            let mut wrong = |refused: Refused| problems.push(at(*line, refused.text()));
            for ((column, name), cell) in columns.iter().zip(&sheet.columns).zip(cells) {
                match column {
                    Column::Id if cell.is_empty() => {}
                    Column::Id => match cell.parse() {
                        Ok(id) => (row.doc, row.known) = (id, true),
                        Err(_) => wrong(Refused::new("csv-id", &[("value", &cell)])),
                    },
                    Column::Owner if cell.is_empty() => {}
                    Column::Owner => {
                        let found = people.iter().find(|p| p.name == cell || p.id.to_string() == cell);
                        match found {
                            Some(person) => (row.owner, row.said) = (person.id, Some(person.id)),
                            None => wrong(Refused::new("csv-owner", &[("value", &cell), ("column", name)])),
                        }
                    }
                    Column::Field(field) => match typed::value(field, &Self::named(field, cell, &people)) {
                        Some(value) => row.values.push((field.name.clone(), value)),
                        None => {
                            let refused = Refused::new("csv-value", &[("value", &cell), ("column", name)]);
                            wrong(refused.with("type", sorts::text(&field.answer)));
                        }
                    },
                }
            }
            if let Some(key) = &key {
                let said = key.iter().map(|(at, field)| (field, cells.get(*at).unwrap_or_default()));
                let said: Vec<Cow<'_, str>> =
                    said.map(|(field, cell)| Self::named(field, cell, &people)).collect();
                let (value, column) = (said.join(" "), names(key));
                let args: [(&str, &dyn std::fmt::Display); 2] = [("value", &value), ("column", &column)];
                if let Some((blank, _)) = key.iter().zip(&said).find(|(_, said)| said.is_empty()) {
                    wrong(Refused::new("csv-key-blank", &[("column", &blank.1.name)]));
                } else if seen.insert(value.clone(), *line).is_some() {
                    wrong(Refused::new("csv-key-twice", &args));
                }
                let said: Vec<String> = said.into_iter().map(Cow::into_owned).collect();
                match known.get(&said).map(Vec::as_slice) {
                    None | Some([]) => {}
                    Some([doc]) => (row.doc, row.known) = (*doc, true),
                    // Which of them is meant, nobody could say.
                    Some(_) => wrong(Refused::new("csv-key-several", &args)),
                }
            }
            rows.push(row);
            if problems.len() >= PROBLEMS {
                break;
            }
        }
        problems.extend(self.elsewhere(&rows)?);
        if problems.is_empty() { Ok(rows) } else { Err(Trouble::Refused(problems)) }
    }

    /// A person's name as their id: a sheet is written by somebody who knows the one and not the other.
    fn named<'c>(field: &Field, cell: &'c str, people: &[Person]) -> Cow<'c, str> {
        let person = people.iter().find(|p| field.answer == Answer::Person && p.name == cell.trim());
        person.map_or(Cow::Borrowed(cell), |person| Cow::Owned(person.id.to_string()))
    }

    /// Rows of records that are there and that somebody else has than the sheet says. Whose a record is, its
    /// acts say: a cell that nobody heeds would be taken for one that was.
    fn elsewhere(&self, rows: &[Row]) -> Done<Vec<Refused>> {
        let mut problems = vec![];
        for rows in rows.chunks(CHUNK) {
            let docs: Vec<DocId> = rows.iter().filter(|row| row.known).map(|row| row.doc).collect();
            let owners: HashMap<_, _> =
                self.tx.records(&docs)?.into_iter().map(|row| (row.doc, row.owner)).collect();
            for row in rows {
                let Some((said, owner)) = row.said.zip(owners.get(&row.doc)).filter(|(a, b)| a != *b) else {
                    continue;
                };
                let name = |id| Ok::<_, Trouble>(self.tx.person(id)?.map(|p| p.name).unwrap_or_default());
                let (said, owner) = (name(said)?, name(*owner)?);
                let refused = Refused::new("csv-owner-other", &[("owner", &owner), ("said", &said)]);
                problems.push(at(row.line, refused.text()));
            }
        }
        problems.truncate(PROBLEMS);
        Ok(problems)
    }

    fn columns(&self, sheet: &Sheet) -> Done<Vec<Column<'a>>> {
        let column = |name: &String| match (self.kind.field(name), name.as_str()) {
            (Some(field), _) => Ok(Column::Field(field)),
            (None, ID) => Ok(Column::Id),
            (None, OWNED_BY) => Ok(Column::Owner),
            (None, _) => Err(Refused::new("csv-column", &[("column", name), ("kind", &self.kind.name)])),
        };
        let (mut columns, mut problems) = (vec![], vec![]);
        for name in &sheet.columns {
            match column(name) {
                Ok(column) => columns.push(column),
                Err(refused) => problems.push(refused),
            }
        }
        if problems.is_empty() { Ok(columns) } else { Err(Trouble::Refused(problems)) }
    }

    fn key(&self, sheet: &Sheet, key: &str) -> Done<Vec<(usize, &'a Field)>> {
        let one = |key: &str| {
            let place = sheet.columns.iter().position(|column| column == key);
            let found = place.zip(self.kind.field(key));
            Ok(found.ok_or_else(|| Refused::new("csv-key", &[("column", &key)]))?)
        };
        key.split(',').map(|key| one(key.trim())).collect()
    }

    /// The records that are there, by the values of the key's fields.
    fn known(&self, key: &[(usize, &Field)]) -> Done<HashMap<Vec<String>, Vec<DocId>>> {
        let filter = Filter { kind: Some(self.kind.name.clone()), ..Filter::default() };
        let mut known: HashMap<_, Vec<DocId>> = HashMap::new();
        for row in self.tx.list(&filter)? {
            let projection: Projection = canonical::decode(&row.projection)?;
            let values = key.iter().map(|(_, field)| Some(projection.data.get(&field.name)?.to_string()));
            if let Some(values) = values.collect::<Option<Vec<_>>>() {
                known.entry(values).or_default().push(row.doc);
            }
        }
        Ok(known)
    }
}

fn names(key: &[(usize, &Field)]) -> String {
    key.iter().map(|(_, field)| field.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// A problem of a row.
pub(super) fn at(line: u64, what: Text) -> Refused {
    Refused::new("said-row", &[("row", &line)]).with("what", what)
}
