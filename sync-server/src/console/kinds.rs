//! What the console must know of the packs: the words of each kind, and what a record is called.
//!
//! The console asks through [`Lexicon`], so that it knows no kind by name, no form library and no
//! file of a pack.

use super::view::Tone;
use crate::admin::reminders::Due;
use crate::evidence::exceptions::Exception as Doubtful;
use crate::storage::records::{ActRow, RecordRow};
use crate::storage::{Read, Result};
use chrono::NaiveDate;
use rounds_model::ids::DocId;
use rounds_model::people::{Person, Role};
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::text::{Lang, Text};
use rounds_workflow::{How, Pack, Span, Tab};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where the words of a team's packs come from.
pub trait Library: Send + Sync {
    /// The words of the team's newest packs.
    fn open(&self, tx: &dyn Read) -> Result<Arc<dyn Lexicon>>;
}

/// The words of one team's packs.
pub trait Lexicon: Send + Sync {
    /// Every kind, in the order in which they are offered.
    fn kinds(&self) -> &[KindWords];

    /// The packs that there are.
    fn packs(&self) -> Vec<&Pack> {
        Vec::new()
    }

    /// What a record is called.
    fn name(&self, tx: &dyn Read, record: &RecordRow, lang: Lang) -> Result<Name>;

    /// Reads records for a file, one after the other: each is decoded once, and what records link to is
    /// remembered for the next.
    fn exporting<'a>(&'a self, tx: &'a dyn Read, lang: Lang) -> Exporting<'a> {
        Box::new(move |record| {
            let (title, score) = (self.name(tx, record, lang)?.title, self.final_score(record)?);
            Ok(Exported { title, score, data: self.told(record)?.data })
        })
    }

    /// What the record's form works out beside the answers, by key.
    fn worked_out(&self, _record: &RecordRow) -> Result<BTreeMap<String, Scalar>> {
        Ok(BTreeMap::new())
    }

    /// A kind as earlier versions of its pack had it, the newest first.
    fn older(&self, _tx: &dyn Read, _kind: &str) -> Result<Arc<Vec<KindWords>>> {
        Ok(Arc::default())
    }

    /// The kind of a record, at the version that it stays with.
    fn kind_of(&self, record: &RecordRow) -> Option<&KindWords> {
        self.kind(&record.kind)
    }

    /// What the answers of a record come to; none for a form without scores. `at_ms` is when it was
    /// last written.
    fn score(
        &self,
        _record: &RecordRow,
        _fields: &BTreeMap<String, Scalar>,
        _at_ms: i64,
    ) -> Result<Option<Scored>> {
        Ok(None)
    }

    /// The percent of a record that is no draft any more.
    fn final_score(&self, _record: &RecordRow) -> Result<Option<f64>> {
        Ok(None)
    }

    /// What a person could do with a record now, in the author's order.
    fn offers(
        &self,
        _tx: &dyn Read,
        _record: &RecordRow,
        _fields: &BTreeMap<String, Scalar>,
        _acts: &[ActRow],
        _who: &Person,
        _now_ms: i64,
    ) -> Result<Vec<Offer>> {
        Ok(Vec::new())
    }

    /// What was said about single questions when the record came to the stage that it is in, by the
    /// answers' keys.
    fn comments(&self, _record: &RecordRow) -> Result<BTreeMap<String, String>> {
        Ok(BTreeMap::new())
    }

    /// The answers of a record as its row has them, with what its acts say, and its place in its day.
    fn told(&self, _record: &RecordRow) -> Result<ToldRow> {
        Ok(ToldRow::default())
    }

    /// What a report comes to in these days; none if there is no such report.
    fn tabulate(
        &self,
        _tx: &dyn Read,
        _kind: &str,
        _report: &str,
        _within: &Within,
    ) -> Result<Option<Tabled>> {
        Ok(None)
    }

    /// Of these records those that are in a list of their pack, in its order.
    fn listed(
        &self,
        _tx: &dyn Read,
        _kind: &str,
        _list: &str,
        _who: &Person,
        rows: Vec<RecordRow>,
        _now_ms: i64,
    ) -> Result<Vec<RecordRow>> {
        Ok(rows)
    }

    /// Whether there can be reminders.
    fn reminds(&self) -> bool {
        false
    }

    /// What should be done about the records of these scopes, or of all.
    fn reminders(&self, _tx: &dyn Read, _scopes: Option<&[Scope]>, _now_ms: i64) -> Result<Vec<Due>> {
        Ok(Vec::new())
    }

    /// What of the records in these scopes, or in any, somebody should look at, by their packs and by what
    /// the server found.
    fn evidence(&self, _tx: &dyn Read, _scopes: Option<&[Scope]>, _now_ms: i64) -> Result<Vec<Doubtful>> {
        Ok(Vec::new())
    }

