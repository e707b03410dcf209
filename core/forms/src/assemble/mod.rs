//! Rows of a survey to a form: nesting, names, types, expressions, and every problem on the way.

mod entities;
mod expressions;
mod lists;
mod loops;
mod references;
mod rules;
mod scoring;
mod search;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::choices::List;
use crate::expr;
use crate::form::{Form, NodeId, Question, ROOT};
use crate::graph::{Graph, Tangle};
use crate::kind::{Kind, Source, TypeCell, read_type};
use crate::language::Language;
use crate::limits;
use crate::media::Media;
use crate::messages::Code;
use crate::problem::{Problem, Severity};
use crate::report::Report;
use crate::spec::QuestionSpec;

/// A row of the survey sheet; `spec.questions` is empty, nesting is in the begin and end rows.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) number: u32,
    pub(crate) spec: QuestionSpec,
}

/// A row of the entities sheet.
#[derive(Debug, Default)]
pub(crate) struct EntityRow {
    pub(crate) number: u32,
    pub(crate) list: String,
    pub(crate) id: String,
    pub(crate) create_if: String,
    pub(crate) update_if: String,
    pub(crate) label: String,
    pub(crate) repeat: String,
}

/// Everything that a form is made of, read but not understood.
pub(crate) struct Parts<'a> {
    pub(crate) rows: Vec<Row>,
    pub(crate) lists: Vec<List>,
    pub(crate) languages: Vec<Language>,
    pub(crate) entities: Vec<EntityRow>,
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) version: String,
    pub(crate) default_language: String,
    pub(crate) instance_name: String,
    /// Whether questions need a label, as they do in a workbook.
    pub(crate) labelled: bool,
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
            triggered: HashMap::new(),
            pass_mark: None,
            entities: Vec::new(),
            missing: Vec::new(),
        },
        media,
        report,
        open: Vec::new(),
        rows: Vec::new(),
        slots: HashMap::new(),
        missing: HashSet::new(),
        repeats: HashSet::new(),
        entity_rows: parts.entities,
        labelled: parts.labelled,
        parts: 0,
        patterns: expr::Patterns::default(),
    };
    assembler.run(rows, &parts.instance_name);
    let Assembler { mut form, report, missing, .. } = assembler;
    form.missing = missing.into_iter().collect();
    form.missing.sort();
    let problems = report.finish();
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        Err(problems)
    } else {
        Ok((form, problems))
    }
}

/// How many questions of a circle are named.
const CIRCLE: usize = 12;

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
    /// The names of repeats, which no two may share.
    repeats: HashSet<String>,
    entity_rows: Vec<EntityRow>,
    labelled: bool,
    /// How many parts all expressions so far have.
    parts: usize,
    /// Those of `regex()`, of all expressions.
    patterns: expr::Patterns,
}

