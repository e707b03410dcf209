//! A form: its questions in document order, its lists and its settings. Immutable once built.

use std::collections::{BTreeMap, HashMap};

use crate::choices::List;
use crate::expr::Expr;
use crate::graph::Graph;
use crate::kind::Kind;
use crate::language::{Language, Texts};
use crate::template::Template;

/// The root element of paths: `/data/..`.
pub const ROOT: &str = "data";

/// The number of a node in document order.
pub(crate) type NodeId = usize;

/// A form as read from a workbook or a pack. Share it behind an `Arc`.
#[derive(Debug)]
pub struct Form {
    /// `form_id` of the settings, or the name that it was imported under.
    pub id: String,
    /// `form_title`, or the id.
    pub title: String,
    /// `version`; empty when there is none.
    pub version: String,
    /// The language of readers that nothing else fits: `default_language`, or the first one.
    pub default_language: String,
    /// Settings without a meaning here, verbatim.
    pub settings: BTreeMap<String, String>,
    pub(crate) languages: Vec<Language>,
    pub(crate) instance_name: Option<Expr>,
    pub(crate) questions: Vec<Question>,
    pub(crate) by_path: HashMap<String, NodeId>,
    pub(crate) by_name: HashMap<String, Vec<NodeId>>,
    pub(crate) lists: Vec<List>,
    pub(crate) list_by_name: HashMap<String, usize>,
    pub(crate) graph: Graph,
    /// Node to the nodes that are set when it changes.
    pub(crate) triggered: HashMap<NodeId, Vec<NodeId>>,
    pub(crate) pass_mark: Option<f64>,
    pub(crate) entities: Vec<Entity>,
    pub(crate) missing: Vec<String>,
}

/// What a finished form adds to a list of things, or changes in it.
#[derive(Debug)]
pub struct Entity {
    /// The list.
    pub list: String,
    /// Which thing is changed; none when one is added.
    pub id: Option<Expr>,
    /// Whether one is added; none is always.
    pub create_if: Option<Expr>,
    /// Whether one is changed; none is always.
    pub update_if: Option<Expr>,
    /// What it is called.
    pub label: Option<Expr>,
    /// The repeat of which every instance is a thing; none is the whole form.
    pub(crate) repeat: Option<NodeId>,
}

/// A question, group or repeat of a form.
#[derive(Debug)]
pub struct Question {
    /// The name, unique in its group.
    pub name: String,
    /// Where it is: `/data/step2/visible`. Repeats carry no position here.
    pub path: String,
    /// What it is.
    pub kind: Kind,
    /// The `type` cell, verbatim.
    pub type_text: String,
    /// By language.
    pub label: Texts<Template>,
    /// By language.
    pub hint: Texts<Template>,
    /// By language: longer help.
    pub guidance_hint: Texts<Template>,
    /// When an answer is demanded; none is never.
    pub required: Option<Expr>,
    /// By language.
    pub required_message: Texts,
    /// When it is there at all; none is always.
    pub relevant: Option<Expr>,
    /// What a non-empty answer has to satisfy.
    pub constraint: Option<Expr>,
    /// By language.
    pub constraint_message: Texts,
    /// Where its value comes from when a person does not give it.
    pub calculation: Option<Expr>,
    /// The questions whose change sets it.
    pub trigger: Vec<String>,
    /// What it is set to then; none clears it.
    pub on_trigger: Option<Expr>,
    /// File names by `image`, `big-image`, `audio`, `video` and by language.
    pub media: BTreeMap<String, Texts<Template>>,
    /// The property of an entity, or `list#property`; empty when it is saved nowhere.
    pub save_to: String,
    /// Its first value.
    pub default: Option<FirstValue>,
    /// When it cannot be changed by a person.
    pub read_only: Option<Expr>,
    /// Verbatim.
    pub appearance: String,
    /// `key=value` pairs of the parameters column.
    pub parameters: BTreeMap<String, String>,
    /// Which rows of the list are choices.
    pub choice_filter: Option<Expr>,
    /// How many instances a repeat asks for.
    pub repeat_count: Option<Expr>,
    /// What its answer counts for.
    pub(crate) scoring: Option<Scoring>,
    /// Columns without a meaning here, by header, verbatim; those of scores among them.
    pub other: BTreeMap<String, String>,
    pub(crate) list: Option<usize>,
    /// Choices come in an order that a seed decides; the seed, if there is one.
    pub(crate) randomize: Option<Option<Expr>>,
    /// `${question}` whose answers are the choices.
    pub(crate) answers_of: Option<String>,
    pub(crate) choices_from: Option<NodeId>,
    /// Calculated and without a label: it is on no screen, whatever its type.
    pub(crate) unseen: bool,
    pub(crate) parent: Option<NodeId>,
    /// The innermost repeat around it; a repeat is around what it holds, not around itself.
    pub(crate) repeat: Option<NodeId>,
    /// The node after the last one inside.
    pub(crate) end: NodeId,
    /// Its place among the nodes with the same innermost repeat.
    pub(crate) slot: usize,
    /// The key below its innermost repeat: `step2/visible`, or `price` inside `sku`.
    pub(crate) tail: String,
}

