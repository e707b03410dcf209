//! The records of one kind: filtered, sorted, page by page, with one of them beside the list.

use super::export::{Cell, Values};
use super::filters::{self, Filters};
use super::kinds::{KindWords, Lexicon, ListWords};
use super::names::Names;
use super::view::{Badge, Chosen, Facet, ListRow, RecordList, Tone};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::records::{CountRow, Order, RecordRow, Search, Word};
use crate::storage::{Read, Result};
use chrono::{DateTime, NaiveDate, TimeZone};
use rounds_model::ids::{DocId, PersonId};
use rounds_model::people::Person;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Rows of one page.
pub const PAGE: u32 = 50;
/// Records that are put into the order of a pack's list.
const SORTED: u32 = 2_000;
/// Records of other kinds that a word is looked for in.
const LINKED: u32 = 300;
/// Questions whose choices a word is looked for in: more than any form has.
const CHOSEN: usize = 200;
/// Words of a query that count.
const WORDS: usize = 6;

/// What is asked for, as it stands in the address.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Ask {
    /// Words that each record must hold.
    pub q: String,
    /// In this stage.
    pub stage: String,
    /// Of this person.
    pub owner: String,
    /// On this day or later.
    pub from: String,
    /// On this day or earlier.
    pub to: String,
    /// In this order.
    pub sort: String,
    /// The page, from 1.
    pub page: String,
    /// The record that is shown beside the list.
    pub open: String,
    /// Of photos: those of this question.
    pub question: String,
    /// The list of the pack with this name.
    pub list: String,
}

/// The orders on offer, by their names in the address.
const ORDERS: [(&str, Order); 6] = [
    ("newest", Order::Newest),
    ("oldest", Order::Oldest),
    ("latest", Order::LatestDay),
    ("earliest", Order::EarliestDay),
    ("owner", Order::Owner),
    ("stage", Order::Stage),
];

impl Filters for Ask {
    const NAMES: &'static [&'static str] =
        &["q", "stage", "owner", "from", "to", "sort", "page", "open", "question", "list"];
}

impl Ask {
    /// The same without what is longer than anybody types.
    pub fn bounded(mut self) -> Ask {
        let parts = [
            &mut self.q,
            &mut self.stage,
            &mut self.owner,
            &mut self.from,
            &mut self.to,
            &mut self.sort,
            &mut self.page,
            &mut self.open,
            &mut self.question,
            &mut self.list,
        ];
        parts.into_iter().for_each(|part| *part = part.chars().take(200).collect());
        self
    }

    fn number(&self) -> u32 {
        self.page.parse().unwrap_or(1).clamp(1, 100_000)
    }

    /// The record beside the list.
    pub fn opened(&self) -> Option<DocId> {
        self.open.parse().ok()
    }

    /// The address of the same with some parts changed; what is not asked for is left out.
    pub fn address(&self, path: &str, changes: &[(&str, &str)]) -> String {
        let own = [
            ("q", self.q.as_str()),
            ("stage", &self.stage),
            ("owner", &self.owner),
            ("from", &self.from),
            ("to", &self.to),
            ("sort", &self.sort),
            ("page", &self.page),
            ("open", &self.open),
            ("question", &self.question),
            ("list", &self.list),
        ];
        let changed = |name: &str| changes.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let parts = own.iter().map(|(name, value)| (*name, changed(name).unwrap_or(value)));
        let said: Vec<String> = parts
            .filter(|(name, value)| !(value.is_empty() || *name == "page" && *value == "1"))
            .map(|(name, value)| format!("{name}={}", escaped(value)))
            .collect();
        if said.is_empty() { path.to_owned() } else { format!("{path}?{}", said.join("&")) }
    }
}

