//! The records of a kind as rows: what was asked, in whichever version, and what each act says.

use super::columns::{Column, columns};
use super::sink::{Cell, Sink};
use crate::console::kinds::{Exported, KindWords, Lexicon, Question, Sort};
use crate::console::list::{self, Ask};
use crate::console::names::{Names, other_record};
use crate::console::session::Guest;
use crate::error::Result;
use crate::storage::Read;
use crate::storage::records::{RecordRow, Search};
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use std::collections::HashMap;

/// Rows of one file: what a worksheet takes.
const ROWS: u32 = 1_000_000;
/// Titles that are remembered.
const TITLES: usize = 5_000;

/// The rows of a list: a head, then every record that the filters leave and that the viewer may see.
pub fn table(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    kind: &KindWords,
    ask: &Ask,
    sink: &mut dyn Sink,
) -> Result<()> {
    let (viewer, words) = (&guest.viewer, &guest.words);
    let search = list::search(tx, lexicon, viewer, words, kind, ask)?;
    let older = lexicon.older(tx, &kind.name)?;
    let columns = columns(words, kind, &older);
    let mut head: Vec<Cell> =
        ["record", "stage", "owner", "day", "made"].map(|key| Cell::Text(words.t(key))).into();
    if kind.scored {
        head.push(Cell::Text(words.t("score")));
    }
    head.extend(columns.iter().map(|column| Cell::Text(column.label.clone())));
    head.push(Cell::Text("id".to_owned()));
    sink.row(&head)?;
    let names = Names::read(tx, words)?;
    let mut writer = Writer { tx, lexicon, guest, names, titles: HashMap::new() };
    let mut read = lexicon.exporting(tx, words.lang);
    let search = Search { limit: ROWS, ..search };
    tx.search_each(&search, &mut |record| {
        let cells = writer.row(kind, &columns, &record, &read(&record)?)?;
        sink.row(&cells)
    })
}

struct Writer<'a> {
    tx: &'a dyn Read,
    lexicon: &'a dyn Lexicon,
    guest: &'a Guest,
    names: Names,
    /// The titles of what records link to: a thousand visits are to a hundred stores.
    titles: HashMap<DocId, String>,
}

impl Writer<'_> {
    fn row(
        &mut self,
        kind: &KindWords,
        columns: &[Column],
        record: &RecordRow,
        told: &Exported,
    ) -> Result<Vec<Cell>> {
        let words = &self.guest.words;
        let (stage, _) = kind.stage(&record.stage);
        let made = record.doc.made_ms().and_then(|ms| i64::try_from(ms).ok());
        let mut cells = vec![
            Cell::Text(told.title.clone()),
            Cell::Text(words.of(&stage).to_owned()),
            Cell::Text(self.names.person(record.owner)),
            record.day.as_deref().map_or_else(Cell::nothing, Cell::day),
            made.map_or_else(Cell::nothing, |ms| Cell::moment(&words.clock(ms).iso)),
        ];
        if kind.scored {
            cells.push(told.score.map_or_else(Cell::nothing, Cell::Number));
        }
        for column in columns {
            cells.push(match &column.key {
                Some(key) => match told.data.get(key) {
                    Some(value) => self.cell(&column.question, value)?,
                    None => Cell::nothing(),
                },
                None => {
                    let mut all = vec![];
                    for (_, value) in told.data.iter().filter(|(key, _)| column.question.matches(key)) {
                        all.push(self.cell(&column.question, value)?.text());
                    }
                    Cell::Text(all.join(" | "))
                }
            });
        }
        cells.push(Cell::Text(record.doc.to_string()));
        Ok(cells)
    }

    fn cell(&mut self, question: &Question, value: &Scalar) -> Result<Cell> {
        let words = &self.guest.words;
        let text = match (question.sort, value) {
            (_, Scalar::Int(number)) => return Ok(Cell::Number(*number as f64)),
            (_, Scalar::Float(number)) => return Ok(Cell::Number(*number)),
            (_, Scalar::Bool(yes)) => words.t(if *yes { "yes" } else { "no" }),
            (Sort::Date, value) => return Ok(Cell::day(&value.to_string())),
            (Sort::DateTime, value) => return Ok(Cell::moment(&words.here(&value.to_string()))),
            (Sort::Choices, value) => {
                let text = value.to_string();
                let label = |name: &str| {
                    let found = question.choices.iter().find(|(choice, _)| choice == name);
                    found.map_or_else(|| name.to_owned(), |(_, text)| words.of(text).to_owned())
                };
                text.split_whitespace().map(label).collect::<Vec<_>>().join(", ")
            }
            (Sort::Person, value) => {
                let id = value.to_string();
                id.parse().map_or(id, |person| self.names.person(person))
            }
            (Sort::Record, value) => {
                let id = value.to_string();
                match id.parse::<DocId>() {
                    Ok(doc) => self.title(doc)?,
                    Err(_) => id,
                }
            }
            (_, value) => value.to_string(),
        };
        Ok(Cell::Text(text))
    }

    fn title(&mut self, doc: DocId) -> Result<String> {
        if let Some(known) = self.titles.get(&doc) {
            return Ok(known.clone());
        }
        let Guest { viewer, words, .. } = self.guest;
        let found = other_record(self.tx, self.lexicon, viewer, words, doc)?;
        let title = found.map_or_else(|| words.t("elsewhere"), |other| other.title);
        if self.titles.len() >= TITLES {
            self.titles.clear();
        }
        self.titles.insert(doc, title.clone());
        Ok(title)
    }
}
