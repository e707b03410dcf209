//! The columns of a file of records: what the newest version asks, what its acts say, and what only earlier
//! versions asked.

use crate::console::kinds::{ActWords, KindWords, Question, Sort};
use crate::console::words::Words;
use rounds_model::text::Text;
use std::collections::HashMap;

/// A column.
pub struct Column {
    /// What stands above it.
    pub label: String,
    /// Where its value is; none where there are several, in the rows of a repeat.
    pub key: Option<String>,
    /// What its values are.
    pub question: Question,
}

/// Questions outside repeats and in them, what each act says, and the same of earlier versions, the newest
/// first, where this one has no such question or act any more.
pub fn columns(words: &Words, kind: &KindWords, older: &[KindWords]) -> Vec<Column> {
    let mut all = Columns::default();
    for (at, version) in std::iter::once(kind).chain(older).enumerate() {
        let label = |text: String| {
            if at == 0 { text } else { words.f("export-older", &[("label", text)]) }
        };
        let (repeated, single): (Vec<_>, Vec<_>) =
            version.questions.iter().partition(|question| question.repeat().is_some());
        for question in single {
            all.add(Some(question.path()), label(question.label(words.lang).to_owned()), question);
        }
        for question in repeated {
            all.add(None, label(question.label(words.lang).to_owned()), question);
        }
        for act in &version.acts {
            for (part, question) in said(words, act) {
                let text = format!("{} · {}", words.of(&act.title), question.label(words.lang));
                all.add(Some(format!("@{}/{part}", act.name)), label(text), &question);
            }
        }
    }
    all.columns
}

/// What an act says: when, by whom, what it carried, and what people read of what it came to.
fn said(words: &Words, act: &ActWords) -> Vec<(String, Question)> {
    let own = |part: &str, key: &str, sort: Sort| {
        let label = words.t(key);
        let parts = vec![(part.to_owned(), false)];
        let label = Text::new(&label, &label);
        (part.to_owned(), Question { parts, label, sort, choices: vec![] })
    };
    let mut all = vec![own("at", "when", Sort::DateTime), own("by", "by-whom", Sort::Person)];
    all.extend(act.payload.iter().chain(&act.comes_to).map(|question| (question.path(), question.clone())));
    all
}

#[derive(Default)]
struct Columns {
    columns: Vec<Column>,
    /// Where each is, by its key, or by its path in repeats.
    places: HashMap<(bool, String), usize>,
}

impl Columns {
    /// Adds a column; of one that there is already, choices that there were once keep their words.
    fn add(&mut self, key: Option<String>, label: String, question: &Question) {
        let place = (key.is_some(), key.clone().unwrap_or_else(|| question.path()));
        let known = self.places.get(&place).and_then(|at| self.columns.get_mut(*at));
        let Some(known) = known else {
            self.places.insert(place, self.columns.len());
            self.columns.push(Column { label, key, question: question.clone() });
            return;
        };
        let own = &mut known.question.choices;
        let further = question.choices.iter().filter(|(name, _)| own.iter().all(|(had, _)| had != name));
        let further: Vec<_> = further.cloned().collect();
        own.extend(further);
    }
}
