//! What a form says, aspect by aspect, and what another version of it says otherwise.

use std::collections::BTreeMap;

use crate::expr::Expr;
use crate::form::{FirstValue, Form, Question};
use crate::kind::Kind;
use crate::language::Texts;
use crate::messages::Bilingual;
use crate::template::Template;

/// One difference between two versions of a form. Paths are those of questions; `#list` is a
/// choice list and `#form` the form itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Only in the newer version.
    Added {
        /// Where.
        path: String,
    },
    /// Only in the older version: answers stay in the document but are not shown any more.
    Removed {
        /// Where.
        path: String,
    },
    /// In both, with another meaning.
    Changed {
        /// Where.
        path: String,
        /// What is different: the column of XLSForm, `label::English (en)`, or `choice yes`.
        aspect: String,
        /// As it was; empty when there was nothing.
        old: String,
        /// As it is.
        new: String,
    },
}

/// What the newer form changes, in its order; removed questions come last.
pub fn compare(old: &Form, new: &Form) -> Vec<Change> {
    let (before, after) = (described(old), described(new));
    let known: BTreeMap<&str, &Aspects> =
        before.iter().map(|(path, aspects)| (path.as_str(), aspects)).collect();
    let mut changes = Vec::new();
    for (path, aspects) in &after {
        let Some(had) = known.get(path.as_str()) else {
            changes.push(Change::Added { path: path.clone() });
            continue;
        };
        let names = had.keys().chain(aspects.keys().filter(|name| !had.contains_key(*name)));
        for name in names {
            let text = |aspects: &Aspects| aspects.get(name).cloned().unwrap_or_default();
            let (was, is) = (text(had), text(aspects));
            if was != is {
                changes.push(Change::Changed { path: path.clone(), aspect: name.clone(), old: was, new: is });
            }
        }
    }
    let gone = before.iter().filter(|(path, _)| !after.iter().any(|(have, _)| have == path));
    changes.extend(gone.map(|(path, _)| Change::Removed { path: path.clone() }));
    changes
}

/// A question that loses answers between two versions of a form. Records stay with the version that
/// they were begun with; it is about those that are moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// Where: `/data/step2/visible`.
    pub path: String,
    /// What people read of it in the older version.
    pub label: Bilingual,
    /// What becomes of it.
    pub what: Lost,
}

/// What becomes of a question that loses answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// It is not asked any more: answers stay in the record, and are neither shown nor submitted.
    Gone,
    /// It has another type: answers that do not fit it are cleared, and stay in the history.
    Retyped {
        /// As the older workbook has it.
        old: String,
        /// As the newer one has it.
        new: String,
    },
    /// These choices are none any more: answers with them are cleared, and stay in the history.
    Fewer {
        /// Their values.
        choices: Vec<String>,
    },
}

/// Most choices that a warning names.
const NAMED: usize = 10;

/// The questions of the older form whose answers a move to the newer one takes away, in its order.
pub fn losses(old: &Form, new: &Form) -> Vec<Loss> {
    let asked = |question: &&Question| {
        let kind = question.kind;
        let computed = matches!(kind, Kind::Calculate | Kind::Note) || question.calculation.is_some();
        !kind.is_container() && !kind.is_metadata() && !computed
    };
    let one = |before: &Question| {
        let what = match new.questions().iter().find(|question| question.path == before.path) {
            None => Lost::Gone,
            Some(after) if std::mem::discriminant(&after.kind) != std::mem::discriminant(&before.kind) => {
                Lost::Retyped { old: before.type_text.clone(), new: after.type_text.clone() }
            }
            Some(after) => {
                let (had, has) = (old.list_of(before)?, new.list_of(after)?);
                let rows = (0..had.table.rows()).map(|row| had.table.cell(row, had.value));
                let gone = rows.filter(|value| !value.is_empty() && !has.has(value));
                let choices: Vec<String> = gone.take(NAMED).map(str::to_owned).collect();
                if choices.is_empty() {
                    return None;
                }
                Lost::Fewer { choices }
            }
        };
        let label = |language: &str| old.label(before, language).unwrap_or(&before.name).to_owned();
        let label = Bilingual { zh: label("zh"), en: label("en") };
        Some(Loss { path: before.path.clone(), label, what })
    };
    old.questions().iter().filter(asked).filter_map(one).collect()
}

