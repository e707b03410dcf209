//! Entities: their expressions, and which answers are saved to them.

use super::{Assembler, EntityRow};
use crate::expr::{self, Expr};
use crate::form::{Entity, NodeId};
use crate::kind::Kind;
use crate::messages::Code;

impl Assembler<'_> {
    pub(super) fn entities(&mut self) {
        let rows = std::mem::take(&mut self.entity_rows);
        self.save_to(&rows);
        self.report.sheet("entities");
        for row in &rows {
            let mut parse = |column: &str, cell: &str| self.parse(row.number, column, cell);
            let entity = Entity {
                list: row.list.clone(),
                id: parse("entity_id", &row.id),
                create_if: parse("create_if", &row.create_if),
                update_if: parse("update_if", &row.update_if),
                label: parse("label", &row.label),
                repeat: None,
            };
            let repeat = self.repeat_of(&entity, row, rows.len() == 1);
            self.form.entities.push(Entity { repeat, ..entity });
        }
        if let Some(first) = rows.first() {
            self.report.unsupported(first.number, "list_name", Code::EntitiesApart, vec![first.list.clone()]);
        }
        let numbers: Vec<u32> = rows.iter().map(|row| row.number).collect();
        self.check_entities(&numbers);
        self.report.sheet("survey");
    }

    fn save_to(&mut self, rows: &[EntityRow]) {
        let mut problems: Vec<(NodeId, Code, String)> = Vec::new();
        let mut seen: Vec<(String, String)> = Vec::new();
        for (id, question) in self.form.questions.iter().enumerate() {
            let cell = question.save_to.as_str();
            if cell.is_empty() {
                continue;
            }
            let (list, property) = match (cell.split_once('#'), rows) {
                (_, []) => {
                    problems.push((id, Code::NoEntities, cell.to_owned()));
                    continue;
                }
                (Some((list, property)), _) => (list, property),
                (None, [only]) => (only.list.as_str(), cell),
                (None, _) => {
                    problems.push((id, Code::WhichEntity, cell.to_owned()));
                    continue;
                }
            };
            let reserved = matches!(property.to_lowercase().as_str(), "name" | "label");
            if !rows.iter().any(|row| row.list == list) {
                problems.push((id, Code::UnknownList, list.to_owned()));
            } else if reserved || property.starts_with("__") || !expr::is_name(property) {
                problems.push((id, Code::BadProperty, property.to_owned()));
            } else if question.kind.is_container() {
                problems.push((id, Code::NotAQuestion, question.name.clone()));
            } else if seen.contains(&(list.to_owned(), property.to_owned())) {
                problems.push((id, Code::DuplicateName, property.to_owned()));
            } else {
                seen.push((list.to_owned(), property.to_owned()));
            }
        }
        self.report.sheet("survey");
        for (id, code, arg) in problems {
            let row = self.row_of(id);
            self.report.error(row, "save_to", code, vec![arg]);
        }
    }

    /// The innermost repeat of everything that belongs to the entity. All of it must be inside one
    /// another, or a thing would have values of several instances.
    fn repeat_of(&mut self, entity: &Entity, row: &EntityRow, only: bool) -> Option<NodeId> {
        let own = format!("{}#", entity.list);
        let saved = self.form.questions.iter().enumerate().filter(|(_, question)| {
            question.save_to.starts_with(&own)
                || (only && !question.save_to.is_empty() && !question.save_to.contains('#'))
        });
        let saved: Vec<NodeId> = saved.map(|(id, _)| id).collect();
        let exprs = [&entity.id, &entity.create_if, &entity.update_if, &entity.label];
        let read = exprs.into_iter().flatten().flat_map(Expr::references);
        let read = read.filter_map(|reference| self.form.resolve(None, &reference.target).ok());
        let all: Vec<NodeId> = saved.iter().copied().chain(read).collect();
        let chains: Vec<Vec<NodeId>> = all.iter().map(|id| self.form.repeats_around(*id, false)).collect();
        let deepest = chains.iter().max_by_key(|chain| chain.len()).cloned().unwrap_or_default();
        let fits = chains.iter().all(|chain| deepest.starts_with(chain))
            && saved.iter().all(|id| self.form.repeats_around(*id, false).len() == deepest.len());
        if !fits {
            self.report.error(row.number, "list_name", Code::EntityScope, vec![entity.list.clone()]);
        }
        deepest.last().copied().filter(|id| self.form.node(*id).is_some_and(|node| node.kind == Kind::Repeat))
    }
}
