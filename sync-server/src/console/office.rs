//! The team's page: people, who leads them, areas, devices, invitations, passwords, and what was done.
//!
//! A supervisor manages those whom they lead: invites reps for themselves, gives a rep to another
//! supervisor, takes devices away. Head office (the operator's role) manages everybody, and alone makes
//! supervisors and sets others' passwords. Everything goes through the operator's commands
//! ([`crate::admin`]), which note who did it.

use super::Console;
use super::desk::Away;
use super::exceptions;
use super::filters::{self, Filters};
use super::names::Names;
use super::pages::{LogPage, PeoplePage, PersonPage, shell};
use super::problem::{failure, page_to, problem};
use super::session::{self, Guest, Visitor};
use super::shown::Shown;
use super::view::{DeviceLine, InvitationLine, LogLine, People, PersonLine, PersonView, Secret};
use super::viewer::{Viewer, may_enter};
use super::words::Words;
use crate::admin::access::{self, Access};
use crate::admin::by::By;
use crate::admin::leaving::{self, Heir};
use crate::admin::team::{self, Invite, Whom};
use crate::admin::{Done, Refused, Trouble, roles};
use crate::error::Result;
use crate::secrets::{hash, password};
use crate::storage::Read;
use crate::storage::records::Search;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use qrcode::{Color, QrCode};
use rounds_model::ids::{DeviceId, PersonId};
use rounds_model::people::{Person, Role};
use rounds_model::scope::Scope;
use rounds_protocol::exchange::Status;
use serde::Deserialize;
use std::collections::HashMap;
use zeroize::Zeroizing;

/// How long an invitation from here is good.
const VALID_MS: i64 = 72 * 3_600_000;
/// Lines of one page of the log.
const LINES: u32 = 100;

/// What the forms send; each uses what it needs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    csrf: String,
    name: String,
    role: String,
    leader: String,
    area: String,
    /// `grant` or `withdraw`.
    change: String,
    old: String,
    new: String,
    /// Who takes over those whom somebody led: an id, or [`OFFICE`].
    heir: String,
}

/// Head office, as the heir of somebody who leaves.
const OFFICE: &str = "office";

/// What a page of the log is after.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct After {
    before: String,
}

impl Filters for After {
    const NAMES: &'static [&'static str] = &["before"];
}

impl Sent {
    fn withdraws(&self) -> bool {
        self.change == "withdraw"
    }

    fn heir(&self) -> Heir<'_> {
        match self.heir.as_str() {
            "" => Heir::Unsaid,
            OFFICE => Heir::Office,
            person => Heir::Person(person),
        }
    }
}

type Sending = std::result::Result<Form<Sent>, FormRejection>;

