//! A form being filled in: answers, and everything that follows from them.

mod adopt;
mod entry;
mod error;
mod frames;
mod locate;
mod misfits;
mod offered;
mod pages;
mod place;
mod rows;
mod score;
mod settle;
mod state;
mod summary;
mod things;
mod triggers;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub use entry::half_width;
pub use error::FillError;
pub use misfits::Misfit;
pub use offered::Source;
pub use rows::RowsDue;
pub use score::{Score, SectionScore};
pub use state::{Fault, NodeState, Which, Wrong};
pub use things::Thing;

use frames::{Frame, FrameId, ROOT_FRAME};

use crate::answers::Answers;
use crate::expr::{EvalError, Moment};
use crate::form::{Form, NodeId};
use crate::kind::Kind;
use crate::limits;

/// Who fills in the form, for its metadata questions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    /// For `deviceid`.
    pub device: String,
    /// For `username`.
    pub username: String,
    /// For `phonenumber`.
    pub phone: String,
    /// For `email`.
    pub email: String,
    /// The answers of the record of this form that the same person saved before, for
    /// `${last-saved#..}` in defaults. Nowhere else: a default is evaluated once, by the phone that
    /// begins the record, and stored; anything else is evaluated everywhere, where nobody knows them.
    pub last_saved: Option<Arc<Answers>>,
}

/// What of a question an expression says. Each is evaluated at its own time, and only then is it known again
/// whether it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Tier {
    /// Its relevance, value and count.
    Value,
    /// Whether it is required, read-only, and rightly answered.
    Check,
    /// What a trigger sets it to.
    Trigger,
}

/// The answers of one document under one form, and all states that follow.
///
/// Every change evaluates only what depends on it. Equal forms, answers, moments and sessions give
/// equal states on every device.
#[derive(Debug, Clone)]
pub struct Filling {
    form: Arc<Form>,
    answers: Answers,
    moment: Moment,
    session: Session,
    frames: Vec<Option<Frame>>,
    /// How many frames are in use.
    live: usize,
    overfull: bool,
    /// The frames of each repeat, in no order.
    instances: HashMap<NodeId, Vec<FrameId>>,
    dirty: BTreeSet<(u32, FrameId)>,
    checks: BTreeSet<(NodeId, FrameId)>,
    changed: BTreeSet<(NodeId, FrameId)>,
    written: BTreeMap<String, String>,
    faults: HashMap<(NodeId, FrameId, Tier), EvalError>,
    /// What is being evaluated.
    tier: Tier,
    /// Nodes whose change sets others.
    pulled: BTreeSet<(NodeId, FrameId)>,
    /// The language that `jr:choice-name()` answers in; none is the form's own.
    language: Option<String>,
    /// What is left of [`limits::CHANGE_STEPS`].
    steps: u32,
    /// A default is being evaluated, which may look at the record before.
    recalls: bool,
    /// What the form filled in by itself and the document does not say.
    own: BTreeSet<String>,
    /// Some of that was drawn or worked out, so that another moment would have filled in something else.
    drawn: bool,
    /// To open it took so many steps that it may not be opened as a whole with a little more in it.
    costly: bool,
}

/// What a change did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// Keys and values for the caller to store: the answer itself, and what the form filled in
    /// (defaults of a new instance, `once()`).
    pub written: BTreeMap<String, String>,
    /// Keys of all nodes whose value or state is another now.
    pub touched: Vec<String>,
}

