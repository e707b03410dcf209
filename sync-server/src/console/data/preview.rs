//! The forms of a pack as they are asked.

use crate::console::packs::kind_words;
use crate::console::view::{PreviewKind, PreviewQuestion};
use crate::console::words::Words;
use rounds_forms::Form;
use rounds_workflow::{Kind, Pack};
use std::collections::HashMap;

/// Choices that are named.
const NAMED: usize = 20;

/// Its hint, and its rules.
type Details = (String, Vec<(String, String)>);

/// The forms of a pack as they are asked.
pub fn preview(words: &Words, pack: &Pack) -> Vec<PreviewKind> {
    pack.kinds.iter().map(|kind| kind_preview(words, kind)).collect()
}

fn kind_preview(words: &Words, kind: &Kind) -> PreviewKind {
    let known = kind_words(kind);
    let mut details = declared(words, kind);
    if let Some(workbook) = &kind.workbook {
        details.extend(asked(words, workbook.form()));
    }
    let questions = known.questions.iter().filter(|q| q.is_asked()).map(|q| {
        let named = q.choices.iter().take(NAMED).map(|(_, text)| words.of(text).to_owned());
        let mut choices = named.collect::<Vec<_>>().join(" · ");
        if q.choices.len() > NAMED {
            choices.push_str(&format!(" · {}", words.n("decide-more", q.choices.len() - NAMED)));
        }
        let (hint, rules) = details.remove(&q.path()).unwrap_or_default();
        PreviewQuestion {
            label: q.label(words.lang).to_owned(),
            key: q.path(),
            sort: words.t(&format!("sort-of-{}", q.sort.name())),
            choices,
            hint,
            rules,
        }
    });
    PreviewKind {
        title: words.of(&kind.title).to_owned(),
        name: kind.name.clone(),
        questions: questions.collect(),
        acts: kind.acts.iter().map(|act| words.of(&act.title)).collect::<Vec<_>>().join(" · "),
        stages: kind.stages.iter().map(|stage| words.of(&stage.title)).collect::<Vec<_>>().join(" → "),
    }
}

/// Of the questions that the pack asks itself.
fn declared(words: &Words, kind: &Kind) -> HashMap<String, Details> {
    let one = |field: &rounds_workflow::field::Field| {
        let hint = field.hint.as_ref().map(|hint| words.of(hint).to_owned()).unwrap_or_default();
        let mut rules = vec![];
        if field.required {
            rules.push((words.t("preview-required"), String::new()));
        }
        if let Some(relevant) = &field.relevant {
            rules.push((words.t("preview-relevant"), relevant.source().to_owned()));
        }
        if let Some(constraint) = &field.constraint {
            let message = field.message.as_ref().map(|text| words.of(text)).unwrap_or_default();
            rules.push((constrained(words, message), constraint.source().to_owned()));
        }
        (field.name.clone(), (hint, rules))
    };
    kind.fields.iter().map(one).collect()
}

/// Of the questions of a workbook.
fn asked(words: &Words, form: &Form) -> HashMap<String, Details> {
    let tag = words.lang.tag();
    let one = |question: &rounds_forms::Question| {
        let hint = question.hint.get(tag, &form.default_language).map(|hint| hint.source().to_owned());
        let mut rules = vec![];
        match question.required.as_ref().map(|required| required.source()) {
            None => {}
            Some("true()") => rules.push((words.t("preview-required"), String::new())),
            Some(source) => rules.push((words.t("preview-required-when"), source.to_owned())),
        }
        if let Some(relevant) = &question.relevant {
            rules.push((words.t("preview-relevant"), relevant.source().to_owned()));
        }
        if let Some(constraint) = &question.constraint {
            let message = question.constraint_message.get(tag, &form.default_language);
            let message = message.map(String::as_str).unwrap_or_default();
            rules.push((constrained(words, message), constraint.source().to_owned()));
        }
        let key = question.path.split('/').skip(2).collect::<Vec<_>>().join("/");
        (key, (hint.unwrap_or_default(), rules))
    };
    form.questions().iter().map(one).collect()
}

fn constrained(words: &Words, message: &str) -> String {
    let said = words.t("preview-constraint");
    if message.is_empty() { said } else { format!("{said} {message}") }
}