impl Viewer {
    /// Whether this person is theirs to manage.
    pub fn manages(&self, person: PersonId) -> bool {
        self.sees_everything() || (self.leads(person) && person != self.person.id)
    }
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

/// What a note names by its name in packs, in words.
fn named(lexicon: &dyn super::kinds::Lexicon, words: &Words, name: &str, value: &str) -> String {
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

/// One person's page; none if they are not the viewer's to manage.
pub fn person(
    tx: &dyn Read,
    lexicon: &dyn super::kinds::Lexicon,
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
    let line = |row: crate::storage::people::DeviceRow| DeviceLine {
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

/// What was done in the office, as far as it is the viewer's to know.
pub fn log(
    tx: &dyn Read,
    lexicon: &dyn super::kinds::Lexicon,
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

/// What a form wants to be done, by its address.
#[derive(Debug, Clone)]
enum Wish {
    Invite,
    Again(PersonId),
    Password(PersonId),
    OwnPassword,
    Revoke(PersonId),
    Uninvite(PersonId),
    RevokeDevice(String),
    Area(PersonId),
    Lead(PersonId),
}

impl Wish {
    /// Where whoever is refused goes on: its words, and the address.
    fn way(&self) -> (&'static str, String) {
        match self {
            // Whoever came in by an invitation stands on their page.
            Wish::Uninvite(person) => ("error-back-person", page_of(*person)),
            _ => ("error-back-form", "/team".to_owned()),
        }
    }
}

/// The address of somebody's page.
fn page_of(person: PersonId) -> String {
    format!("/team/people/{person}")
}

/// What came of it.
enum Came {
    /// Back to a page, with something to say.
    To(String, String),
    /// To something that is shown once.
    Shown(String),
    /// Why not.
    No(Trouble),
    NotThere,
    Away(Away),
}

/// Invites somebody.
pub async fn invite(State(console): State<Console>, headers: HeaderMap, form: Sending) -> Response {
    work(console, headers, form, Wish::Invite).await
}

/// Something that is done about a person.
pub async fn about(
    State(console): State<Console>,
    Path((id, what)): Path<(String, String)>,
    headers: HeaderMap,
    form: Sending,
) -> Response {
    let lang = Visitor::of(&headers, console.secure).lang;
    let Ok(id) = id.parse::<PersonId>() else { return problem(lang, StatusCode::NOT_FOUND) };
    let wish = match what.as_str() {
        "invite" => Wish::Again(id),
        "password" => Wish::Password(id),
        "revoke" => Wish::Revoke(id),
        "uninvite" => Wish::Uninvite(id),
        "area" => Wish::Area(id),
        "lead" => Wish::Lead(id),
        _ => return problem(lang, StatusCode::NOT_FOUND),
    };
    work(console, headers, form, wish).await
}

/// Sets the visitor's own password.
pub async fn own_password(State(console): State<Console>, headers: HeaderMap, form: Sending) -> Response {
    work(console, headers, form, Wish::OwnPassword).await
}

/// Withdraws a device.
pub async fn revoke_device(
    State(console): State<Console>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Sending,
) -> Response {
    work(console, headers, form, Wish::RevokeDevice(id)).await
}

async fn work(console: Console, headers: HeaderMap, form: Sending, wish: Wish) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Ok(Form(sent)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let server = format!("{}://{host}", if console.secure { "https" } else { "http" });
    // Hashing a password takes its time: no more than two at once, as at the door.
    let permit = match wish {
        Wish::Password(_) | Wish::OwnPassword => console.checks.acquire().await.ok(),
        _ => None,
    };
    let way = wish.way();
    let done = console.blocking(move |console| carry_out(console, &visitor, &wish, &sent, &server)).await;
    drop(permit);
    match done {
        Ok(Came::To(to, said)) => {
            console.poke();
            let response = Redirect::to(&to).into_response();
            super::door::with_cookie(response, Some(session::say(&said, console.secure)))
        }
        Ok(Came::Shown(to)) => {
            console.poke();
            Redirect::to(&to).into_response()
        }
        Ok(Came::No(Trouble::Refused(why))) => {
            let text = why.first().map(Refused::text).unwrap_or_default();
            let remedy = rounds_model::text::Text::default();
            page_to(lang, StatusCode::CONFLICT, &text, &remedy, (way.0, way.1.as_str()))
        }
        Ok(Came::No(Trouble::Failed(error))) | Err(error) => failure(lang, &error),
        Ok(Came::NotThere) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Came::Away(Away::Door)) => Redirect::to("/sign-in").into_response(),
        Ok(Came::Away(Away::Forbidden)) => problem(lang, StatusCode::FORBIDDEN),
    }
}

fn carry_out(console: &Console, visitor: &Visitor, wish: &Wish, sent: &Sent, server: &str) -> Result<Came> {
    let now = console.now_ms();
    let Some(tx) = console.read_for(visitor)? else { return Ok(Came::Away(Away::Door)) };
    let Some(guest) = visitor.guest(&*tx, now)? else { return Ok(Came::Away(Away::Door)) };
    if !guest.sent(&sent.csrf) {
        return Ok(Came::Away(Away::Forbidden));
    }
    let mine = tx.password(guest.viewer.person.id)?;
    let done = may(&*tx, &guest.viewer, wish, sent);
    drop(tx);
    // Asked here, so that nobody takes the lock or hashes a password for nothing; what counts is the same
    // question in the transaction that does it.
    let again = |tx: &dyn Read| {
        let guest = visitor.guest(tx, now)?.ok_or_else(Refused::not_yours)?;
        if matches!(wish, Wish::OwnPassword) && tx.password(guest.viewer.person.id)? != mine {
            return Err(Refused::new("password-wrong", &[]).into());
        }
        may(tx, &guest.viewer, wish, sent)
    };
    let by = By::person(guest.viewer.person.id, &again);
    let done = done.and_then(|()| do_it(console, &guest, wish, sent, by, mine.as_deref(), now));
    Ok(match done {
        Ok(Did::Said(to, said)) => Came::To(to, said),
        Ok(Did::Secret(mut secret)) => {
            if let Some(code) = &secret.code {
                let link = format!("rounds://enrol?server={}&code={code}", super::list::escaped(server));
                (secret.qr, secret.link) = (qr(&link), Some(link));
            }
            Came::Shown(console.results.keep(&guest, Shown::Secret(secret), now)?)
        }
        Err(Trouble::Refused(why)) if why.iter().any(Refused::is_not_yours) => Came::NotThere,
        Err(no) => Came::No(no),
    })
}

/// Whether a wish is the viewer's to have done, as things stand in this transaction.
fn may(tx: &dyn Read, viewer: &Viewer, wish: &Wish, sent: &Sent) -> Done<()> {
    let own = match wish {
        Wish::Invite => return may_invite(tx, viewer, sent),
        Wish::OwnPassword => true,
        Wish::Password(_) => viewer.sees_everything(),
        Wish::Again(id) => return may_invite_again(tx, viewer, *id),
        Wish::Area(id) if viewer.manages(*id) => return may_grant(viewer, sent),
        Wish::Revoke(id) => return may_revoke(tx, viewer, *id, sent),
        Wish::Uninvite(id) | Wish::Area(id) | Wish::Lead(id) => viewer.manages(*id),
        Wish::RevokeDevice(id) => {
            let device = id.parse().ok().map(|id| tx.device(id)).transpose()?.flatten();
            device.is_some_and(|device| viewer.manages(device.person))
        }
    };
    if own { Ok(()) } else { Err(Refused::not_yours().into()) }
}

/// A supervisor invites new reps for themselves, and nobody who is there already: who that is, their page
/// says, where they are invited again.
fn may_invite(tx: &dyn Read, viewer: &Viewer, sent: &Sent) -> Done<()> {
    let name = sent.name.trim();
    let refused = |code| Err(Refused::new(code, &[("name", &name)]).into());
    if name.parse::<PersonId>().is_ok() {
        return refused("name-is-id");
    }
    if viewer.sees_everything() {
        return Ok(());
    }
    if tx.people()?.iter().any(|person| person.name == name && !viewer.manages(person.id)) {
        return refused("person-of-others");
    }
    if sent.role.is_empty() || sent.role == Role::REP { Ok(()) } else { refused("role-of-office") }
}

/// An invitation makes a device that speaks for the person: for whoever decides, head office alone makes it.
fn may_invite_again(tx: &dyn Read, viewer: &Viewer, id: PersonId) -> Done<()> {
    let person = tx.person(id)?.filter(|_| viewer.manages(id)).ok_or_else(Refused::not_yours)?;
    if viewer.sees_everything() || !may_enter(&person.role) {
        return Ok(());
    }
    Err(Refused::new("role-of-office", &[("name", &person.name)]).into())
}

/// Who decides leads others: whoever withdraws their access says who leads these from then on, and would take
/// another team over by naming themselves. So head office alone does it. Whoever else is left without a leader
/// falls to head office, because a rep of a supervisor's has none to give away.
fn may_revoke(tx: &dyn Read, viewer: &Viewer, id: PersonId, sent: &Sent) -> Done<()> {
    let person = tx.person(id)?.filter(|_| viewer.manages(id)).ok_or_else(Refused::not_yours)?;
    let falls = matches!(sent.heir(), Heir::Unsaid | Heir::Office);
    if viewer.sees_everything() || (falls && !may_enter(&person.role)) {
        return Ok(());
    }
    Err(Refused::new("revoke-of-office", &[("name", &person.name)]).into())
}

/// Nobody gives away what they do not hold themselves: a rep with an area would show its records.
fn may_grant(viewer: &Viewer, sent: &Sent) -> Done<()> {
    let scope = Scope::area(&sent.area);
    if sent.withdraws() || viewer.sees_everything() || scope.is_some_and(|scope| viewer.may_see(&scope)) {
        return Ok(());
    }
    Err(Refused::new("area-not-held", &[("area", &sent.area.trim())]).into())
}

enum Did {
    Said(String, String),
    Secret(Box<Secret>),
}

fn do_it(
    console: &Console,
    guest: &Guest,
    wish: &Wish,
    sent: &Sent,
    by: By<'_>,
    mine: Option<&str>,
    now: i64,
) -> Done<Did> {
    let (storage, id, words) = (&*console.storage, guest.team.id, &guest.words);
    let me = guest.viewer.person.id.to_string();
    match wish {
        Wish::Invite => {
            let name = sent.name.trim();
            let head_office = guest.viewer.sees_everything();
            let role = if sent.role.is_empty() { Role::REP } else { &sent.role };
            // Whoever manages everybody may also say that somebody is something else from now on.
            let whom = if head_office { Whom::Called(name) } else { Whom::New(name) };
            let leader = if head_office { sent.leader.as_str() } else { &me };
            let led_by = (!leader.is_empty() && role != Role::SUPERVISOR).then_some(leader);
            let invite = Invite { whom, role, led_by, valid_ms: VALID_MS };
            invited(words, team::invite_by(storage, id, by, invite, now)?, now)
        }
        Wish::Again(person) => {
            let invite = Invite { whom: Whom::Known(*person), role: "", led_by: None, valid_ms: VALID_MS };
            invited(words, team::invite_by(storage, id, by, invite, now)?, now)
        }
        Wish::Password(person) => {
            let secret = password::create()?;
            let person = team::set_password_by(storage, id, by, &person.to_string(), &secret, now)?;
            Ok(Did::Secret(Box::new(Secret {
                title: words.f("password-of", &[("name", person.name)]),
                shown: secret.to_string(),
                how: words.t("password-once"),
                code: None,
                link: None,
                qr: None,
            })))
        }
        Wish::OwnPassword => {
            // Whoever finds a browser open must not find out the password with it.
            if !console.tries().take(hash(me.as_bytes()), None, now) {
                return Err(Refused::new("password-often", &[]).into());
            }
            if !password::verify(&sent.old, mine) {
                return Err(Refused::new("password-wrong", &[]).into());
            }
            team::set_password_by(storage, id, by, &me, &sent.new, now)?;
            Ok(Did::Said("/sign-in".into(), words.t("password-set")))
        }
        Wish::Revoke(person) => {
            team::revoke_person_by(storage, id, by, &person.to_string(), sent.heir(), now)?;
            Ok(Did::Said(page_of(*person), words.t("revoked-said")))
        }
        Wish::Uninvite(person) => {
            team::uninvite_by(storage, id, by, *person, now)?;
            Ok(Did::Said("/team".into(), words.t("uninvited-said")))
        }
        Wish::RevokeDevice(device) => {
            team::revoke_device_by(storage, id, by, device, now)?;
            Ok(Did::Said("/team".into(), words.t("revoked-said")))
        }
        Wish::Area(person) => {
            let area = Access::Area(sent.area.trim().to_owned());
            access::change_by(storage, id, by, &person.to_string(), &area, !sent.withdraws(), now)?;
            Ok(Did::Said(page_of(*person), words.t("access-said")))
        }
        Wish::Lead(person) => {
            let whom = person.to_string();
            let leads = Access::Leads(whom.clone());
            match (sent.change.as_str(), guest.viewer.sees_everything()) {
                ("withdraw", true) => {
                    access::change_by(storage, id, by, &sent.leader, &leads, false, now)?;
                }
                ("grant", true) => {
                    access::change_by(storage, id, by, &sent.leader, &leads, true, now)?;
                }
                // A supervisor gives a rep away; taking one is the other's, or head office's, to do.
                _ => access::transfer_by(storage, id, by, (&whom, &me, &sent.leader), now)?,
            }
            Ok(Did::Said("/team".into(), words.t("access-said")))
        }
    }
}

fn invited(words: &Words, (person, code): (Person, Zeroizing<String>), now: i64) -> Done<Did> {
    let until = words.moment(now.saturating_add(VALID_MS), now).short;
    Ok(Did::Secret(Box::new(Secret {
        title: words.f("invitation-of", &[("name", person.name)]),
        shown: code.to_string(),
        how: words.f("invitation-how", &[("until", until)]),
        code: Some(code.to_string()),
        link: None,
        qr: None,
    })))
}

/// A QR code as the path of an SVG, and its edge.
fn qr(text: &str) -> Option<(String, usize)> {
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let path = dark.map(|(at, _)| format!("M{} {}h1v1h-1z", at % width, at / width)).collect();
    Some((path, width))
}

/// The page of everybody, for the router.
pub fn people_page(
    guest: &Guest,
    lexicon: &dyn super::kinds::Lexicon,
    here: &str,
    people: People,
) -> PeoplePage {
    PeoplePage { shell: shell(guest, lexicon, here, "/team"), people }
}

/// One person's page.
pub fn person_page(
    guest: &Guest,
    lexicon: &dyn super::kinds::Lexicon,
    here: &str,
    person: PersonView,
) -> PersonPage {
    PersonPage { shell: shell(guest, lexicon, here, "/team"), person }
}

/// A page of the log.
pub fn log_page(
    tx: &dyn Read,
    lexicon: &dyn super::kinds::Lexicon,
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
