//! Signing in and out.
//!
//! A wrong password and an unknown name get the same answer after the same work. Every try is
//! counted before its password is looked at.

use super::Console;
use super::pages::{Said, SignInPage, bare_shell};
use super::problem::{failure, html, problem};
use super::routes::own_path;
use super::session::{self, Visitor};
use super::viewer::may_enter;
use super::words::Words;
use crate::error::{Error, Result};
use crate::secrets::{hash, password};
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header::SET_COOKIE};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::ids::{PersonId, TeamId};
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use zeroize::Zeroizing;

/// People of one name who are tried at most: two teams of an installation may each have one.
const NAMESAKES: usize = 4;

/// What the sign-in form sends.
#[derive(Deserialize)]
pub struct SignIn {
    csrf: String,
    name: String,
    password: String,
}

/// What a form without further fields sends.
#[derive(Deserialize)]
pub struct Bare {
    csrf: String,
}

enum Entry {
    Open(String),
    WrongRole,
    Wrong,
}

/// The page; who is signed in already goes on to the board.
pub async fn page(State(console): State<Console>, headers: HeaderMap) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let asked = visitor.clone();
    let inside = console.blocking(move |console| is_inside(console, &asked)).await;
    match inside {
        Ok(true) => Redirect::to("/").into_response(),
        Ok(false) => sign_in_page(&console, &visitor, StatusCode::OK, None, ""),
        Err(error) => failure(visitor.lang, &error),
    }
}

/// What takes a turn of the few that there are, is for who is signed in: the answer for whoever is not, with the
/// way back to a page.
pub(super) async fn turned_away(
    console: &Console,
    headers: &HeaderMap,
    here: Option<&str>,
) -> Option<Response> {
    let visitor = Visitor::of(headers, console.secure);
    let lang = visitor.lang;
    match console.blocking(move |console| is_inside(console, &visitor)).await {
        Ok(true) => None,
        Ok(false) => {
            let back = here.map(|here| session::come_back(here, console.secure));
            Some(with_cookie(Redirect::to("/sign-in").into_response(), back))
        }
        Err(error) => Some(failure(lang, &error)),
    }
}

fn is_inside(console: &Console, visitor: &Visitor) -> Result<bool> {
    let Some(tx) = console.read_for(visitor)? else { return Ok(false) };
    Ok(visitor.guest(&*tx, console.now_ms())?.is_some())
}

/// A try.
pub async fn sign_in(State(console): State<Console>, request: Request) -> Response {
    let visitor = Visitor::of(request.headers(), console.secure);
    let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let form = <Form<SignIn> as axum::extract::FromRequest<()>>::from_request(request, &()).await;
    let Ok(Form(form)) = form else { return problem(visitor.lang, StatusCode::BAD_REQUEST) };
    let again = |status, key| sign_in_page(&console, &visitor, status, Some(key), &form.name);
    if !visitor.is_at_door(&form.csrf) {
        return again(StatusCode::FORBIDDEN, "form-old");
    }
    if !counted(&console, &form.name, address) {
        return again(StatusCode::TOO_MANY_REQUESTS, "sign-in-often");
    }
    let permit = console.checks.acquire().await;
    let (name, typed) = (form.name.trim().to_owned(), Zeroizing::new(form.password.clone()));
    let entry = console.blocking(move |console| enter(console, &name, &typed)).await;
    drop(permit);
    match entry {
        Ok(Entry::Open(cookie)) => {
            let to = visitor.back.as_deref().map_or("/", own_path);
            let back = visitor.back.is_some().then(|| session::came_back(console.secure));
            with_cookie(with_cookie(Redirect::to(to).into_response(), Some(cookie)), back)
        }
        Ok(Entry::WrongRole) => again(StatusCode::FORBIDDEN, "sign-in-role"),
        Ok(Entry::Wrong) => again(StatusCode::UNAUTHORIZED, "sign-in-wrong"),
        Err(error) => failure(visitor.lang, &error),
    }
}

