//! Who holds which records: areas, and whom a supervisor leads. A change is told in the person's
//! own log, so that their phones hear of it, and counts at their next exchange: a scope that they
//! hold now is read from its beginning, the records of one that they hold no more leave the phone as
//! soon as nothing of them is unsent.

use super::by::By;
use super::leaving::check_there;
use super::team::{about, find_person};
use super::{Done, Refused};
use crate::error::Result;
use crate::storage::log::{LogRow, What};
use crate::storage::{Read, Storage, Write};
use rounds_model::ids::{PersonId, TeamId};
use rounds_model::people::{Person, Role};
use rounds_model::scope::Scope;
use std::collections::BTreeSet;

/// Records looked at at a time.
const PAGE: u32 = 500;

/// What can be granted to a person, and withdrawn.
#[derive(Debug, Clone)]
pub enum Access {
    /// The records of an area.
    Area(String),
    /// The records of a person whom they then lead.
    Leads(String),
}

/// Grants access to a person. False if they have it already.
pub fn grant(storage: &dyn Storage, team: TeamId, person: &str, access: &Access, now_ms: i64) -> Done<bool> {
    change_by(storage, team, By::server(), person, access, true, now_ms)
}

/// Grants or withdraws, done by somebody: it is noted who.
pub fn change_by(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    person: &str,
    access: &Access,
    granted: bool,
    now_ms: i64,
) -> Done<bool> {
    let mut tx = storage.write(team)?;
    by.check(&*tx)?;
    let person = find_person(&*tx, person)?;
    let (scope, has) = match access {
        Access::Area(name) => {
            let scope =
                Scope::area(name).ok_or_else(|| Refused::new("bad-area", &[("max", &Scope::AREA)]))?;
            let Scope::Area(name) = &scope else { return Ok(false) };
            let has = tx.areas_of(person.id)?.contains(name);
            match granted {
                true => tx.put_area(person.id, name)?,
                false => tx.remove_area(person.id, name)?,
            }
            (scope, has)
        }
        Access::Leads(name) => {
            let led = find_person(&*tx, name)?;
            let has = tx.led_by(person.id)?.contains(&led.id);
            if granted {
                check_leads(&person, &led)?;
                check_there(&*tx, &person)?;
                tx.put_lead(person.id, led.id)?;
            } else {
                tx.remove_lead(person.id, led.id)?;
            }
            (Scope::Person(led.id), has)
        }
    };
    if has != granted {
        tell(&mut *tx, person.id, &scope, granted, now_ms)?;
        if let Scope::Person(led) = &scope {
            tell_led(&mut *tx, *led, person.id, granted, now_ms)?;
        }
        let what = match (access, granted) {
            (Access::Area(_), true) => "noted-area-granted",
            (Access::Area(_), false) => "noted-area-withdrawn",
            (Access::Leads(_), true) => "noted-leads",
            (Access::Leads(_), false) => "noted-leads-no-more",
        };
        let (Access::Area(named) | Access::Leads(named)) = access;
        let named = match &scope {
            Scope::Person(led) => tx.person(*led)?.map_or_else(|| named.clone(), |led| led.name),
            _ => named.clone(),
        };
        tx.note(now_ms, by.person, what, &about(&person, &[("what", &named)]))?;
    }
    tx.commit()?;
    Ok(has != granted)
}

/// Withdraws access from a person. False if they do not have it.
pub fn withdraw(
    storage: &dyn Storage,
    team: TeamId,
    person: &str,
    access: &Access,
    now_ms: i64,
) -> Done<bool> {
    change_by(storage, team, By::server(), person, access, false, now_ms)
}

/// Gives a rep from one supervisor to another, in one step: nobody sees the rep without either.
pub fn transfer(
    storage: &dyn Storage,
    team: TeamId,
    person: &str,
    from: &str,
    to: &str,
    now_ms: i64,
) -> Done<()> {
    transfer_by(storage, team, By::server(), (person, from, to), now_ms)
}

