//! A list as a file: CSV that opens right in spreadsheets, or a workbook written row by row, so that the
//! length of the list does not matter for memory.

use super::Console;
use super::kinds::{Exported, KindWords, Lexicon, Question, Sort};
use super::list::{self, Ask};
use super::names::{Names, other_record};
use super::problem::{failure, problem};
use super::session::{Guest, Visitor};
use crate::error::{Error, Result};
use crate::storage::Read;
use crate::storage::records::{RecordRow, Search};
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Read as _, Seek, Write};

/// Rows of one file: what a worksheet takes.
const ROWS: u32 = 1_000_000;
/// Titles that are remembered.
const TITLES: usize = 5_000;
/// Bytes of a file that are sent at a time.
const PART: usize = 64 * 1024;

/// What a file has in a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
}

/// Where rows go.
pub trait Sink {
    /// The next row.
    fn row(&mut self, cells: &[Cell]) -> Result<()>;
}

/// The list as CSV.
pub async fn csv(
    State(console): State<Console>,
    Path(kind): Path<String>,
    Query(ask): Query<Ask>,
    headers: HeaderMap,
) -> Response {
    file(console, kind, ask, headers, Shape::Csv).await
}

/// The list as a workbook.
pub async fn xlsx(
    State(console): State<Console>,
    Path(kind): Path<String>,
    Query(ask): Query<Ask>,
    headers: HeaderMap,
) -> Response {
    file(console, kind, ask, headers, Shape::Xlsx).await
}

#[derive(Clone, Copy)]
enum Shape {
    Csv,
    Xlsx,
}

async fn file(console: Console, kind: String, ask: Ask, headers: HeaderMap, shape: Shape) -> Response {
    enum Made {
        File(File, String),
        Nothing,
        Door,
    }
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    if let Some(away) = super::door::turned_away(&console, &headers).await {
        return away;
    }
    let permit = console.heavy.acquire().await;
    let made = console.blocking(move |console| {
        let Some(tx) = console.read_for(&visitor)? else { return Ok(Made::Door) };
        let now = console.now_ms();
        let Some(guest) = visitor.guest(&*tx, now)? else { return Ok(Made::Door) };
        let lexicon = console.library.open(&*tx)?;
        let Some(words) = lexicon.kind(&kind) else { return Ok(Made::Nothing) };
        let file = tempfile::tempfile()?;
        let written = match shape {
            Shape::Csv => {
                let mut sink = Csv::begin(file)?;
                table(&*tx, &*lexicon, &guest, words, &ask.bounded(), &mut sink)?;
                sink.end()?
            }
            Shape::Xlsx => {
                let mut sink = Xlsx::begin()?;
                table(&*tx, &*lexicon, &guest, words, &ask.bounded(), &mut sink)?;
                sink.end(file)?
            }
        };
        let day = guest.words.day(now).format("%Y-%m-%d").to_string();
        Ok(Made::File(written, format!("{kind}-{day}")))
    });
    let made = made.await;
    drop(permit);
    match made {
        Ok(Made::File(file, name)) => sent(file, &name, shape),
        Ok(Made::Nothing) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Made::Door) => Redirect::to("/sign-in").into_response(),
        Err(error) => failure(lang, &error),
    }
}

