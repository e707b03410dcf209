//! Whether every name that is used leads somewhere, once all questions are known.

use super::Assembler;
use crate::expr::Expr;
use crate::form::{FirstValue, NodeId, Unresolved};
use crate::messages::Code;
use crate::template::Template;
use std::collections::{BTreeSet, HashMap};

impl Assembler<'_> {
    pub(super) fn check_references(&mut self) {
        // A column that is not there reads as empty, as in ODK: such a filter lets nothing through.
        let mut columns_missing: Vec<(u32, String)> = Vec::new();
        let mut found: Vec<(u32, String, Code, String)> = Vec::new();
        let mut recalled: Vec<(u32, String, String)> = Vec::new();
        for (id, question) in self.form.questions.iter().enumerate() {
            let row = self.row_of(id);
            let exprs = [
                ("required", &question.required),
                ("relevant", &question.relevant),
                ("constraint", &question.constraint),
                ("calculation", &question.calculation),
                ("calculation", &question.on_trigger),
                ("read_only", &question.read_only),
                ("bind::rounds:score", question.scoring.as_ref().map_or(&None, |scoring| &scoring.share)),
                ("choice_filter", &question.choice_filter),
                ("repeat_count", &question.repeat_count),
            ];
            for (column, expr) in exprs {
                for reference in expr.iter().flat_map(Expr::references) {
                    let columns = question.list.and_then(|list| self.form.lists.get(list));
                    if column == "choice_filter" && reference.bare {
                        // Of a file that is not there nobody knows the columns; that it is not has been said.
                        let known = columns.is_none_or(|list| {
                            list.table().is_absent() || list.table().column(&reference.target).is_some()
                        });
                        if !known {
                            columns_missing.push((row, reference.target));
                        }
                        continue;
                    }
                    let code = if reference.bare {
                        Some(Code::UnknownReference)
                    } else {
                        self.unresolved(Some(id), &reference.target)
                    };
                    found.extend(code.map(|code| (row, column.to_owned(), code, reference.target)));
                }
            }
            if let Some(FirstValue::Dynamic(expr)) = &question.default {
                for name in expr.last_saved() {
                    let code = self.unresolved(None, &name);
                    found.extend(code.map(|code| (row, "default".to_owned(), code, name)));
                }
                for reference in expr.references() {
                    let code = self.unresolved(Some(id), &reference.target);
                    found.extend(code.map(|code| (row, "default".to_owned(), code, reference.target)));
                }
            }
            let media = question.media.iter().map(|(kind, texts)| (kind.as_str(), texts));
            let texts = [
                ("label", &question.label),
                ("hint", &question.hint),
                ("guidance_hint", &question.guidance_hint),
            ];
            for (column, texts) in texts.into_iter().chain(media) {
                for name in texts.iter().flat_map(|(_, template)| template.references()) {
                    if let Some(name) = name.strip_prefix("last-saved#") {
                        recalled.push((row, column.to_owned(), name.to_owned()));
                        continue;
                    }
                    let code = self.unresolved(Some(id), name);
                    found.extend(code.map(|code| (row, column.to_owned(), code, name.to_owned())));
                }
            }
        }
        self.check_messages(&mut found);
        self.report.sheet("survey");
        for (row, column, code, target) in found {
            self.report.error(row, &column, code, vec![target]);
        }
        for (row, column, name) in recalled {
            self.report.unsupported(row, &column, Code::LastSaved, vec![name]);
        }
        for (row, column) in columns_missing {
            self.report.unsupported(row, "choice_filter", Code::UnknownColumn, vec![column]);
        }
        self.check_instance_name();
    }

    /// The texts that speak of answers without being labels, and what an order is drawn by.
    fn check_messages(&self, found: &mut Vec<(u32, String, Code, String)>) {
        let mut named: HashMap<usize, BTreeSet<String>> = HashMap::new();
        for (id, question) in self.form.questions.iter().enumerate() {
            let row = self.row_of(id);
            let mut say = |column: &str, name: &str| {
                let code =
                    (!name.starts_with("last-saved#")).then(|| self.unresolved(Some(id), name)).flatten();
                found.extend(code.map(|code| (row, column.to_owned(), code, name.to_owned())));
            };
            let messages = [
                ("constraint_message", &question.constraint_message),
                ("required_message", &question.required_message),
            ];
            for (column, texts) in messages {
                for (_, text) in texts.iter() {
                    Template::new(text).references().for_each(|name| say(column, name));
                }
            }
            for reference in question.randomize.iter().flatten().flat_map(Expr::references) {
                say("parameters", &reference.target);
            }
            let Some((number, list)) = question.list.and_then(|n| Some((n, self.form.lists.get(n)?))) else {
                continue;
            };
            for name in named.entry(number).or_insert_with(|| list.references()).iter() {
                say("choices: label", name);
            }
        }
    }

    /// Of entities, which are about the whole form.
    pub(super) fn check_entities(&mut self, rows: &[u32]) {
        self.report.sheet("entities");
        let mut found = Vec::new();
        for (entity, row) in self.form.entities.iter().zip(rows) {
            let exprs = [
                ("entity_id", &entity.id),
                ("create_if", &entity.create_if),
                ("update_if", &entity.update_if),
                ("label", &entity.label),
            ];
            for (column, expr) in exprs {
                for reference in expr.iter().flat_map(Expr::references) {
                    let code = self.unresolved(None, &reference.target);
                    found.extend(code.map(|code| (*row, column, code, reference.target)));
                }
            }
        }
        for (row, column, code, target) in found {
            self.report.error(row, column, code, vec![target]);
        }
    }

    fn check_instance_name(&mut self) {
        self.report.sheet("settings");
        let Some(expr) = &self.form.instance_name else {
            return;
        };
        let references = expr.references();
        let (row, column) = self.report.place_of("instance_name");
        // A bare word names no question: the record is called nothing, as in ODK.
        if let Some(bare) = references.iter().find(|reference| reference.bare) {
            let args = vec![bare.target.clone()];
            self.report.unsupported(row, &column, Code::UnknownReference, args);
            self.form.instance_name = None;
            return;
        }
        for reference in references {
            if let Some(code) = self.unresolved(None, &reference.target) {
                let args = vec![reference.target];
                self.report.error(row, &column, code, args);
            }
        }
    }

    /// How many steps up the form is.
    fn depth(&self, id: NodeId) -> usize {
        let mut depth = 1;
        let mut at = self.form.node(id).and_then(|node| node.parent);
        while let Some(parent) = at {
            depth += 1;
            at = self.form.node(parent).and_then(|node| node.parent);
        }
        depth
    }

    fn unresolved(&self, context: Option<NodeId>, target: &str) -> Option<Code> {
        // The form itself, from one of its own questions.
        let parents = target.split('/').all(|step| step == "..");
        let depth = context.map_or(0, |id| self.depth(id));
        if parents && target.split('/').count() == depth {
            return None;
        }
        match self.form.resolve_all(context, target) {
            Ok(_) => None,
            Err(Unresolved::Unknown) => Some(Code::UnknownReference),
            Err(Unresolved::Ambiguous) => Some(Code::AmbiguousReference),
        }
    }
}
