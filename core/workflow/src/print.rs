//! What a kind can print: a template of sections, the stages and people that it is for, and the act by
//! which it is remembered that it was printed.
//!
//! The record says what stands on the paper; how a page looks is not decided here.

use crate::available::View;
use crate::complete;
use crate::env::Env;
use crate::expression::Expression;
use crate::kind::{Guard, Kind};
use crate::messages::refusal;
use crate::record::Record;
use crate::reminder::ReminderRule;
use crate::rule::hold;
use crate::stop::{Stop, settle};
use crate::template::Template;
use crate::world::{World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::people::Role;
use rounds_model::refusal::Refusal;
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;

/// A paper that a kind's records can be printed as.
#[derive(Debug)]
pub struct Print {
    /// Its name.
    pub name: String,
    /// What people read, on the button and on the paper.
    pub title: Text,
    /// The stages in which it may be printed; any, if none are given.
    pub stages: Vec<String>,
    /// Who of those who hold the record may print it; all, if no role is given.
    pub roles: Vec<Role>,
    /// The act that says that it was printed.
    pub act: Option<String>,
    /// The act after which it must be printed again.
    pub since: Option<String>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
    pub(crate) subtitle: Option<Template>,
    pub(crate) guards: Vec<Guard>,
    pub(crate) sections: Vec<SectionRule>,
}

#[derive(Debug)]
pub(crate) struct SectionRule {
    pub title: Option<Text>,
    pub when: Option<Expression>,
    pub text: Option<Template>,
    pub fields: Vec<String>,
    pub lines: Vec<(Text, Template)>,
    pub table: Option<Rows>,
    pub signatures: Vec<Text>,
}

/// What stands on the paper, below its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// A line below the title.
    pub subtitle: Option<Text>,
    /// The sections that are printed of this record, in the author's order.
    pub sections: Vec<Section>,
}

/// A section of a paper: what it has stands in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub title: Option<Text>,
    /// Running text.
    pub text: Option<Text>,
    /// Answers with their labels: keys, groups (`step2/*`), or `*` for all.
    pub fields: Vec<String>,
    /// Labels with values that are worked out.
    pub lines: Vec<(Text, Text)>,
    /// A table.
    pub table: Option<Rows>,
    /// Places to sign.
    pub signatures: Vec<Text>,
}

/// What the rows of a table are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// The rows of a repeat, and which of its answers are columns.
    Repeat {
        /// The repeat's key.
        repeat: String,
        /// Names of its questions.
        columns: Vec<String>,
    },
    /// The documents of a checklist, and whether each is there.
    Checklist(String),
    /// The records of a kind that link to this one.
    Records {
        /// The kind.
        kind: String,
        /// Its question whose answer is this record.
        link: String,
        /// Its questions that are columns; `@title` and `@stage` are what lists show.
        columns: Vec<String>,
    },
}

impl Section {
    /// Where an answer stands among those that are printed in it; none if it is not.
    pub fn place(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|pattern| match pattern.strip_suffix('*') {
            Some(group) => key.starts_with(group),
            None => pattern == key,
        })
    }
}

impl Print {
    /// The kinds whose records stand in its tables because they link to this one, and by which answer.
    pub fn linking(&self) -> impl Iterator<Item = (&str, &str)> {
        self.sections.iter().filter_map(|section| match &section.table {
            Some(Rows::Records { kind, link, .. }) => Some((kind.as_str(), link.as_str())),
            _ => None,
        })
    }

    /// Whether it was printed, and nothing has been done since that asks for another one. Never, if no
    /// act says so.
    pub fn is_printed(&self, record: &Record) -> bool {
        let order = |act: &Option<String>| match record.acts.get(&format!("@{}/@order", act.as_ref()?)) {
            Some(Scalar::Int(order)) => Some(*order),
            _ => None,
        };
        order(&self.act).is_some_and(|printed| order(&self.since).is_none_or(|since| since < printed))
    }
}

/// Whether a paper may be printed of a record as it stands.
///
/// Refusals: `print-not-now`, `print-role`, and those of the pack's guards.
pub fn may_print(
    kind: &Kind,
    print: &Print,
    record: &Record,
    view: &View<'_>,
) -> Result<Result<(), Refusal>, WorldError> {
    let whole = complete::worked_out(kind, record, view.moment);
    settle(allowed(kind, print, &whole, view))
}

fn allowed(kind: &Kind, print: &Print, record: &Record, view: &View<'_>) -> Result<(), Stop> {
    let stage = kind.stage_title(&record.stage);
    let no = |code: &str| {
        let no = refusal(code, &[("print", &print.title), ("stage", &stage)]);
        Err(no.by(print.rule.as_ref()).into())
    };
    let in_stage = print.stages.is_empty() || print.stages.contains(&record.stage);
    if !in_stage || kind.is_removed(&record.stage) {
        return no("print-not-now");
    }
    if !print.roles.is_empty() && !print.roles.contains(view.who.role) {
        return no("print-role");
    }
    let env = view.env(kind, record);
    print.guards.iter().try_for_each(|guard| hold(guard, &env))
}

/// What stands on the paper. A section whose condition cannot be worked out is printed rather than left
/// out; a value that cannot is `…`.
pub fn paper(kind: &Kind, print: &Print, record: &Record, view: &View<'_>) -> Result<Paper, WorldError> {
    let whole = complete::worked_out(kind, record, view.moment);
    let env = view.env(kind, &whole);
    let read = |stop: Stop| match stop {
        Stop::World(error) => error,
        Stop::Eval(detail) => WorldError(detail),
        Stop::Refused(no) | Stop::Overtaken(no) => WorldError(no.code),
    };
    let subtitle = print.subtitle.as_ref().map(|text| text.whole(&env)).transpose().map_err(read)?;
    let mut sections = Vec::new();
    for rule in &print.sections {
        let asked = rule.when.as_ref().map(|when| when.holds(&env));
        match asked {
            Some(Ok(false)) => continue,
            Some(Err(Stop::World(error))) => return Err(error),
            _ => {}
        }
        let mut lines = Vec::new();
        for (title, value) in &rule.lines {
            lines.push((title.clone(), value.whole(&env).map_err(read)?));
        }
        sections.push(Section {
            title: rule.title.clone(),
            text: rule.text.as_ref().map(|text| text.whole(&env)).transpose().map_err(read)?,
            fields: rule.fields.clone(),
            lines,
            table: rule.table.clone(),
            signatures: rule.signatures.clone(),
        });
    }
    Ok(Paper { subtitle, sections })
}

/// The papers that must be printed of a record and were not, whether or not it is time to remind of them.
pub fn unprinted<'k>(
    kind: &'k Kind,
    record: &Record,
    world: &dyn World,
) -> Result<Vec<&'k Print>, WorldError> {
    let mut found: Vec<&Print> = Vec::new();
    if kind.is_removed(&record.stage) {
        return Ok(found);
    }
    let stands = |rule: &&ReminderRule| rule.stages.is_empty() || rule.stages.contains(&record.stage);
    for rule in kind.reminders.iter().filter(stands) {
        let print = rule.print.as_ref().and_then(|name| kind.print(name));
        let Some(print) = print.filter(|print| !print.is_printed(record)) else { continue };
        // What must be printed does not depend on the time: the check sees to it.
        let env = Env::new(kind, record, world, Moment::default());
        if settle(rule.when.holds(&env))? == Ok(true) && !found.iter().any(|known| known.name == print.name) {
            found.push(print);
        }
    }
    Ok(found)
}
