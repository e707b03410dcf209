//! The console's addresses.

use super::door::{self, with_cookie};
use super::kinds::Lexicon;
use super::pages::{BoardPage, ConflictsPage, HoldingPage, ListPage, RecordPageHtml, RemindersPage, shell};
use super::problem::{failure, html, problem};
use super::session::{self, Guest, Visitor};
use super::{Console, assets, blob, board, choose, conflicts, headers, holding, list, record, reminders};
use crate::error::Result;
use crate::storage::Read;
use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{any, get, post};
use axum::{Form, Json, Router, middleware};
use rounds_model::ids::DocId;
use rounds_model::text::Lang;
use rounds_protocol::fault::Fault;
use serde::Deserialize;

/// Bytes of a form: a name, a password, a token.
const FORM: usize = 16 * 1024;

/// Every page, with the strict headers on each answer, the ones that say "not found" among them.
pub fn routes(console: Console) -> Router {
    Router::new()
        .route("/", get(today))
        .route("/records/{id}", get(one_record))
        .route("/records/{id}/blobs/{hash}", get(blob::one))
        .route("/records/{id}/choose", post(choose::choose))
        .route("/conflicts", get(all_conflicts))
        .route("/reminders", get(all_reminders))
        .route("/kinds/{kind}", get(one_kind))
        .route("/holding", get(waiting))
        .route("/holding/{number}", post(holding::decide))
        .route("/sign-in", get(door::page).post(door::sign_in))
        .route("/sign-out", post(door::sign_out))
        .route("/language", post(language))
        .route("/assets/{name}", get(assets::asset))
        .route("/{*path}", any(nothing))
        .method_not_allowed_fallback(nothing)
        .layer(DefaultBodyLimit::max(FORM))
        .layer(middleware::from_fn(headers::strict))
        .with_state(console)
}

/// What a list was asked for.
#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    after: Option<String>,
}

/// What of a record is shown.
#[derive(Deserialize)]
struct Shown {
    tab: Option<String>,
}

/// What the language form sends.
#[derive(Deserialize)]
struct Choice {
    csrf: String,
    lang: String,
    back: String,
}

async fn today(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, uri.path().to_owned(), |tx, lexicon, guest, here, now| {
        let board = board::board(tx, lexicon, &guest.viewer, &guest.words, now)?;
        Ok(Some(BoardPage { shell: shell(guest, lexicon, here, "/"), board }))
    })
    .await
}

async fn all_conflicts(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, uri.path().to_owned(), |tx, lexicon, guest, here, now| {
        let list = conflicts::conflict_list(tx, lexicon, &guest.viewer, &guest.words, now)?;
        Ok(Some(ConflictsPage { shell: shell(guest, lexicon, here, "/conflicts"), list }))
    })
    .await
}

async fn all_reminders(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, uri.path().to_owned(), |tx, lexicon, guest, here, now| {
        let list = reminders::reminder_list(tx, lexicon, &guest.viewer, &guest.words, now)?;
        Ok(Some(RemindersPage { shell: shell(guest, lexicon, here, "/reminders"), list }))
    })
    .await
}

async fn one_record(
    State(console): State<Console>,
    uri: Uri,
    Path(id): Path<String>,
    Query(shown): Query<Shown>,
    headers: HeaderMap,
) -> Response {
    let here = uri.path_and_query().map_or("/", |here| here.as_str()).to_owned();
    page(&console, &headers, here, move |tx, lexicon, guest, here, now| {
        let Ok(doc) = id.parse::<DocId>() else { return Ok(None) };
        let page =
            record::record_page(tx, lexicon, &guest.viewer, &guest.words, doc, shown.tab.as_deref(), now)?;
        Ok(page.map(|page| {
            let section = format!("/kinds/{}", page.kind_name);
            RecordPageHtml { shell: shell(guest, lexicon, here, &section), page }
        }))
    })
    .await
}

