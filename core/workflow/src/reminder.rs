//! Reminders: what should be done about a record by when, and who hears of it when it is not.

use crate::env::Env;
use crate::expression::Expression;
use crate::kind::Kind;
use crate::moment::instant;
use crate::record::Record;
use crate::stop::{Stop, settle};
use crate::template::Template;
use crate::world::{Person, World, WorldError};
use rounds_forms::expr::Moment;
use rounds_model::ids::PersonId;
use rounds_model::people::Role;
use rounds_model::text::Text;

const DAY_MS: i64 = 24 * 3_600_000;

/// A reminder of a kind.
#[derive(Debug)]
pub(crate) struct ReminderRule {
    pub name: String,
    pub title: Template,
    /// The stages in which it can stand; any, if none are given.
    pub stages: Vec<String>,
    pub when: Expression,
    pub due: Expression,
    /// So many days before it is due it is listed.
    pub soon: i64,
    /// The act that settles it.
    pub act: Option<String>,
    /// What must be printed; then it stands until that was.
    pub print: Option<String>,
    /// The person whom it is for, beside the roles.
    pub person: Option<Expression>,
    /// Whom it is for, of those who hold the record; its owner, if neither a person nor a role is given.
    pub roles: Vec<Role>,
    pub escalate: Vec<Escalation>,
    pub rule: Option<String>,
}

/// Who else hears of it, after so many days.
#[derive(Debug)]
pub(crate) struct Escalation {
    pub after: i64,
    pub to: Role,
}

/// Something that should be done about a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Its name in the pack.
    pub name: String,
    /// What people read.
    pub title: Text,
    /// By when, Unix milliseconds.
    pub due_ms: i64,
    /// How many whole days are left until then, or, negative, have gone by since.
    pub days: i64,
    /// It was not done in time.
    pub overdue: bool,
    /// The act that settles it.
    pub act: Option<String>,
    /// What must be printed, if that settles it.
    pub print: Option<String>,
    /// The person whom it names, whoever owns the record.
    pub person: Option<PersonId>,
    /// Whom it is for, of those who hold the record; its owner, if no role is given and nobody is named.
    pub roles: Vec<Role>,
    /// Who hears of it beside, by now.
    pub escalated: Vec<Role>,
    /// The requirement that it comes from.
    pub rule: Option<String>,
}

impl Kind {
    /// Whether its records can have reminders in this stage.
    pub fn reminds(&self, stage: &str) -> bool {
        let in_stage = |rule: &ReminderRule| rule.stages.is_empty() || rule.stages.iter().any(|s| s == stage);
        !self.is_removed(stage) && self.reminders.iter().any(in_stage)
    }
}

impl Reminder {
    /// Whether somebody who holds the record is to see it.
    pub fn concerns(&self, who: &Person<'_>, owner: PersonId) -> bool {
        self.is_first(who, owner) || self.escalated.contains(who.role)
    }

    /// Whether it is for them from the start; else it has come up to them because nobody did it.
    pub fn is_first(&self, who: &Person<'_>, owner: PersonId) -> bool {
        let own = self.roles.is_empty() && who.id == owner;
        self.person.map_or(own, |person| person == who.id) || self.roles.contains(who.role)
    }
}

/// What should be done about a record: overdue, or due soon. `moment` is now, by a clock that can be
/// believed; the record may be as lists know it ([`Projection::record`](crate::Projection::record)).
/// A reminder that cannot be worked out is left out.
pub fn reminders(
    kind: &Kind,
    record: &Record,
    world: &dyn World,
    moment: Moment,
) -> Result<Vec<Reminder>, WorldError> {
    let mut found = Vec::new();
    if kind.is_removed(&record.stage) {
        return Ok(found);
    }
    let env = Env::new(kind, record, world, moment);
    for rule in &kind.reminders {
        if rule.stages.is_empty() || rule.stages.contains(&record.stage) {
            found.extend(settle(remind(rule, &env))?.ok().flatten());
        }
    }
    found.sort_by_key(|reminder| reminder.due_ms);
    Ok(found)
}

fn remind(rule: &ReminderRule, env: &Env<'_>) -> Result<Option<Reminder>, Stop> {
    let print = rule.print.as_ref().and_then(|name| env.kind().print(name));
    if print.is_some_and(|print| print.is_printed(env.record())) || !rule.when.holds(env)? {
        return Ok(None);
    }
    // Who is named may be nobody yet, and then it is for the others.
    let person = rule.person.as_ref().map(|person| person.shown(env)).transpose()?;
    let now = env.time();
    let due = rule.due.shown(env)?;
    let Some(due_ms) = instant(&due, now.offset_minutes) else { return Ok(None) };
    let left = due_ms.saturating_sub(now.now_ms);
    if left > rule.soon.saturating_mul(DAY_MS) {
        return Ok(None);
    }
    // By days that went by as a whole, towards nothing on both sides.
    let days = left / DAY_MS;
    let overdue = left <= 0;
    let late = |escalation: &&Escalation| overdue && days.saturating_neg() >= escalation.after;
    Ok(Some(Reminder {
        name: rule.name.clone(),
        title: rule.title.fill(env)?,
        due_ms,
        days,
        overdue,
        act: rule.act.clone(),
        print: rule.print.clone(),
        person: person.and_then(|person| person.trim().parse().ok()),
        roles: rule.roles.clone(),
        escalated: rule.escalate.iter().filter(late).map(|escalation| escalation.to.clone()).collect(),
        rule: rule.rule.clone(),
    }))
}
