//! What the whole team holds and one person looks after, such as stores: whose each is, what is unsent on
//! their phones, and giving one or many to somebody else.
//!
//! Which kinds these are, the packs say: those that everybody holds and that an act gives to a person. The
//! giving itself is that act, by way of [`super::bulk`], which says before what is unsent and where it goes.

use super::export::Values;
use super::kinds::{KindWords, Lexicon};
use super::list::{self, Ask, PAGE};
use super::moving;
use super::names::Names;
use super::view::{Chosen, Entrusted, EntrustedRow};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::records::Search;
use crate::storage::{Read, Result};
use rounds_model::ids::PersonId;
use std::collections::HashMap;

/// The address of a kind's page.
pub fn path(kind: &str) -> String {
    format!("/team/kinds/{kind}")
}

/// The page of a kind; none if it is not one that is given to somebody.
pub fn page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    kind: &str,
    ask: &Ask,
    now_ms: i64,
) -> Result<Option<Entrusted>> {
    let Some(kind) = lexicon.kind(kind) else { return Ok(None) };
    let Some(act) = kind.entrusts() else { return Ok(None) };
    let (path, names) = (path(&kind.name), Names::read(tx, words)?);
    // Its order stands in the addresses that it gives away: whoever takes the first of all takes those that it shows
    // first.
    let sort = if ask.sort.is_empty() { "owner".to_owned() } else { ask.sort.clone() };
    let ask = &Ask { sort, ..ask.clone() };
    let all = list::search(tx, lexicon, viewer, words, kind, ask)?;
    let total = tx.search_count(&all)?;
    let (page, pages) = list::turned(ask, total);
    let found = tx.search(&Search { offset: (page - 1) * PAGE, limit: PAGE, ..all.clone() })?;
    let owners = tx.search_owners(&Search { owners: vec![], ..all })?;
    let mut values = Values::new(tx, lexicon, viewer, words)?;
    let mut phones: HashMap<PersonId, Option<(u64, Option<i64>)>> = HashMap::new();
    // What stands beside a record is what the pack's first list has.
    let columns = kind.lists.first();
    let mut rows = vec![];
    for record in &found {
        let name = lexicon.name(tx, record, words.lang)?;
        let on_phones = match phones.get(&record.owner) {
            Some(known) => *known,
            None => {
                let found = moving::on_phones(tx, viewer, record.owner)?;
                phones.insert(record.owner, found);
                found
            }
        };
        rows.push(EntrustedRow {
            doc: record.doc.to_string(),
            title: name.title,
            subtitle: name.subtitle,
            columns: match columns {
                Some(columns) => list::columns(lexicon, words, kind, columns, record, &mut values, now_ms)?,
                None => vec![],
            },
            owner: names.person(record.owner),
            unsent: on_phones.map(|(unsent, _)| unsent),
            last: on_phones.and_then(|(_, last)| last).map(|at| words.ago(at, now_ms)),
        });
    }
    let turn = |to: u32| ask.address(&path, &[("page", &to.to_string())]);
    let first = u64::from((page - 1) * PAGE) + u64::from(total > 0);
    let range = [("from", first), ("to", first + rows.len() as u64 - u64::from(total > 0)), ("n", total)];
    Ok(Some(Entrusted {
        name: kind.name.clone(),
        title: words.of(&kind.plural).to_owned(),
        count: words.f("list-range", &range.map(|(name, n)| (name, n.to_string()))),
        owners: choices(&names, ask, owners),
        columns: columns
            .iter()
            .flat_map(|list| list.columns.iter().map(|(_, title)| words.of(title).to_owned()))
            .collect(),
        act: act.roles.contains(&viewer.person.role).then(|| act.name.clone()),
        gives: words.of(&act.title).to_owned(),
        whole: (total > rows.len() as u64).then(|| list::whole(words, ask, &path, total)),
        previous: (page > 1).then(|| turn(page - 1)),
        next: (page < pages).then(|| turn(page + 1)),
        rows,
        ask: ask.clone(),
        path,
    }))
}

/// The kinds that have such a page.
pub fn kinds(lexicon: &dyn Lexicon) -> impl Iterator<Item = &KindWords> {
    lexicon.kinds().iter().filter(|kind| kind.entrusts().is_some())
}

/// Whoever looks after some, with how many.
fn choices(names: &Names, ask: &Ask, counted: Vec<(PersonId, u64)>) -> Vec<Chosen> {
    let choice = |(id, count): (PersonId, u64)| Chosen {
        value: id.to_string(),
        label: format!("{} ({count})", names.person(id)),
        here: ask.owner == id.to_string(),
    };
    let mut all: Vec<Chosen> = counted.into_iter().map(choice).collect();
    all.sort_by(|a, b| a.label.cmp(&b.label));
    all
}
