//! The photos of a kind's records on one wall, with the filters of its list.

use super::kinds::{KindWords, Lexicon, Question, Sort};
use super::list::{self, Ask};
use super::names::Names;
use super::view::{Picture, Wall};
use super::viewer::Viewer;
use super::words::Words;
use crate::storage::{Read, Result};
use rounds_model::scalar::Scalar;
use std::collections::HashMap;

/// Photos of one page.
const PAGE: u32 = 48;

/// The wall; none if there is no such kind.
pub fn wall(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    kind: &str,
    ask: &Ask,
    now_ms: i64,
) -> Result<Option<Wall>> {
    let Some(kind) = lexicon.kind(kind) else { return Ok(None) };
    let search = list::search(tx, lexicon, viewer, words, kind, ask)?;
    let page: u32 = ask.page.parse().unwrap_or(1).clamp(1, 10_000);
    let mut found = tx.pictures(&search, (page - 1) * PAGE, PAGE + 1)?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let names = Names::read(tx, words)?;
    let questions = pictured(kind, words);
    let mut titles = HashMap::new();
    let mut pictures = vec![];
    for (doc, blob) in found {
        let Some(record) = tx.records(&[doc])?.into_iter().next() else { continue };
        let title = match titles.get(&doc) {
            Some(known) => String::clone(known),
            None => {
                let title = lexicon.name(tx, &record, words.lang)?.title;
                titles.insert(doc, title.clone());
                title
            }
        };
        let hash = blob.hash.to_string();
        let told = lexicon.told(&record)?;
        let key = told
            .data
            .iter()
            .find(|(_, value)| **value == Scalar::Text(hash.clone()))
            .map(|(key, _)| key.clone());
        let declared = key.as_ref().and_then(|key| kind.question(key)).map(|q| q.label(words.lang));
        let stated = || questions.iter().find(|(known, _)| Some(known) == key.as_ref());
        let question = declared.or_else(|| stated().map(|(_, label)| label.as_str())).map(str::to_owned);
        pictures.push(Picture {
            address: format!("/records/{doc}/blobs/{hash}"),
            small: format!("/records/{doc}/blobs/{hash}?small=1"),
            doc: doc.to_string(),
            title,
            question: question.unwrap_or_default(),
            owner: names.person(record.owner),
            at: words.moment(blob.received, now_ms),
        });
    }
    let path = format!("/kinds/{}/photos", kind.name);
    let turn = |to: u32| ask.address(&path, &[("page", &to.to_string())]);
    let people = std::iter::once(&viewer.person).chain(&viewer.led);
    Ok(Some(Wall {
        title: words.of(&kind.plural).to_owned(),
        list: ask.address(&format!("/kinds/{}", kind.name), &[("page", ""), ("question", "")]),
        questions,
        name: kind.name.clone(),
        ask: ask.clone(),
        owners: people.map(|p| (p.id.to_string(), p.name.clone())).collect(),
        pictures,
        previous: (page > 1).then(|| turn(page - 1)),
        next: more.then(|| turn(page + 1)),
    }))
}

/// The questions that photos answer, those that acts ask among them: keys with `*` for rows, and labels.
pub fn pictured(kind: &KindWords, words: &Words) -> Vec<(String, String)> {
    let is_photo = |question: &&Question| question.sort == Sort::Blob("blob-image");
    let own = kind.questions.iter().filter(is_photo);
    let own = own.map(|question| (question.pattern(), question.label(words.lang).to_owned()));
    let stated = kind.acts.iter().flat_map(|act| {
        act.payload.iter().filter(is_photo).map(move |question| {
            let label = format!("{} · {}", words.of(&act.title), question.label(words.lang));
            (format!("@{}/{}", act.name, question.path()), label)
        })
    });
    own.chain(stated).collect()
}