async fn waiting(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, uri.path().to_owned(), |tx, lexicon, guest, here, now| {
        let page = holding::waiting(tx, lexicon, &guest.viewer, &guest.words, now)?;
        Ok(Some(HoldingPage { shell: shell(guest, lexicon, here, "/holding"), page, problem: None }))
    })
    .await
}

async fn one_kind(
    State(console): State<Console>,
    uri: Uri,
    Path(kind): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let here = uri.path_and_query().map_or("/", |here| here.as_str()).to_owned();
    page(&console, &headers, here, move |tx, lexicon, guest, here, now| {
        let query: String = asked.q.chars().take(200).collect();
        let ask = list::Ask { kind: &kind, query: &query, after: asked.after.and_then(|id| id.parse().ok()) };
        let list = list::record_list(tx, lexicon, &guest.viewer, &guest.words, &ask, now)?;
        Ok(list.map(|list| {
            let section = format!("/kinds/{kind}");
            ListPage { shell: shell(guest, lexicon, here, &section), list }
        }))
    })
    .await
}

/// A page for whoever is signed in; the others go to the door.
async fn page<P, F>(console: &Console, headers: &HeaderMap, here: String, make: F) -> Response
where
    P: Template + Send + 'static,
    F: FnOnce(&dyn Read, &dyn Lexicon, &Guest, &str, i64) -> Result<Option<P>> + Send + 'static,
{
    enum Made<P> {
        Page(P),
        Nothing,
        Door,
    }
    let visitor = Visitor::of(headers, console.secure);
    let lang = visitor.lang;
    let made = console.blocking(move |console| {
        let now = console.now_ms();
        let Some(tx) = console.read_for(&visitor)? else { return Ok(Made::Door) };
        let Some(guest) = visitor.guest(&*tx, now)? else { return Ok(Made::Door) };
        let lexicon = console.library.open(&*tx)?;
        Ok(make(&*tx, &*lexicon, &guest, &here, now)?.map_or(Made::Nothing, Made::Page))
    });
    match made.await {
        Ok(Made::Page(page)) => html(lang, &page),
        Ok(Made::Nothing) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Made::Door) => Redirect::to("/sign-in").into_response(),
        Err(error) => failure(lang, &error),
    }
}

async fn language(
    State(console): State<Console>,
    headers: HeaderMap,
    form: Result<Form<Choice>, FormRejection>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let (lang, secure) = (visitor.lang, console.secure);
    let Ok(Form(choice)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let Ok(chosen) = choice.lang.parse::<Lang>() else { return problem(lang, StatusCode::BAD_REQUEST) };
    let csrf = choice.csrf;
    let ours = console.blocking(move |console| {
        if visitor.is_at_door(&csrf) {
            return Ok(true);
        }
        let Some(tx) = console.read_for(&visitor)? else { return Ok(false) };
        Ok(visitor.guest(&*tx, console.now_ms())?.is_some_and(|guest| guest.sent(&csrf)))
    });
    match ours.await {
        Ok(true) => {
            let response = Redirect::to(own_path(&choice.back)).into_response();
            with_cookie(response, Some(session::language(chosen, secure)))
        }
        Ok(false) => problem(lang, StatusCode::FORBIDDEN),
        Err(error) => failure(lang, &error),
    }
}

/// Only a path of ours is a way back: never another host.
fn own_path(back: &str) -> &str {
    let ours = back.starts_with('/')
        && !back.starts_with("//")
        && back.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if ours { back } else { "/" }
}

/// What is not there. Under the phones' address it is a fault that a program can read.
async fn nothing(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    if uri.path().starts_with("/v1/") {
        return (StatusCode::NOT_FOUND, Json(Fault::NotFound.body())).into_response();
    }
    problem(Visitor::of(&headers, console.secure).lang, StatusCode::NOT_FOUND)
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn the_way_back_is_never_another_host() {
        assert_eq!(own_path("/kinds/a?q=x%20y"), "/kinds/a?q=x%20y");
        for bad in ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", "javascript:1"]
        {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }
}
