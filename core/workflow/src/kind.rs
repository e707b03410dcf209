//! A kind of record, ready to be judged by: what `pack.toml` says, checked and parsed.

use crate::arbitration::{Ledger, Need};
use crate::compile::through::Through;
use crate::compile::together::Summed;
use crate::documents::Checklist;
use crate::exception::ExceptionRule;
use crate::expression::Expression;
use crate::field::{ChoiceItem, Field};
use crate::finder::Finder;
use crate::listing::ListView;
use crate::number::NumberRule;
use crate::photos::PhotoRule;
use crate::print::Print;
use crate::problem::Problem;
use crate::project::{PASSED, SCORE};
use crate::questions::Questions;
use crate::reminder::ReminderRule;
use crate::report::Report;
use crate::schedule::Schedule;
use crate::script::RecordingRule;
use crate::stay::{StayRule, Step};
use crate::tab::Tab;
use crate::template::Template;
use crate::unique::Unique;
use crate::workbook::Workbook;
use rounds_forms::Table;
use rounds_model::people::Role;
use rounds_model::scalar::Scalar;
use rounds_model::text::{Lang, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A kind of record: a visit, an application, a store.
#[derive(Debug)]
pub struct Kind {
    /// Its name, unique among all packs of a team.
    pub name: String,
    /// The id of its pack.
    pub pack: String,
    /// The version of its pack.
    pub version: u32,
    /// What one is called.
    pub title: Text,
    /// What several are called.
    pub plural: Text,
    /// The requirement that it comes from: of every refusal about it that has none of its own.
    pub rule: Option<String>,
    /// Who holds its records.
    pub sharing: Sharing,
    /// The roles that may create one.
    pub create: Vec<Role>,
    /// The roles that may create one in somebody else's name.
    pub assign: Vec<Role>,
    /// The stage before any act.
    pub initial: String,
    /// The stages in the author's order.
    pub stages: Vec<Stage>,
    /// The fields that `pack.toml` declares. For a kind with a workbook these are asked before it.
    pub fields: Vec<Field>,
    /// The acts in the author's order.
    pub acts: Vec<ActRule>,
    /// The questions that find its records, in the author's order.
    pub finders: Vec<Finder>,
    /// The question that says what a record is about: the earlier score that is shown beside a
    /// record's own is that of the one before with the same answer here.
    pub subject: Option<String>,
    /// Answers that are known already when what they are read from is answered, by their questions.
    pub(crate) prefill: Vec<(String, Expression)>,
    /// The act that an edit can be turned into when it came too late: it asks for leave to change
    /// what is frozen by then. Its payload may have the names of answers.
    pub change_request: Option<String>,
    /// Where it stands on the Today screen; none if it is not there.
    pub agenda: Option<Agenda>,
    /// What its numbers are shown as, over time; none if they are not.
    pub trend: Option<Trend>,
    pub(crate) stay: Option<StayRule>,
    /// Of which record its records are steps; none if they are of none.
    pub step: Option<Step>,
    /// The workbook whose questions it asks.
    pub workbook: Option<Workbook>,
    pub(crate) questions: Questions,
    pub(crate) display: Shown,
    pub(crate) search: Vec<String>,
    pub(crate) write: Vec<WriteRule>,
    /// The documents that it asks for.
    pub checklists: Vec<Checklist>,
    /// The tabs of its page; without them everything stands on one.
    pub tabs: Vec<Tab>,
    /// What can be printed of its records, in the author's order.
    pub prints: Vec<Print>,
    /// What its records come to, group by group.
    pub reports: Vec<Report>,
    /// Lists of its records, in the author's order.
    pub lists: Vec<ListView>,
    /// The recordings that it asks for.
    pub recordings: Vec<RecordingRule>,
    /// What it asks of its photos.
    pub photos: Option<PhotoRule>,
    pub(crate) exceptions: Vec<ExceptionRule>,
    pub(crate) reminders: Vec<ReminderRule>,
    pub(crate) schedules: Arc<BTreeMap<String, Schedule>>,
    pub(crate) ledgers: Vec<Ledger>,
    /// The answers that together are those of one record only.
    pub(crate) unique: Option<Unique>,
    pub(crate) tables: Arc<BTreeMap<String, Table>>,
    /// Records that come with the pack, to be imported by an operator: answers by field.
    pub rows: Vec<BTreeMap<String, Scalar>>,
    /// Every kind that it links to and every key that it reads of a linked record (or `""`), with
    /// its line: for the check of all packs.
    pub(crate) reads: Vec<(String, String, u32)>,
    /// Every ledger that it asks for what is in it, with its line.
    pub(crate) tallies: Vec<(String, u32)>,
    /// Every ledger that a guard rests on without saying who knows all of it, with its line.
    pub(crate) unsaid: Vec<(String, u32)>,
    /// Every ledger that its display sums up without saying where that is not of all records.
    pub(crate) summed: Vec<Summed>,
    /// Every expression that reads through links, for the same check.
    pub(crate) through: Vec<Through>,
    /// Cells of tables that are read as numbers and are none.
    pub(crate) cells: Vec<Problem>,
    /// What refuses without saying which requirement it comes from.
    pub(crate) unfounded: Vec<Problem>,
}

/// Who holds the records of a kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sharing {
    /// Everyone of the team: shared master data.
    Team,
    /// The record's owner, and whoever leads them.
    Owner,
    /// Whoever was granted the area that this answer names; the owner while it names none.
    Area(String),
}