/// What the filters of a list come to, for whoever looks.
pub fn search(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    kind: &KindWords,
    ask: &Ask,
) -> Result<Search> {
    let (from, to) = (filters::day("from", &ask.from)?, filters::day("to", &ask.to)?);
    check(tx, lexicon, words, kind, ask)?;
    let begins = |day: NaiveDate| {
        let local = words.zone.from_local_datetime(&day.and_time(chrono::NaiveTime::MIN)).earliest();
        local.map(|at| at.timestamp_millis())
    };
    let dated = kind.agenda.is_some();
    let text = |day: NaiveDate| day.format("%Y-%m-%d").to_string();
    let people = tx.people()?;
    let mut wanted = vec![];
    for word in ask.q.split_whitespace().take(WORDS) {
        wanted.push(sought(tx, lexicon, viewer, kind, &people, word)?);
    }
    let default = if dated { Order::LatestDay } else { Order::Newest };
    let order = ORDERS.iter().find(|(name, _)| *name == ask.sort).map_or(default, |(_, order)| *order);
    let asked: Vec<String> =
        ask.stage.split(',').filter(|stage| !stage.is_empty()).map(str::to_owned).collect();
    let stages = preset(kind, ask).filter(|_| asked.is_empty()).map_or(asked, |list| list.stages.clone());
    Ok(Search {
        kinds: vec![kind.name.clone()],
        stages,
        owners: filters::id::<PersonId>("owner", &ask.owner)?.into_iter().collect(),
        scopes: viewer.seen(),
        from_day: from.filter(|_| dated).map(text),
        to_day: to.filter(|_| dated).map(text),
        made_from: from.filter(|_| !dated).and_then(begins),
        made_before: to.filter(|_| !dated).and_then(|day| begins(day.succ_opt()?)),
        words: wanted,
        conflicted: false,
        pictured: Some(ask.question.clone()).filter(|key| !key.is_empty()),
        order,
        after: None,
        offset: 0,
        limit: 0,
    })
}

/// Whether each filter can be read.
fn check(tx: &dyn Read, lexicon: &dyn Lexicon, words: &Words, kind: &KindWords, ask: &Ask) -> Result<()> {
    filters::number("page", &ask.page)?;
    filters::id::<DocId>("open", &ask.open)?;
    filters::one_of("sort", &ask.sort, ORDERS.iter().map(|(name, _)| *name))?;
    filters::one_of("list", &ask.list, kind.lists.iter().map(|list| list.name.as_str()))?;
    let pictured = super::photos::pictured(kind, words);
    filters::one_of("question", &ask.question, pictured.iter().map(|(key, _)| key.as_str()))?;
    let stages = || kind.stages.iter().map(|stage| stage.name.as_str());
    let strays =
        || ask.stage.split(',').filter(|name| !name.is_empty() && !stages().any(|stage| stage == *name));
    if strays().next().is_none() {
        return Ok(());
    }
    // Records of before may be in stages that are no more.
    let older = lexicon.older(tx, &kind.name)?;
    let before = || older.iter().flat_map(|kind| kind.stages.iter().map(|stage| stage.name.as_str()));
    strays().try_for_each(|name| match before().any(|stage| stage == name) {
        true => Ok(()),
        false => filters::one_of("stage", name, stages()),
    })
}

/// One word of a query: in an answer, in what the record links to, in a name, in a stage.
fn sought(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    kind: &KindWords,
    people: &[Person],
    word: &str,
) -> Result<Word> {
    let small = word.to_lowercase();
    let has = |text: &str| text.to_lowercase().contains(&small);
    let owners: Vec<PersonId> = people.iter().filter(|p| has(&p.name)).map(|p| p.id).collect();
    let titled = |s: &&super::kinds::StageWords| has(&s.title.zh) || has(&s.title.en);
    let stages = kind.stages.iter().filter(titled).map(|s| s.name.clone()).collect();
    // What was chosen is kept by a name; who looks for it knows its words.
    let chosen = kind.questions.iter().filter_map(|question| {
        let fits = question.choices.iter().filter(|(_, text)| has(&text.zh) || has(&text.en));
        let names: Vec<String> = fits.map(|(name, _)| name.clone()).collect();
        (!names.is_empty()).then(|| (question.pattern(), names))
    });
    let choices = chosen.take(CHOSEN).collect();
    let mut texts = vec![word.to_owned()];
    texts.extend(owners.iter().map(ToString::to_string));
    let links: Vec<String> = kind.links.iter().filter(|name| **name != kind.name).cloned().collect();
    if !links.is_empty() && lexicon.kind(&kind.name).is_some() {
        let own = Word { texts: vec![word.to_owned()], ..Word::default() };
        let linked = Search {
            kinds: links,
            scopes: viewer.seen(),
            words: vec![own],
            limit: LINKED,
            ..Search::default()
        };
        texts.extend(tx.search(&linked)?.iter().map(|record| record.doc.to_string()));
    }
    Ok(Word { texts, choices, owners, stages })
}

