//! The team's page: people, who leads them, areas, devices, invitations, passwords, and what was done.
//!
//! - `may`: who may do what. - `seen`: what the pages show.
//!
//! Here is what the forms want done, and the doing: everything goes through the operator's commands
//! ([`crate::admin`]), which ask `may` once more and note who did it.

mod may;
mod seen;

pub use seen::{After, log, log_page, people, people_page, person, person_page};

use super::Console;
use super::desk::Away;
use super::problem::{failure, page_to, problem};
use super::session::{self, Guest, Visitor};
use super::shown::Shown;
use super::view::Secret;
use super::words::Words;
use crate::admin::access::{self, Access};
use crate::admin::by::By;
use crate::admin::leaving::Heir;
use crate::admin::team::{self, Invite, Whom};
use crate::admin::{Done, Refused, Trouble};
use crate::error::Result;
use crate::secrets::{hash, password};
use crate::storage::Read;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use qrcode::{Color, QrCode};
use rounds_model::ids::PersonId;
use rounds_model::people::{Person, Role};
use serde::Deserialize;
use zeroize::Zeroizing;

/// How long an invitation from here is good.
const VALID_MS: i64 = 72 * 3_600_000;

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
    let done = may::may(&*tx, &guest.viewer, wish, sent);
    drop(tx);
    // Asked here, so that nobody takes the lock or hashes a password for nothing; what counts is the same
    // question in the transaction that does it.
    let again = |tx: &dyn Read| {
        let guest = visitor.guest(tx, now)?.ok_or_else(Refused::not_yours)?;
        if matches!(wish, Wish::OwnPassword) && tx.password(guest.viewer.person.id)? != mine {
            return Err(Refused::new("password-wrong", &[]).into());
        }
        may::may(tx, &guest.viewer, wish, sent)
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