impl Filling {
    /// Opens a document. What the form fills in at once is in [`Filling::prefilled`].
    pub fn new(form: impl Into<Arc<Form>>, answers: Answers, moment: Moment, session: Session) -> Filling {
        let mut filling = Filling {
            form: form.into(),
            answers,
            moment,
            session,
            frames: Vec::new(),
            live: 0,
            overfull: false,
            instances: HashMap::new(),
            dirty: BTreeSet::new(),
            checks: BTreeSet::new(),
            changed: BTreeSet::new(),
            written: BTreeMap::new(),
            faults: HashMap::new(),
            tier: Tier::Value,
            pulled: BTreeSet::new(),
            language: None,
            steps: limits::CHANGE_STEPS,
            recalls: false,
            own: BTreeSet::new(),
            drawn: false,
            costly: false,
        };
        filling.load(None, ROOT_FRAME, "", "");
        filling.mark_frame(ROOT_FRAME);
        for frame in 0..filling.frames.len() {
            filling.apply_defaults(frame);
        }
        filling.settle();
        filling.changed.clear();
        filling.pulled.clear();
        filling.costly = filling.steps < limits::CHANGE_STEPS / 2;
        filling.own_is_written();
        filling
    }

    /// Answers a question, named by its path (`/data/sku[2]/price`) or key (`sku/<id>/price`).
    /// An empty value clears. The value is checked against the question's type and stored in that
    /// type's one way of writing. Constraints do not refuse: they show as states.
    pub fn set(&mut self, target: &str, value: &str) -> Result<Changed, FillError> {
        let (node, frame) = self.locate(target)?;
        let form = Arc::clone(&self.form);
        let field = || target.to_owned();
        let question = form.node(node).ok_or_else(|| FillError::NoSuchQuestion { field: field() })?;
        if question.kind.is_container() {
            return Err(FillError::NotAQuestion { field: field() });
        }
        let computed = matches!(question.kind, Kind::Calculate | Kind::Note) || question.kind.is_measured();
        if computed || question.unseen || question.calculation.is_some() || question.kind.is_metadata() {
            return Err(FillError::Calculated { field: field() });
        }
        if self.cell(node, frame).is_some_and(|cell| cell.read_only) || self.closed(question, frame) {
            return Err(FillError::ReadOnly { field: field() });
        }
        let value = entry::normalised(&form, question, value)?;
        let key = self.key(node, frame);
        self.answers.insert(key, value.clone())?;
        self.begin();
        self.write(node, frame, value);
        self.mark(node, frame);
        self.settle();
        self.pull();
        Ok(self.finish())
    }

    /// Moves the clock and evaluates again what reads it.
    pub fn advance(&mut self, moment: Moment) -> Changed {
        self.begin();
        self.moment = moment;
        self.mark_clocked();
        self.settle();
        self.finish()
    }

    /// Chooses the language that `jr:choice-name()` answers in. Without it, and wherever documents
    /// are projected, that is the form's default language, so that all devices agree.
    pub fn set_language(&mut self, language: &str) -> Changed {
        self.begin();
        self.language = Some(language.to_owned());
        self.mark_spoken();
        self.settle();
        self.finish()
    }

    /// The form.
    pub fn form(&self) -> &Arc<Form> {
        &self.form
    }

    /// Who fills in the form.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The document: everything that was given or set, relevant or not, keys of other versions of
    /// the form included.
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// What the form filled in on opening, for the caller to store if the document is kept:
    /// defaults, `start`, `once()`. Valid until the first change.
    pub fn prefilled(&self) -> &BTreeMap<String, String> {
        &self.written
    }

    /// Formulas that could not be evaluated, by key. Such a condition counts as fulfilled and such
    /// a calculation is empty.
    pub fn faults(&self) -> BTreeMap<String, EvalError> {
        let faults = self.faults.iter();
        faults.map(|((node, frame, _), error)| (self.key(*node, *frame), error.clone())).collect()
    }

    /// Whether there are more instances than [`limits::INSTANCES`], so that some are not shown.
    pub fn is_overfull(&self) -> bool {
        self.overfull
    }

    fn begin(&mut self) {
        self.steps = limits::CHANGE_STEPS;
        self.changed.clear();
        self.written.clear();
        self.pulled.clear();
    }

    fn finish(&mut self) -> Changed {
        let changed = std::mem::take(&mut self.changed);
        Changed {
            written: std::mem::take(&mut self.written),
            touched: changed
                .into_iter()
                .filter(|(_, frame)| self.frame(*frame).is_some())
                .map(|(node, frame)| self.key(node, frame))
                .collect(),
        }
    }
}
