//! Tokens for programs that read.

use super::{Came, Sending, answer};
use crate::admin::Refused;
use crate::console::Console;
use crate::console::problem::problem;
use crate::console::read_api;
use crate::console::session::Visitor;
use crate::console::shown::Shown;
use crate::console::view::Secret;
use crate::storage::console::ReadToken;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

/// Tokens of a team.
const TOKENS: usize = 50;

/// Makes a token for reading, as the visitor.
pub async fn make_token(State(console): State<Console>, headers: HeaderMap, form: Sending) -> Response {
    tokens(console, headers, form, None).await
}

/// Takes one back.
pub async fn take_token(
    State(console): State<Console>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Sending,
) -> Response {
    tokens(console, headers, form, Some(id)).await
}

async fn tokens(console: Console, headers: HeaderMap, form: Sending, take: Option<String>) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Ok(Form(sent)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let came = console
        .blocking(move |console| {
            let mut desk = match console.desk(&visitor, &sent.csrf)? {
                Ok(desk) => desk,
                Err(away) => return Ok(Came::Away(away)),
            };
            let (person, words, now) = (desk.guest.viewer.person.id, desk.guest.words, desk.now_ms);
            if let Some(id) = take {
                let mut token = [0; 16];
                let found = hex::decode_to_slice(&id, &mut token)
                    .ok()
                    .map(|()| desk.tx.read_token(&token))
                    .transpose()?;
                let all = desk.guest.viewer.sees_everything();
                let Some(row) = found.flatten().filter(|row| row.person == person || all) else {
                    return Ok(Came::NotThere);
                };
                desk.tx.note(now, Some(person), "noted-token-taken", &format!("name={}", row.name))?;
                desk.tx.put_read_token(&ReadToken { revoked: row.revoked.or(Some(now)), ..row })?;
                desk.tx.commit()?;
                return Ok(Came::To("/data", words.t("token-taken")));
            }
            let name: String = sent.name.trim().chars().filter(|c| !c.is_control()).take(60).collect();
            if name.is_empty() {
                return Ok(Came::No(vec![Refused::new("token-unnamed", &[])]));
            }
            if desk.tx.read_tokens()?.iter().filter(|row| row.revoked.is_none()).count() >= TOKENS {
                return Ok(Came::No(vec![Refused::new("tokens-many", &[("max", &TOKENS)])]));
            }
            let (shown, row) = read_api::create(person, &name, now)?;
            desk.tx.put_read_token(&row)?;
            desk.tx.note(now, Some(person), "noted-token-made", &format!("name={name}"))?;
            desk.tx.commit()?;
            let (title, how) = (words.f("token-of", &[("name", name)]), words.t("token-how"));
            let secret = Secret { title, shown, how, code: None, link: None, qr: None };
            let shown = Shown::Secret(Box::new(secret));
            Ok(Came::Shown(console.results.keep(&desk.guest, shown, now)?))
        })
        .await;
    answer(&console, lang, came)
}