fn counted(console: &Console, name: &str, address: Option<IpAddr>) -> bool {
    console.tries().take(hash(name.trim().as_bytes()), address, console.now_ms())
}

fn enter(console: &Console, name: &str, typed: &str) -> Result<Entry> {
    let candidates = named(console, name)?;
    if candidates.is_empty() {
        password::verify(typed, None);
    }
    for (team, person, may, stored) in candidates {
        if password::verify(typed, Some(&stored)) {
            if !may {
                return Ok(Entry::WrongRole);
            }
            let opened = session::open(console, team, person, (&stored, typed))?;
            return Ok(opened.map_or(Entry::Wrong, Entry::Open));
        }
    }
    Ok(Entry::Wrong)
}

/// Everyone of that name who has a password, and whether their role may use the console.
fn named(console: &Console, name: &str) -> Result<Vec<(TeamId, PersonId, bool, String)>> {
    let mut found = vec![];
    for team in console.storage.teams()? {
        let tx = console.storage.browse(team.id)?;
        for person in tx.people()?.into_iter().filter(|person| person.name == name) {
            if let Some(stored) = tx.password(person.id)? {
                found.push((team.id, person.id, may_enter(&person.role), stored));
            }
        }
    }
    found.truncate(NAMESAKES);
    Ok(found)
}

/// Ends the session.
pub async fn sign_out(
    State(console): State<Console>,
    headers: HeaderMap,
    form: Result<Form<Bare>, FormRejection>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let (lang, secure) = (visitor.lang, console.secure);
    let Ok(Form(form)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let ended = console.blocking(move |console| end(console, &visitor, &form.csrf)).await;
    match ended {
        Ok(true) => with_cookie(Redirect::to("/sign-in").into_response(), Some(session::forget(secure))),
        Ok(false) => problem(lang, StatusCode::FORBIDDEN),
        Err(error) => failure(lang, &error),
    }
}

fn end(console: &Console, visitor: &Visitor, csrf: &str) -> Result<bool> {
    let Some(tx) = console.read_for(visitor)? else { return Ok(false) };
    let Some(guest) = visitor.guest(&*tx, console.now_ms())?.filter(|guest| guest.sent(csrf)) else {
        return Ok(false);
    };
    drop(tx);
    let mut tx = console.storage.write(guest.team.id)?;
    visitor.end(&mut *tx)?;
    tx.commit()?;
    Ok(true)
}

fn sign_in_page(
    console: &Console,
    visitor: &Visitor,
    status: StatusCode,
    key: Option<&str>,
    name: &str,
) -> Response {
    let words = Words::new(visitor.lang, "UTC");
    let (token, cookie) = match session::door(visitor, console.secure) {
        Ok(made) => made,
        Err(error) => return failure(visitor.lang, &error),
    };
    let problem = key.map(|key| Said::new(&words, key));
    let page = SignInPage { shell: bare_shell(words, token), problem, name: name.to_owned() };
    with_cookie((status, html(visitor.lang, &page)).into_response(), cookie)
}

/// The answer with a cookie to keep.
pub fn with_cookie(mut response: Response, cookie: Option<String>) -> Response {
    // A cookie of ours is hex, an id or a language's tag: always a valid header.
    if let Some(value) = cookie.and_then(|cookie| HeaderValue::try_from(cookie).ok()) {
        response.headers_mut().append(SET_COOKIE, value);
    }
    response
}

impl Console {
    /// A view of the team that a visitor's session names; none if there is no such team (any more).
    pub(super) fn read_for<'a>(
        &'a self,
        visitor: &Visitor,
    ) -> Result<Option<Box<dyn crate::storage::Read + 'a>>, Error> {
        let Some(team) = visitor.team() else { return Ok(None) };
        // A made-up team must not be an error of ours in the log.
        if !self.storage.teams()?.iter().any(|known| known.id == team) {
            return Ok(None);
        }
        self.storage.browse(team).map(Some)
    }
}