    /// The same of one record.
    fn evidence_of(&self, _tx: &dyn Read, _doc: DocId, _now_ms: i64) -> Result<Vec<Doubtful>> {
        Ok(Vec::new())
    }

    /// What whoever decides about a record should know of its recordings first.
    fn warnings(&self, _tx: &dyn Read, _doc: DocId) -> Result<Vec<Text>> {
        Ok(Vec::new())
    }

    /// Whether the records of this one's kind are recorded by a script.
    fn is_recorded(&self, _record: &RecordRow) -> bool {
        false
    }

    /// A kind by its name.
    fn kind(&self, name: &str) -> Option<&KindWords> {
        self.kinds().iter().find(|kind| kind.name == name)
    }
}

/// Makes of a record what a file has of it.
pub type Exporting<'a> = Box<dyn FnMut(&RecordRow) -> Result<Exported> + 'a>;

/// What a file has of a record beside the columns of its row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Exported {
    /// What it is called.
    pub title: String,
    /// Answers, and what acts say below `@<act>/`.
    pub data: BTreeMap<String, Scalar>,
    /// The percent of a record that is no draft any more.
    pub score: Option<f64>,
}

/// What a row tells of its record beside the columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ToldRow {
    /// Answers, and what acts say below `@<act>/`.
    pub data: BTreeMap<String, Scalar>,
    /// Its place within its day, lowest first.
    pub order: Option<f64>,
}

/// A report of a kind, in words.
#[derive(Debug, Clone)]
pub struct ReportWords {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// Which question it answers.
    pub hint: Option<Text>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    /// What its groups are called.
    pub groups: Text,
    /// The days that it looks at together.
    pub span: Span,
    /// Those without a record are named too.
    pub everyone: bool,
    /// Its columns, and what is made of their values.
    pub columns: Vec<(Text, How)>,
}

/// The records that a report looks at.
#[derive(Debug, Clone, Default)]
pub struct Within {
    /// Held in one of these scopes; in any, if it is not said.
    pub scopes: Option<Vec<Scope>>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// When the first one begins and the last one has ended, Unix milliseconds.
    pub made: (i64, i64),
    /// Groups at most.
    pub groups: usize,
}

/// What a report comes to.
#[derive(Debug, Clone)]
pub struct Tabled {
    /// How a group is shown.
    pub labels: rounds_workflow::Labels,
    /// Each group with its figures, and what was left out.
    pub table: rounds_workflow::ReportTable,
    /// How many records were not looked at, because there are too many.
    pub unread: u64,
}

/// An act that somebody could state.
#[derive(Debug, Clone)]
pub struct Offer {
    /// Its name.
    pub act: String,
    /// What people read on the button.
    pub title: Text,
    /// How it is set off.
    pub tone: Tone,
    /// What it asks for.
    pub asks: Vec<Ask>,
    /// It can say something about single questions.
    pub comments: bool,
    /// It gives the record to somebody: what it asks for, or works out, that says to whom.
    pub assigns: Option<String>,
    /// Why it would not be accepted, as far as that can be said before it is filled in.
    pub refusal: Option<Refusal>,
    /// What it would be taken as instead, and why.
    pub turns: Option<(Text, Text)>,
}

/// Something that an act asks for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Its name in the act's payload.
    pub name: String,
    /// What people read.
    pub label: Text,
    /// A hint below it.
    pub hint: Option<Text>,
    /// What an answer is.
    pub answer: rounds_workflow::Answer,
    /// Must be answered.
    pub required: bool,
    /// For choices: what is kept, and what people read.
    pub choices: Vec<(String, Text)>,
    /// The kind of record that is asked for.
    pub link: Option<String>,
}

/// What the answers of a record come to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Scored {
    /// Points earned.
    pub points: f64,
    /// Points that could be earned.
    pub possible: f64,
    /// From 0 to 100; none when nothing counts.
    pub percent: Option<f64>,
    /// Whether it is passed.
    pub passed: Option<bool>,
    /// Section by section.
    pub sections: Vec<SectionScored>,
    /// Keys of critical questions whose answers fail the whole.
    pub critical_failed: Vec<String>,
    /// Keys of critical questions that are not answered.
    pub critical_open: Vec<String>,
}

/// What a section comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SectionScored {
    /// As the workbook names it.
    pub name: String,
    /// From 0 to 100; none when nothing in it counts.
    pub percent: Option<f64>,
    /// Whether its mark is reached; none without a mark.
    pub passed: Option<bool>,
}

/// What a record is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The first line; never empty.
    pub title: String,
    /// The second line.
    pub subtitle: Option<String>,
    /// More words to find it by, as its pack says: the names in the other language, a code.
    pub words: String,
}

