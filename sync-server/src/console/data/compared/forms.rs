//! Two versions of a workbook, question by question.

use super::{come, gone, other};
use crate::console::view::Difference;
use crate::console::words::Words;
use rounds_forms::{Change, Form};

/// What the newer form asks, and how, that the older one does not.
pub fn differences(words: &Words, kind: &str, old: &Form, new: &Form) -> Vec<Difference> {
    let label = |form: &Form, path: &str| {
        let question = form.question(path);
        let label = question.and_then(|q| form.label(q, words.lang.tag()).or(Some(q.name.as_str())));
        let said = match (label, path.strip_prefix('#')) {
            (Some(label), _) => label.to_owned(),
            (None, Some("form")) => words.t("moved-form"),
            (None, Some(list)) => words.f("moved-list", &[("list", list.to_owned())]),
            (None, None) => path.to_owned(),
        };
        format!("{kind} › {said}")
    };
    let one = |change: Change| match change {
        Change::Added { path } => come(label(new, &path), String::new()),
        Change::Removed { path } => gone(label(old, &path), String::new()),
        Change::Changed { path, aspect, old: was, new: is } => {
            let said = rounds_forms::aspect(&aspect).map(|name| words.t(&format!("aspect-{name}")));
            let choice = aspect.strip_prefix("choice ").map(|choice| format!(" ({choice})"));
            let said = said.unwrap_or_else(|| aspect.clone());
            other(format!("{} › {said}{}", label(new, &path), choice.unwrap_or_default()), was, is)
        }
    };
    rounds_forms::compare(old, new).into_iter().map(one).collect()
}
