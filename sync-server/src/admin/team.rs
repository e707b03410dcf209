//! Teams, people, invitations, withdrawing access.

use super::by::By;
use super::leaving::{Handed, Heir, check_there, hand_over, left_behind};
use super::{Done, Refused, access, roles};
use crate::clock::stamp;
use crate::error::Result;
use crate::secrets::{self, invite, password};
use crate::storage::console::ReadToken;
use crate::storage::log::{LogRow, What};
use crate::storage::people::{DeviceRow, InvitationRow};
use crate::storage::{Read, Storage, Write};
use chrono_tz::Tz;
use rounds_model::ids::{DeviceId, PersonId, PublicKey, TeamId};
use rounds_model::people::{Person, Role};
use rounds_model::scope::Scope;
use rounds_protocol::enrol::Team;
use zeroize::Zeroizing;

/// The most bytes of a person's or a team's name.
pub const NAME: usize = 80;

/// Adds a team with its supervisor, and the operator in whose name the server itself writes.
pub fn init(
    storage: &dyn Storage,
    name: &str,
    zone: &str,
    supervisor: &str,
    secret: &str,
    now_ms: i64,
) -> Done<(Team, Person)> {
    check(name, zone, supervisor, secret)?;
    let hash = password::hash(secret)?;
    let id = TeamId::v7(stamp(now_ms), secrets::random()?);
    let team = Team { id, name: name.to_owned(), zone: zone.to_owned() };
    storage.add_team(&team)?;
    let mut tx = storage.write(id)?;
    let supervisor = put_person(&mut *tx, supervisor, Role::SUPERVISOR, now_ms)?;
    tx.put_password(supervisor.id, Some(&hash))?;
    let operator = put_person(&mut *tx, "Rounds", Role::OPERATOR, now_ms)?;
    put_own_device(&mut *tx, operator.id, now_ms)?;
    tx.commit()?;
    Ok((team, supervisor))
}

/// Whether a team can be made of this, before there is a database for it.
pub fn check(name: &str, zone: &str, supervisor: &str, secret: &str) -> Done<()> {
    check_name(name)?;
    check_name(supervisor)?;
    check_password(secret)?;
    zone.parse::<Tz>().map_err(|_| Refused::new("bad-zone", &[("zone", &zone)]))?;
    Ok(())
}

/// The server's own device: it writes imports, and nothing can sign in as it.
pub fn own_device(view: &dyn Read) -> Result<(Person, DeviceRow)> {
    let people = view.people()?;
    let own = view.devices()?.into_iter().find_map(|device| {
        let person = people.iter().find(|p| p.id == device.person && p.role.0 == Role::OPERATOR)?;
        (device.revoked.is_some()).then(|| (person.clone(), device))
    });
    own.ok_or_else(|| crate::error::Error::StorageDamaged("the server's own device is missing".into()))
}

/// Who is invited.
#[derive(Debug, Clone, Copy)]
pub enum Whom<'a> {
    /// Somebody who is not there yet, by name.
    New(&'a str),
    /// Somebody who is there, for another device. Their role stays.
    Known(PersonId),
    /// Whoever is called that or has that id, in this role from now on; added if there is nobody. For
    /// whoever may make anybody anything.
    Called(&'a str),
}

/// An invitation to be made.
#[derive(Debug, Clone, Copy)]
pub struct Invite<'a> {
    /// Whom.
    pub whom: Whom<'a>,
    /// The role of whoever is added or called.
    pub role: &'a str,
    /// Who leads them from now on, if that is said.
    pub led_by: Option<&'a str>,
    /// How long it is good.
    pub valid_ms: i64,
}

/// Invites a person, whom it adds if nobody has that name. Returns the code, which is nowhere else.
pub fn invite(
    storage: &dyn Storage,
    team: TeamId,
    name: &str,
    role: &str,
    led_by: Option<&str>,
    valid_ms: i64,
    now_ms: i64,
) -> Done<(Person, Zeroizing<String>)> {
    let invite = Invite { whom: Whom::Called(name), role, led_by, valid_ms };
    invite_by(storage, team, By::server(), invite, now_ms)
}