/// The list of the pack that is asked for.
pub fn preset<'k>(kind: &'k KindWords, ask: &Ask) -> Option<&'k ListWords> {
    kind.lists.iter().find(|list| list.name == ask.list)
}

/// What a list of the pack has of the records that filters leave: of the newest, in the list's own order. For
/// whatever acts on a list or takes it away as a file, so that it is the one that is shown.
pub fn in_preset(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    (kind, preset): (&KindWords, &ListWords),
    all: &Search,
    now_ms: i64,
) -> Result<Vec<RecordRow>> {
    let newest = tx.search(&Search { limit: SORTED, order: Order::Newest, ..all.clone() })?;
    lexicon.listed(tx, &kind.name, &preset.name, &viewer.person, newest, now_ms)
}

/// Says that not all of so many records were put into the order of a pack's list.
pub fn preset_cut(words: &Words, total: u64) -> Option<String> {
    let args = [("n", SORTED.to_string()), ("all", total.to_string())];
    (total > u64::from(SORTED)).then(|| words.f("list-cut", &args))
}

/// The first so many records that a list has on all its pages, and how many more it has.
#[allow(clippy::too_many_arguments)]
pub fn matching(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    kind: &KindWords,
    ask: &Ask,
    most: usize,
    now_ms: i64,
) -> Result<(Vec<RecordRow>, u64)> {
    let all = search(tx, lexicon, viewer, words, kind, ask)?;
    if let Some(preset) = preset(kind, ask) {
        let mut own = in_preset(tx, lexicon, viewer, (kind, preset), &all, now_ms)?;
        let more = own.len().saturating_sub(most) as u64;
        own.truncate(most);
        return Ok((own, more));
    }
    let limit = u32::try_from(most).unwrap_or(u32::MAX);
    let found = tx.search(&Search { limit, ..all.clone() })?;
    let total = if found.len() < most { found.len() as u64 } else { tx.search_count(&all)? };
    let more = total.saturating_sub(found.len() as u64);
    Ok((found, more))
}

