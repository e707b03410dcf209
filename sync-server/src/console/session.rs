//! Cookies, sessions, and the tokens that forms carry.
//!
//! A session is 32 random bytes in a cookie, of which the database keeps the hash, until an
//! absolute end. Its forms carry the token that was made with it. Before there is a session, the
//! sign-in form carries a token that follows from the random bytes of another cookie: another site
//! can make a browser send that cookie, but can neither read nor set it.

use super::Console;
use super::signer::Signer;
use super::viewer::Viewer;
use super::words::Words;
use crate::error::Result;
use crate::secrets::{hash, random, same};
use crate::storage::people::SessionRow;
use crate::storage::{Read, Write};
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE};
use rounds_model::ids::{PersonId, TeamId};
use rounds_model::text::Lang;
use rounds_protocol::enrol::Team;

/// How long a session lasts, whatever happens: a working day.
pub const LIFE_MS: i64 = 12 * 3_600_000;

const SESSION: &str = "rounds-session";
const DOOR: &str = "rounds-door";
const SAID: &str = "rounds-said";
const BACK: &str = "rounds-back";
const LANGUAGE: &str = "rounds-language";
const YEAR_S: i64 = 31_536_000;

/// What a browser sent along with its request.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// The language they read.
    pub lang: Lang,
    /// What the last form wanted to be said on this page.
    pub said: Option<String>,
    /// The page that they were turned away from.
    pub back: Option<String>,
    session: Option<(TeamId, [u8; 32])>,
    door: Option<[u8; 32]>,
}

/// A visitor with a session that holds.
pub struct Guest {
    /// Who.
    pub viewer: Viewer,
    /// Their team.
    pub team: Team,
    /// The words for them.
    pub words: Words,
    /// The token of their forms as this page writes it.
    pub csrf: String,
    token: [u8; 32],
    /// What the last form wanted to be said on this page.
    pub said: Option<String>,
}

impl Visitor {
    /// From the headers of a request. What is not well formed is not there.
    pub fn of(headers: &HeaderMap, secure: bool) -> Visitor {
        let cookie = |name: &str| cookie(headers, &named(name, secure));
        let accept = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let chosen = cookie(LANGUAGE).and_then(|tag| tag.parse().ok());
        let session = cookie(SESSION).and_then(|value| {
            let (team, secret) = value.split_once('.')?;
            Some((team.parse().ok()?, bytes(secret)?))
        });
        Visitor {
            lang: chosen.unwrap_or_else(|| Lang::best(accept)),
            said: cookie(SAID).and_then(|text| String::from_utf8(hex::decode(text).ok()?).ok()),
            back: cookie(BACK).and_then(|text| String::from_utf8(hex::decode(text).ok()?).ok()),
            session,
            door: cookie(DOOR).and_then(|value| bytes(&value)),
        }
    }

    /// The team that their session names, to be believed only with the session.
    pub fn team(&self) -> Option<TeamId> {
        self.session.map(|(team, _)| team)
    }

    /// Who they are, if their session holds and they may (still) use the console.
    pub fn guest(&self, tx: &dyn Read, now_ms: i64) -> Result<Option<Guest>> {
        let Some((_, secret)) = self.session else { return Ok(None) };
        let Some(row) = tx.session(&hash(&secret))?.filter(|row| now_ms < row.expires) else {
            return Ok(None);
        };
        let Some(viewer) = Viewer::load(tx, row.person)? else { return Ok(None) };
        let team = tx.team()?;
        let words = Words::new(self.lang, &team.zone);
        let said = self.said.clone();
        Ok(Some(Guest { viewer, team, words, csrf: masked(&row.csrf, random()?), token: row.csrf, said }))
    }

    /// What the database knows their session by.
    pub fn session_hash(&self) -> Option<[u8; 32]> {
        self.session.map(|(_, secret)| hash(&secret))
    }

    /// With what their acts are signed, if their session holds and was opened by a build that knows of it.
    pub fn signer(&self, tx: &dyn Read) -> Result<Option<Signer>> {
        let Some((_, secret)) = self.session else { return Ok(None) };
        let sealed = tx.session(&hash(&secret))?.and_then(|row| row.signer);
        Ok(sealed.and_then(|sealed| Signer::of_session(&secret, &sealed)))
    }

    /// Ends their session.
    pub fn end(&self, tx: &mut dyn Write) -> Result<()> {
        self.session.map_or(Ok(()), |(_, secret)| tx.end_session(&hash(&secret)))
    }

    /// Whether a form was made for them before they signed in.
    pub fn is_at_door(&self, csrf: &str) -> bool {
        self.door.is_some_and(|secret| is_token(&door_token(&secret), csrf))
    }
}