/// Makes an invitation, done by somebody: it is noted who.
pub fn invite_by(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    Invite { whom, role, led_by, valid_ms }: Invite<'_>,
    now_ms: i64,
) -> Done<(Person, Zeroizing<String>)> {
    let mut tx = storage.write(team)?;
    by.check(&*tx)?;
    let leader = led_by.map(|leader| find_person(&*tx, leader)).transpose()?;
    leader.as_ref().map_or(Ok(()), |leader| check_there(&*tx, leader))?;
    let known = match whom {
        Whom::New(name) if tx.people()?.iter().any(|person| person.name == name) => {
            return Err(Refused::new("person-there", &[("name", &name)]).into());
        }
        Whom::New(_) => None,
        Whom::Known(id) => {
            Some(tx.person(id)?.ok_or_else(|| Refused::new("no-such-person", &[("name", &id)]))?)
        }
        Whom::Called(name) => called(&*tx, name)?,
    };
    let person = match (known, whom) {
        (Some(known), Whom::Called(_)) => {
            roles::check(&*tx, role)?;
            change_role(&mut *tx, known, role, by, now_ms)?
        }
        (Some(known), _) => {
            roles::check(&*tx, &known.role.0)?;
            known
        }
        (None, Whom::New(name) | Whom::Called(name)) => {
            check_name(name)?;
            roles::check(&*tx, role)?;
            put_person(&mut *tx, name, role, now_ms)?
        }
        (None, Whom::Known(id)) => return Err(Refused::new("no-such-person", &[("name", &id)]).into()),
    };
    if let Some(leader) = leader {
        if leader.id != person.id {
            access::check_leads(&leader, &person)?;
        }
        tx.put_lead(leader.id, person.id)?;
    }
    let (code, code_hash) = invite::create()?;
    let expires = now_ms.saturating_add(valid_ms);
    tx.put_invitation(&InvitationRow { code_hash, person: person.id, expires, used: None })?;
    tx.note(now_ms, by.person, "noted-invited", &about(&person, &[("role", &person.role.0)]))?;
    tx.commit()?;
    Ok((person, code))
}

/// Whoever is called that or has that id.
fn called(view: &dyn Read, name: &str) -> Done<Option<Person>> {
    let known = view.people()?;
    let known = known.iter().any(|person| person.name == name || person.id.to_string() == name);
    known.then(|| find_person(view, name)).transpose()
}

/// Withdraws the access of a device. What it sent stays; what it has not sent stays on it.
pub fn revoke_device(storage: &dyn Storage, team: TeamId, device: &str, now_ms: i64) -> Done<u64> {
    revoke_device_by(storage, team, By::server(), device, now_ms)
}

/// The same, done by somebody.
pub fn revoke_device_by(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    device: &str,
    now_ms: i64,
) -> Done<u64> {
    let mut tx = storage.write(team)?;
    by.check(&*tx)?;
    let found = device.parse::<DeviceId>().ok().map(|id| tx.device(id)).transpose()?.flatten();
    let found = found.ok_or_else(|| Refused::new("no-such-device", &[("device", &device)]))?;
    let (owner, called) = (tx.person(found.person)?, found.name.clone());
    let count = revoke(&mut *tx, vec![found], now_ms)?;
    if let Some(owner) = owner.filter(|_| count > 0) {
        tx.note(now_ms, by.person, "noted-revoked-device", &about(&owner, &[("device", &called)]))?;
    }
    tx.commit()?;
    Ok(count)
}

/// What a person lost.
#[derive(Debug)]
pub struct Revoked {
    /// How many devices.
    pub devices: u64,
    /// Who leads those now whom nobody else led.
    pub handed: Vec<Handed>,
}