/// The records of a kind that the viewer may see; none if there is no such kind.
pub fn record_list(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    kind: &str,
    ask: &Ask,
    now_ms: i64,
) -> Result<Option<RecordList>> {
    let Some(kind) = lexicon.kind(kind) else { return Ok(None) };
    let path = format!("/kinds/{}", kind.name);
    let names = Names::read(tx, words)?;
    let all = search(tx, lexicon, viewer, words, kind, ask)?;
    // One walk over everything that the other filters leave says how many there are in each stage.
    let counts = tx.search_stages(&Search { stages: vec![], ..all.clone() })?;
    let within = |row: &&CountRow| all.stages.is_empty() || all.stages.contains(&row.stage);
    let mut total = counts.iter().filter(within).map(|row| row.records).sum::<u64>();
    let preset = preset(kind, ask);
    let (mut cut, mut listed) = (None, None);
    if let Some(preset) = preset {
        cut = preset_cut(words, total);
        let own = in_preset(tx, lexicon, viewer, (kind, preset), &all, now_ms)?;
        total = own.len() as u64;
        listed = Some(own);
    }
    let (page, pages) = turned(ask, total);
    let found = match listed {
        Some(own) => own.into_iter().skip(((page - 1) * PAGE) as usize).take(PAGE as usize).collect(),
        None => tx.search(&Search { offset: (page - 1) * PAGE, limit: PAGE, ..all.clone() })?,
    };
    let mut values = Values::new(tx, lexicon, viewer, words)?;
    let waits = kind.waits_for(&viewer.person.role);
    let mut rows = vec![];
    for record in &found {
        let columns = preset
            .map(|preset| columns(lexicon, words, kind, preset, record, &mut values, now_ms))
            .transpose()?;
        let row = row(tx, lexicon, words, &names, kind, ask, record, &waits, now_ms)?;
        rows.push(ListRow { columns: columns.unwrap_or_default(), ..row });
    }
    let filtered =
        [&ask.q, &ask.stage, &ask.owner, &ask.from, &ask.to, &ask.list].iter().any(|part| !part.is_empty());
    let turn = |to: u32| ask.address(&path, &[("page", &to.to_string())]);
    let role = &viewer.person.role;
    let first = u64::from((page - 1) * PAGE) + u64::from(total > 0);
    let range = [("from", first), ("to", first + rows.len() as u64 - u64::from(total > 0)), ("n", total)];
    Ok(Some(RecordList {
        name: kind.name.clone(),
        title: words.of(&kind.plural).to_owned(),
        pack: words.of(&kind.pack).to_owned(),
        count: words.f("list-range", &range.map(|(name, n)| (name, n.to_string()))),
        total,
        ask: ask.clone(),
        stages: facets(words, kind, ask, &counts, &path),
        owners: owners(viewer, ask),
        sorts: ORDERS
            .iter()
            .filter(|(name, _)| kind.agenda.is_some() || !["latest", "earliest"].contains(name))
            .map(|(name, order)| Chosen {
                value: (*name).to_owned(),
                label: words.t(&format!("sort-{name}")),
                here: *order == all.order,
            })
            .collect(),
        dated: kind.agenda.is_some(),
        scored: kind.scored,
        waits: !waits.is_empty(),
        waiting: ask.address(&path, &[("stage", &waits.join(",")), ("page", ""), ("open", "")]),
        waiting_here: !waits.is_empty() && ask.stage == waits.join(","),
        acts: kind
            .acts_of(role)
            .iter()
            .map(|act| (act.name.clone(), words.of(&act.title).to_owned()))
            .collect(),
        whole: (total > rows.len() as u64).then(|| whole(words, ask, &path, total)),
        rows,
        cut,
        columns: preset
            .into_iter()
            .flat_map(|preset| preset.columns.iter().map(|(_, title)| words.of(title).to_owned()))
            .collect(),
        lists: kind
            .lists
            .iter()
            .map(|list| {
                let here = list.name == ask.list;
                let to = if here { "" } else { list.name.as_str() };
                let href = ask.address(&path, &[("list", to), ("stage", ""), ("page", ""), ("open", "")]);
                (words.of(&list.title).to_owned(), href, here)
            })
            .collect(),
        previous: (page > 1).then(|| turn(page - 1)),
        next: (page < pages).then(|| turn(page + 1)),
        close: ask.address(&path, &[("open", "")]),
        clear: path.clone(),
        filtered,
        photos: kind
            .questions
            .iter()
            .any(|q| q.sort == super::kinds::Sort::Blob("blob-image"))
            .then(|| ask.address(&format!("{path}/photos"), &[("page", ""), ("open", ""), ("sort", "")])),
        scores: kind.about.then(|| {
            ask.address(
                &format!("{path}/scores"),
                &[("page", ""), ("open", ""), ("sort", ""), ("question", "")],
            )
        }),
        csv: ask.address(&format!("{path}/export.csv"), &[("page", ""), ("open", "")]),
        xlsx: ask.address(&format!("{path}/export.xlsx"), &[("page", ""), ("open", "")]),
        empty: words.t(if filtered { "list-nothing" } else { "list-empty" }),
        empty_how: words.t(if filtered { "list-nothing-how" } else { "list-empty-how" }),
        views: vec![],
    }))
}

/// The page that is asked for, of how many.
pub fn turned(ask: &Ask, total: u64) -> (u32, u32) {
    let pages = u32::try_from(total.div_ceil(u64::from(PAGE))).unwrap_or(u32::MAX).max(1);
    (ask.number().min(pages), pages)
}

/// All that match as one choice: the list's address, how many of them are done at a time, and what is said.
pub fn whole(words: &Words, ask: &Ask, path: &str, total: u64) -> (String, u64, String) {
    let most = total.min(super::bulk::MOST as u64);
    let key = if most < total { "pick-first" } else { "pick-whole" };
    let said = words.f(key, &[("n", total.to_string()), ("most", most.to_string())]);
    (ask.address(path, &[("page", ""), ("open", "")]), most, said)
}