impl Guest {
    /// Which session it is, for what is kept for it alone.
    pub fn session(&self) -> [u8; 32] {
        hash(&self.token)
    }

    /// Whether a form was made for this session.
    pub fn sent(&self, csrf: &str) -> bool {
        unmasked(csrf).is_some_and(|given| same(&self.token, &given))
    }
}

/// A token for the sign-in form with the cookie that it goes with. A browser that has the cookie
/// keeps it: two sign-in pages may be open at once.
pub fn door(visitor: &Visitor, secure: bool) -> Result<(String, Option<String>)> {
    if let Some(secret) = visitor.door {
        return Ok((hex::encode(door_token(&secret)), None));
    }
    let secret = random::<32>()?;
    let cookie = set(DOOR, &hex::encode(secret), secure, "Strict", 3_600);
    Ok((hex::encode(door_token(&secret)), Some(cookie)))
}

/// Opens a session for who has shown the password of this hash; returns its cookie. None if that
/// is not their password any more. Sessions that are over are forgotten on the way.
pub fn open(
    console: &Console,
    team: TeamId,
    person: PersonId,
    (shown, password): (&str, &str),
) -> Result<Option<String>> {
    let secret = random::<32>()?;
    let now = console.now_ms();
    let expires = now.saturating_add(LIFE_MS);
    let known = console.storage.browse(team)?.console_key(person)?;
    let (signer, new) = Signer::unlock(known, person, password, now)?;
    let signer = Some(signer.sealed(&secret)?);
    let row = SessionRow { session_hash: hash(&secret), person, csrf: random()?, expires, signer };
    let mut tx = console.storage.write(team)?;
    // Asked again under the lock: hashing took its time, and whoever withdraws access has ended
    // the sessions that there were.
    if tx.password(person)?.as_deref() != Some(shown) {
        return Ok(None);
    }
    tx.forget_sessions(now)?;
    new.map_or(Ok(()), |key| tx.put_console_key(&key))?;
    tx.put_session(&row)?;
    tx.commit()?;
    let value = format!("{team}.{}", hex::encode(secret));
    Ok(Some(set(SESSION, &value, console.secure, "Lax", LIFE_MS / 1000)))
}

/// Takes the session's cookie back.
pub fn forget(secure: bool) -> String {
    set(SESSION, "", secure, "Lax", 0)
}

/// Keeps what is to be said on the next page, for the moment until it is asked for.
pub fn say(text: &str, secure: bool) -> String {
    set(SAID, &hex::encode(text), secure, "Strict", 30)
}

/// It was said.
pub fn said(secure: bool) -> String {
    set(SAID, "", secure, "Strict", 0)
}

/// Remembers the page that was asked for, until whoever asked has signed in.
pub fn come_back(here: &str, secure: bool) -> String {
    set(BACK, &hex::encode(here), secure, "Lax", 600)
}

/// They are back.
pub fn came_back(secure: bool) -> String {
    set(BACK, "", secure, "Lax", 0)
}

/// Remembers a choice of language.
pub fn language(lang: Lang, secure: bool) -> String {
    set(LANGUAGE, lang.tag(), secure, "Lax", YEAR_S)
}

fn door_token(secret: &[u8; 32]) -> [u8; 32] {
    hash(&[b"rounds sign-in v1\0".as_slice(), secret].concat())
}

fn is_token(expected: &[u8; 32], given: &str) -> bool {
    bytes(given).is_some_and(|given| same(expected, &given))
}

/// A token as one page writes it: random bytes, and the token added to them. Pages are compressed, and what
/// is the same on every page could be found out from how long they are.
fn masked(token: &[u8; 32], mask: [u8; 32]) -> String {
    let mut added = mask;
    added.iter_mut().zip(token).for_each(|(byte, own)| *byte ^= own);
    hex::encode(mask) + &hex::encode(added)
}

/// The token that was written so.
fn unmasked(written: &str) -> Option<[u8; 32]> {
    let (mask, added) = written.split_at_checked(64)?;
    let (mask, mut token) = (bytes(mask)?, bytes(added)?);
    token.iter_mut().zip(mask).for_each(|(byte, own)| *byte ^= own);
    Some(token)
}

/// `__Host-` makes browsers refuse the cookie from any other host or without TLS.
fn named(name: &str, secure: bool) -> String {
    if secure { format!("__Host-{name}") } else { name.to_owned() }
}

fn set(name: &str, value: &str, secure: bool, same_site: &str, seconds: i64) -> String {
    let name = named(name, secure);
    let tail = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite={same_site}{tail}")
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

fn bytes(hex: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    hex::decode_to_slice(hex, &mut out).ok().map(|()| out)
}