/// Withdraws the access of a person: of all their devices, of their programs, and to the console, until
/// they are invited and given a password again. Invitations that nobody has used are spoiled; those whom they
/// led are somebody else's from then on.
pub fn revoke_person(
    storage: &dyn Storage,
    team: TeamId,
    name: &str,
    heir: Heir<'_>,
    now_ms: i64,
) -> Done<Revoked> {
    revoke_person_by(storage, team, By::server(), name, heir, now_ms)
}

/// The same, done by somebody.
pub fn revoke_person_by(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    name: &str,
    heir: Heir<'_>,
    now_ms: i64,
) -> Done<Revoked> {
    let mut tx = storage.write(team)?;
    by.check(&*tx)?;
    let person = find_person(&*tx, name)?;
    let handed = hand_over(&mut *tx, &person, heir, by, now_ms)?;
    tx.put_withdrawn(person.id, Some(now_ms))?;
    let devices = tx.devices()?.into_iter().filter(|device| device.person == person.id).collect();
    let devices = revoke(&mut *tx, devices, now_ms)?;
    tx.put_password(person.id, None)?;
    tx.end_sessions_of(person.id)?;
    tx.remove_console_key(person.id)?;
    tx.note(now_ms, by.person, "noted-revoked-person", &about(&person, &[]))?;
    let own = |token: &ReadToken| token.person == person.id && token.revoked.is_none();
    for token in tx.read_tokens()?.into_iter().filter(own) {
        let about = format!("person={}\nname={}", person.id, token.name);
        tx.note(now_ms, by.person, "noted-token-taken", &about)?;
        tx.put_read_token(&ReadToken { revoked: Some(now_ms), ..token })?;
    }
    spoil(&mut *tx, &person, by, now_ms)?;
    tx.commit()?;
    Ok(Revoked { devices, handed })
}

/// Takes back a person's invitations that nobody has used, done by somebody. Returns how many there were; refused
/// where there are none, because whoever takes one back believes that nobody comes in by it.
pub fn uninvite_by(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    person: PersonId,
    now_ms: i64,
) -> Done<u64> {
    let mut tx = storage.write(team)?;
    by.check(&*tx)?;
    let person = find_person(&*tx, &person.to_string())?;
    let spoiled = spoil(&mut *tx, &person, by, now_ms)?;
    if spoiled == 0 {
        return Err(Refused::new("invitation-gone", &[("name", &person.name)]).into());
    }
    tx.commit()?;
    Ok(spoiled)
}

fn spoil(tx: &mut dyn Write, person: &Person, by: By<'_>, now_ms: i64) -> Result<u64> {
    let spoiled = tx.remove_invitations_of(person.id)?;
    if spoiled > 0 {
        let about = about(person, &[("n", &spoiled.to_string())]);
        tx.note(now_ms, by.person, "noted-invitations-spoiled", &about)?;
    }
    Ok(spoiled)
}

/// Sets a person's password.
pub fn set_password(storage: &dyn Storage, team: TeamId, name: &str, secret: &str) -> Done<Person> {
    set_password_by(storage, team, By::server(), name, secret, crate::clock::now_ms())
}

/// The same, done by somebody.
pub fn set_password_by(
    storage: &dyn Storage,
    team: TeamId,
    by: By<'_>,
    name: &str,
    secret: &str,
    now_ms: i64,
) -> Done<Person> {
    check_password(secret)?;
    let hash = password::hash(secret)?;
    let mut tx = storage.write(team)?;
    by.check(&*tx)?;
    let person = find_person(&*tx, name)?;
    tx.put_password(person.id, Some(&hash))?;
    tx.put_withdrawn(person.id, None)?;
    // Whoever knew the old one is out.
    tx.end_sessions_of(person.id)?;
    tx.note(now_ms, by.person, "noted-password", &about(&person, &[]))?;
    tx.commit()?;
    Ok(person)
}

/// What a note says of a person: lines that a page makes a sentence of.
pub(super) fn about(person: &Person, more: &[(&str, &str)]) -> String {
    let own = [("person", person.id.to_string()), ("name", person.name.clone())];
    let more = more.iter().map(|(name, value)| (*name, (*value).to_owned()));
    // A name cannot have a line break: it was checked.
    own.into_iter().chain(more).map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("\n")
}

