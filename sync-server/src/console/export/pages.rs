//! Reports, exceptions, the team and its log as rows.

use super::sink::{Cell, Sink};
use crate::console::exceptions::{self, Look};
use crate::console::kinds::Lexicon;
use crate::console::office;
use crate::console::reports::Told;
use crate::console::session::Guest;
use crate::console::words::Words;
use crate::error::Result;
use crate::storage::Read;
use rounds_workflow::{Figure, How};

/// Exceptions of one sort in a file.
const EACH: usize = 10_000;

fn head(words: &Words, keys: &[&str]) -> Vec<Cell> {
    keys.iter().map(|key| Cell::Text(words.t(key))).collect()
}

/// The groups of a report. A share is three columns, so that it can be added up and worked out anew.
pub fn report(words: &Words, told: &Told<'_>, sink: &mut dyn Sink) -> Result<()> {
    let mut head = vec![Cell::Text(words.of(&told.said.groups).to_owned())];
    for (title, how) in &told.said.columns {
        let title = words.of(title);
        if *how == How::Share {
            head.push(Cell::Text(format!("{title} %")));
            head.push(Cell::Text(words.f("export-part", &[("title", title.to_owned())])));
            head.push(Cell::Text(words.f("export-whole", &[("title", title.to_owned())])));
        } else {
            head.push(Cell::Text(title.to_owned()));
        }
    }
    sink.row(&head)?;
    for (label, figures) in &told.rows {
        let mut row = vec![Cell::Text(label.clone())];
        match figures {
            Some(figures) => row.extend(figures.iter().flat_map(cells)),
            None => row.push(Cell::Text(words.t("report-missing"))),
        }
        sink.row(&row)?;
    }
    for cut in told.cut(words) {
        sink.row(&[Cell::Text(cut)])?;
    }
    Ok(())
}

fn cells(figure: &Figure) -> Vec<Cell> {
    match figure {
        Figure::Count(count) => vec![Cell::count(*count)],
        Figure::Share(part, whole) => {
            let percent = *part as f64 / *whole as f64 * 100.0;
            let percent = if *whole > 0 { Cell::Number(percent) } else { Cell::nothing() };
            vec![percent, Cell::count(*part), Cell::count(*whole)]
        }
        Figure::Number(number) => vec![number.map_or_else(Cell::nothing, Cell::Number)],
        Figure::Text(text) => vec![Cell::Text(text.clone())],
    }
}

/// What should be looked at, as the page has it, and beyond where a page ends.
pub fn exceptions(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    ask: &exceptions::Ask,
    now_ms: i64,
    sink: &mut dyn Sink,
) -> Result<()> {
    let words = &guest.words;
    let look = Look { tx, lexicon, viewer: &guest.viewer, words, now_ms, each: EACH };
    let found = exceptions::page(&look, ask)?;
    let keys = ["what", "record", "export-kind", "export-reason", "export-remedy", "owner", "when"];
    let mut titles = head(words, &keys);
    titles.push(Cell::Text("id".to_owned()));
    sink.row(&titles)?;
    for one in found.rows {
        sink.row(&[
            Cell::Text(one.badge.text),
            Cell::Text(one.title),
            Cell::Text(one.kind),
            Cell::Text(one.reason),
            Cell::Text(one.remedy),
            Cell::Text(one.owner),
            Cell::moment(&one.at.iso),
            Cell::Text(one.doc.unwrap_or_default()),
        ])?;
    }
    // How many there are: where not all of them are here, it says so.
    sink.row(&[Cell::Text(found.count)])
}

/// Everybody whom the viewer manages.
pub fn team(tx: &dyn Read, guest: &Guest, now_ms: i64, sink: &mut dyn Sink) -> Result<()> {
    let words = &guest.words;
    let keys = ["name", "role", "led-by", "areas", "phones", "last-sync", "waiting", "app"];
    let mut titles = head(words, &keys);
    titles.push(Cell::Text("id".to_owned()));
    sink.row(&titles)?;
    for one in office::people(tx, &guest.viewer, words, now_ms)?.rows {
        sink.row(&[
            Cell::Text(one.name),
            Cell::Text(one.role),
            Cell::Text(one.led_by),
            Cell::Text(one.areas),
            Cell::count(one.phones as u64),
            one.last.map_or_else(Cell::nothing, |at| Cell::moment(&at.iso)),
            Cell::count(one.unsent),
            Cell::Text(one.app),
            Cell::Text(one.id),
        ])?;
    }
    Ok(())
}

/// What was done in the office, from the newest to the oldest.
pub fn log(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    now_ms: i64,
    sink: &mut dyn Sink,
) -> Result<()> {
    let words = &guest.words;
    let mut titles = head(words, &["when", "by-whom", "what"]);
    titles.push(Cell::Text("#".to_owned()));
    sink.row(&titles)?;
    let mut before = None;
    loop {
        let (lines, next) = office::log(tx, lexicon, &guest.viewer, words, before, now_ms)?;
        for line in lines {
            sink.row(&[
                Cell::moment(&line.at.iso),
                Cell::Text(line.who),
                Cell::Text(line.what),
                Cell::count(line.number),
            ])?;
        }
        if next.is_none() {
            return Ok(());
        }
        before = next;
    }
}