impl Assembler<'_> {
    fn run(&mut self, rows: Vec<Row>, instance_name: &str) {
        for row in loops::unrolled(rows, &self.form.lists, &mut self.report) {
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
        self.link();
        self.entities();
        self.pass_mark();
        if !instance_name.is_empty() {
            self.report.sheet("settings");
            let (row, column) = self.report.place_of("instance_name");
            self.form.instance_name = self.parse(row, &column, instance_name);
        }
        self.check_references();
        self.report.sheet("survey");
        match Graph::new(&self.form) {
            Ok(graph) => self.form.graph = graph,
            Err(Tangle::Circle(circle)) => self.circle(circle),
            Err(Tangle::TooMany(id)) => self.report.error_once(self.row_of(id), Code::FormTooComplex),
        }
    }

    /// Told at its first question in the sheet, in the column that closes it there.
    fn circle(&mut self, mut circle: Vec<NodeId>) {
        let first = circle.iter().enumerate().min_by_key(|(_, id)| **id).map_or(0, |(at, _)| at);
        circle.rotate_left(first);
        let Some(start) = circle.first().copied() else { return };
        let name = |id: &NodeId| self.form.node(*id).map_or("", |node| node.name.as_str());
        let mut names: Vec<&str> = circle.iter().take(CIRCLE).map(name).collect();
        if circle.len() > CIRCLE {
            names.push("…");
        }
        names.push(name(&start));
        let names = names.join(" → ");
        let column = self.form.node(start).map_or("", |question| {
            let exprs = [
                ("relevant", &question.relevant),
                ("calculation", &question.calculation),
                ("choice_filter", &question.choice_filter),
                ("repeat_count", &question.repeat_count),
            ];
            let closes = |expr: &expr::Expr| {
                let mut read = expr.references().into_iter().flat_map(|reference| {
                    self.form.resolve_all(Some(start), &reference.target).unwrap_or_default()
                });
                read.any(|id| circle.contains(&id))
            };
            let found = exprs.into_iter().find(|(_, expr)| expr.as_ref().is_some_and(closes));
            found.map_or("", |(column, _)| column)
        });
        let row = self.row_of(start);
        self.report.error(row, column, Code::Cycle, vec![names]);
    }

    fn row(&mut self, row: Row) {
        let (number, mut spec) = (row.number, row.spec);
        let cell = spec.kind.trim().to_owned();
        if cell.is_empty() && spec.name.is_empty() && spec.label.is_empty() {
            self.report.note(number, "type", Code::CommentRow, vec![]);
            return;
        }
        let Some(cell) = read_type(&cell) else {
            let (code, args) = match crate::dialects::of_type(&cell) {
                Some((maker, instead)) => {
                    (Code::DialectType, vec![cell, maker.to_owned(), instead.to_owned()])
                }
                None => (Code::UnknownType, vec![cell]),
            };
            self.report.error(number, "type", code, args);
            return;
        };
        match cell {
            TypeCell::EndGroup => self.end(number, Kind::Group, spec.kind),
            TypeCell::EndRepeat => self.end(number, Kind::Repeat, spec.kind),
            // Loops were unrolled before; what is left of them has no partner.
            TypeCell::Loop(_) | TypeCell::EndLoop => {
                self.report.error(number, "type", Code::UnmatchedEnd, vec![spec.kind]);
            }
            TypeCell::Table(suffix) => {
                let file = format!("{}{suffix}", spec.name.trim());
                self.file_list(number, &file, "name", "label");
            }
            TypeCell::Setting(key) => match key {
                "form_title" => self.form.title = spec.name,
                _ => self.form.id = spec.name,
            },
            TypeCell::Bounded(rule) => {
                let kind = if rule.starts_with("regex") { Kind::Text } else { Kind::Integer };
                if spec.constraint.is_empty() {
                    spec.constraint = rule.to_owned();
                }
                self.question(number, spec, kind, None);
            }
            TypeCell::Plain(kind) => {
                if kind == Kind::Repeat {
                    self.count_of(number, &mut spec);
                }
                if kind == Kind::Osm && spec.kind.trim() != "osm" {
                    self.report.unsupported(number, "type", Code::OsmTags, vec![]);
                }
                if kind == Kind::Audit {
                    self.audit_settings(number, &spec.parameters);
                }
                if matches!(kind, Kind::BackgroundAudio | Kind::Osm | Kind::SimSerial | Kind::SubscriberId) {
                    // Stored as texts; no screen captures them.
                    let args = vec![spec.kind.clone(), "text".to_owned()];
                    self.report.unsupported(number, "type", Code::UnsupportedType, args);
                }
                self.question(number, spec, kind, None);
            }
            TypeCell::Select(kind, source, or_other) => {
                let name = spec.name.trim().to_owned();
                let filtered = !spec.choice_filter.is_empty();
                if or_other && (filtered || !matches!(source, Source::List(_))) {
                    self.report.error(number, "type", Code::OrOther, vec![]);
                }
                self.question(number, spec, kind, Some(source));
                if or_other {
                    self.or_other(number, &name);
                }
            }
        }
    }

    /// A count that is more than a reference becomes a calculation of its own, as pyxform makes
    /// it, so that `${sku_count}` can be read.
    fn count_of(&mut self, row: u32, spec: &mut QuestionSpec) {
        let count = spec.repeat_count.trim();
        let inner = count.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
        if count.is_empty() || inner.is_some_and(expr::is_name) {
            return;
        }
        let name = format!("{}_count", spec.name.trim());
        let calculation = std::mem::replace(&mut spec.repeat_count, format!("${{{name}}}"));
        let count =
            QuestionSpec { kind: "calculate".to_owned(), name, calculation, ..QuestionSpec::default() };
        self.question(row, count, Kind::Calculate, None);
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
        self.rules(row, &spec, kind);
        if name.is_empty() {
            // As pyxform names what nothing has to refer to.
            match kind {
                Kind::Audit => name = "audit".to_owned(),
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
        let taken = self.form.by_path.insert(path.clone(), id).is_some() || name == "meta";
        if taken || (kind == Kind::Repeat && (name == ROOT || !self.repeats.insert(name.clone()))) {
            let args = vec![name.clone()];
            self.report.error(row, "name", Code::DuplicateName, args);
        }
        self.form.by_name.entry(name.clone()).or_default().push(id);
        let slot = self.slots.entry(repeat).or_default();
        let own_slot = *slot;
        *slot += 1;

        let parameters = self.parameters(row, kind, source.as_ref(), &spec.parameters);
        let randomize = parameters.get("randomize").is_some_and(|cell| cell == "true").then(|| {
            let seed = parameters.get("seed").cloned().unwrap_or_default();
            self.parse(row, "parameters", &seed)
        });
        let answers = match &source {
            Some(Source::Answers(name)) => Some(name.clone()),
            _ => None,
        };
        let plain = matches!(source, Some(Source::List(_)));
        let list = self.list(row, kind, source, &parameters);
        let searched = if plain { self.searched(row, &spec, list) } else { None };
        let (list, search) = match searched {
            Some(searched) => (Some(searched.list), searched.filter),
            None => (list, None),
        };
        if matches!(kind, Kind::SelectMultiple | Kind::Rank)
            && let Some(value) = list.and_then(|list| self.form.lists.get(list)?.spaced())
        {
            let args = vec![value.to_owned()];
            self.report.error(row, "type", Code::BadChoice, args);
        }
        let kind = match kind {
            Kind::Range { .. } => self.slider(row, &parameters),
            other => other,
        };
        let calculation = self.parse(row, "calculation", &spec.calculation);
        let trigger = self.trigger(row, &spec.trigger);
        let unseen = self.labelled
            && (calculation.is_some() || !trigger.is_empty())
            && spec.label.is_empty()
            && spec.hint.is_empty()
            && spec.media.is_empty();
        // What is triggered is set once, not kept up to date.
        let (calculation, on_trigger) =
            if trigger.is_empty() { (calculation, None) } else { (None, calculation) };
        let choice_filter = match answers.is_some() {
            true => self.filter_of_answers(row, &spec.choice_filter),
            false => search.or_else(|| self.parse(row, "choice_filter", &spec.choice_filter)),
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
            calculation,
            on_trigger,
            trigger,
            media: self.media_templates(row, &spec.media),
            save_to: spec.save_to.trim().to_owned(),
            randomize,
            answers_of: answers,
            choices_from: None,
            unseen,
            default: self.first_value(row, kind, &spec.default),
            read_only: self.condition(row, "read_only", &spec.read_only),
            appearance: spec.appearance,
            parameters,
            choice_filter,
            repeat_count: self.parse(row, "repeat_count", &spec.repeat_count),
            scoring: self.scoring(row, &spec.other),
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
