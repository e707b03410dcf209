//! The questions that `pack.toml` asks: of a record, or of an act.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use crate::expression::Use;
use crate::field::{Answer, ChoiceItem, Field, Media};
use crate::limits;
use crate::manifest::{ChoiceSource, FieldSource};
use std::collections::BTreeSet;

const ANSWERS: [(&str, Answer); 17] = [
    ("text", Answer::Text),
    ("barcode", Answer::Barcode),
    ("integer", Answer::Integer),
    ("decimal", Answer::Decimal),
    ("boolean", Answer::Boolean),
    ("date", Answer::Date),
    ("time", Answer::Time),
    ("datetime", Answer::DateTime),
    ("geopoint", Answer::Place),
    ("select_one", Answer::One),
    ("select_multiple", Answer::Several),
    ("image", Answer::Blob(Media::Image)),
    ("audio", Answer::Blob(Media::Audio)),
    ("video", Answer::Blob(Media::Video)),
    ("file", Answer::Blob(Media::File)),
    ("person", Answer::Person),
    ("record", Answer::Record),
];

impl Checker<'_, '_> {
    /// All fields of one list. `place` says what their expressions may use.
    pub fn fields(
        &mut self,
        sources: &[FieldSource],
        place: Use,
        names: &mut Names,
        carried: &Carried,
    ) -> Vec<Field> {
        let mut taken = BTreeSet::new();
        let mut fields = Vec::new();
        for source in sources.iter().take(limits::ENTRIES) {
            if !taken.insert(source.name.get_ref()) {
                self.problems.add(source.name.span(), "name-taken", &[("name", source.name.get_ref())]);
            }
            fields.extend(self.field(source, place, names, carried));
        }
        if let Some(first) = sources.first() {
            self.at_most(sources.len(), limits::ENTRIES, first.name.span(), "fields");
        }
        fields
    }

    fn field(
        &mut self,
        source: &FieldSource,
        place: Use,
        names: &mut Names,
        carried: &Carried,
    ) -> Option<Field> {
        let name = self.snake(&source.name);
        let answer = self.choice(&source.kind, &ANSWERS);
        let title = self.text(&source.title);
        let hint = source.hint.as_ref().map(|hint| self.text(hint));
        let message = source.message.as_ref().map(|message| self.text(message));
        let mut parsed =
            |word: &Option<_>| word.as_ref().map(|word| self.condition(word, place, names, carried));
        let (relevant, constraint) = (parsed(&source.relevant), parsed(&source.constraint));
        let choices = self.choices(&source.choices);
        self.fits_type(source, answer?, names);
        Some(Field {
            name: name?,
            answer: answer?,
            title: title?,
            hint: hint.flatten(),
            required: source.required,
            link: source.link.as_ref().map(|kind| kind.get_ref().clone()),
            choices,
            relevant: relevant.flatten(),
            constraint: constraint.flatten(),
            message: message.flatten(),
            rule: source.rule.clone(),
            checks: Vec::new(),
        })
    }

    /// Choices where there is something to choose, a link where there is a record, and a message
    /// where there is a constraint.
    fn fits_type(&mut self, source: &FieldSource, answer: Answer, names: &mut Names) {
        let selects = matches!(answer, Answer::One | Answer::Several);
        if selects == source.choices.is_empty() {
            self.problems.add(source.kind.span(), "choices-do-not-fit", &[]);
        }
        match &source.link {
            Some(kind) if answer == Answer::Record => {
                let line = self.line(kind.span());
                names.reads.push((kind.get_ref().clone(), String::new(), line));
            }
            None if answer != Answer::Record => {}
            _ => self.problems.add(source.kind.span(), "link-does-not-fit", &[]),
        }
        if source.constraint.is_some() != source.message.is_some() {
            self.problems.add(source.name.span(), "message-does-not-fit", &[]);
        }
    }

    fn choices(&mut self, sources: &[ChoiceSource]) -> Vec<ChoiceItem> {
        let mut taken = BTreeSet::new();
        let mut choices = Vec::new();
        for source in sources.iter().take(limits::ENTRIES) {
            if !taken.insert(source.name.get_ref()) {
                self.problems.add(source.name.span(), "name-taken", &[("name", source.name.get_ref())]);
            }
            let name = self.snake(&source.name);
            let title = self.text(&source.title);
            if let (Some(name), Some(title)) = (name, title) {
                choices.push(ChoiceItem { name, title });
            }
        }
        choices
    }
}