/// The words of a kind of record.
#[derive(Debug, Clone, Default)]
pub struct KindWords {
    /// The tabs of its page.
    pub tabs: Vec<Tab>,
    /// Its name.
    pub name: String,
    /// What one is called.
    pub title: Text,
    /// What several are called.
    pub plural: Text,
    /// Its stages.
    pub stages: Vec<StageWords>,
    /// Its acts.
    pub acts: Vec<ActWords>,
    /// The stages in which a record is dealt with for its day; none if the kind has no days.
    pub agenda: Option<Vec<String>>,
    /// Its questions in the order of the form.
    pub questions: Vec<Question>,
    /// The labels of groups and repeats, by key without instances: `sku`, `step2`.
    pub groups: Vec<(String, Text)>,
    /// Its reports.
    pub reports: Vec<ReportWords>,
    /// The lists that its pack offers.
    pub lists: Vec<ListWords>,
    /// The kinds that its answers link to.
    pub links: Vec<String>,
    /// The title of its pack.
    pub pack: Text,
    /// The roles that may create one.
    pub create: Vec<Role>,
    /// Its answers can be scored.
    pub scored: bool,
    /// It says what its records are about.
    pub about: bool,
    /// More than its owner, and whoever leads them, hold a record.
    pub shared: bool,
}

/// A list that a pack offers.
#[derive(Debug, Clone)]
pub struct ListWords {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// In these stages; in any, if there are none.
    pub stages: Vec<String>,
    /// What stands beside a record's title: where it is, and its heading.
    pub columns: Vec<(String, Text)>,
}

/// A stage.
#[derive(Debug, Clone)]
pub struct StageWords {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// How it is set off.
    pub tone: Tone,
    /// A record in it counts as removed.
    pub removed: bool,
}

/// An act.
#[derive(Debug, Clone)]
pub struct ActWords {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// What it asks for, and the numbers that it gives.
    pub payload: Vec<Question>,
    /// How people read what it came to.
    pub told: Vec<rounds_workflow::Told>,
    /// The same as columns of a file.
    pub comes_to: Vec<Question>,
    /// The stages in which it is possible.
    pub from: Vec<String>,
    /// The stage that it leads to.
    pub to: String,
    /// The roles that may state it.
    pub roles: Vec<Role>,
    /// Whether anyone of these roles may; otherwise only the record's owner.
    pub anyone: bool,
    /// It gives the record to somebody: what it asks for, or works out, that says to whom.
    pub assigns: Option<String>,
    /// How it is set off.
    pub tone: Tone,
}

/// A question.
#[derive(Debug, Clone)]
pub struct Question {
    /// The parts of its key, each with the mark of a repeat, after which an instance's id stands.
    pub parts: Vec<(String, bool)>,
    /// What people read; empty for what the form records without asking.
    pub label: Text,
    /// What an answer is.
    pub sort: Sort,
    /// For choices: what is kept, and what people read.
    pub choices: Vec<(String, Text)>,
}

/// What an answer is, as far as writing it down goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// As it is.
    #[default]
    Plain,
    /// Yes or no.
    Boolean,
    /// `2026-11-23`.
    Date,
    /// ISO 8601 with its offset.
    DateTime,
    /// `latitude longitude altitude accuracy`.
    Place,
    /// One or several of the choices, with spaces between.
    Choices,
    /// The hash of a blob; the message that names what it is.
    Blob(&'static str),
    /// A person's id.
    Person,
    /// A record's id.
    Record,
}

impl Sort {
    /// A word for it, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Sort::Plain => "plain",
            Sort::Boolean => "boolean",
            Sort::Date => "date",
            Sort::DateTime => "datetime",
            Sort::Place => "place",
            Sort::Choices => "choices",
            Sort::Blob(_) => "file",
            Sort::Person => "person",
            Sort::Record => "record",
        }
    }
}

impl KindWords {
    /// What people read of a stage, and how it is set off; the name if this version has no such
    /// stage.
    pub fn stage(&self, name: &str) -> (Text, Tone) {
        let found = self.stages.iter().find(|stage| stage.name == name);
        found.map_or_else(|| (Text::new(name, name), Tone::Neutral), |s| (s.title.clone(), s.tone))
    }

    /// An act by its name.
    pub fn act(&self, name: &str) -> Option<&ActWords> {
        self.acts.iter().find(|act| act.name == name)
    }

    /// The label of a group or repeat.
    pub fn group(&self, path: &str) -> Option<&Text> {
        self.groups.iter().find(|(name, _)| name == path).map(|(_, label)| label)
    }

    /// What is kept under a key: an answer, or what an act says.
    pub fn told(&self, key: &str) -> Option<&Question> {
        let Some((act, part)) = key.strip_prefix('@').and_then(|rest| rest.split_once('/')) else {
            return self.question(key);
        };
        let act = self.act(act)?;
        act.payload.iter().chain(&act.comes_to).find(|question| question.path() == part)
    }

