//! A form without a workbook: from the fields that a pack declares.

use std::collections::BTreeMap;

use crate::assemble::{Parts, Row, assemble};
use crate::choices::List;
use crate::form::Form;
use crate::import::Imported;
use crate::kind::{Source, TypeCell, read_type};
use crate::language::{DEFAULT_LANGUAGE, Language};
use crate::media::{Media, NoMedia};
use crate::problem::Problem;
use crate::report::Report;
use crate::sheets;
use crate::spec::{ChoiceSpec, QuestionSpec};
use crate::table::Table;

/// Puts a form together from questions.
#[derive(Debug, Default)]
pub struct FormBuilder {
    id: String,
    title: String,
    version: String,
    default_language: String,
    instance_name: String,
    questions: Vec<QuestionSpec>,
    lists: Vec<(String, Vec<ChoiceSpec>)>,
}

impl FormBuilder {
    /// A form with this id and nothing in it.
    pub fn new(id: &str) -> FormBuilder {
        FormBuilder { id: id.to_owned(), ..FormBuilder::default() }
    }

    /// The title; the id when none is given.
    pub fn title(mut self, title: &str) -> FormBuilder {
        self.title = title.to_owned();
        self
    }

    /// The version; empty when none is given.
    pub fn version(mut self, version: &str) -> FormBuilder {
        self.version = version.to_owned();
        self
    }

    /// The language that readers of other languages get; the first one met when none is given.
    pub fn default_language(mut self, language: &str) -> FormBuilder {
        self.default_language = language.to_owned();
        self
    }

    /// An expression that names a record.
    pub fn instance_name(mut self, expression: &str) -> FormBuilder {
        self.instance_name = expression.to_owned();
        self
    }

    /// Adds a question, group or repeat.
    pub fn question(mut self, question: QuestionSpec) -> FormBuilder {
        self.questions.push(question);
        self
    }

    /// Adds several.
    pub fn questions(mut self, questions: impl IntoIterator<Item = QuestionSpec>) -> FormBuilder {
        self.questions.extend(questions);
        self
    }

    /// Adds a choice list that several questions share.
    pub fn list(mut self, name: &str, choices: Vec<ChoiceSpec>) -> FormBuilder {
        self.lists.push((name.to_owned(), choices));
        self
    }

    /// The form, or all problems when one is an error; rows count questions from 1.
    pub fn build(self, media: &dyn Media) -> Result<Imported, Vec<Problem>> {
        let mut flat = Flat { rows: Vec::new(), lists: self.lists, languages: Vec::new() };
        for question in self.questions {
            flat.add(question, 0);
        }
        let languages = flat.languages;
        let lists: Vec<List> =
            flat.lists.into_iter().filter_map(|(name, choices)| list(&name, choices, &languages)).collect();
        let first = languages.first().map(|language| language.name.clone());
        let given = Some(self.default_language).filter(|language| !language.is_empty());
        let default_language = given.or(first).unwrap_or_else(|| DEFAULT_LANGUAGE.to_owned());
        let title = if self.title.is_empty() { self.id.clone() } else { self.title };
        let settings = [
            ("form_title", title.as_str()),
            ("form_id", &self.id),
            ("version", &self.version),
            ("default_language", &default_language),
            ("instance_name", &self.instance_name),
        ];
        let workbook = sheets::workbook(&flat.rows, &lists, &settings);
        assemble(Parts {
            rows: flat.rows,
            lists,
            languages,
            entities: Vec::new(),
            labelled: false,
            title,
            id: self.id,
            version: self.version,
            default_language,
            instance_name: self.instance_name,
            settings: BTreeMap::new(),
            media,
            report: Report::new("survey", BTreeMap::new()),
        })
        .map(|(form, report)| Imported { form, report, workbook })
    }
}

impl Form {
    /// A form of these questions and nothing else. See [`FormBuilder`] for titles, lists and CSVs.
    pub fn from_questions(
        id: &str,
        questions: impl IntoIterator<Item = QuestionSpec>,
    ) -> Result<Imported, Vec<Problem>> {
        FormBuilder::new(id).questions(questions).build(&NoMedia)
    }
}

struct Flat {
    rows: Vec<Row>,
    lists: Vec<(String, Vec<ChoiceSpec>)>,
    languages: Vec<Language>,
}

impl Flat {
    /// Turns nesting into begin and end rows, as a sheet has them.
    fn add(&mut self, mut spec: QuestionSpec, depth: usize) {
        let texts =
            [&spec.label, &spec.hint, &spec.guidance_hint, &spec.required_message, &spec.constraint_message];
        for (language, _) in texts.into_iter().flat_map(|texts| texts.iter()) {
            if language.name != DEFAULT_LANGUAGE && !self.languages.contains(language) {
                self.languages.push(language.clone());
            }
        }
        if !spec.choices.is_empty() {
            let list = format!("{}#{}", spec.name, self.rows.len());
            if read_type(&spec.kind).is_none() {
                spec.kind = format!("{} {list}", spec.kind.trim());
            }
            let name = match read_type(&spec.kind) {
                Some(TypeCell::Select(_, Source::List(name), _)) => name,
                _ => list,
            };
            self.lists.push((name, std::mem::take(&mut spec.choices)));
        }
        let inside = std::mem::take(&mut spec.questions);
        let end = match read_type(&spec.kind) {
            Some(TypeCell::Plain(kind)) if kind.is_container() => match kind {
                crate::kind::Kind::Repeat => Some("end_repeat"),
                _ => Some("end_group"),
            },
            _ => None,
        };
        let number = self.rows.len() as u32 + 1;
        self.rows.push(Row { number, spec });
        // One level more than is allowed is enough for the error.
        if depth <= crate::limits::GROUP_DEPTH {
            for question in inside {
                self.add(question, depth + 1);
            }
        }
        if let Some(end) = end {
            let spec = QuestionSpec { kind: end.to_owned(), ..QuestionSpec::default() };
            self.rows.push(Row { number, spec });
        }
    }
}

fn list(name: &str, choices: Vec<ChoiceSpec>, languages: &[Language]) -> Option<List> {
    let mut labels: Vec<String> = Vec::new();
    for (language, _) in choices.iter().flat_map(|choice| choice.label.iter()) {
        if !labels.contains(&language.name) {
            labels.push(language.name.clone());
        }
    }
    let header = |language: &String| match language.as_str() {
        DEFAULT_LANGUAGE => "label".to_owned(),
        other => format!("label::{other}"),
    };
    let columns = std::iter::once("name".to_owned()).chain(labels.iter().map(header));
    let mut table = Table::with_columns(columns).ok()?;
    for choice in &choices {
        let label = |wanted: &String| {
            let mut texts = choice.label.iter();
            let found = texts.find(|(language, _)| language.name == *wanted);
            found.map_or("", |(_, text)| text.as_str())
        };
        let cells = std::iter::once(choice.value.as_str()).chain(labels.iter().map(label));
        table.push(cells).ok()?;
    }
    List::new(name, table, "name", "label", languages)
}