fn sent(mut file: File, name: &str, shape: Shape) -> Response {
    let (kind, ending) = match shape {
        Shape::Csv => ("text/csv; charset=utf-8", "csv"),
        Shape::Xlsx => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    };
    let size = file.metadata().map(|about| about.len()).unwrap_or_default();
    if file.rewind().is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let parts = futures_util::stream::unfold(file, |mut file| async move {
        let mut part = vec![0; PART];
        match file.read(&mut part) {
            Ok(0) => None,
            Ok(read) => {
                part.truncate(read);
                Some((Ok::<_, std::io::Error>(part), file))
            }
            Err(error) => Some((Err(error), file)),
        }
    });
    let about = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, size.to_string()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{ending}\"")),
    ];
    (about, Body::from_stream(parts)).into_response()
}

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
    let asked: Vec<&Question> = kind.questions.iter().filter(|q| q.repeat().is_none()).collect();
    let repeated: Vec<&Question> = kind.questions.iter().filter(|q| q.repeat().is_some()).collect();
    let mut head: Vec<Cell> =
        ["record", "stage", "owner", "day", "made"].map(|key| Cell::Text(words.t(key))).into();
    if kind.scored {
        head.push(Cell::Text(words.t("score")));
    }
    head.extend(asked.iter().chain(&repeated).map(|q| Cell::Text(q.label(words.lang).to_owned())));
    head.push(Cell::Text("id".to_owned()));
    sink.row(&head)?;
    let names = Names::read(tx, words)?;
    let mut writer = Writer { tx, lexicon, guest, names, titles: HashMap::new() };
    let mut read = lexicon.exporting(tx, words.lang);
    let search = Search { limit: ROWS, ..search };
    tx.search_each(&search, &mut |record| {
        let cells = writer.row(kind, &asked, &repeated, &record, &read(&record)?)?;
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
        asked: &[&Question],
        repeated: &[&Question],
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
            Cell::Text(record.day.clone().unwrap_or_default()),
            Cell::Text(made.map(|ms| words.clock(ms).iso).unwrap_or_default()),
        ];
        if kind.scored {
            cells.push(told.score.map_or_else(|| Cell::Text(String::new()), Cell::Number));
        }
        for question in asked {
            cells.push(match told.data.get(&question.path()) {
                Some(value) => self.cell(question, value)?,
                None => Cell::Text(String::new()),
            });
        }
        for question in repeated {
            let mut all = vec![];
            for (_, value) in told.data.iter().filter(|(key, _)| question.matches(key)) {
                all.push(match self.cell(question, value)? {
                    Cell::Text(text) => text,
                    Cell::Number(number) => number.to_string(),
                });
            }
            cells.push(Cell::Text(all.join(" | ")));
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

/// CSV with the mark by which spreadsheets know UTF-8.
pub struct Csv(::csv::Writer<BufWriter<File>>);

impl Csv {
    /// Into this file.
    pub fn begin(file: File) -> Result<Csv> {
        let mut out = BufWriter::new(file);
        out.write_all(b"\xef\xbb\xbf")?;
        Ok(Csv(::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out)))
    }

    /// The file, whole.
    pub fn end(self) -> Result<File> {
        let out = self.0.into_inner().map_err(|e| Error::Io(std::io::Error::other(e.to_string())))?;
        out.into_inner().map_err(|e| Error::Io(e.into_error()))
    }
}

impl Sink for Csv {
    fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let cells = cells.iter().map(|cell| match cell {
            Cell::Text(text) => harmless(text),
            Cell::Number(number) => number.to_string(),
        });
        self.0.write_record(cells).map_err(|e| Error::Io(std::io::Error::other(e.to_string())))
    }
}

/// A text that a spreadsheet would take for a formula begins with a quote in CSV, which has no other way to
/// say that it is none. Those of East Asia take full-width signs for the narrow ones.
fn harmless(text: &str) -> String {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n') => {
            format!("'{text}")
        }
        _ => text.to_owned(),
    }
}

/// A workbook that keeps no row in memory.
pub struct Xlsx {
    book: Workbook,
    next: u32,
    bold: Format,
}

impl Xlsx {
    /// An empty one.
    pub fn begin() -> Result<Xlsx> {
        let mut book = Workbook::new();
        book.add_worksheet_with_constant_memory().map_err(broken)?;
        Ok(Xlsx { book, next: 0, bold: Format::new().set_bold() })
    }

    /// The file, whole.
    pub fn end(mut self, file: File) -> Result<File> {
        let mut out = BufWriter::new(file);
        self.book.save_to_writer(&mut out).map_err(broken)?;
        out.into_inner().map_err(|e| Error::Io(e.into_error()))
    }
}

impl Sink for Xlsx {
    fn row(&mut self, cells: &[Cell]) -> Result<()> {
        let row = self.next;
        self.next += 1;
        let sheet = self.book.worksheet_from_index(0).map_err(broken)?;
        for (column, cell) in (0_u16..).zip(cells) {
            match cell {
                Cell::Text(text) if text.is_empty() => {}
                Cell::Text(text) if row == 0 => {
                    sheet.write_with_format(row, column, text, &self.bold).map_err(broken)?;
                }
                // A cell takes 32,767 characters.
                Cell::Text(text) if text.len() > 32_000 => {
                    let cut: String = text.chars().take(32_000).collect();
                    sheet.write_string(row, column, cut).map_err(broken)?;
                }
                Cell::Text(text) => {
                    sheet.write_string(row, column, text).map_err(broken)?;
                }
                Cell::Number(number) => {
                    sheet.write_number(row, column, *number).map_err(broken)?;
                }
            }
        }
        Ok(())
    }
}

fn broken(error: XlsxError) -> Error {
    Error::Io(std::io::Error::other(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_csv_is_known_as_utf8_and_holds_no_formula() {
        let mut csv = Csv::begin(tempfile::tempfile().unwrap()).unwrap();
        csv.row(&[Cell::Text("中山广场, \"店\"".into()), Cell::Number(-3.5), Cell::Text("=1+1".into())])
            .unwrap();
        let mut file = csv.end().unwrap();
        file.rewind().unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "\u{feff}\"中山广场, \"\"店\"\"\",-3.5,'=1+1\r\n");
        for formula in ["=1", "+1", "-1", "@x", "＝1", "＋1", "－1", "＠x", "\t=1", "\r=1", "\n=1"] {
            assert_eq!(harmless(formula), format!("'{formula}"));
        }
        for text in ["", "中山=1", " 1", "1-2"] {
            assert_eq!(harmless(text), text);
        }
    }
}