/// Who of a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Only the record's owner.
    Owner,
    /// Anyone with the role.
    Anyone,
}

/// How a screen may set off a stage or an act; never by colour alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Neutral,
    /// Under way.
    Active,
    /// As it should be.
    Good,
    /// Needs a look.
    Warning,
    /// Not as it should be.
    Bad,
}

/// A stage that a record can be in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// How a screen may set it off.
    pub tone: Tone,
    /// A record in it counts as removed: it is in no list, and only an act brings it back.
    pub removed: bool,
}

/// A statement that can be made about a record, and when it holds.
#[derive(Debug)]
pub struct ActRule {
    /// Its name.
    pub name: String,
    /// What people read on the button.
    pub title: Text,
    /// How a screen may set it off.
    pub tone: Tone,
    /// The stages in which it is possible.
    pub from: Vec<String>,
    /// The stage that it leads to.
    pub to: String,
    /// The roles that may do it.
    pub roles: Vec<Role>,
    /// Who of these roles.
    pub who: Who,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    /// The record's questions must all be answered rightly.
    pub complete: bool,
    /// It holds only on the very content that its author saw.
    pub exact: bool,
    /// The payload question or the fact that says whose the record is from then on.
    pub assigns: Option<String>,
    /// What it asks for.
    pub payload: Vec<Field>,
    /// It can say something about single questions of the record: what to change there.
    pub comments: bool,
    /// The record must be in the stage that its author saw.
    pub same_stage: bool,
    /// The act that it is taken as when others have overtaken it; none if it is refused then.
    pub otherwise: Option<String>,
    /// The checklists that must be complete.
    pub documents: Vec<String>,
    /// The answers whose files it seals: the server signs, with its time, that it had been told of them.
    pub seals: Vec<String>,
    /// The numbers that it gives.
    pub numbers: Vec<NumberRule>,
    /// The facts that people read, in the author's order; the others are for rules.
    pub told: Vec<Told>,
    pub(crate) needs: Vec<Need>,
    pub(crate) facts: Vec<(String, Expression)>,
    pub(crate) guards: Vec<Guard>,
}

/// How people read a fact of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The fact.
    pub name: String,
    /// Its label.
    pub title: Text,
    /// It rests on records of which a phone holds a part: what a phone works out is not it.
    pub waits: bool,
    /// What it comes to, where that is a word of the pack's own.
    pub choices: Vec<ChoiceItem>,
}

impl Told {
    /// What people read of a value; the value itself if it is none of the pack's words.
    pub fn shown(&self, value: &str, lang: Lang) -> String {
        let choice = self.choices.iter().find(|choice| choice.name == value);
        choice.map_or(value, |choice| choice.title.get(lang)).to_owned()
    }
}

/// A condition of an act.
#[derive(Debug)]
pub(crate) struct Guard {
    pub require: Expression,
    /// Only the server knows enough to say no: a phone, which holds a part, lets the act wait for it.
    pub waits: bool,
    pub refusal: RefusalRule,
}

/// What is said when a guard or an arbitration refuses.
#[derive(Debug)]
pub(crate) struct RefusalRule {
    pub code: String,
    pub field: Option<String>,
    pub rule: Option<String>,
    pub reason: Template,
    pub remedy: Template,
}

/// Where a kind stands on the Today screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// The date field.
    pub on: String,
    /// The field that orders a day.
    pub order: Option<String>,
    /// The stages in which it is dealt with.
    pub done: Vec<String>,
}

/// Numbers of a kind's records over time, at the record that they are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// The link to the record on whose screen it stands.
    pub at: String,
    /// The date that the records stand in a row by; when they were made, if none is named.
    pub on: Option<String>,
    /// The question that it answers.
    pub title: Text,
    /// The questions whose numbers stand in a row, the earlier first: of a record the last one counts, and of
    /// the first record the others before it.
    pub values: Vec<String>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
}

/// What a record is called, as expressions for each language.
#[derive(Debug)]
pub(crate) struct Shown {
    /// None: its workbook says it.
    pub title: Option<Both>,
    pub subtitle: Option<Both>,
}

/// One expression for each language.
#[derive(Debug)]
pub(crate) struct Both {
    pub zh: Expression,
    pub en: Expression,
}

/// Who may write what, when.
#[derive(Debug)]
pub(crate) struct WriteRule {
    pub stages: Vec<String>,
    pub roles: Vec<Role>,
    pub who: Who,
    pub fields: Vec<String>,
    pub rule: Option<String>,
}

