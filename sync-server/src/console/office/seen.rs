//! What is seen of the team: everybody, one person, and what was done.

use super::OFFICE;
use crate::admin::{leaving, roles};
use crate::console::exceptions;
use crate::console::filters::{self, Filters};
use crate::console::kinds::Lexicon;
use crate::console::names::Names;
use crate::console::pages::{LogPage, PeoplePage, PersonPage, shell};
use crate::console::session::Guest;
use crate::console::view::{DeviceLine, InvitationLine, LogLine, People, PersonLine, PersonView};
use crate::console::viewer::{Viewer, may_enter};
use crate::console::words::Words;
use crate::error::Result;
use crate::storage::Read;
use crate::storage::people::DeviceRow;
use crate::storage::records::Search;
use rounds_model::ids::{DeviceId, PersonId};
use rounds_model::people::{Person, Role};
use rounds_protocol::exchange::Status;
use serde::Deserialize;
use std::collections::HashMap;

/// Lines of one page of the log.
const LINES: u32 = 100;

/// What a page of the log is after.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct After {
    before: String,
}

impl Filters for After {
    const NAMES: &'static [&'static str] = &["before"];
}

/// The page of everybody, for the router.
pub fn people_page(guest: &Guest, lexicon: &dyn Lexicon, here: &str, people: People) -> PeoplePage {
    PeoplePage { shell: shell(guest, lexicon, here, "/team"), people }
}

/// The page of everybody.
pub fn people(tx: &dyn Read, viewer: &Viewer, words: &Words, now_ms: i64) -> Result<People> {
    let (all, devices) = (tx.people()?, tx.devices()?);
    let statuses: HashMap<DeviceId, Status> = tx.statuses()?.into_iter().collect();
    let mut leaders: HashMap<PersonId, Vec<String>> = HashMap::new();
    for leader in all.iter().filter(|person| may_enter(&person.role)) {
        for led in tx.led_by(leader.id)? {
            leaders.entry(led).or_default().push(leader.name.clone());
        }
    }
    let gone = leaving::withdrawn(tx)?;
    let mut rows = vec![];
    for person in all.iter().filter(|person| viewer.manages(person.id) || person.id == viewer.person.id) {
        let phones: Vec<_> =
            devices.iter().filter(|row| row.person == person.id && row.revoked.is_none()).collect();
        let apps = phones.iter().filter_map(|row| statuses.get(&row.device)).map(|status| status.app.clone());
        rows.push(PersonLine {
            id: person.id.to_string(),
            name: person.name.clone(),
            role: role_name(words, &person.role),
            withdrawn: gone.contains(&person.id),
            led_by: leaders.get(&person.id).map(|names| names.join(", ")).unwrap_or_default(),
            areas: tx.areas_of(person.id)?.join(", "),
            phones: phones.len(),
            last: phones.iter().filter_map(|row| row.last_sync).max().map(|at| words.ago(at, now_ms)),
            unsent: phones.iter().map(|row| row.unsent).sum(),
            app: apps.max().unwrap_or_default(),
        });
    }
    let mut invitations = vec![];
    for row in tx.open_invitations()?.into_iter().filter(|row| now_ms < row.expires) {
        let Some(person) = all.iter().find(|p| p.id == row.person && viewer.manages(p.id)) else { continue };
        invitations.push(InvitationLine {
            person: person.id.to_string(),
            name: person.name.clone(),
            role: role_name(words, &person.role),
            until: words.moment(row.expires, now_ms),
        });
    }
    let head_office = viewer.sees_everything();
    let mut offered = vec![Role::from(Role::REP)];
    if head_office {
        offered.push(Role::from(Role::SUPERVISOR));
        offered.extend(roles::named_roles(tx)?);
    }
    let supervisors = all.iter().filter(|p| p.role.0 == Role::SUPERVISOR && !gone.contains(&p.id));
    Ok(People {
        invitations,
        rows,
        head_office,
        roles: offered.iter().map(|role| (role.0.clone(), role_name(words, role))).collect(),
        leaders: supervisors.map(|person| (person.id.to_string(), person.name.clone())).collect(),
        me: viewer.person.id.to_string(),
    })
}

/// One person's page.
pub fn person_page(guest: &Guest, lexicon: &dyn Lexicon, here: &str, person: PersonView) -> PersonPage {
    PersonPage { shell: shell(guest, lexicon, here, "/team"), person }
}

