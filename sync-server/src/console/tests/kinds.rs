//! Three kinds for the fixture.

use crate::console::kinds::{ActWords, KindWords, Lexicon, Library, Name, Question, Sort, StageWords};
use crate::console::view::Tone;
use crate::storage::records::RecordRow;
use crate::storage::{Read, Result};
use rounds_model::people::Role;
use rounds_model::text::{Lang, Text};
use std::sync::Arc;

/// Three kinds, as a pack would have them.
pub struct Words;

impl Library for Words {
    fn open(&self, _: &dyn Read) -> Result<Arc<dyn Lexicon>> {
        Ok(Arc::new(Packs(vec![
            kind("visit", Text::new("拜访", "Visit"), Text::new("拜访", "Visits"), Some(vec!["done".into()])),
            kind("claim", Text::new("申请", "Application"), Text::new("申请", "Applications"), None),
            kind("store", Text::new("门店", "Store"), Text::new("门店", "Stores"), None),
        ])))
    }
}

/// Stores as head office makes them for everybody, and as they are given to whoever looks after them.
pub fn entrusted() -> impl Lexicon {
    let mut store = kind("store", Text::new("门店", "Store"), Text::new("门店", "Stores"), None);
    (store.shared, store.create) = (true, vec![Role::from(Role::OPERATOR)]);
    for act in store.acts.iter_mut().take(1) {
        (act.anyone, act.assigns) = (true, Some("to".to_owned()));
    }
    Packs(vec![store])
}

struct Packs(Vec<KindWords>);

impl Lexicon for Packs {
    fn kinds(&self) -> &[KindWords] {
        &self.0
    }

    fn name(&self, _: &dyn Read, record: &RecordRow, _: Lang) -> Result<Name> {
        type Row = std::collections::BTreeMap<String, std::collections::BTreeMap<String, String>>;
        let row: Row = rounds_model::canonical::decode(&record.projection).unwrap();
        let title = row["data"]["title"].clone();
        Ok(Name { title, subtitle: None, words: String::new() })
    }
}

fn kind(name: &str, title: Text, plural: Text, agenda: Option<Vec<String>>) -> KindWords {
    let stage = |name: &str, zh: &str, en: &str, tone| StageWords {
        name: name.into(),
        title: Text::new(zh, en),
        tone,
        removed: false,
    };
    let question = |parts: &[(&str, bool)], zh: &str, en: &str, sort| Question {
        parts: parts.iter().map(|(p, r)| ((*p).to_owned(), *r)).collect(),
        label: Text::new(zh, en),
        sort,
        choices: vec![],
    };
    let act = |name: &str, zh: &str, en: &str| ActWords {
        name: name.into(),
        title: Text::new(zh, en),
        payload: vec![question(&[("reason", false)], "原因", "Reason", Sort::Plain)],
        told: vec![],
        comes_to: vec![],
        from: vec![],
        to: String::new(),
        roles: vec![],
        anyone: false,
        assigns: None,
        tone: Tone::Neutral,
    };
    KindWords {
        tabs: vec![],
        name: name.into(),
        title,
        plural,
        stages: vec![
            stage("planned", "计划中", "Planned", Tone::Neutral),
            stage("done", "已完成", "Done", Tone::Good),
            stage("draft", "草稿", "Draft", Tone::Active),
        ],
        acts: vec![act("check_in", "签到", "Check in"), act("submit", "提交", "Submit")],
        agenda,
        questions: vec![
            question(&[("name", false)], "名称", "Name", Sort::Plain),
            question(&[("store", false)], "门店", "Store", Sort::Record),
            question(&[("note", false)], "备注", "Note", Sort::Plain),
            question(&[("photo", false)], "照片", "Photo", Sort::Blob("blob-image")),
            question(&[("file", false)], "文件", "File", Sort::Blob("blob-file")),
            question(&[("sound", false)], "录音", "Sound", Sort::Blob("blob-audio")),
            question(&[("sku", true), ("name", false)], "商品", "Product", Sort::Plain),
        ],
        groups: vec![("sku".into(), Text::new("商品", "Products"))],
        ..KindWords::default()
    }
}