/// The same, done by somebody: whom, from whom, to whom.
pub fn transfer_by(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    (person, from, to): (&str, &str, &str),
    now_ms: i64,
) -> Done<()> {
    let mut tx = storage.write(team)?;
    by.check(&*tx)?;
    let person = find_person(&*tx, person)?;
    let (from, to) = (find_person(&*tx, from)?, find_person(&*tx, to)?);
    if from.id == to.id {
        return Err(Refused::new("transfer-same", &[("name", &person.name), ("leader", &to.name)]).into());
    }
    check_leads(&to, &person)?;
    check_there(&*tx, &to)?;
    if to.role.0 != Role::SUPERVISOR {
        return Err(Refused::new("not-supervisor", &[("name", &to.name)]).into());
    }
    if !tx.led_by(from.id)?.contains(&person.id) {
        return Err(Refused::new("not-led", &[("name", &person.name), ("leader", &from.name)]).into());
    }
    let scope = Scope::Person(person.id);
    tx.remove_lead(from.id, person.id)?;
    tell(&mut *tx, from.id, &scope, false, now_ms)?;
    tell_led(&mut *tx, person.id, from.id, false, now_ms)?;
    tx.put_lead(to.id, person.id)?;
    tell(&mut *tx, to.id, &scope, true, now_ms)?;
    tell_led(&mut *tx, person.id, to.id, true, now_ms)?;
    tx.note(
        now_ms,
        by.person,
        "noted-transferred",
        &about(&person, &[("from", &from.name), ("to", &to.name)]),
    )?;
    Ok(tx.commit()?)
}

/// Refuses an area that nothing is known of, where there are others: most likely it is another one written
/// wrongly, whose records would not come, and nothing would say so. True if it is the first of all.
pub fn check_area(view: &dyn Read, name: &str) -> Done<bool> {
    let mut known = BTreeSet::new();
    for person in view.people()? {
        known.extend(view.areas_of(person.id)?);
    }
    let mut after = None;
    while let Some(last) = {
        let docs = view.doc_ids(after, PAGE)?;
        for mark in view.marks(&docs)? {
            known.extend(match mark.scope {
                Scope::Area(name) => Some(name),
                Scope::Person(_) | Scope::Team => None,
            });
        }
        docs.last().copied()
    } {
        after = Some(last);
    }
    let named = match Scope::area(name) {
        Some(Scope::Area(named)) => named,
        // What is no name of an area is refused as such.
        _ => return Ok(false),
    };
    if known.is_empty() || known.contains(&named) {
        return Ok(known.is_empty());
    }
    let areas = known.into_iter().collect::<Vec<_>>().join(", ");
    Err(Refused::new("area-unknown", &[("area", &named), ("areas", &areas)]).into())
}

pub(super) fn check_leads(leader: &Person, led: &Person) -> Done<()> {
    if leader.role.0 == Role::REP && leader.id != led.id {
        return Err(Refused::new("rep-cannot-lead", &[("leader", &leader.name)]).into());
    }
    if leader.id == led.id || led.role.0 == Role::OPERATOR {
        return Err(Refused::new("cannot-lead", &[("leader", &leader.name), ("name", &led.name)]).into());
    }
    Ok(())
}

/// Tells a person's phones who leads them now, or no more.
pub(super) fn tell_led(
    tx: &mut dyn Write,
    led: PersonId,
    leader: PersonId,
    leads: bool,
    now_ms: i64,
) -> Result<()> {
    let mut reference = vec![u8::from(leads)];
    reference.extend(now_ms.to_be_bytes());
    reference.extend(leader.0);
    let (seq, scope) = (tx.next_seq(), Scope::Person(led));
    tx.put_log(&[LogRow { seq, scope, what: What::Leader, doc: None, reference, bytes: 60 }])
}

/// Tells a person's phones that they hold another scope now, or one less.
pub(super) fn tell(
    tx: &mut dyn Write,
    person: PersonId,
    scope: &Scope,
    granted: bool,
    now_ms: i64,
) -> Result<()> {
    let mut reference = vec![u8::from(granted)];
    reference.extend(now_ms.to_be_bytes());
    reference.extend(scope.to_string().into_bytes());
    let (seq, scope) = (tx.next_seq(), Scope::Person(person));
    tx.put_log(&[LogRow { seq, scope, what: What::Access, doc: None, reference, bytes: 120 }])
}
