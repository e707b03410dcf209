//! What leaves a filled form: calculations, the submission, its name.

use std::collections::BTreeMap;

use super::Filling;
use super::frames::ROOT_FRAME;
use super::place::Place;
use crate::expr::{iso, local_now};
use crate::kind::Kind;

impl Filling {
    /// Everything that the form rather than a person fills in, by key: calculations and metadata.
    /// Empty values and what is not relevant are left out.
    pub fn calculated(&self) -> BTreeMap<String, String> {
        self.collect(|filling, node| {
            filling
                .form
                .node(node)
                .is_some_and(|question| question.calculation.is_some() || question.kind.is_metadata())
        })
    }

    /// What is sent: relevant answers, calculations and metadata that are not empty, and the order
    /// keys of the instances that are there. `end` is the moment of this filling.
    pub fn submission(&self) -> BTreeMap<String, String> {
        let mut out = self.collect(|_, _| true);
        let end = iso(local_now(&self.moment));
        self.walk(ROOT_FRAME, 0, self.form.questions.len(), &mut |node, frame| {
            let kind = self.form.node(node).map(|question| question.kind);
            if kind == Some(Kind::End) && self.cell(node, frame).is_some_and(|cell| cell.relevant) {
                out.insert(self.key(node, frame), end.clone());
            }
        });
        for frame in self.frames.iter().flatten() {
            let Some(repeat) = frame.repeat else { continue };
            let relevant = self.cell(repeat, frame.parent).is_some_and(|cell| cell.relevant);
            if relevant {
                out.insert(format!("{}@ord", frame.prefix), frame.ord.clone());
            }
        }
        out
    }

    /// What the record is called; empty when the form does not say.
    pub fn instance_name(&self) -> String {
        let place = Place { filling: self, node: None, frame: ROOT_FRAME, row: None };
        let name = self.form.instance_name.as_ref().map(|expr| expr.eval(&place));
        match name {
            Some(Ok(value)) => value.into_text(),
            _ => String::new(),
        }
    }

    fn collect(&self, wanted: impl Fn(&Filling, usize) -> bool) -> BTreeMap<String, String> {
        let mut out = BTreeMap::new();
        self.walk(ROOT_FRAME, 0, self.form.questions.len(), &mut |node, frame| {
            let holds = self
                .form
                .node(node)
                .is_some_and(|question| !question.kind.is_container() && question.kind != Kind::Note);
            let value = self.cell(node, frame).map_or("", |cell| cell.effective());
            if holds && !value.is_empty() && wanted(self, node) {
                out.insert(self.key(node, frame), value.to_owned());
            }
        });
        out
    }
}
