//! `begin loop over list`: what is inside, once for each choice, in a group of its own.

use std::collections::VecDeque;

use super::Row;
use crate::choices::List;
use crate::kind::{TypeCell, read_type};
use crate::language::{DEFAULT_LANGUAGE, Texts};
use crate::limits;
use crate::messages::Code;
use crate::report::Report;
use crate::spec::QuestionSpec;

/// The rows without loops. `%(name)s` and `%(label)s` inside become those of the choice.
pub(super) fn unrolled(rows: Vec<Row>, lists: &[List], report: &mut Report) -> Vec<Row> {
    let kind = |row: &Row| read_type(row.spec.kind.trim());
    if !rows.iter().any(|row| matches!(kind(row), Some(TypeCell::Loop(_)))) {
        return rows;
    }
    let mut out = Vec::new();
    let mut left: VecDeque<Row> = rows.into();
    while let Some(row) = left.pop_front() {
        let Some(TypeCell::Loop(name)) = kind(&row) else {
            out.push(row);
            continue;
        };
        let mut depth = 1;
        let mut deepest = 1;
        let mut inside = Vec::new();
        while let Some(next) = left.pop_front() {
            match kind(&next) {
                Some(TypeCell::Loop(_)) => {
                    depth += 1;
                    deepest = deepest.max(depth);
                }
                Some(TypeCell::EndLoop) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            inside.push(next);
        }
        if deepest > limits::GROUP_DEPTH {
            report.error_once(row.number, Code::GroupsTooDeep);
            return out;
        }
        if depth > 0 {
            report.error(row.number, "type", Code::UnclosedGroup, vec![row.spec.name.clone()]);
        }
        let Some(list) = lists.iter().find(|list| list.name == name) else {
            report.error(row.number, "type", Code::UnknownList, vec![name]);
            continue;
        };
        let again: Vec<Row> = expanded(&row, &inside, list);
        if out.len() + left.len() + again.len() > 2 * limits::QUESTIONS {
            report.error_once(row.number, Code::TooManyQuestions);
            return out;
        }
        // Loops inside are found when their turn comes.
        for row in again.into_iter().rev() {
            left.push_front(row);
        }
    }
    out
}

fn expanded(row: &Row, inside: &[Row], list: &List) -> Vec<Row> {
    let begin = |spec: QuestionSpec| Row {
        number: row.number,
        spec: QuestionSpec { kind: "begin_group".to_owned(), ..spec },
    };
    let end = || Row {
        number: row.number,
        spec: QuestionSpec { kind: "end_group".to_owned(), ..QuestionSpec::default() },
    };
    let mut rows = vec![begin(row.spec.clone())];
    for number in 0..list.table.rows() as u32 {
        if rows.len() > 2 * limits::QUESTIONS {
            break;
        }
        let choice = list.choice(number, DEFAULT_LANGUAGE, DEFAULT_LANGUAGE);
        let mut label: Texts = Texts::new();
        for (language, _) in list.labels.iter() {
            let text = list.choice(number, &language.name, DEFAULT_LANGUAGE).label;
            label.insert(&language.name, text);
        }
        let group = QuestionSpec { name: choice.value.clone(), label, ..QuestionSpec::default() };
        rows.push(begin(group));
        for row in inside {
            let fill =
                |text: &str| text.replace("%(name)s", &choice.value).replace("%(label)s", &choice.label);
            let fill_all = |texts: &Texts| {
                texts.iter().map(|(language, text)| (language.name.clone(), fill(text))).collect()
            };
            let spec = QuestionSpec {
                label: fill_all(&row.spec.label),
                hint: fill_all(&row.spec.hint),
                relevant: fill(&row.spec.relevant),
                calculation: fill(&row.spec.calculation),
                constraint: fill(&row.spec.constraint),
                ..row.spec.clone()
            };
            rows.push(Row { number: row.number, spec });
        }
        rows.push(end());
    }
    rows.push(end());
    rows
}