/// What an answer counts for, or a group of them.
#[derive(Debug, Default)]
pub(crate) struct Scoring {
    pub(crate) weight: Option<f64>,
    pub(crate) section: Option<String>,
    pub(crate) pass: Option<f64>,
    pub(crate) critical: bool,
    /// How much of the weight the answer earns, from 0 to 1.
    pub(crate) share: Option<Expr>,
}

/// The first value of a question.
#[derive(Debug)]
pub enum FirstValue {
    /// Taken as it is.
    Static(String),
    /// Evaluated once, when the question comes into being.
    Dynamic(Expr),
}

/// Why a name or path leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unresolved {
    Unknown,
    Ambiguous,
}

impl Form {
    /// A question by its path: `/data/step2/visible`; positions such as `sku[2]` are ignored.
    pub fn question(&self, path: &str) -> Option<&Question> {
        let id = match path.contains('[') {
            false => self.by_path.get(path),
            true => self.by_path.get(&without_positions(path)),
        };
        id.and_then(|id| self.questions.get(*id))
    }

    /// A question by its name, if only one has it.
    pub fn question_named(&self, name: &str) -> Option<&Question> {
        match self.by_name.get(name)?.as_slice() {
            [id] => self.questions.get(*id),
            _ => None,
        }
    }

    /// All questions, groups and repeats in document order.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The languages in the order of the workbook's columns. Empty when it names none.
    pub fn languages(&self) -> &[Language] {
        &self.languages
    }

    /// The label as written, references unfilled, in the nearest language.
    pub fn label<'a>(&'a self, question: &'a Question, language: &str) -> Option<&'a str> {
        question.label.get(language, &self.default_language).map(Template::source)
    }

    /// The choice list of a select.
    pub fn list_of(&self, question: &Question) -> Option<&List> {
        question.list.and_then(|list| self.lists.get(list))
    }

    /// A choice list by its name, or a CSV by its name without the suffix.
    pub fn list(&self, name: &str) -> Option<&List> {
        self.list_by_name.get(name).and_then(|list| self.lists.get(*list))
    }

    /// What a finished form adds to lists of things, or changes in them.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// Files that the form names and that it was not given; empty unless the [`crate::Media`] it
    /// was imported with said that it may do without.
    pub fn missing_files(&self) -> &[String] {
        &self.missing
    }

    /// Whether answers alone say everything: no calculation, condition, filter, default or
    /// metadata. Such a form need not be evaluated to project its records.
    pub fn is_plain(&self) -> bool {
        self.instance_name.is_none()
            && self.questions.iter().all(|question| {
                question.relevant.is_none()
                    && question.calculation.is_none()
                    && question.default.is_none()
                    && question.choice_filter.is_none()
                    && question.trigger.is_empty()
                    && question.repeat_count.is_none()
                    && !question.kind.is_metadata()
            })
    }

    /// Whether a default looks at the record that was saved before.
    pub fn recalls(&self) -> bool {
        let recalls = |question: &Question| match &question.default {
            Some(FirstValue::Dynamic(expr)) => !expr.last_saved().is_empty(),
            _ => false,
        };
        self.questions.iter().any(recalls)
    }

    /// Whether it says what a record is called (`instance_name`).
    pub fn names_records(&self) -> bool {
        self.instance_name.is_some()
    }

    /// Whether anything in it counts for a score.
    pub fn has_scores(&self) -> bool {
        self.pass_mark.is_some() || self.questions.iter().any(|question| question.scoring.is_some())
    }

    /// Whether a question chooses among answers of the repeat that it is in itself. Then a choice
    /// does not go away with the answer that it was: the two could wait for each other.
    pub(crate) fn is_beside(&self, node: NodeId, source: NodeId) -> bool {
        let repeat = self.node(source).and_then(|source| source.repeat);
        repeat.is_some_and(|repeat| self.repeats_around(node, false).contains(&repeat))
    }

    pub(crate) fn node(&self, id: NodeId) -> Option<&Question> {
        self.questions.get(id)
    }

