//! What should be done about which record, overdue or soon: for an operator, over all of a team.

use crate::error::{Error, Result};
use crate::exchange::rules::Rules;
use crate::exchange::world::TeamWorld;
use crate::storage::Read;
use crate::storage::records::Filter;
use rounds_model::canonical;
use rounds_model::ids::{DocId, PersonId};
use rounds_model::people::Role;
use rounds_model::scope::Scope;
use rounds_model::text::{Lang, Text};
use rounds_workflow::{Projection, display, reminders};
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// Records read at a time.
const PAGE: u32 = 500;

/// Something that should be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The record.
    pub doc: DocId,
    /// Its kind.
    pub kind: String,
    /// What it is called.
    pub title: Text,
    /// Who is to do it: whom it names, or else whose the record is.
    pub owner: String,
    /// Whom it names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// What should be done.
    pub text: Text,
    /// By when, Unix milliseconds.
    pub due_ms: i64,
    /// It was not done in time.
    pub overdue: bool,
    /// Whole days until then, or, negative, since.
    pub days: i64,
    /// The roles that hear of it beside, by now.
    pub escalated: Vec<Role>,
    /// The requirement that it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
}

/// All of a team, what is longest overdue first.
pub fn due(view: &dyn Read, now_ms: i64) -> Result<Vec<Due>> {
    due_in(view, &*Rules::load(view)?, None, now_ms)
}

/// The same of some scopes, in one pass, or of all.
pub fn due_in(view: &dyn Read, rules: &Rules, scopes: Option<&[Scope]>, now_ms: i64) -> Result<Vec<Due>> {
    let world = TeamWorld {
        view,
        open: &HashMap::new(),
        now_ms: None,
        damaged: Default::default(),
        histories: &Default::default(),
    };
    let moment = rounds_workflow::moment(now_ms, rules.zone);
    let people: HashMap<_, _> = view.people()?.into_iter().map(|p| (p.id, p.name)).collect();
    let mut found = vec![];
    for (kind, stage) in reminding(rules) {
        let mut after = None;
        loop {
            let filter = Filter {
                kind: Some(kind.to_owned()),
                stage: Some(stage.to_owned()),
                after,
                scopes: scopes.map(<[Scope]>::to_vec),
                limit: PAGE,
                ..Filter::default()
            };
            let page = view.list(&filter)?;
            let Some(last) = page.last() else { break };
            after = Some(last.doc);
            for row in &page {
                let projection: Projection = canonical::decode(&row.projection)?;
                let Some(kind) = rules.catalogue.kind_at(kind, projection.pack) else { continue };
                let record = projection.record(row.doc);
                let unreadable = |e: rounds_workflow::WorldError| Error::Packs(e.to_string());
                let all = reminders(kind, &record, &world, moment).map_err(unreadable)?;
                let name =
                    |lang| display(kind, &record, &world, lang).map(|shown| shown.title).map_err(unreadable);
                for reminder in all {
                    found.push(Due {
                        doc: row.doc,
                        kind: row.kind.clone(),
                        title: Text { zh: name(Lang::Zh)?, en: name(Lang::En)? },
                        owner: people.get(&reminder.person.unwrap_or(row.owner)).cloned().unwrap_or_default(),
                        person: reminder.person,
                        text: reminder.title,
                        due_ms: reminder.due_ms,
                        overdue: reminder.overdue,
                        days: reminder.days,
                        escalated: reminder.escalated,
                        rule: reminder.rule,
                    });
                }
            }
        }
    }
    found.sort_by_key(|due| (due.due_ms, due.doc));
    Ok(found)
}

/// Whether there is any reminder in these rules.
pub fn has_any(rules: &Rules) -> bool {
    !reminding(rules).is_empty()
}

/// The kinds and stages whose records can have reminders.
fn reminding(rules: &Rules) -> BTreeSet<(&str, &str)> {
    let kinds = rules.catalogue.kinds().chain(rules.catalogue.older_kinds());
    let pairs = kinds.flat_map(|kind| {
        let stages = kind.stages.iter().map(|stage| stage.name.as_str());
        stages.filter(|stage| kind.reminds(stage)).map(|stage| (kind.name.as_str(), stage))
    });
    pairs.collect()
}
