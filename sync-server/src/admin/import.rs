//! Master data from CSV, as edits by the server's own device, through the same judge as a phone's.
//! All or nothing; every problem names its row.

use super::csv::{self, Sheet};
use super::{Done, Refused, Trouble, sorts, team};
use crate::clock::stamp;
use crate::exchange::batch::Batch;
use crate::exchange::caller::{Author, Holds};
use crate::exchange::rules::Rules;
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
use rounds_workflow::{Answer, Field, Kind};
use rounds_workflow::{KIND, OWNER, PACK};
use std::collections::HashMap;
use std::sync::Arc;

/// Rows judged at a time: open records take some 20 KB each.
const CHUNK: usize = 500;
/// The most problems that are told at once.
const PROBLEMS: usize = 100;
/// The columns that are no fields, unless the kind has a field of that name.
const ID: &str = "id";
const OWNED_BY: &str = "owner";

/// What became of the rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// New records.
    pub created: u64,
    /// Records with other values than before.
    pub changed: u64,
    /// Records that had these values.
    pub same: u64,
}

/// One row, read.
struct Row {
    line: u64,
    doc: DocId,
    known: bool,
    owner: PersonId,
    values: Vec<(String, Scalar)>,
}

/// Imports a sheet. With `key`, a row whose key column has the value of a record that is there
/// changes that record; without, every row is a new record.
pub fn import(
    storage: &dyn Storage,
    team: TeamId,
    kind: &str,
    bytes: &[u8],
    key: Option<&str>,
    now_ms: i64,
) -> Done<Imported> {
    let sheet = csv::read(bytes)?;
    let mut tx = storage.write(team)?;
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
    tx.commit()?;
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
    let mut items: Vec<(u64, Packed)> = vec![];
    for row in rows {
        let mut document = match stored.get(&row.doc) {
            Some(snapshot) => Document::load(snapshot)?,
            None => Document::new(),
        };
        let new = document.is_empty();
        let mut values = row.values.clone();
        if new {
            values.retain(|(_, value)| !value.is_blank());
            values.push((KIND.to_owned(), kind.name.as_str().into()));
            values.push((OWNER.to_owned(), row.owner.to_string().into()));
            values.push((PACK.to_owned(), i64::from(kind.version).into()));
        }
        match document.write(row.doc, actor, now_ms.div_euclid(1000), &values)? {
            None => done.same += 1,
            Some(edit) => {
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
        let known = key.as_ref().map(|(_, field)| self.known(&field.name)).transpose()?.unwrap_or_default();
        let people = self.tx.people()?;
        let mut seen = HashMap::new();
        let (mut rows, mut problems) = (vec![], vec![]);
        for (line, cells) in &sheet.rows {
            let fresh = DocId::v7(stamp(self.now_ms), secrets::random()?);
            let mut row =
                Row { line: *line, doc: fresh, known: false, owner: self.operator.id, values: vec![] };
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
                            Some(person) => row.owner = person.id,
                            None => wrong(Refused::new("csv-owner", &[("value", &cell), ("column", name)])),
                        }
                    }
                    Column::Field(field) => match value(field, cell) {
                        Some(value) => row.values.push((field.name.clone(), value)),
                        None => {
                            let refused = Refused::new("csv-value", &[("value", &cell), ("column", name)]);
                            wrong(refused.with("type", sorts::text(&field.answer)));
                        }
                    },
                }
            }
            if let Some((at, field)) = &key {
                let cell = cells.get(*at).unwrap_or_default();
                if cell.is_empty() {
                    wrong(Refused::new("csv-key-blank", &[("column", &field.name)]));
                } else if seen.insert(cell.to_owned(), *line).is_some() {
                    wrong(Refused::new("csv-key-twice", &[("value", &cell), ("column", &field.name)]));
                }
                if let Some(doc) = known.get(cell) {
                    (row.doc, row.known) = (*doc, true);
                }
            }
            rows.push(row);
            if problems.len() >= PROBLEMS {
                break;
            }
        }
        if problems.is_empty() { Ok(rows) } else { Err(Trouble::Refused(problems)) }
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

    fn key(&self, sheet: &Sheet, key: &str) -> Done<(usize, &'a Field)> {
        let place = sheet.columns.iter().position(|column| column == key);
        let found = place.zip(self.kind.field(key));
        Ok(found.ok_or_else(|| Refused::new("csv-key", &[("column", &key)]))?)
    }

    /// The records that are there, by the value of a field.
    fn known(&self, field: &str) -> Done<HashMap<String, DocId>> {
        let filter = Filter { kind: Some(self.kind.name.clone()), ..Filter::default() };
        let mut known = HashMap::new();
        for row in self.tx.list(&filter)? {
            let projection: Projection = canonical::decode(&row.projection)?;
            if let Some(value) = projection.data.get(field) {
                known.entry(value.to_string()).or_insert(row.doc);
            }
        }
        Ok(known)
    }
}

/// A cell as an answer of its field; nothing if it is none.
fn value(field: &Field, cell: &str) -> Option<Scalar> {
    if cell.is_empty() {
        return Some(Scalar::Null);
    }
    let value = match field.answer {
        Answer::Integer => Scalar::Int(cell.parse().ok()?),
        Answer::Decimal => Scalar::Float(cell.parse().ok()?),
        Answer::Boolean => match cell.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "是" => Scalar::Bool(true),
            "false" | "no" | "0" | "否" => Scalar::Bool(false),
            _ => return None,
        },
        _ => Scalar::from(cell),
    };
    rounds_workflow::fits(field, &value).then_some(value)
}

fn at(line: u64, what: Text) -> Refused {
    Refused::new("said-row", &[("row", &line)]).with("what", what)
}