    /// The repeats around a node, outermost first; a repeat counts itself only if asked.
    pub(crate) fn repeats_around(&self, id: NodeId, itself: bool) -> Vec<NodeId> {
        let mut chain = Vec::new();
        if itself && self.node(id).is_some_and(|node| node.kind == Kind::Repeat) {
            chain.push(id);
        }
        let mut at = self.node(id).and_then(|node| node.repeat);
        while let Some(repeat) = at {
            chain.push(repeat);
            at = self.node(repeat).and_then(|node| node.repeat);
        }
        chain.reverse();
        chain
    }

    /// What a reference in an expression at `context` means: `name`, `/data/a/b`, `../a`, or
    /// `${name}/a`, the last two with `..` anywhere.
    pub(crate) fn resolve(&self, context: Option<NodeId>, target: &str) -> Result<NodeId, Unresolved> {
        if let Some(id) = self.by_path.get(target) {
            return Ok(*id);
        }
        if let Some((name, rest)) = target.strip_prefix("${").and_then(|rest| rest.split_once('}')) {
            let start = self.named(name)?;
            return self.walk(Some(start), rest.strip_prefix('/').unwrap_or(rest));
        }
        if let Some(path) = target.strip_prefix('/') {
            let (root, rest) = path.split_once('/').unwrap_or((path, ""));
            let own = self.settings.get("name").is_some_and(|name| name == root);
            if root != ROOT && !own {
                return Err(Unresolved::Unknown);
            }
            return self.walk(None, rest);
        }
        if !target.starts_with('.') && !target.contains('/') {
            return self.named(target);
        }
        self.walk(context, target)
    }

    /// As [`Form::resolve`], for paths with `*` too: all that it can mean.
    pub(crate) fn resolve_all(
        &self,
        context: Option<NodeId>,
        target: &str,
    ) -> Result<Vec<NodeId>, Unresolved> {
        let Some((before, after)) = target.split_once("/*") else {
            return self.resolve(context, target).map(|node| vec![node]);
        };
        let parent = self.container(context, before)?;
        let (from, to) = match parent.and_then(|id| Some((id, self.node(id)?.end))) {
            Some((id, end)) => (id + 1, end),
            None => (0, self.questions.len()),
        };
        let mut found = Vec::new();
        let mut at = from;
        while at < to {
            match after {
                "" => found.push(at),
                rest => found.extend(self.resolve_all(Some(at), &format!(".{rest}")).unwrap_or_default()),
            }
            at = self.node(at).map_or(to, |node| node.end.max(at + 1));
        }
        if found.is_empty() { Err(Unresolved::Unknown) } else { Ok(found) }
    }

    /// A group by its path; none is the form itself.
    fn container(&self, context: Option<NodeId>, path: &str) -> Result<Option<NodeId>, Unresolved> {
        let own = |root: &str| root == ROOT || self.settings.get("name").is_some_and(|name| name == root);
        if path.is_empty() || path.strip_prefix('/').is_some_and(own) {
            return Ok(None);
        }
        let mut at = context;
        if path.split('/').all(|step| matches!(step, "." | "..")) {
            for _ in path.split('/').filter(|step| *step == "..") {
                at = self.node(at.ok_or(Unresolved::Unknown)?).and_then(|node| node.parent);
            }
            return Ok(at);
        }
        self.resolve(context, path).map(Some)
    }

    fn named(&self, name: &str) -> Result<NodeId, Unresolved> {
        match self.by_name.get(name).map(Vec::as_slice) {
            Some([id]) => Ok(*id),
            Some([_, ..]) => Err(Unresolved::Ambiguous),
            _ => Err(Unresolved::Unknown),
        }
    }

    fn walk(&self, start: Option<NodeId>, steps: &str) -> Result<NodeId, Unresolved> {
        let mut at = start;
        for step in steps.split('/').filter(|step| !step.is_empty()) {
            at = match step {
                "." => at,
                ".." => self.node(at.ok_or(Unresolved::Unknown)?).and_then(|node| node.parent),
                name => Some(self.child(at, name).ok_or(Unresolved::Unknown)?),
            };
        }
        at.ok_or(Unresolved::Unknown)
    }

    pub(crate) fn child(&self, parent: Option<NodeId>, name: &str) -> Option<NodeId> {
        let base = match parent {
            Some(parent) => self.node(parent)?.path.as_str(),
            None => "/data",
        };
        self.by_path.get(&format!("{base}/{name}")).copied()
    }
}

/// `/data/sku[2]/price` is `/data/sku/price`.
fn without_positions(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut inside = false;
    for c in path.chars() {
        match c {
            '[' => inside = true,
            ']' => inside = false,
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out
}