/// What a list of the pack shows beside a record's title.
pub fn columns(
    lexicon: &dyn Lexicon,
    words: &Words,
    kind: &KindWords,
    list: &ListWords,
    record: &RecordRow,
    values: &mut Values<'_>,
    now_ms: i64,
) -> Result<Vec<(String, String)>> {
    let told = lexicon.told(record)?.data;
    let mut all = vec![];
    for (key, heading) in &list.columns {
        let text = match (kind.told(key), told.get(key)) {
            (Some(question), Some(value)) => match values.cell(question, value)? {
                Cell::Moment(_, iso) => moment(words, iso, now_ms),
                cell => cell.text(),
            },
            (None, Some(value)) => value.to_string(),
            (_, None) => String::new(),
        };
        all.push((words.of(heading).to_owned(), text));
    }
    Ok(all)
}

/// A time as the console writes times.
fn moment(words: &Words, iso: String, now_ms: i64) -> String {
    let at = DateTime::parse_from_rfc3339(&iso);
    at.map_or(iso, |at| words.moment(at.timestamp_millis(), now_ms).short)
}

#[allow(clippy::too_many_arguments)]
fn row(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    words: &Words,
    names: &Names,
    kind: &KindWords,
    ask: &Ask,
    record: &RecordRow,
    waits: &[&str],
    now_ms: i64,
) -> Result<ListRow> {
    let name = lexicon.name(tx, record, words.lang)?;
    let (stage, tone) = kind.stage(&record.stage);
    let doc = record.doc.to_string();
    let made = record.doc.made_ms().and_then(|ms| i64::try_from(ms).ok());
    Ok(ListRow {
        open: ask.open == doc,
        href: ask.address(&format!("/kinds/{}", kind.name), &[("open", &doc)]),
        title: name.title,
        subtitle: name.subtitle,
        stage: Badge { tone, text: words.of(&stage).to_owned() },
        owner: names.person(record.owner),
        day: match &record.day {
            Some(day) => Some(words.written_day(day, now_ms)),
            None if kind.agenda.is_none() => made.map(|ms| words.moment(ms, now_ms)),
            None => None,
        },
        score: if kind.scored {
            lexicon.final_score(record)?.map(|score| format!("{score:.0}"))
        } else {
            None
        },
        columns: vec![],
        conflicts: record.conflicts,
        waits: waits.contains(&record.stage.as_str()),
        doc,
    })
}

/// Each stage with how many records the other filters leave in it.
fn facets(words: &Words, kind: &KindWords, ask: &Ask, counts: &[CountRow], path: &str) -> Vec<Facet> {
    let of = |name: &str| counts.iter().find(|row| row.stage == name).map_or(0, |row| row.records);
    let known: BTreeSet<&str> = kind.stages.iter().map(|stage| stage.name.as_str()).collect();
    let stray = counts.iter().filter(|row| !known.contains(row.stage.as_str()));
    let stages = kind.stages.iter().map(|s| (s.name.clone(), words.of(&s.title).to_owned(), s.tone));
    let stages = stages.chain(stray.map(|row| (row.stage.clone(), row.stage.clone(), Tone::Neutral)));
    let facet = |(name, label, tone): (String, String, Tone)| {
        let here = ask.stage == name;
        let to = if here { "" } else { name.as_str() };
        let href = ask.address(path, &[("stage", to), ("page", ""), ("open", "")]);
        Facet { label, tone, count: of(&name), here, href, name }
    };
    stages.map(facet).filter(|facet| facet.count > 0 || facet.here).collect()
}

fn owners(viewer: &Viewer, ask: &Ask) -> Vec<Chosen> {
    let people = std::iter::once(&viewer.person).chain(&viewer.led);
    people
        .map(|person| Chosen {
            value: person.id.to_string(),
            label: person.name.clone(),
            here: ask.owner == person.id.to_string(),
        })
        .collect()
}

/// Percent-encoding for a query's value.
pub fn escaped(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~,".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
