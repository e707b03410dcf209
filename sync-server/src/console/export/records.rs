//! The records of a kind as rows: what was asked, in whichever version, and what each act says.

use super::columns::{Column, columns};
use super::sink::{Cell, Sink};
use super::values::Values;
use crate::console::kinds::{Exported, KindWords, Lexicon};
use crate::console::list::{self, Ask};
use crate::console::session::Guest;
use crate::console::words::Words;
use crate::error::Result;
use crate::storage::Read;
use crate::storage::records::{RecordRow, Search};

/// Records of one file: what a worksheet takes, with a row that says what is not in it.
const ROWS: u32 = 1_000_000;

/// The rows of a list: a head, then every record that the filters leave and that the viewer may see.
pub fn table(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    kind: &KindWords,
    ask: &Ask,
    now_ms: i64,
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
    let mut values = Values::new(tx, lexicon, viewer, words)?;
    let mut read = lexicon.exporting(tx, words.lang);
    if let Some(preset) = list::preset(kind, ask) {
        for record in list::in_preset(tx, lexicon, viewer, (kind, preset), &search, now_ms)? {
            sink.row(&row(words, &mut values, kind, &columns, &record, &read(&record)?)?)?;
        }
        let cut = list::preset_cut(words, tx.search_count(&search)?);
        return cut.map_or(Ok(()), |cut| sink.row(&[Cell::Text(cut)]));
    }
    let mut written = 0;
    tx.search_each(&Search { limit: ROWS, ..search.clone() }, &mut |record| {
        written += 1;
        let cells = row(words, &mut values, kind, &columns, &record, &read(&record)?)?;
        sink.row(&cells)
    })?;
    // Only a file that is full can lack something: nothing is counted for the others.
    let all = if written < ROWS { 0 } else { tx.search_count(&search)? };
    match all.saturating_sub(u64::from(ROWS)) {
        0 => Ok(()),
        further => sink.row(&[Cell::Text(words.n("export-cut", further))]),
    }
}

/// A record's cells.
fn row(
    words: &Words,
    values: &mut Values<'_>,
    kind: &KindWords,
    columns: &[Column],
    record: &RecordRow,
    told: &Exported,
) -> Result<Vec<Cell>> {
    let (stage, _) = kind.stage(&record.stage);
    let made = record.doc.made_ms().and_then(|ms| i64::try_from(ms).ok());
    let mut cells = vec![
        Cell::Text(told.title.clone()),
        Cell::Text(words.of(&stage).to_owned()),
        Cell::Text(values.names.person(record.owner)),
        record.day.as_deref().map_or_else(Cell::nothing, Cell::day),
        made.map_or_else(Cell::nothing, |ms| Cell::moment(&words.clock(ms).iso)),
    ];
    if kind.scored {
        cells.push(told.score.map_or_else(Cell::nothing, Cell::Number));
    }
    for column in columns {
        cells.push(match &column.key {
            Some(key) => match told.data.get(key) {
                Some(value) => values.cell(&column.question, value)?,
                None => Cell::nothing(),
            },
            None => {
                let mut all = vec![];
                for (_, value) in told.data.iter().filter(|(key, _)| column.question.matches(key)) {
                    all.push(values.cell(&column.question, value)?.text());
                }
                Cell::Text(all.join(" | "))
            }
        });
    }
    cells.push(Cell::Text(record.doc.to_string()));
    Ok(cells)
}