/// What a column of the workbook is about, by a name that each caller has words for: `label`, `hint`,
/// `choices`, `constraint`, `required`, `type`, `media`, `score`, `calculation`, `relevant`, `default`,
/// `read-only`, `repeat-count` or `appearance`; none for any other column.
pub fn aspect(column: &str) -> Option<&'static str> {
    let name = column.split("::").next().unwrap_or(column);
    Some(match name.split(' ').next().unwrap_or(name) {
        "choice" | "list" | "choice_filter" => "choices",
        "label" | "form_title" | "instance_name" => "label",
        "hint" | "guidance_hint" => "hint",
        "constraint" | "constraint_message" => "constraint",
        "required" | "required_message" => "required",
        "type" | "parameters" => "type",
        "media" | "image" | "audio" | "video" => "media",
        "relevant" => "relevant",
        "calculation" | "trigger" => "calculation",
        "default" => "default",
        "read_only" => "read-only",
        "repeat_count" => "repeat-count",
        "appearance" => "appearance",
        "bind" if column.starts_with("bind::rounds:") => "score",
        _ => return None,
    })
}

type Aspects = BTreeMap<String, String>;

/// Everything that a form means, in document order.
fn described(form: &Form) -> Vec<(String, Aspects)> {
    let mut all = vec![("#form".to_owned(), form_aspects(form))];
    all.extend(form.questions().iter().map(|question| (question.path.clone(), aspects(form, question))));
    for list in &form.lists {
        let mut aspects = Aspects::new();
        let table = &list.table;
        for row in 0..table.rows() {
            let name = format!("choice {}", table.cell(row, list.value));
            let cells =
                table.columns().iter().enumerate().filter(|(_, title)| {
                    !title.is_empty() && !matches!(title.as_str(), "list_name" | "name")
                });
            for (column, title) in cells.filter(|(column, _)| !table.cell(row, *column).is_empty()) {
                aspects.insert(format!("{name} {title}"), table.cell(row, column).to_owned());
            }
            aspects.insert(name, (row + 1).to_string());
        }
        all.push((format!("#{}", list.name()), aspects));
    }
    all
}

fn form_aspects(form: &Form) -> Aspects {
    let mut aspects: Aspects =
        form.settings.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
    aspects.insert("form_title".to_owned(), form.title.clone());
    aspects.insert("default_language".to_owned(), form.default_language.clone());
    if let Some(name) = &form.instance_name {
        aspects.insert("instance_name".to_owned(), name.source().to_owned());
    }
    for entity in form.entities() {
        let parts = [
            ("entity_id", &entity.id),
            ("create_if", &entity.create_if),
            ("update_if", &entity.update_if),
            ("label", &entity.label),
        ];
        for (name, expr) in parts {
            if let Some(expr) = expr {
                aspects.insert(format!("entity {} {name}", entity.list), expr.source().to_owned());
            }
        }
    }
    aspects
}

fn aspects(form: &Form, question: &Question) -> Aspects {
    let mut aspects = Aspects::new();
    let mut put = |name: &str, text: &str| {
        if !text.is_empty() {
            aspects.insert(name.to_owned(), text.to_owned());
        }
    };
    put("type", &question.type_text);
    put("appearance", &question.appearance);
    put("save_to", &question.save_to);
    put("trigger", &question.trigger.join(", "));
    let exprs: [(&str, &Option<Expr>); 8] = [
        ("required", &question.required),
        ("relevant", &question.relevant),
        ("constraint", &question.constraint),
        ("calculation", &question.calculation),
        ("calculation", &question.on_trigger),
        ("read_only", &question.read_only),
        ("choice_filter", &question.choice_filter),
        ("repeat_count", &question.repeat_count),
    ];
    for (name, expr) in exprs {
        put(name, expr.as_ref().map_or("", Expr::source));
    }
    match &question.default {
        Some(FirstValue::Static(text)) => put("default", text),
        Some(FirstValue::Dynamic(expr)) => put("default", expr.source()),
        None => {}
    }
    for (key, value) in &question.parameters {
        put(&format!("parameters {key}"), value);
    }
    for (name, texts) in
        [("label", &question.label), ("hint", &question.hint), ("guidance_hint", &question.guidance_hint)]
    {
        templates(name, texts, &mut put);
    }
    for (kind, texts) in &question.media {
        templates(&format!("media::{kind}"), texts, &mut put);
    }
    let messages = [
        ("required_message", &question.required_message),
        ("constraint_message", &question.constraint_message),
    ];
    for (name, texts) in messages {
        for (language, text) in texts.iter() {
            put(&format!("{name}::{}", language.name), text);
        }
    }
    for (header, cell) in &question.other {
        put(header, cell);
    }
    if let Some(list) = form.list_of(question) {
        put("list", list.name());
    }
    aspects
}

fn templates(name: &str, texts: &Texts<Template>, put: &mut impl FnMut(&str, &str)) {
    for (language, text) in texts.iter() {
        put(&format!("{name}::{}", language.name), text.source());
    }
}
