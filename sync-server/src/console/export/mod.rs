//! Lists as files: CSV, or a workbook. What a page shows of a list, a file has whole.

mod columns;
mod pages;
mod records;
mod sink;
mod values;

use super::Console;
use super::exceptions;
use super::filters::Asked;
use super::kinds::Lexicon;
use super::list::Ask;
use super::problem::{failure, problem};
use super::reports;
use super::session::{Guest, Visitor};
use crate::error::Result;
use crate::storage::Read;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use sink::{Csv, Sink, Xlsx};
use std::fs::File;
use std::io::{Read as _, Seek};

pub use records::table;
pub use sink::Cell;
pub use values::Values;

/// Bytes of a file that are sent at a time.
const PART: usize = 64 * 1024;

#[derive(Clone, Copy)]
enum Shape {
    Csv,
    Xlsx,
}

/// A list that can be had as a file.
enum What {
    Kind(String, Ask),
    Report(String, String, reports::Ask),
    Exceptions(exceptions::Ask),
    Team,
    Log,
}

impl What {
    /// Writes it, and says what the file is called; none if there is no such list.
    fn write(
        &self,
        tx: &dyn Read,
        lexicon: &dyn Lexicon,
        guest: &Guest,
        now_ms: i64,
        sink: &mut dyn Sink,
    ) -> Result<Option<String>> {
        let today = guest.words.day(now_ms).format("%Y-%m-%d");
        match self {
            What::Kind(name, ask) => {
                let Some(kind) = lexicon.kind(name) else { return Ok(None) };
                records::table(tx, lexicon, guest, kind, ask, now_ms, sink)?;
                Ok(Some(format!("{name}-{today}")))
            }
            What::Report(kind, name, ask) => {
                let (viewer, words) = (&guest.viewer, &guest.words);
                let told = reports::told(tx, lexicon, viewer, words, kind, name, ask, now_ms)?;
                let Some(told) = told else { return Ok(None) };
                pages::report(words, &told, sink)?;
                Ok(Some(format!("{kind}-{name}-{}", told.days())))
            }
            What::Exceptions(ask) => {
                pages::exceptions(tx, lexicon, guest, ask, now_ms, sink)?;
                Ok(Some(format!("exceptions-{today}")))
            }
            What::Team => {
                pages::team(tx, guest, now_ms, sink)?;
                Ok(Some(format!("team-{today}")))
            }
            What::Log => {
                pages::log(tx, lexicon, guest, now_ms, sink)?;
                Ok(Some(format!("log-{today}")))
            }
        }
    }
}

/// The records of a kind as CSV.
pub async fn csv(
    State(console): State<Console>,
    Path(kind): Path<String>,
    ask: Asked<Ask>,
    headers: HeaderMap,
) -> Response {
    file(console, ask.read().map(|ask| What::Kind(kind, ask.bounded())), headers, Shape::Csv).await
}

/// The records of a kind as a workbook.
pub async fn xlsx(
    State(console): State<Console>,
    Path(kind): Path<String>,
    ask: Asked<Ask>,
    headers: HeaderMap,
) -> Response {
    file(console, ask.read().map(|ask| What::Kind(kind, ask.bounded())), headers, Shape::Xlsx).await
}

/// A report as CSV.
pub async fn report_csv(
    State(console): State<Console>,
    Path((kind, name)): Path<(String, String)>,
    ask: Asked<reports::Ask>,
    headers: HeaderMap,
) -> Response {
    file(console, ask.read().map(|ask| What::Report(kind, name, ask)), headers, Shape::Csv).await
}

/// A report as a workbook.
pub async fn report_xlsx(
    State(console): State<Console>,
    Path((kind, name)): Path<(String, String)>,
    ask: Asked<reports::Ask>,
    headers: HeaderMap,
) -> Response {
    file(console, ask.read().map(|ask| What::Report(kind, name, ask)), headers, Shape::Xlsx).await
}

/// What should be looked at, as CSV.
pub async fn exceptions_csv(
    State(console): State<Console>,
    ask: Asked<exceptions::Ask>,
    headers: HeaderMap,
) -> Response {
    file(console, ask.read().map(What::Exceptions), headers, Shape::Csv).await
}

/// What should be looked at, as a workbook.
pub async fn exceptions_xlsx(
    State(console): State<Console>,
    ask: Asked<exceptions::Ask>,
    headers: HeaderMap,
) -> Response {
    file(console, ask.read().map(What::Exceptions), headers, Shape::Xlsx).await
}

/// The team as CSV.
pub async fn team_csv(State(console): State<Console>, headers: HeaderMap) -> Response {
    file(console, Ok(What::Team), headers, Shape::Csv).await
}

/// The team as a workbook.
pub async fn team_xlsx(State(console): State<Console>, headers: HeaderMap) -> Response {
    file(console, Ok(What::Team), headers, Shape::Xlsx).await
}

/// The team's log as CSV.
pub async fn log_csv(State(console): State<Console>, headers: HeaderMap) -> Response {
    file(console, Ok(What::Log), headers, Shape::Csv).await
}

/// The team's log as a workbook.
pub async fn log_xlsx(State(console): State<Console>, headers: HeaderMap) -> Response {
    file(console, Ok(What::Log), headers, Shape::Xlsx).await
}

async fn file(console: Console, what: Result<What>, headers: HeaderMap, shape: Shape) -> Response {
    enum Made {
        File(File, String),
        Nothing,
        Door,
    }
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    if let Some(away) = super::door::turned_away(&console, &headers, None).await {
        return away;
    }
    let what = match what {
        Ok(what) => what,
        Err(error) => return failure(lang, &error),
    };
    let permit = console.heavy.acquire().await;
    let made = console.blocking(move |console| {
        let Some(tx) = console.read_for(&visitor)? else { return Ok(Made::Door) };
        let now = console.now_ms();
        let Some(guest) = visitor.guest(&*tx, now)? else { return Ok(Made::Door) };
        let lexicon = console.library.open(&*tx)?;
        let file = tempfile::tempfile()?;
        let (name, written) = match shape {
            Shape::Csv => {
                let mut sink = Csv::begin(file)?;
                (what.write(&*tx, &*lexicon, &guest, now, &mut sink)?, sink.end()?)
            }
            Shape::Xlsx => {
                let mut sink = Xlsx::begin()?;
                (what.write(&*tx, &*lexicon, &guest, now, &mut sink)?, sink.end(file)?)
            }
        };
        Ok(name.map_or(Made::Nothing, |name| Made::File(written, name)))
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
