//! What somebody should know who gives records to somebody else: what is still unsent about them on the
//! phones of whoever has them now, where it will wait when it comes, and who decides about it then.
//!
//! What a phone has not sent says nothing of which record it is about: a phone with something unsent counts
//! for every record of its owner.

use super::view::{Moving, MovingDevice, MovingOwner};
use super::viewer::Viewer;
use super::words::Words;
use crate::admin::leaving;
use crate::storage::records::RecordRow;
use crate::storage::{Read, Result};
use rounds_model::ids::{DeviceId, PersonId};
use rounds_model::people::Role;
use rounds_model::scope::Scope;
use rounds_protocol::exchange::Status;
use std::collections::{BTreeMap, HashMap};

/// What stands in front of giving these records away.
pub fn moving(
    tx: &dyn Read,
    viewer: &Viewer,
    words: &Words,
    records: &[RecordRow],
    now_ms: i64,
) -> Result<Moving> {
    let mut counts: BTreeMap<PersonId, usize> = BTreeMap::new();
    for record in records {
        *counts.entry(record.owner).or_default() += 1;
    }
    let statuses: HashMap<DeviceId, Status> = tx.statuses()?.into_iter().collect();
    let (devices, people) = (tx.devices()?, tx.people()?);
    let mut owners = vec![];
    for person in people.iter().filter(|person| counts.contains_key(&person.id)) {
        // Of whom the viewer does not manage they learn no more than the record itself says.
        let office = person.role.0 == Role::OPERATOR;
        let theirs = office || viewer.manages(person.id) || person.id == viewer.person.id;
        let phones = devices.iter().filter(|row| theirs && row.person == person.id && row.revoked.is_none());
        let phones: Vec<MovingDevice> = phones
            .map(|row| MovingDevice {
                name: row.name.clone(),
                unsent: row.unsent,
                last: row.last_sync.map(|at| words.ago(at, now_ms)),
                app: statuses.get(&row.device).map(|status| status.app.clone()).unwrap_or_default(),
            })
            .collect();
        owners.push(MovingOwner {
            name: person.name.clone(),
            count: words.n("moving-count", counts.get(&person.id).copied().unwrap_or_default()),
            unsent: phones.iter().map(|phone| phone.unsent).sum(),
            phones,
            known: theirs,
        });
    }
    owners.sort_by(|a, b| (b.unsent, &a.name).cmp(&(a.unsent, &b.name)));
    let late = words.t(if waits(records) { "moving-late" } else { "moving-shared" });
    Ok(Moving { owners, late })
}

/// What is unsent on somebody's phones, and when one of them last synced; none if the viewer may not know, or
/// they have no phone.
pub fn on_phones(tx: &dyn Read, viewer: &Viewer, person: PersonId) -> Result<Option<(u64, Option<i64>)>> {
    if !viewer.manages(person) && person != viewer.person.id {
        return Ok(None);
    }
    let devices = tx.devices()?;
    let own = || devices.iter().filter(|row| row.person == person && row.revoked.is_none());
    let said = || (own().map(|row| row.unsent).sum(), own().filter_map(|row| row.last_sync).max());
    Ok(own().next().map(|_| said()))
}

/// Only what one person holds leaves their sight with its owner; the rest is judged where it is.
fn waits(records: &[RecordRow]) -> bool {
    records.iter().any(|record| matches!(record.scope, Scope::Person(_)))
}

/// Everyone who can be given these: ids, and names; with who would decide about what comes late, where such
/// things wait for somebody.
pub fn candidates(tx: &dyn Read, words: &Words, records: &[RecordRow]) -> Result<Vec<(String, String)>> {
    let (people, gone) = (tx.people()?, leaving::withdrawn(tx)?);
    let able = people.iter().filter(|p| p.role.0 != Role::OPERATOR && !gone.contains(&p.id));
    if !waits(records) {
        return Ok(able.map(|person| (person.id.to_string(), person.name.clone())).collect());
    }
    let mut deciders: HashMap<PersonId, Vec<&str>> = HashMap::new();
    for leader in people.iter().filter(|p| p.role.0 == Role::SUPERVISOR && !gone.contains(&p.id)) {
        deciders.entry(leader.id).or_default().push(&leader.name);
        for led in tx.led_by(leader.id)?.into_iter().filter(|led| *led != leader.id) {
            deciders.entry(led).or_default().push(&leader.name);
        }
    }
    let office = words.t("role-operator");
    let label = |id: PersonId, name: &str| {
        let who = deciders.get(&id).map_or_else(|| office.clone(), |names| names.join(", "));
        words.f("moving-to", &[("name", name.to_owned()), ("who", who)])
    };
    Ok(able.map(|person| (person.id.to_string(), label(person.id, &person.name))).collect())
}
