//! What a screen needs to know about each node.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::Filling;
use super::frames::{FrameId, ROOT_FRAME};
use super::place::Place;
use crate::choices::Choice;
use crate::form::{NodeId, Question};
use crate::kind::Kind;
use crate::language::Texts;
use crate::limits;
use crate::messages::Code;
use crate::template::Template;

/// One question, group or instance in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeState {
    /// With positions: `/data/sku[2]/price`. The repeat itself is `/data/sku`, once, and the nodes
    /// of its instances follow; the instances are in [`NodeState::instances`].
    pub path: String,
    /// The key of the answer.
    pub key: String,
    /// What it is.
    pub kind: Kind,
    /// Whether it is there at all. What is not relevant is kept, reads as empty, and is not
    /// submitted.
    pub relevant: bool,
    /// Whether an answer is demanded.
    pub required: bool,
    /// Whether a person can change it now.
    pub read_only: bool,
    /// What expressions read: empty when not relevant, or when the choice was filtered away.
    pub value: String,
    /// What the document holds, be it relevant or not.
    pub stored: String,
    /// Whether nothing is wrong with the answer; always true when not relevant.
    pub valid: bool,
    /// What is wrong.
    pub error: Option<Fault>,
    /// The choices that the filter lets through, or the first of them.
    pub choices: Vec<Choice>,
    /// There are more choices than are listed: [`Filling::offer`] gives them page by page.
    pub more_choices: bool,
    /// The chosen ones with their labels, in the order of the answer.
    pub chosen: Vec<Choice>,
    /// With references filled in; empty when there is none.
    pub label: String,
    /// With references filled in; empty when there is none.
    pub hint: String,
    /// Longer help, with references filled in; empty when there is none.
    pub guidance: String,
    /// Verbatim.
    pub appearance: String,
    /// What the column of parameters says: `start`, `end` and `step` of a range, `max-pixels` of a photo.
    pub parameters: BTreeMap<String, String>,
    /// Files to be shown or played with it, by `image`, `big-image`, `audio`, `video`.
    pub media: BTreeMap<String, String>,
    /// For repeats: the ids of the instances that are there, in order.
    pub instances: Vec<String>,
    /// For repeats: how many instances `repeat_count` asks for.
    pub wanted: Option<usize>,
}

/// Which rule an answer breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// There is no answer, but one is demanded.
    Required,
    /// The answer does not satisfy the constraint.
    Constraint,
}

/// Why an answer is not valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which rule.
    pub which: Which,
    /// The form's own message in the language asked for, or a standard one.
    pub message: String,
}

impl Fault {
    /// Stable code: `required` or `constraint`.
    pub fn code(&self) -> &'static str {
        match self.which {
            Which::Required => Code::RequiredMissing.as_str(),
            Which::Constraint => Code::ConstraintFailed.as_str(),
        }
    }

    /// What to do about it.
    pub fn remedy(&self, language: &str) -> String {
        let code = match self.which {
            Which::Required => Code::RequiredMissing,
            Which::Constraint => Code::ConstraintFailed,
        };
        code.remedy(&[]).get(language).to_owned()
    }
}

/// One thing between a document and its completion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// With positions.
    pub path: String,
    /// The key of the answer.
    pub key: String,
    /// The label in the language asked for.
    pub label: String,
    /// The answer as it stands; empty when there is none.
    pub value: String,
    /// What is wrong.
    pub fault: Fault,
}

impl Filling {
    /// All nodes in document order, all choices included.
    pub fn nodes(&self, language: &str) -> Vec<NodeState> {
        self.states(language, usize::MAX)
    }

    /// All nodes in document order, of long lists the first [`limits::LISTED_CHOICES`] choices: what a
    /// screen can show at once, whatever the lists.
    pub fn listed(&self, language: &str) -> Vec<NodeState> {
        self.states(language, limits::LISTED_CHOICES)
    }

