//! What there is to look through: each kind with its counts, and what waits for the viewer's decision.

use super::kinds::{KindWords, Lexicon};
use super::list::escaped;
use super::names::Names;
use super::view::{Badge, KindCard, PackCard, WaitRow, WorkPage};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::records::{CountRow, Order, Search};
use crate::storage::{Read, Result};

/// Records that wait and are shown.
const SHOWN: usize = 40;

/// The page.
pub fn work(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    now_ms: i64,
) -> Result<WorkPage> {
    let counts = tx.search_stages(&Search { scopes: viewer.seen(), ..Search::default() })?;
    let (waiting, waiting_count) = waiting(tx, lexicon, viewer, words, SHOWN, now_ms)?;
    let hidden = waiting_count.saturating_sub(waiting.len() as u64);
    let mut packs: Vec<PackCard> = vec![];
    for kind in lexicon.kinds() {
        let title = words.of(&kind.pack).to_owned();
        let card = card(words, kind, viewer, &counts);
        match packs.last_mut() {
            Some(last) if last.title == title => last.kinds.push(card),
            _ => packs.push(PackCard { title, kinds: vec![card] }),
        }
    }
    Ok(WorkPage { waiting, waiting_count, more: (hidden > 0).then(|| words.n("decide-more", hidden)), packs })
}

/// What waits for the viewer, the oldest first, and how much there is of it.
pub fn waiting(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    most: usize,
    now_ms: i64,
) -> Result<(Vec<WaitRow>, u64)> {
    let names = Names::read(tx, words)?;
    let (mut found, mut count) = (vec![], 0);
    for kind in lexicon.kinds() {
        let stages = kind.waits_for(&viewer.person.role);
        if stages.is_empty() {
            continue;
        }
        let search = Search {
            kinds: vec![kind.name.clone()],
            stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
            scopes: viewer.seen(),
            order: Order::Oldest,
            limit: u32::try_from(most).unwrap_or(u32::MAX),
            ..Search::default()
        };
        let records = tx.search(&search)?;
        // Counted is only what is more than is shown.
        count += if records.len() < most { records.len() as u64 } else { tx.search_count(&search)? };
        found.extend(records.into_iter().map(|record| (kind, record)));
    }
    found.sort_by_key(|(_, record)| record.doc);
    let mut rows = vec![];
    for (kind, record) in found.into_iter().take(most) {
        let name = lexicon.name(tx, &record, words.lang)?;
        let (stage, tone) = kind.stage(&record.stage);
        let made = record.doc.made_ms().and_then(|ms| i64::try_from(ms).ok());
        let stages = kind.waits_for(&viewer.person.role).join(",");
        rows.push(WaitRow {
            href: format!("/kinds/{}?stage={}&open={}", kind.name, escaped(&stages), record.doc),
            doc: record.doc.to_string(),
            title: name.title,
            subtitle: name.subtitle,
            kind: words.of(&kind.title).to_owned(),
            stage: Badge { tone, text: words.of(&stage).to_owned() },
            owner: names.person(record.owner),
            at: made.map(|ms| words.moment(ms, now_ms)),
        });
    }
    Ok((rows, count))
}

fn card(words: &Words, kind: &KindWords, viewer: &Viewer, counts: &[CountRow]) -> KindCard {
    let own: Vec<&CountRow> = counts.iter().filter(|row| row.kind == kind.name).collect();
    let of = |stage: &str| own.iter().find(|row| row.stage == stage).map_or(0, |row| row.records);
    let badge = |stage: &super::kinds::StageWords| Badge {
        tone: stage.tone,
        text: words.of(&stage.title).to_owned(),
    };
    let waits = kind.waits_for(&viewer.person.role);
    let waiting: u64 = waits.iter().map(|stage| of(stage)).sum();
    KindCard {
        name: kind.name.clone(),
        title: words.of(&kind.plural).to_owned(),
        total: own.iter().map(|row| row.records).sum(),
        stages: kind
            .stages
            .iter()
            .map(|stage| (badge(stage), of(&stage.name)))
            .filter(|(_, count)| *count > 0 && kind.stages.len() > 1)
            .collect(),
        waiting: (waiting > 0)
            .then(|| (waiting, format!("/kinds/{}?stage={}", kind.name, escaped(&waits.join(","))))),
    }
}
