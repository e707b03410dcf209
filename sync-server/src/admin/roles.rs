//! Which roles a person can be invited in, and who leads them.

use super::{Done, Refused, leaving, team};
use crate::error::{Error, Result};
use crate::storage::Read;
use rounds_model::people::{Person, Role};
use rounds_workflow::bundle::Bundle;
use serde::Deserialize;
use std::collections::BTreeSet;

/// What `--led-by` says when a person is to have no leader on purpose.
pub const NOBODY: &str = "nobody";

/// The part of a manifest that matters here: the rest was checked when it was published.
#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    roles: Vec<String>,
}

/// Refuses a role that nothing knows: its phone could do nothing. The operator is the server
/// itself; a phone cannot be one.
pub fn check(view: &dyn Read, role: &str) -> Done<()> {
    let mut roles = named(view)?;
    roles.extend([Role::REP.to_owned(), Role::SUPERVISOR.to_owned()]);
    roles.remove(Role::OPERATOR);
    if roles.contains(role) {
        return Ok(());
    }
    let roles = roles.into_iter().collect::<Vec<_>>().join(", ");
    let code = if role == Role::OPERATOR { "role-operator" } else { "role-missing" };
    Err(Refused::new(code, &[("role", &role), ("roles", &roles)]).into())
}

/// The roles that the published packs name besides those that the server knows.
fn named(view: &dyn Read) -> Result<BTreeSet<String>> {
    let mut roles = BTreeSet::new();
    for row in view.packs()? {
        let bundle = Bundle::decode(&row.bundle).map_err(|e| Error::Packs(e.to_string()))?;
        let text = bundle.file("pack.toml").and_then(|file| std::str::from_utf8(file).ok());
        let manifest: Named =
            toml::from_str(text.unwrap_or_default()).map_err(|e| Error::Packs(e.to_string()))?;
        roles.extend(manifest.roles);
    }
    Ok(roles)
}

/// The same as roles.
pub fn named_roles(view: &dyn Read) -> Result<Vec<Role>> {
    let known = [Role::REP, Role::SUPERVISOR, Role::OPERATOR];
    Ok(named(view)?.into_iter().filter(|role| !known.contains(&role.as_str())).map(Role).collect())
}

/// The role that a person is invited in: what is said, or what they have, or a rep's.
pub fn given(view: &dyn Read, name: &str, role: Option<&str>) -> Done<String> {
    let people = view.people()?;
    let known = people.iter().find(|person| person.name == name || person.id.to_string() == name);
    Ok(role.or(known.map(|person| person.role.0.as_str())).unwrap_or(Role::REP).to_owned())
}

/// Who will lead a person: who is named, or the one supervisor that there is. With several,
/// somebody must choose: no supervisor sees the records of a person whom nobody leads.
pub fn leader(view: &dyn Read, name: &str, role: &str, led_by: Option<&str>) -> Done<Option<Person>> {
    match led_by {
        Some(NOBODY) => return Ok(None),
        Some(leader) => return team::find_person(view, leader).map(Some),
        None if role == Role::SUPERVISOR => return Ok(None),
        None => {}
    }
    let people = view.people()?;
    let known = people.iter().find(|person| person.name == name || person.id.to_string() == name);
    let gone = leaving::withdrawn(view)?;
    let mut supervisors = vec![];
    let there = |person: &&Person| person.role.0 == Role::SUPERVISOR && !gone.contains(&person.id);
    for person in people.iter().filter(there) {
        if let Some(known) = known
            && view.led_by(person.id)?.contains(&known.id)
        {
            return Ok(Some(person.clone()));
        }
        supervisors.push(person);
    }
    match supervisors.as_slice() {
        [only] => Ok(Some((*only).clone())),
        several => {
            let names = several.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ");
            Err(Refused::new("leader-which", &[("name", &name), ("supervisors", &names)]).into())
        }
    }
}