impl Kind {
    /// A stage by its name.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.name == name)
    }

    /// What people read of a stage; its name if it is none of this version's stages.
    pub fn stage_title(&self, name: &str) -> Text {
        self.stage(name).map_or_else(|| Text::new(name, name), |stage| stage.title.clone())
    }

    /// Whether a record in this stage counts as removed.
    pub fn is_removed(&self, stage: &str) -> bool {
        self.stage(stage).is_some_and(|stage| stage.removed)
    }

    /// Whether a record in this stage waits for somebody of this role: it is under way or needs a look,
    /// and every act that leads on is theirs alone, about other people's records too.
    pub fn awaits(&self, stage: &str, role: &Role) -> bool {
        let toned = self.stage(stage).is_some_and(|s| matches!(s.tone, Tone::Active | Tone::Warning));
        let mut acts = self.acts.iter().filter(|act| act.from.iter().any(|from| from == stage)).peekable();
        let theirs = |act: &ActRule| act.roles.contains(role) && act.who == Who::Anyone;
        let owners = |act: &ActRule| self.create.iter().any(|r| r != role && act.roles.contains(r));
        toned && acts.peek().is_some() && acts.clone().any(theirs) && !acts.any(owners)
    }

    /// Whether records of this kind may have a claim in this ledger.
    pub fn keeps(&self, ledger: &str) -> bool {
        self.ledgers.iter().any(|rule| rule.book == ledger)
    }

    /// Whether this ledger is written by records of this kind, and not everybody holds all of them.
    pub(crate) fn keeps_partly(&self, ledger: &str) -> bool {
        self.sharing != Sharing::Team && self.ledgers.iter().any(|rule| rule.book == ledger)
    }

    /// An act by its name.
    pub fn act(&self, name: &str) -> Option<&ActRule> {
        self.acts.iter().find(|act| act.name == name)
    }

    /// What can be printed, by its name.
    pub fn print(&self, name: &str) -> Option<&Print> {
        self.prints.iter().find(|print| print.name == name)
    }

    /// The recording that answers a question.
    pub fn recording(&self, field: &str) -> Option<&RecordingRule> {
        self.recordings.iter().find(|recording| recording.field == field)
    }

    /// A declared field by its name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

impl Who {
    pub(crate) fn allows(
        self,
        person: rounds_model::ids::PersonId,
        owner: rounds_model::ids::PersonId,
    ) -> bool {
        self == Who::Anyone || person == owner
    }
}

impl Kind {
    /// Whether a projection of this kind can have this key: an answer, `@stage` and the like, or
    /// what one of its acts says. `@stage=open` asks whether it can be in that stage.
    pub(crate) fn tells(&self, key: &str) -> bool {
        if let Some(stage) = key.strip_prefix("@stage=") {
            return self.stage(stage).is_some();
        }
        if let Some((act, part)) = key.strip_prefix('@').and_then(|rest| rest.split_once('/')) {
            return self.act(act).is_some_and(|act| act.says(part));
        }
        let scored = self.workbook.is_some() && matches!(key, SCORE | PASSED);
        scored
            || matches!(key, "@stage" | "@owner" | "@kind")
            || self.questions.key(key).as_deref() == Some(key)
    }

    /// What people read of the question with this key, be it declared or the workbook's.
    pub fn question_title(&self, key: &str) -> Option<Text> {
        let declared = self.field(key).map(|field| field.title.clone());
        declared.or_else(|| self.workbook.as_ref()?.title(key))
    }

    /// What people read of an answer that was chosen from a list; none if it was not.
    pub fn choice_title(&self, key: &str, value: &str, lang: Lang) -> Option<String> {
        if let Some(field) = self.field(key) {
            let choice = field.choices.iter().find(|choice| choice.name == value)?;
            return Some(choice.title.get(lang).to_owned());
        }
        let workbook = self.workbook.as_ref()?;
        let labels = value.split_whitespace().map(|one| workbook.choice_label(key, one, lang));
        let labels = labels.collect::<Option<Vec<_>>>()?;
        (!labels.is_empty()).then(|| labels.join(", "))
    }
}

impl ActRule {
    /// Whether a phone that states the act works this fact out as the server does. Numbers and seals are the server's
    /// alone, and so is what rests on records of which a phone holds a part.
    pub fn works_out(&self, fact: &str) -> bool {
        let waits = self.told.iter().any(|told| told.waits && told.name == fact);
        !waits && self.facts.iter().any(|(name, _)| name == fact)
    }

    /// Whose the record is after an act with this payload, whose facts came to this; none if it stays
    /// whose it was.
    pub fn assignee(
        &self,
        payload: &BTreeMap<String, Scalar>,
        facts: &BTreeMap<String, Scalar>,
    ) -> Option<rounds_model::ids::PersonId> {
        let name = self.assigns.as_ref()?;
        payload.get(name).or_else(|| facts.get(name))?.as_text()?.parse().ok()
    }

    fn says(&self, part: &str) -> bool {
        matches!(part, "at" | "by" | "@clock" | "@order")
            || self.payload.iter().any(|field| field.name == part)
            || self.facts.iter().any(|(fact, _)| fact == part)
            || self.numbers.iter().any(|number| number.name == part)
    }
}
