//! Rows of a survey to a form: nesting, names, types, expressions, and every problem on the way.

mod expressions;
mod lists;
mod references;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::choices::List;
use crate::expr;
use crate::form::{Form, NodeId, Question, ROOT};
use crate::graph::Graph;
use crate::kind::{Kind, Source, TypeCell, read_type};
use crate::language::Language;
use crate::media::Media;
use crate::messages::Code;
use crate::problem::{Problem, Severity};
use crate::report::Report;
use crate::spec::QuestionSpec;
use crate::{limits, parameters};

/// A row of the survey sheet; `spec.questions` is empty, nesting is in the begin and end rows.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) number: u32,
    pub(crate) spec: QuestionSpec,
}

/// Everything that a form is made of, read but not understood.
pub(crate) struct Parts<'a> {
    pub(crate) rows: Vec<Row>,
    pub(crate) lists: Vec<List>,
    pub(crate) languages: Vec<Language>,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) default_language: String,
    pub(crate) instance_name: String,
    pub(crate) settings: BTreeMap<String, String>,
    pub(crate) media: &'a dyn Media,
    pub(crate) report: Report,
}

/// The form and its problems; only problems when one of them is an error.
pub(crate) fn assemble(parts: Parts<'_>) -> Result<(Form, Vec<Problem>), Vec<Problem>> {
    let Parts { rows, lists, media, report, .. } = parts;
    let list_by_name = lists.iter().enumerate().map(|(number, list)| (list.name.clone(), number)).collect();
    let mut assembler = Assembler {
        form: Form {
            id: parts.id,
            title: parts.title,
            version: parts.version,
            default_language: parts.default_language,
            settings: parts.settings,
            languages: parts.languages,
            instance_name: None,
            questions: Vec::new(),
            by_path: HashMap::new(),
            by_name: HashMap::new(),
            lists,
            list_by_name,
            graph: Graph::default(),
        },
        media,
        report,
        open: Vec::new(),
        rows: Vec::new(),
        slots: HashMap::new(),
        missing: HashSet::new(),
    };
    assembler.run(rows, &parts.instance_name);
    let Assembler { form, report, .. } = assembler;
    let problems = report.finish();
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        Err(problems)
    } else {
        Ok((form, problems))
    }
}

struct Assembler<'a> {
    form: Form,
    media: &'a dyn Media,
    report: Report,
    /// The groups that are open, outermost first.
    open: Vec<NodeId>,
    /// The row of each node.
    rows: Vec<u32>,
    slots: HashMap<Option<NodeId>, usize>,
    /// Files already reported as missing.
    missing: HashSet<String>,
}