/// A person by their name, or by their id.
pub fn find_person(view: &dyn Read, name: &str) -> Done<Person> {
    if let Ok(id) = name.parse::<PersonId>()
        && let Some(person) = view.person(id)?
    {
        return Ok(person);
    }
    let mut named: Vec<_> = view.people()?.into_iter().filter(|person| person.name == name).collect();
    match (named.pop(), named.is_empty()) {
        (Some(person), true) => Ok(person),
        (Some(_), false) => Err(Refused::new("several-persons", &[("name", &name)]).into()),
        (None, _) => Err(Refused::new("no-such-person", &[("name", &name)]).into()),
    }
}

fn put_person(tx: &mut dyn Write, name: &str, role: &str, now_ms: i64) -> Result<Person> {
    let id = PersonId::v7(stamp(now_ms), secrets::random()?);
    let person = Person { id, name: name.to_owned(), role: Role::from(role) };
    store_person(tx, &person)?;
    Ok(person)
}

/// Whoever is no supervisor any more leads nobody any more: they could not even look. Whom nobody else leads,
/// they give to somebody first.
fn change_role(tx: &mut dyn Write, mut person: Person, role: &str, by: By<'_>, now_ms: i64) -> Done<Person> {
    if person.role.0 != role {
        if person.role.0 == Role::SUPERVISOR {
            let alone = left_behind(tx, person.id)?;
            if !alone.is_empty() {
                let led = alone.iter().map(|led| led.name.as_str()).collect::<Vec<_>>().join(", ");
                return Err(Refused::new("still-leads", &[("name", &person.name), ("led", &led)]).into());
            }
            hand_over(tx, &person, Heir::Office, by, now_ms)?;
        }
        person.role = Role::from(role);
        store_person(tx, &person)?;
    }
    Ok(person)
}

fn store_person(tx: &mut dyn Write, person: &Person) -> Result<()> {
    tx.put_person(person)?;
    let (seq, reference) = (tx.next_seq(), person.id.0.to_vec());
    tx.put_log(&[LogRow { seq, scope: Scope::Team, what: What::Person, doc: None, reference, bytes: 120 }])
}

fn put_own_device(tx: &mut dyn Write, person: PersonId, now_ms: i64) -> Result<()> {
    let device = DeviceId::v7(stamp(now_ms), secrets::random()?);
    tx.put_device(&DeviceRow {
        device,
        person,
        // Of nothing that anyone knows, and revoked besides.
        token_hash: secrets::random()?,
        key: PublicKey(secrets::random()?),
        name: "server".to_owned(),
        enrolled: now_ms,
        revoked: Some(now_ms),
        last_sync: None,
        unsent: 0,
    })
}

fn revoke(tx: &mut dyn Write, devices: Vec<DeviceRow>, now_ms: i64) -> Result<u64> {
    let mut count = 0;
    for mut device in devices {
        if device.revoked.is_none() {
            device.revoked = Some(now_ms);
            tx.put_device(&device)?;
            count += 1;
        }
    }
    Ok(count)
}

fn check_name(name: &str) -> Done<()> {
    let good = !name.trim().is_empty() && name.len() <= NAME && !name.chars().any(char::is_control);
    if !good {
        return Err(Refused::new("bad-name", &[("max", &NAME)]).into());
    }
    // Commands take a name or an id: a name that looks like one would speak for somebody else.
    match name.trim().parse::<PersonId>() {
        Ok(_) => Err(Refused::new("name-is-id", &[("name", &name)]).into()),
        Err(_) => Ok(()),
    }
}

fn check_password(secret: &str) -> Done<()> {
    let good = secret.chars().count() >= password::SHORTEST && secret.len() <= password::LONGEST;
    if good { Ok(()) } else { Err(Refused::new("password-short", &[("min", &password::SHORTEST)]).into()) }
}