    /// All nodes in document order without their choices: cheaper when lists are long.
    pub fn outline(&self, language: &str) -> Vec<NodeState> {
        self.states(language, 0)
    }

    /// One node by its path or key; none when the form or the document has no such node.
    pub fn node(&self, target: &str, language: &str) -> Option<NodeState> {
        let (node, frame) = self.locate(target).ok()?;
        let left = Cell::new(limits::EVALUATION_STEPS);
        Some(self.state(node, self.form.node(node)?, frame, language, (usize::MAX, &left)))
    }

    /// The relevant questions in document order that lack a demanded answer or break their constraint.
    pub fn problems(&self, language: &str) -> Vec<Wrong> {
        let mut found = Vec::new();
        self.walk(ROOT_FRAME, 0, self.form.questions.len(), &mut |node, frame| {
            found.extend(self.problem_at((node, frame), language));
        });
        found
    }

    /// The first of [`Filling::problems`].
    pub fn first_problem(&self, language: &str) -> Option<Wrong> {
        let mut first = None;
        self.walk(ROOT_FRAME, 0, self.form.questions.len(), &mut |node, frame| {
            if first.is_none() && self.which(node, frame).is_some() {
                first = Some((node, frame));
            }
        });
        self.problem_at(first?, language)
    }

    /// What is wrong at one question, named by path or key.
    pub fn problem(&self, target: &str, language: &str) -> Option<Wrong> {
        self.problem_at(self.locate(target).ok()?, language)
    }

    pub(super) fn problem_at(&self, at: (NodeId, FrameId), language: &str) -> Option<Wrong> {
        let (node, frame) = at;
        let question = self.form.node(node)?;
        let fault = self.fault(node, question, frame, language)?;
        Some(Wrong {
            path: self.path(node, frame),
            key: self.key(node, frame),
            label: self.fill(&question.label, node, frame, language),
            value: self.cell(node, frame).map_or("", |cell| cell.effective()).to_owned(),
            fault,
        })
    }

    /// Whether there is no problem left.
    pub fn is_complete(&self) -> bool {
        let mut complete = true;
        self.walk(ROOT_FRAME, 0, self.form.questions.len(), &mut |node, frame| {
            complete = complete && self.which(node, frame).is_none();
        });
        complete
    }

    fn states(&self, language: &str, choices: usize) -> Vec<NodeState> {
        let mut states = Vec::new();
        // The filters of all lists together: a form with hundreds of them is listed all the same.
        let left = Cell::new(limits::CHANGE_STEPS);
        let visit = &mut |node: NodeId, frame: FrameId| {
            let Some(question) = self.form.node(node) else {
                return;
            };
            states.push(self.state(node, question, frame, language, (choices, &left)));
        };
        self.walk(ROOT_FRAME, 0, self.form.questions.len(), visit);
        states
    }

    /// Visits the nodes of a frame in document order, going into every instance.
    pub(super) fn walk(
        &self,
        frame: FrameId,
        from: NodeId,
        to: NodeId,
        visit: &mut dyn FnMut(NodeId, FrameId),
    ) {
        let mut node = from;
        while node < to {
            visit(node, frame);
            let Some(question) = self.form.node(node) else {
                return;
            };
            node += 1;
            if question.kind == Kind::Repeat {
                for row in self.rows(frame, node - 1) {
                    self.walk(*row, node, question.end, visit);
                }
                node = question.end;
            }
        }
    }