/// One person's page; none if they are not the viewer's to manage.
pub fn person(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    id: PersonId,
    now_ms: i64,
) -> Result<Option<PersonView>> {
    let Some(person) = tx.person(id)?.filter(|_| viewer.manages(id) || id == viewer.person.id) else {
        return Ok(None);
    };
    let settled = tx.settled()?;
    let statuses: HashMap<DeviceId, Status> = tx.statuses()?.into_iter().collect();
    let all = tx.people()?;
    let mut leaders = vec![];
    for leader in all.iter().filter(|leader| may_enter(&leader.role) && leader.id != id) {
        if tx.led_by(leader.id)?.contains(&id) {
            leaders.push((leader.id.to_string(), leader.name.clone()));
        }
    }
    let line = |row: DeviceRow| DeviceLine {
        id: row.device.to_string(),
        name: row.name.clone(),
        enrolled: words.moment(row.enrolled, now_ms),
        last: row.last_sync.map(|at| words.ago(at, now_ms)),
        unsent: row.unsent,
        app: statuses.get(&row.device).map(|status| status.app.clone()).unwrap_or_default(),
        held: statuses
            .get(&row.device)
            .map_or(0, |status| exceptions::kept(&settled, row.device, status).count()),
        revoked: row.revoked.is_some(),
        office: row.revoked == Some(row.enrolled),
    };
    let devices: Vec<DeviceLine> =
        tx.devices()?.into_iter().filter(|row| row.person == id).map(line).collect();
    let search = Search { owners: vec![id], scopes: viewer.seen(), ..Search::default() };
    let mut records: Vec<(String, String, u64)> = vec![];
    for count in tx.search_stages(&search)? {
        let title = lexicon.kind(&count.kind).map(|kind| words.of(&kind.plural).to_owned());
        let href = format!("/kinds/{}?owner={id}", count.kind);
        match records.iter_mut().find(|row| row.0 == href) {
            Some(row) => row.2 += count.records,
            None => records.push((href, title.unwrap_or(count.kind), count.records)),
        }
    }
    let led: Vec<(String, String)> = tx
        .led_by(id)?
        .into_iter()
        .filter_map(|led| all.iter().find(|person| person.id == led))
        .map(|person| (person.id.to_string(), person.name.clone()))
        .collect();
    let unsent: u64 = devices.iter().filter(|device| !device.revoked).map(|device| device.unsent).sum();
    let head_office = viewer.sees_everything();
    let gone = tx.withdrawn()?;
    let there = |p: &&Person| {
        p.role.0 == Role::SUPERVISOR && p.id != id && !gone.iter().any(|(gone, _)| *gone == p.id)
    };
    let others = all.iter().filter(|p| there(p) && (head_office || p.id != viewer.person.id));
    let left_behind = leaving::left_behind(tx, id)?;
    // Only head office names somebody.
    let heirs = all.iter().filter(|p| head_office && there(p)).map(|p| (p.id.to_string(), p.name.clone()));
    let office = (OFFICE.to_owned(), words.t("role-operator"));
    Ok(Some(PersonView {
        id: id.to_string(),
        name: person.name.clone(),
        role: role_name(words, &person.role),
        withdrawn: gone.iter().find(|(gone, _)| *gone == id).map(|(_, at)| words.moment(*at, now_ms)),
        left_behind: left_behind.into_iter().map(|person| person.name).collect(),
        heirs: heirs.chain([office]).collect(),
        is_me: id == viewer.person.id,
        manages: viewer.manages(id),
        head_office,
        enters: may_enter(&person.role),
        leaders,
        led,
        areas: tx.areas_of(id)?,
        own_areas: tx.areas_of(viewer.person.id)?,
        devices,
        records,
        supervisors: others.map(|p| (p.id.to_string(), p.name.clone())).collect(),
        unsent: (unsent > 0)
            .then(|| words.f("unsent-warning", &[("name", person.name.clone()), ("n", unsent.to_string())])),
    }))
}

/// A page of the log.
pub fn log_page(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    here: &str,
    after: &After,
    now_ms: i64,
) -> Result<LogPage> {
    let before = filters::number("before", &after.before)?.map(u64::from);
    let (lines, next) = log(tx, lexicon, &guest.viewer, &guest.words, before, now_ms)?;
    let next = next.map(|number| format!("/team/log?before={number}"));
    Ok(LogPage { shell: shell(guest, lexicon, here, "/team"), lines, next })
}

/// What was done in the office, as far as it is the viewer's to know.
pub fn log(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    viewer: &Viewer,
    words: &Words,
    before: Option<u64>,
    now_ms: i64,
) -> Result<(Vec<LogLine>, Option<u64>)> {
    let names = Names::read(tx, words)?;
    let managed: Vec<PersonId> = viewer.led.iter().map(|person| person.id).collect();
    let own = (!viewer.sees_everything()).then_some((viewer.person.id, managed.as_slice()));
    let noted = tx.noted(before, LINES, own)?;
    let next = noted.last().filter(|_| noted.len() == LINES as usize).map(|row| row.number);
    let mut lines = vec![];
    for row in noted {
        let args: Vec<(&str, String)> = row
            .about
            .lines()
            .filter_map(|line| line.split_once('='))
            .map(|(name, value)| (name, named(lexicon, words, name, value)))
            .collect();
        lines.push(LogLine {
            number: row.number,
            at: words.moment(row.at, now_ms),
            who: row.person.map_or_else(|| words.t("noted-server"), |id| names.person(id)),
            what: words.f(&row.what, &args),
        });
    }
    Ok((lines, next))
}

/// What a note names by its name in packs, in words.
fn named(lexicon: &dyn Lexicon, words: &Words, name: &str, value: &str) -> String {
    let pack = || lexicon.packs().into_iter().find(|pack| pack.id == value);
    match name {
        "role" => role_name(words, &Role::from(value)),
        "kind" => {
            lexicon.kind(value).map_or_else(|| value.to_owned(), |kind| words.of(&kind.plural).to_owned())
        }
        "pack" => pack().map_or_else(|| value.to_owned(), |pack| words.of(&pack.title).to_owned()),
        _ => value.to_owned(),
    }
}

fn role_name(words: &Words, role: &Role) -> String {
    match role.0.as_str() {
        Role::REP => words.t("role-rep"),
        Role::SUPERVISOR => words.t("role-supervisor"),
        Role::OPERATOR => words.t("role-operator"),
        // A role that packs name: in words, where we have some.
        other if words.has(&format!("role-{other}")) => words.t(&format!("role-{other}")),
        other => other.to_owned(),
    }
}
