//! A copy of all records for BI tools: a SQLite file with one view for each kind, a column for each
//! question. The server's own database stays as it is; the copy is made anew each time.

use super::{Done, Refused};
use crate::error::Error;
use crate::exchange::rules::Rules;
use crate::storage::Read;
use crate::storage::records::Search;
use rounds_model::canonical;
use rounds_workflow::{Answer, Kind, Projection};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Views: one for each kind.
    pub views: usize,
    /// Records.
    pub records: u64,
}

const TABLES: &str = "
CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL);
CREATE TABLE records (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, stage TEXT NOT NULL, owner TEXT NOT NULL, day TEXT,
    made TEXT, conflicts INTEGER NOT NULL, answers TEXT NOT NULL
);
CREATE INDEX records_by_kind ON records (kind, day);
CREATE TABLE stages (kind TEXT NOT NULL, stage TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL);
";

/// Writes a new file.
pub fn write(view: &dyn Read, to: &Path) -> Done<Written> {
    if to.exists() {
        return Err(Refused::new("file-exists", &[("file", &to.display())]).into());
    }
    let rules = Rules::load(view)?;
    let file = Connection::open(to).map_err(Error::from)?;
    file.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;").map_err(Error::from)?;
    file.execute_batch(TABLES).map_err(Error::from)?;
    for person in view.people()? {
        let values = params![person.id.to_string(), person.name, person.role.0];
        file.execute("INSERT INTO people VALUES (?1, ?2, ?3)", values).map_err(Error::from)?;
    }
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut done = Written::default();
    {
        let sql = "INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let mut insert = file.prepare(sql).map_err(Error::from)?;
        view.search_each(&Search::default(), &mut |row| {
            let projection: Projection = canonical::decode(&row.projection)?;
            let made = row
                .doc
                .made_ms()
                .and_then(|ms| chrono::DateTime::from_timestamp_millis(i64::try_from(ms).ok()?));
            let answers = serde_json::to_string(&projection.data).map_err(|e| Error::Packs(e.to_string()))?;
            let own = keys.entry(row.kind.clone()).or_default();
            own.extend(projection.data.keys().filter(|key| key.starts_with('@')).cloned());
            insert.execute(params![
                row.doc.to_string(),
                row.kind,
                row.stage,
                row.owner.to_string(),
                row.day,
                made.map(|at| at.to_rfc3339()),
                row.conflicts,
                answers
            ])?;
            done.records += 1;
            Ok(())
        })?;
    }
    for kind in rules.catalogue.kinds() {
        for stage in &kind.stages {
            let values = params![kind.name, stage.name, stage.title.zh, stage.title.en];
            file.execute("INSERT INTO stages VALUES (?1, ?2, ?3, ?4)", values).map_err(Error::from)?;
        }
        let said = keys.remove(&kind.name).unwrap_or_default();
        file.execute_batch(&view_of(kind, &said)).map_err(Error::from)?;
        done.views += 1;
    }
    file.execute_batch("COMMIT").map_err(Error::from)?;
    Ok(done)
}

/// The view of a kind: its questions by their keys, and what its acts say.
fn view_of(kind: &Kind, said: &BTreeSet<String>) -> String {
    let mut questions: Vec<(String, bool)> =
        kind.fields.iter().map(|field| (field.name.clone(), field.answer == Answer::Record)).collect();
    if let Some(workbook) = &kind.workbook {
        questions.extend(workbook.keys().into_iter().map(|key| (key, false)));
    }
    let mut taken: BTreeSet<String> =
        ["id", "stage", "owner", "owner_name", "day", "made", "conflicts"].map(str::to_owned).into();
    let mut columns = vec![];
    for key in questions.iter().map(|(key, _)| key).chain(said) {
        let mut name = key.replace(['/', '@', '-', '.'], "_").trim_start_matches('_').to_owned();
        while !taken.insert(name.to_lowercase()) {
            name.push('_');
        }
        columns.push(format!(
            ",\n  json_extract(r.answers, '$.\"{}\"') AS \"{}\"",
            quoted(key, '\''),
            quoted(&name, '"')
        ));
    }
    format!(
        "CREATE VIEW \"{}\" AS SELECT r.id, r.stage, r.owner, p.name AS owner_name, r.day, r.made, r.conflicts{}\n\
         FROM records r LEFT JOIN people p ON p.id = r.owner WHERE r.kind = '{}';",
        quoted(&kind.name, '"'),
        columns.join(""),
        quoted(&kind.name, '\'')
    )
}

fn quoted(text: &str, mark: char) -> String {
    text.replace(mark, &format!("{mark}{mark}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::Storage;
    use crate::testing::{Office, edit};

    #[test]
    fn a_bi_tool_reads_each_kind_as_a_table_with_its_questions() {
        let office = Office::new();
        let mut li = office.phone("李娜");
        let made = edit(&li.ticket(1, "Window 'seat'"));
        li.push(&office, vec![made]);
        let to = office.dir.path().join("bi.db");
        let written = write(&*office.db.read(office.team).unwrap(), &to).unwrap();
        assert_eq!(written.records, 1);
        let file = Connection::open(&to).unwrap();
        let sql = "SELECT title, owner_name, stage FROM ticket";
        let row = file.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        assert_eq!(row, ("Window 'seat'".to_owned(), "李娜".to_owned(), "open".to_owned()));
        let again = write(&*office.db.read(office.team).unwrap(), &to);
        assert!(matches!(again, Err(crate::admin::Trouble::Refused(_))), "nothing is overwritten");
    }
}