    fn state(
        &self,
        node: NodeId,
        question: &Question,
        frame: FrameId,
        language: &str,
        (choices, left): (usize, &Cell<u32>),
    ) -> NodeState {
        let cell = self.cell(node, frame).cloned().unwrap_or_default();
        let error = self.fault(node, question, frame, language);
        let computed = question.calculation.is_some()
            || question.unseen
            || question.kind.is_metadata()
            || question.kind.is_measured()
            || matches!(question.kind, Kind::Note | Kind::Calculate);
        let wanted = self.wanted(node, frame);
        let (listed, more_choices) = match choices {
            0 => (Vec::new(), false),
            most => self.choices(node, question, frame, language, (most, left)),
        };
        let chosen = match choices {
            0 => Vec::new(),
            _ => self.chosen(node, question, frame, language, cell.effective()),
        };
        NodeState {
            path: self.path(node, frame),
            key: self.key(node, frame),
            kind: question.kind,
            relevant: cell.relevant,
            required: cell.required,
            read_only: cell.read_only || computed || self.closed(question, frame),
            value: match question.kind.is_container() {
                true => String::new(),
                false => cell.effective().to_owned(),
            },
            stored: cell.raw,
            valid: error.is_none(),
            error,
            choices: listed,
            chosen,
            more_choices,
            label: self.fill(&question.label, node, frame, language),
            hint: self.fill(&question.hint, node, frame, language),
            guidance: self.fill(&question.guidance_hint, node, frame, language),
            appearance: question.appearance.clone(),
            parameters: question.parameters.clone(),
            media: self.media_of(question, node, frame, language),
            instances: self
                .rows(frame, node)
                .iter()
                .filter_map(|row| Some(self.frame(*row)?.id.clone()))
                .collect(),
            wanted,
        }
    }

    fn media_of(
        &self,
        question: &Question,
        node: NodeId,
        frame: FrameId,
        language: &str,
    ) -> BTreeMap<String, String> {
        let files = question
            .media
            .iter()
            .map(|(sort, texts)| (sort.clone(), self.fill(texts, node, frame, language)));
        files.filter(|(_, file)| !file.is_empty()).collect()
    }

    /// Whether a group around it is read-only.
    pub(super) fn closed(&self, question: &Question, frame: FrameId) -> bool {
        let (mut at, mut frame) = (question.parent, frame);
        let mut inside = question.repeat;
        while let Some(parent) = at {
            if inside == Some(parent) {
                frame = self.frame(frame).map_or(frame, |frame| frame.parent);
            }
            if self.cell(parent, frame).is_some_and(|cell| cell.read_only) {
                return true;
            }
            let node = self.form.node(parent);
            inside = node.and_then(|node| node.repeat);
            at = node.and_then(|node| node.parent);
        }
        false
    }

    pub(super) fn which(&self, node: NodeId, frame: FrameId) -> Option<Which> {
        let cell = self.cell(node, frame)?;
        let kind = self.form.node(node)?.kind;
        let asked = !self.form.node(node)?.unseen
            && !kind.is_container()
            && !kind.is_metadata()
            && !kind.is_measured()
            && !matches!(kind, Kind::Note | Kind::Calculate | Kind::Hidden);
        if !cell.relevant {
            None
        } else if cell.broken {
            Some(Which::Constraint)
        } else if asked && cell.required && cell.value.is_empty() {
            Some(Which::Required)
        } else {
            None
        }
    }

    pub(super) fn fault(
        &self,
        node: NodeId,
        question: &Question,
        frame: FrameId,
        language: &str,
    ) -> Option<Fault> {
        let which = self.which(node, frame)?;
        let (texts, standard) = match which {
            Which::Required => (&question.required_message, Code::RequiredMissing),
            Which::Constraint => (&question.constraint_message, Code::ConstraintFailed),
        };
        let place = Place { filling: self, node: Some(node), frame, row: None };
        let own = texts.get(language, &self.form.default_language);
        let own = own.map(|text| Template::new(text).fill(&place).unwrap_or_else(|_| text.clone()));
        let message = own.unwrap_or_else(|| standard.text(&[]).get(language).to_owned());
        Some(Fault { which, message })
    }

    pub(super) fn fill(
        &self,
        texts: &Texts<Template>,
        node: NodeId,
        frame: FrameId,
        language: &str,
    ) -> String {
        let Some(template) = texts.get(language, &self.form.default_language) else {
            return String::new();
        };
        let place = Place { filling: self, node: Some(node), frame, row: None };
        template.fill(&place).unwrap_or_else(|_| template.source().to_owned())
    }
}