    /// The question that an answer key belongs to.
    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.matches(key))
    }

    /// The stages whose records wait for somebody of this role: someone else brought them there, and the
    /// way on is an act of theirs alone.
    pub fn waits_for(&self, role: &Role) -> Vec<&str> {
        if self.create.contains(role) && !self.create.iter().any(|other| other != role) {
            return vec![];
        }
        let onwards = |act: &&ActWords| {
            act.anyone
                && act.roles.contains(role)
                && !act.roles.iter().any(|other| self.create.contains(other) && other != role)
                && !matches!(act.tone, Tone::Warning | Tone::Bad)
        };
        let decided: Vec<&ActWords> = self.acts.iter().filter(onwards).collect();
        let waits = |stage: &&StageWords| {
            let first = self.stages.first().is_some_and(|first| first.name == stage.name);
            !first
                && !stage.removed
                && decided.iter().any(|act| act.from.contains(&stage.name) && act.to != stage.name)
        };
        self.stages.iter().filter(waits).map(|stage| stage.name.as_str()).collect()
    }

    /// The acts that somebody of this role may state of records that are not their own.
    pub fn acts_of(&self, role: &Role) -> Vec<&ActWords> {
        self.acts.iter().filter(|act| act.anyone && act.roles.contains(role)).collect()
    }

    /// The act by which what head office made for everybody, such as a store, is given to somebody who looks
    /// after it.
    pub fn entrusts(&self) -> Option<&ActWords> {
        let master = self.shared && self.create.iter().all(|role| role.0 == Role::OPERATOR);
        self.acts.iter().find(|act| master && act.anyone && act.assigns.is_some())
    }

    /// Whether a record in this stage is dealt with.
    pub fn is_done(&self, stage: &str) -> bool {
        self.agenda.as_ref().is_some_and(|done| done.iter().any(|d| d == stage))
    }
}

impl Question {
    /// What people read; the name where there is nothing to read.
    pub fn label(&self, lang: Lang) -> &str {
        let name = || self.parts.last().map_or("", |(name, _)| name.as_str());
        Some(self.label.get(lang)).filter(|label| !label.is_empty()).unwrap_or_else(name)
    }

    /// Whether anybody was asked.
    pub fn is_asked(&self) -> bool {
        !self.label.zh.is_empty() || !self.label.en.is_empty()
    }

    /// The key without instances: `sku/price`.
    pub fn path(&self) -> String {
        self.parts.iter().map(|(part, _)| part.as_str()).collect::<Vec<_>>().join("/")
    }

    /// The key with `*` in the place of each row: `sku/*/price`.
    pub fn pattern(&self) -> String {
        let parts =
            self.parts.iter().map(|(part, repeat)| format!("{part}{}", if *repeat { "/*" } else { "" }));
        parts.collect::<Vec<_>>().join("/")
    }

    /// The key of the innermost repeat around it without instances, if there is one.
    pub fn repeat(&self) -> Option<String> {
        let last = self.parts.iter().rposition(|(_, repeat)| *repeat)?;
        let parts = self.parts.iter().take(last + 1).map(|(part, _)| part.as_str());
        Some(parts.collect::<Vec<_>>().join("/"))
    }

    /// The instance of the innermost repeat that a key of this question is in: `sku/3f` of
    /// `sku/3f/price`.
    pub fn instance<'k>(&self, key: &'k str) -> Option<&'k str> {
        self.repeat()?;
        let after = self.parts.iter().rev().take_while(|(_, repeat)| !repeat).count();
        let mut found = key;
        for _ in 0..after {
            found = found.rsplit_once('/')?.0;
        }
        Some(found)
    }

    /// Whether an answer key is of this question.
    pub fn matches(&self, key: &str) -> bool {
        let mut given = key.split('/');
        let fits = self
            .parts
            .iter()
            .all(|(part, repeat)| given.next() == Some(part.as_str()) && (!repeat || given.next().is_some()));
        fits && given.next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_instances_finds_its_question() {
        let parts = vec![("sku".to_owned(), true), ("price".to_owned(), false)];
        let question = Question { parts, label: Text::default(), sort: Sort::Plain, choices: vec![] };
        let kind = KindWords { questions: vec![question], ..KindWords::default() };
        assert!(kind.question("sku/3f/price").is_some());
        assert!(
            ["sku/price", "sku/3f/price/x", "sku/3f", "price"].iter().all(|k| kind.question(k).is_none())
        );
        assert_eq!(kind.questions[0].instance("sku/3f/price"), Some("sku/3f"));
        assert_eq!(kind.questions[0].repeat().as_deref(), Some("sku"));
    }
}
