//! The records of one kind, page by page.

use super::kinds::Lexicon;
use super::names::Names;
use super::view::{Badge, ListRow, RecordList};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::records::Filter;
use crate::storage::{Read, Result};
use rounds_model::ids::DocId;

/// Rows of one page.
const PAGE: usize = 200;
/// Rows that one request reads while it looks for rows to show.
const LOOKED_AT: u32 = 2_000;

/// What is asked for.
#[derive(Debug)]
pub struct Ask<'a> {
    /// The kind.
    pub kind: &'a str,
    /// Words that each record must hold.
    pub query: &'a str,
    /// After this record: the next page.
    pub after: Option<DocId>,
}

/// The records of a kind that the viewer may see; none if there is no such kind. A query keeps
/// those that hold every word of it.
pub fn record_list(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    ask: &Ask<'_>,
    now_ms: i64,
) -> Result<Option<RecordList>> {
    let Some(kind) = lexicon.kind(ask.kind) else { return Ok(None) };
    let names = Names::read(tx, words)?;
    let wanted: Vec<String> = ask.query.split_whitespace().map(str::to_lowercase).collect();
    let filter =
        Filter { kind: Some(kind.name.clone()), after: ask.after, limit: LOOKED_AT, ..Filter::default() };
    let found = tx.list(&filter)?;
    let exhausted = found.len() < usize::try_from(LOOKED_AT).unwrap_or(usize::MAX);
    let (mut rows, mut last, mut seen) = (vec![], None, 0);
    for record in &found {
        if rows.len() == PAGE {
            break;
        }
        (last, seen) = (Some(record.doc), seen + 1);
        if !viewer.may_see(&record.scope) {
            continue;
        }
        let name = lexicon.name(tx, record, words.lang)?;
        let (stage, tone) = kind.stage(&record.stage);
        let stage = Badge { tone, text: words.of(&stage).to_owned() };
        let owner = names.person(record.owner);
        let subtitle = name.subtitle.as_deref().unwrap_or_default();
        let day = record.day.as_deref().unwrap_or_default();
        let search =
            format!("{} {subtitle} {owner} {} {day} {} {}", name.title, stage.text, record.doc, name.words)
                .to_lowercase();
        if !wanted.iter().all(|word| search.contains(word)) {
            continue;
        }
        rows.push(ListRow {
            doc: record.doc.to_string(),
            title: name.title,
            subtitle: name.subtitle,
            stage,
            owner,
            day: record.day.as_deref().map(|day| words.written_day(day, now_ms)),
            conflicts: record.conflicts,
            search,
        });
    }
    let more = (seen < found.len() || !exhausted).then_some(last).flatten();
    let more = more.map(|doc| format!("/kinds/{}?after={doc}&q={}", kind.name, escaped(ask.query)));
    let nothing = !wanted.is_empty();
    Ok(Some(RecordList {
        title: words.of(&kind.plural).to_owned(),
        count: words.n(
            "list-count",
            if more.is_some() { format!("{}+", rows.len()) } else { rows.len().to_string() },
        ),
        query: ask.query.to_owned(),
        dated: kind.agenda.is_some(),
        rows,
        more,
        empty: words.t(if nothing { "list-nothing" } else { "list-empty" }),
        empty_how: words.t(if nothing { "list-nothing-how" } else { "list-empty-how" }),
    }))
}

/// Percent-encoding for a query's value.
fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
