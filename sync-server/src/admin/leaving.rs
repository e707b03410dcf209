//! Somebody leaves: those whom they led are led by somebody else from then on, or are head office's, which
//! sees everybody. It is done with the withdrawal, in one step: nobody is left without anyone unseen.

use super::access::{check_leads, tell, tell_led};
use super::by::By;
use super::team::{about, find_person};
use super::{Done, Refused};
use crate::error::Result;
use crate::storage::{Read, Write};
use rounds_model::ids::PersonId;
use rounds_model::people::{Person, Role};
use rounds_model::scope::Scope;
use std::collections::BTreeSet;

/// Who takes over those whom somebody led.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heir<'a> {
    /// Nobody was named: refused if somebody would be left without anyone.
    Unsaid,
    /// Head office, which sees everybody.
    Office,
    /// A supervisor, by name or id.
    Person(&'a str),
}

/// Somebody whom nobody else led when their leader left, and who leads them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handed {
    /// Whom.
    pub led: Person,
    /// A supervisor; none is head office.
    pub to: Option<Person>,
}

/// Whose access was withdrawn.
pub fn withdrawn(view: &dyn Read) -> Result<BTreeSet<PersonId>> {
    Ok(view.withdrawn()?.into_iter().map(|(person, _)| person).collect())
}

/// Those whom nobody who has access would lead without this person. Whoever has no access themselves is one of
/// them: their records, and what they have not handed over yet, are somebody's to look after.
pub fn left_behind(view: &dyn Read, leader: PersonId) -> Result<Vec<Person>> {
    let (people, gone) = (view.people()?, withdrawn(view)?);
    let mut others = BTreeSet::new();
    for person in people.iter().filter(|p| p.id != leader && p.role.0 == Role::SUPERVISOR) {
        if !gone.contains(&person.id) {
            others.extend(view.led_by(person.id)?);
        }
    }
    let led: BTreeSet<PersonId> = view.led_by(leader)?.into_iter().collect();
    let alone = |p: &Person| p.id != leader && led.contains(&p.id) && !others.contains(&p.id);
    Ok(people.into_iter().filter(alone).collect())
}

/// Refuses a leader who has no access.
pub(super) fn check_there(view: &dyn Read, leader: &Person) -> Done<()> {
    if withdrawn(view)?.contains(&leader.id) {
        return Err(Refused::new("leader-withdrawn", &[("name", &leader.name)]).into());
    }
    Ok(())
}

/// Gives those whom somebody led to whoever takes them over. Returns whom nobody else led.
pub(super) fn hand_over(
    tx: &mut dyn Write,
    leader: &Person,
    heir: Heir<'_>,
    by: By<'_>,
    now_ms: i64,
) -> Done<Vec<Handed>> {
    let alone = left_behind(tx, leader.id)?;
    let to = match heir {
        Heir::Unsaid if !alone.is_empty() => {
            let names = alone.iter().map(|person| person.name.as_str()).collect::<Vec<_>>().join(", ");
            return Err(Refused::new("heir-missing", &[("name", &leader.name), ("led", &names)]).into());
        }
        Heir::Unsaid | Heir::Office => None,
        Heir::Person(name) => {
            let to = find_person(tx, name)?;
            if to.role.0 != Role::SUPERVISOR || to.id == leader.id {
                return Err(Refused::new("not-supervisor", &[("name", &to.name)]).into());
            }
            check_there(tx, &to)?;
            Some(to)
        }
    };
    for led in tx.led_by(leader.id)?.into_iter().filter(|led| *led != leader.id) {
        let Some(led) = tx.person(led)? else { continue };
        let scope = Scope::Person(led.id);
        tx.remove_lead(leader.id, led.id)?;
        tell(tx, leader.id, &scope, false, now_ms)?;
        tell_led(tx, led.id, leader.id, false, now_ms)?;
        let (from, alone) = (("from", leader.name.as_str()), alone.iter().any(|person| person.id == led.id));
        // Nobody leads themselves.
        let (what, about) = match to.as_ref().filter(|to| to.id != led.id) {
            _ if !alone => ("noted-leads-no-more", about(leader, &[("what", &led.name)])),
            None => ("noted-to-office", about(&led, &[from])),
            Some(to) => {
                check_leads(to, &led)?;
                tx.put_lead(to.id, led.id)?;
                tell(tx, to.id, &scope, true, now_ms)?;
                tell_led(tx, led.id, to.id, true, now_ms)?;
                ("noted-transferred", about(&led, &[from, ("to", &to.name)]))
            }
        };
        tx.note(now_ms, by.person, what, &about)?;
    }
    let handed = |led: Person| Handed { to: to.clone().filter(|to| to.id != led.id), led };
    Ok(alone.into_iter().map(handed).collect())
}
