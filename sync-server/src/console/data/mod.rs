//! Templates and data: packs and workbooks that are uploaded, looked at and published; rows that are
//! imported after a dry run; tokens for programs that read.
//!
//! What is uploaded is kept in memory for half an hour, by a random name, until it is published or imported.
//! These things are about the whole team: head office does them, or the one supervisor that a team has.
//!
//! - [`looked`]: uploads; [`compared`]: what a pack would change; [`preview`]: its forms.
//! - [`waiting`]: what was looked at and waits. - [`tokens`]. - [`pages`].

mod compared;
mod looked;
mod pages;
mod preview;
mod tokens;
mod waiting;

pub use looked::{check_pack, check_rows};
pub use pages::{data_page, template_page, templates_page};
pub use tokens::{make_token, take_token};
pub use waiting::Uploads;

use super::Console;
use super::desk::Away;
use super::pages::ReportPage;
use super::problem::{failure, html, page as told_page, problem};
use super::session::{self, Guest, Visitor};
use super::viewer::Viewer;
use crate::admin::by::By;
use crate::admin::{Refused, Trouble, import, publish};
use crate::error::Result;
use crate::storage::Read;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::people::Role;
use rounds_model::text::{Lang, Text};
use serde::Deserialize;
use waiting::What;

/// Bytes of an upload.
pub const UPLOAD: usize = 32 << 20;

impl Viewer {
    /// Whether what is about the whole team is theirs to do: head office, or the one supervisor there is.
    pub fn runs_office(&self, tx: &dyn Read) -> Result<bool> {
        let several = || -> Result<bool> {
            Ok(tx.people()?.iter().filter(|person| person.role.0 == Role::SUPERVISOR).count() > 1)
        };
        Ok(self.sees_everything() || !several()?)
    }
}

/// What the forms without a file send.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    csrf: String,
    pending: String,
    name: String,
}

type Sending = std::result::Result<Form<Sent>, FormRejection>;

/// Publishes or imports what was looked at.
pub async fn go(State(console): State<Console>, headers: HeaderMap, form: Sending) -> Response {
    worked(console, headers, form, |console, visitor, guest, sent| {
        let now = console.now_ms();
        let Some(what) = console.uploads.take(&sent.pending, guest, now) else {
            return Ok(Came::No(vec![Refused::new("upload-over", &[])]));
        };
        let (team, words) = (guest.team.id, &guest.words);
        let again = |tx: &dyn Read| match visitor.guest(tx, now)? {
            Some(guest) if guest.viewer.runs_office(tx)? => Ok(()),
            _ => Err(Refused::not_yours().into()),
        };
        let by = By::person(guest.viewer.person.id, &again);
        let done = match what {
            What::Pack(bundle) => {
                publish::publish_by(&*console.storage, team, by, &bundle, false, now).map(|done| {
                    let args = [("pack", done.pack), ("version", done.version.to_string())];
                    Came::To("/templates", words.f("published-said", &args))
                })
            }
            What::Rows { kind, key, bytes } => {
                let what = (kind.as_str(), bytes.as_slice(), key.as_deref());
                import::import_by(&*console.storage, team, by, what, false, now).map(|done| {
                    let args = [("created", done.created), ("changed", done.changed), ("same", done.same)];
                    Came::To("/data", words.f("imported-said", &args.map(|(name, n)| (name, n.to_string()))))
                })
            }
        };
        match done {
            Ok(came) => Ok(came),
            Err(Trouble::Refused(why)) if why.iter().any(Refused::is_not_yours) => Ok(Came::NotThere),
            Err(Trouble::Refused(why)) => Ok(Came::No(why)),
            Err(Trouble::Failed(error)) => Err(error),
        }
    })
    .await
}

async fn worked(
    console: Console,
    headers: HeaderMap,
    form: Sending,
    work: fn(&Console, &Visitor, &Guest, &Sent) -> Result<Came>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Ok(Form(sent)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let came = console
        .blocking(move |console| match entered(console, &visitor, &sent.csrf)? {
            Ok(guest) => work(console, &visitor, &guest, &sent),
            Err(came) => Ok(came),
        })
        .await;
    answer(&console, lang, came)
}

enum Came {
    Report(Box<ReportPage>),
    Shown(String),
    To(&'static str, String),
    No(Vec<Refused>),
    NotThere,
    Away(Away),
}

fn answer(console: &Console, lang: Lang, came: Result<Came>) -> Response {
    match came {
        Ok(Came::Report(page)) => html(lang, &*page),
        Ok(Came::Shown(to)) => Redirect::to(&to).into_response(),
        Ok(Came::To(to, said)) => {
            console.poke();
            super::door::with_cookie(
                Redirect::to(to).into_response(),
                Some(session::say(&said, console.secure)),
            )
        }
        Ok(Came::No(why)) => {
            let text = why.first().map(Refused::text).unwrap_or_default();
            told_page(lang, StatusCode::CONFLICT, &text, &Text::default(), Some("/templates"))
        }
        Ok(Came::NotThere) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Came::Away(Away::Door)) => Redirect::to("/sign-in").into_response(),
        Ok(Came::Away(Away::Forbidden)) => problem(lang, StatusCode::FORBIDDEN),
        Err(error) => failure(lang, &error),
    }
}

/// Whoever may do it, with a form of theirs.
fn entered(console: &Console, visitor: &Visitor, csrf: &str) -> Result<std::result::Result<Guest, Came>> {
    let Some(tx) = console.read_for(visitor)? else { return Ok(Err(Came::Away(Away::Door))) };
    let Some(guest) = visitor.guest(&*tx, console.now_ms())? else { return Ok(Err(Came::Away(Away::Door))) };
    if !guest.sent(csrf) {
        return Ok(Err(Came::Away(Away::Forbidden)));
    }
    Ok(if guest.viewer.runs_office(&*tx)? { Ok(guest) } else { Err(Came::NotThere) })
}