impl Assembler<'_> {
    fn run(&mut self, rows: Vec<Row>, instance_name: &str) {
        for row in rows {
            self.row(row);
        }
        while let Some(id) = self.open.pop() {
            let name = self.form.node(id).map_or(String::new(), |node| node.name.clone());
            let row = self.row_of(id);
            self.report.error(row, "type", Code::UnclosedGroup, vec![name]);
            self.close(id);
        }
        if self.form.questions.is_empty() {
            self.report.error(0, "", Code::NoQuestions, vec![]);
            return;
        }
        if !instance_name.is_empty() {
            self.report.sheet("settings");
            self.form.instance_name = self.parse(2, "instance_name", instance_name);
        }
        self.check_references();
        self.report.sheet("survey");
        match Graph::new(&self.form) {
            Ok(graph) => self.form.graph = graph,
            Err(circle) => {
                let names: Vec<&str> = circle
                    .iter()
                    .chain(circle.first())
                    .filter_map(|id| self.form.node(*id).map(|node| node.name.as_str()))
                    .collect();
                let row = circle.first().map_or(0, |id| self.row_of(*id));
                let names = vec![names.join(" → ")];
                self.report.error(row, "", Code::Cycle, names);
            }
        }
    }

    fn row(&mut self, row: Row) {
        let (number, spec) = (row.number, row.spec);
        let cell = spec.kind.trim().to_owned();
        if cell.is_empty() && spec.name.is_empty() && spec.label.is_empty() {
            self.report.note(number, "type", Code::CommentRow, vec![]);
            return;
        }
        match read_type(&cell) {
            None => self.report.error(number, "type", Code::UnknownType, vec![cell]),
            Some(TypeCell::EndGroup) => self.end(number, Kind::Group, cell),
            Some(TypeCell::EndRepeat) => self.end(number, Kind::Repeat, cell),
            Some(TypeCell::Table) => {
                self.file_list(number, &format!("{}.csv", spec.name.trim()), "name", "label");
            }
            Some(TypeCell::Unsupported(kind)) => {
                let args = vec![cell, kind.name().to_owned()];
                self.report.unsupported(number, "type", Code::UnsupportedType, args);
                self.question(number, spec, kind, None);
            }
            Some(TypeCell::Node(kind, source, or_other)) => {
                if matches!(kind, Kind::Geotrace | Kind::Geoshape | Kind::BackgroundAudio) {
                    // Stored and checked as texts; no screen captures them yet.
                    let args = vec![cell, "text".to_owned()];
                    self.report.unsupported(number, "type", Code::UnsupportedType, args);
                }
                let name = spec.name.trim().to_owned();
                self.question(number, spec, kind, source);
                if or_other {
                    self.or_other(number, &name);
                }
            }
        }
    }

    fn end(&mut self, row: u32, kind: Kind, cell: String) {
        match self.open.last().copied() {
            Some(id) if self.form.node(id).is_some_and(|node| node.kind == kind) => {
                self.open.pop();
                self.close(id);
            }
            _ => self.report.error(row, "type", Code::UnmatchedEnd, vec![cell]),
        }
    }

    fn close(&mut self, id: NodeId) {
        let end = self.form.questions.len();
        if let Some(node) = self.form.questions.get_mut(id) {
            node.end = end;
        }
    }

    fn question(&mut self, row: u32, spec: QuestionSpec, kind: Kind, source: Option<Source>) {
        if self.form.questions.len() >= limits::QUESTIONS {
            self.report.error_once(row, Code::TooManyQuestions);
            return;
        }
        let mut name = spec.name.trim().to_owned();
        if name.is_empty() {
            // As pyxform names what nothing has to refer to.
            match kind {
                Kind::Audit => name = "audit".to_owned(),
                Kind::Group => name = format!("generated_group_name_{row}"),
                Kind::Note => name = format!("generated_note_name_{row}"),
                _ => {}
            }
        }
        // Rows go on being read after an error, so that all problems are listed at once.
        if name.is_empty() {
            self.report.error(row, "name", Code::MissingName, vec![]);
            name = format!("_{row}");
        } else if !expr::is_name(&name) || name.contains(':') {
            let args = vec![name.clone()];
            self.report.error(row, "name", Code::BadName, args);
        }
        if self.open.len() >= limits::GROUP_DEPTH {
            self.report.error_once(row, Code::GroupsTooDeep);
            return;
        }
        let id = self.form.questions.len();
        let parent = self.open.last().copied();
        let (path, repeat, tail) = self.place(parent, &name);
        if self.form.by_path.insert(path.clone(), id).is_some() {
            let args = vec![name.clone()];
            self.report.error(row, "name", Code::DuplicateName, args);
        }
        self.form.by_name.entry(name.clone()).or_default().push(id);
        let slot = self.slots.entry(repeat).or_default();
        let own_slot = *slot;
        *slot += 1;

        let parameters = parameters::read(&spec.parameters);
        let list = self.list(row, kind, source, &parameters);
        if matches!(kind, Kind::SelectMultiple | Kind::Rank)
            && let Some(value) = list.and_then(|list| self.form.lists.get(list)?.spaced())
        {
            let args = vec![value.to_owned()];
            self.report.error(row, "type", Code::BadChoice, args);
        }
        let kind = match kind {
            Kind::Range { .. } => parameters::range(&parameters),
            other => other,
        };
        let question = Question {
            path,
            kind,
            type_text: spec.kind.trim().to_owned(),
            label: self.templates(row, "label", &spec.label),
            hint: self.templates(row, "hint", &spec.hint),
            guidance_hint: self.templates(row, "guidance_hint", &spec.guidance_hint),
            required: self.condition(row, "required", &spec.required),
            required_message: spec.required_message,
            relevant: self.condition(row, "relevant", &spec.relevant),
            constraint: self.condition(row, "constraint", &spec.constraint),
            constraint_message: spec.constraint_message,
            calculation: self.parse(row, "calculation", &spec.calculation),
            default: self.first_value(row, kind, &spec.default),
            read_only: self.condition(row, "read_only", &spec.read_only),
            appearance: spec.appearance,
            parameters,
            choice_filter: self.parse(row, "choice_filter", &spec.choice_filter),
            repeat_count: self.parse(row, "repeat_count", &spec.repeat_count),
            other: spec.other,
            name,
            list,
            parent,
            repeat,
            end: id + 1,
            slot: own_slot,
            tail,
        };
        self.form.questions.push(question);
        self.rows.push(row);
        if kind.is_container() {
            self.open.push(id);
        }
    }

    fn place(&self, parent: Option<NodeId>, name: &str) -> (String, Option<NodeId>, String) {
        let Some((id, node)) = parent.and_then(|id| Some((id, self.form.node(id)?))) else {
            return (format!("/{ROOT}/{name}"), None, name.to_owned());
        };
        let path = format!("{}/{name}", node.path);
        match node.kind {
            Kind::Repeat => (path, Some(id), name.to_owned()),
            _ => (path, node.repeat, format!("{}/{name}", node.tail)),
        }
    }

    fn row_of(&self, id: NodeId) -> u32 {
        self.rows.get(id).copied().unwrap_or(0)
    }
}
