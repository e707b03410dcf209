//! A record as it is filled: every question that is asked now, with everything that a person needs to
//! answer it, page by page.

use super::conflicts::{Open, Story};
use super::questions::{self, Question};
use super::row::{Row, row};
use crate::Rounds;
use crate::answers::Desk;
use crate::authoring::who;
use crate::error::{Fail, RoundsError};
use crate::filling::Place;
use crate::projecting;
use crate::store::{documents, records, typed};
use rounds_forms::{Filling, NodeState};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// A record as it is filled.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Form {
    /// As lists show it.
    pub row: Row,
    /// Where this phone's person was in it.
    pub place: Option<Place>,
    /// Everything that is asked, in order; groups and repeats stand before what is in them.
    pub nodes: Vec<Node>,
    /// Answers of which there are two versions.
    pub conflicts: Vec<Open>,
    /// Of the questions that a person answers, how many are.
    pub answered: usize,
    /// How many there are.
    pub asked: usize,
}

/// A question, a group or a repeat of a form.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// What is asked, with its answer. `group` and `repeat` are kinds too.
    pub question: Question,
    /// More about it.
    pub hint: String,
    /// How the workbook wants it to look, verbatim.
    pub appearance: String,
    /// From, to and step of a number on a scale.
    pub range: Option<(f64, f64, f64)>,
    /// For a repeat: the ids of its rows, in order.
    pub rows: Vec<String>,
    /// For a repeat: a count says how many rows there are, so nobody adds one.
    pub counted: bool,
    /// The page that it stands on, from zero; what is asked before the workbook is the first.
    pub page: usize,
    /// For a question that names a record: of which kind.
    pub link: Option<String>,
}

impl Node {
    /// It holds other questions instead of an answer.
    pub fn holds(&self) -> bool {
        matches!(self.question.kind.as_str(), "group" | "repeat")
    }

    /// A person answers it.
    pub fn is_asked(&self) -> bool {
        !self.holds() && !self.question.read_only && self.question.kind != "note"
    }
}

impl Rounds {
    /// A record as it is filled. What this person may not write now is read only.
    pub fn form(&self, doc: DocId, lang: Lang) -> Result<Form, RoundsError> {
        let (me, catalogue) = (self.identity()?, self.catalogue());
        Ok(self.store.read(|db| {
            let stored = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?;
            let p = &stored.projection;
            let kind = catalogue.kind_at(&p.kind, p.pack).ok_or(Fail::UnknownRecord)?;
            let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
            let record = projecting::stand(db, &catalogue, &me, doc, &document)?;
            let desk = Desk::new(doc, kind, &me, self.now(db)?).keeping(&self.kept);
            let (declared, filling) = questions::asked(db, &catalogue, &desk, &record, &document, lang)?;
            let mut nodes: Vec<Node> = declared
                .into_iter()
                .map(|question| {
                    let field = kind.field(&question.key);
                    Node {
                        hint: field.and_then(|f| f.hint.as_ref()).map_or("", |h| h.get(lang)).to_owned(),
                        link: field.and_then(|f| f.link.clone()),
                        ..Node::plain(question)
                    }
                })
                .collect();
            if let Some(filling) = &filling {
                of_workbook(filling, !nodes.is_empty(), lang, &mut nodes);
            }
            if let Some(filling) = filling {
                desk.keep(filling);
            }
            let typed: BTreeMap<String, String> = typed::of(db, doc)?.into_iter().collect();
            let said = kind.comments(&record.stage, &record.acts);
            for node in &mut nodes {
                let question = &mut node.question;
                question.comment = said.get(question.key.as_str()).map(|text| (*text).to_owned());
                let typed = typed.get(&question.key).filter(|typed| **typed != question.value);
                question.typed = typed.cloned();
                let key = match question.kind.as_str() {
                    "group" => continue,
                    // A repeat has no answer: to write it is to add a row, which writes the row's place.
                    "repeat" => format!("{}/new/@ord", question.key),
                    _ => question.key.clone(),
                };
                let who = who(&me);
                let may = rounds_workflow::may_write(kind, &record.stage, &who, record.owner, [key.as_str()]);
                question.read_only |= may.is_err();
            }
            let answers = nodes.iter().filter(|node| node.is_asked());
            let story = Story { db, kind, zone: me.zone(), lang };
            Ok::<_, Fail>(Form {
                answered: answers.clone().filter(|node| !node.question.value.is_empty()).count(),
                asked: answers.count(),
                row: row(db, &catalogue, &stored, lang)?,
                place: crate::filling::place(db, doc)?,
                conflicts: story.open(&document)?,
                nodes,
            })
        })?)
    }
}

impl Node {
    fn plain(question: Question) -> Node {
        Node {
            question,
            hint: String::new(),
            appearance: String::new(),
            range: None,
            rows: vec![],
            counted: false,
            page: 0,
            link: None,
        }
    }
}

fn of_workbook(filling: &Filling, declared: bool, lang: Lang, nodes: &mut Vec<Node>) {
    let mut pages: HashMap<String, usize> = HashMap::new();
    let mut page = usize::from(declared);
    for state in filling.listed(lang.tag()).into_iter().filter(questions::is_shown) {
        if state.kind.is_container() {
            nodes.push(Node { page, ..of_state(state) });
            continue;
        }
        let at = match pages.get(&state.key) {
            Some(at) => *at,
            None => {
                let together = filling.page(&state.key);
                let at = page;
                page += 1;
                pages.extend(together.into_iter().map(|key| (key, at)));
                at
            }
        };
        nodes.push(Node { page: at, ..of_state(state) });
    }
    // A heading stands on the page of what follows it.
    let mut next = page;
    for node in nodes.iter_mut().rev() {
        match node.holds() {
            true => node.page = next.min(page.saturating_sub(1)),
            false => next = node.page,
        }
    }
}

fn of_state(state: NodeState) -> Node {
    let range = match state.kind {
        rounds_forms::Kind::Range { start, end, step } => Some((start, end, step)),
        _ => None,
    };
    Node {
        hint: state.hint.clone(),
        appearance: state.appearance.clone(),
        range,
        rows: state.instances.clone(),
        counted: state.wanted.is_some(),
        ..Node::plain(questions::node(state))
    }
}
