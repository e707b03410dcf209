//! The console's addresses.

use super::door::{self, with_cookie};
use super::filters::{self, Asked, Filters};
use super::kinds::Lexicon;
use super::pages::{
    BoardPage, BulkDonePage, ConflictsPage, EntrustedPage, ExceptionsPage, HoldingPage, ListPage, PhotosPage,
    RecordPageHtml, RemindersPage, ReportsPage, ScoresPage, SecretPage, TablePage, WorkPageHtml, shell,
};
use super::problem::{failure, html, misread, problem};
use super::session::{self, Guest, Visitor};
use super::shown::Shown;
use super::view::RecordPage;
use super::{
    Console, acting, assets, blob, board, bulk, choose, conflicts, data, entrusted, evidence, exceptions,
    export, headers, holding, list, live, looked, office, photos, read_api, record, reminders, reports,
    saved, scores, smaller, work,
};
use crate::error::{Error, Result};
use crate::storage::Read;
use askama::Template;
use axum::extract::rejection::FormRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
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
/// Bytes of a form with comments on many questions, or a selection of many records.
const LONG_FORM: usize = 256 * 1024;

/// Every page, with the strict headers on each answer, the ones that say "not found" among them.
pub fn routes(console: Console) -> Router {
    Router::new()
        .route("/", get(today))
        .route("/records/{id}", get(one_record))
        .route("/records/{id}/blobs/{hash}", get(blob::one))
        .route("/records/{id}/evidence", get(evidence::page))
        .route("/records/{id}/choose", post(choose::choose))
        .route("/records/{id}/acts/{act}", post(acting::act).layer(DefaultBodyLimit::max(LONG_FORM)))
        .route("/conflicts", get(all_conflicts))
        .route("/reminders", get(all_reminders))
        .route("/kinds/{kind}", get(one_kind))
        .route("/work", get(all_work))
        .route("/live", get(live::live))
        .route("/exceptions", get(all_exceptions))
        .route("/exceptions/export.csv", get(export::exceptions_csv))
        .route("/exceptions/export.xlsx", get(export::exceptions_xlsx))
        .route("/acts/{act}/checked", post(looked::checked))
        .route("/records/{id}/looked", post(looked::looked))
        .route("/kinds/{kind}/photos", get(photo_wall))
        .route("/kinds/{kind}/scores", get(score_page))
        .route("/bulk", post(bulk::review).layer(DefaultBodyLimit::max(LONG_FORM)))
        .route("/bulk/act", post(bulk::act).layer(DefaultBodyLimit::max(LONG_FORM)))
        .route("/kinds/{kind}/export.csv", get(export::csv))
        .route("/kinds/{kind}/export.xlsx", get(export::xlsx))
        .route("/templates", get(all_templates))
        .route("/templates/{pack}", get(one_template))
        .route("/templates/check", post(data::check_pack).layer(DefaultBodyLimit::max(data::UPLOAD)))
        .route("/data", get(data_and_tokens))
        .route("/data/check", post(data::check_rows).layer(DefaultBodyLimit::max(data::UPLOAD)))
        .route("/data/go", post(data::go))
        .route("/data/tokens", post(data::make_token))
        .route("/data/tokens/{id}/withdraw", post(data::take_token))
        .route("/v1/read/kinds", get(read_api::kinds))
        .route("/v1/read/kinds/{kind}", get(read_api::records))
        .route("/v1/read/records/{id}", get(read_api::one))
        .route("/reports", get(all_reports))
        .route("/reports/{kind}/{name}", get(one_report))
        .route("/reports/{kind}/{name}/export.csv", get(export::report_csv))
        .route("/reports/{kind}/{name}/export.xlsx", get(export::report_xlsx))
        .route("/team", get(all_people))
        .route("/team/export.csv", get(export::team_csv))
        .route("/team/export.xlsx", get(export::team_xlsx))
        .route("/team/kinds/{kind}", get(entrusted_page))
        .route("/team/log", get(team_log))
        .route("/team/log/export.csv", get(export::log_csv))
        .route("/team/log/export.xlsx", get(export::log_xlsx))
        .route("/team/people/{id}", get(one_person))
        .route("/team/people/{id}/{what}", post(office::about))
        .route("/team/invite", post(office::invite))
        .route("/team/password", post(office::own_password))
        .route("/team/devices/{id}/revoke", post(office::revoke_device))
        .route("/shown/{id}", get(one_secret))
        .route("/bulk/shown/{id}", get(one_report_of_many))
        .route("/views", post(saved::save))
        .route("/views/{id}/remove", post(saved::remove))
        .route("/holding", get(waiting))
        .route("/holding/{number}", post(holding::decide))
        .route("/sign-in", get(door::page).post(door::sign_in))
        .route("/sign-out", post(door::sign_out))
        .route("/language", post(language))
        .route("/assets/{name}", get(assets::asset))
        .route("/{*path}", any(nothing))
        .method_not_allowed_fallback(nothing)
        .layer(DefaultBodyLimit::max(FORM))
        .layer(middleware::from_fn_with_state(console.clone(), headers::strict))
        .layer(middleware::from_fn(smaller::judged))
        .layer(smaller::packed())
        .with_state(console)
}

/// Whose way is shown.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Today {
    rep: String,
    page: String,
}

impl Filters for Today {
    const NAMES: &'static [&'static str] = &["rep", "page"];
}

/// What of a record is shown.
#[derive(Deserialize)]
struct Tabbed {
    tab: Option<String>,
}

impl Filters for Tabbed {
    const NAMES: &'static [&'static str] = &["tab"];
}

/// What the language form sends.
#[derive(Deserialize)]
struct Choice {
    csrf: String,
    lang: String,
    back: String,
}

async fn today(
    State(console): State<Console>,
    uri: Uri,
    asked: Asked<Today>,
    headers: HeaderMap,
) -> Response {
    let tiles = console.tiles.clone();
    page(&console, &headers, here(&uri), move |tx, lexicon, guest, here, now| {
        let asked = asked.read()?;
        let page = filters::number("page", &asked.page)?.unwrap_or(1) as usize;
        let rep = filters::id("rep", &asked.rep)?;
        let ask = board::Ask { rep, page: page.saturating_sub(1), tiles: tiles.as_deref() };
        let board = board::board(tx, lexicon, &guest.viewer, &guest.words, ask, now)?;
        Ok(Some(BoardPage { shell: shell(guest, lexicon, here, "/"), board }))
    })
    .await
}

async fn all_exceptions(
    State(console): State<Console>,
    uri: Uri,
    asked: Asked<exceptions::Ask>,
    headers: HeaderMap,
) -> Response {
    page(&console, &headers, here(&uri), move |tx, lexicon, guest, here, now| {
        let (viewer, words, each) = (&guest.viewer, &guest.words, exceptions::EACH);
        let look = exceptions::Look { tx, lexicon, viewer, words, now_ms: now, each };
        let asked = asked.read()?;
        let page = exceptions::page(&look, &asked)?;
        let beside = beside(tx, lexicon, guest, asked.opened(), now)?;
        Ok(Some(ExceptionsPage { shell: shell(guest, lexicon, here, "/exceptions"), page, beside }))
    })
    .await
}

async fn photo_wall(
    State(console): State<Console>,
    uri: Uri,
    Path(kind): Path<String>,
    asked: Asked<list::Ask>,
    headers: HeaderMap,
) -> Response {
    page(&console, &headers, here(&uri), move |tx, lexicon, guest, here, now| {
        let ask = asked.read()?.bounded();
        let wall = photos::wall(tx, lexicon, &guest.viewer, &guest.words, &kind, &ask, now)?;
        Ok(wall.map(|wall| PhotosPage { shell: shell(guest, lexicon, here, "/work"), wall }))
    })
    .await
}

async fn score_page(
    State(console): State<Console>,
    uri: Uri,
    Path(kind): Path<String>,
    asked: Asked<list::Ask>,
    headers: HeaderMap,
) -> Response {
    page(&console, &headers, here(&uri), move |tx, lexicon, guest, here, now| {
        let ask = asked.read()?.bounded();
        let scores = scores::scores(tx, lexicon, &guest.viewer, &guest.words, &kind, &ask, now)?;
        Ok(scores.map(|scores| ScoresPage { shell: shell(guest, lexicon, here, "/work"), scores }))
    })
    .await
}

async fn all_conflicts(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, uri.path().to_owned(), |tx, lexicon, guest, here, now| {
        let list = conflicts::conflict_list(tx, lexicon, &guest.viewer, &guest.words, now)?;
        Ok(Some(ConflictsPage { shell: shell(guest, lexicon, here, "/exceptions"), list }))
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
    shown: Asked<Tabbed>,
    headers: HeaderMap,
) -> Response {
    let here = here(&uri);
    page(&console, &headers, here, move |tx, lexicon, guest, here, now| {
        let Ok(doc) = id.parse::<DocId>() else { return Ok(None) };
        let tab = shown.read()?.tab;
        let page = record::record_page(tx, lexicon, &guest.viewer, &guest.words, doc, tab.as_deref(), now)?;
        Ok(page.map(|page| RecordPageHtml { shell: shell(guest, lexicon, here, "/work"), page }))
    })
    .await
}

async fn waiting(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, uri.path().to_owned(), |tx, lexicon, guest, here, now| {
        let page = holding::waiting(tx, lexicon, &guest.viewer, &guest.words, now)?;
        Ok(Some(HoldingPage { shell: shell(guest, lexicon, here, "/exceptions"), page, problem: None }))
    })
    .await
}

async fn one_kind(
    State(console): State<Console>,
    uri: Uri,
    Path(kind): Path<String>,
    asked: Asked<list::Ask>,
    headers: HeaderMap,
) -> Response {
    let here = here(&uri);
    page(&console, &headers, here, move |tx, lexicon, guest, here, now| {
        let ask = asked.read()?.bounded();
        let (viewer, words) = (&guest.viewer, &guest.words);
        let Some(mut list) = list::record_list(tx, lexicon, viewer, words, &kind, &ask, now)? else {
            return Ok(None);
        };
        let path = format!("/kinds/{kind}");
        list.views = saved::views(tx, viewer, &path, here)?;
        let beside = beside(tx, lexicon, guest, ask.opened(), now)?;
        Ok(Some(ListPage { shell: shell(guest, lexicon, here, "/work"), list, beside }))
    })
    .await
}

/// A record beside a list.
fn beside(
    tx: &dyn Read,
    lexicon: &dyn Lexicon,
    guest: &Guest,
    doc: Option<DocId>,
    now: i64,
) -> Result<Option<RecordPage>> {
    let Some(doc) = doc else { return Ok(None) };
    let page = record::record_page(tx, lexicon, &guest.viewer, &guest.words, doc, None, now)?;
    Ok(page.map(|page| RecordPage { beside: true, ..page }))
}

async fn all_work(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, here(&uri), |tx, lexicon, guest, here, now| {
        let page = work::work(tx, lexicon, &guest.viewer, &guest.words, now)?;
        Ok(Some(WorkPageHtml { shell: shell(guest, lexicon, here, "/work"), page }))
    })
    .await
}

async fn all_people(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, here(&uri), |tx, lexicon, guest, here, now| {
        let people = office::people(tx, &guest.viewer, &guest.words, now)?;
        Ok(Some(office::people_page(guest, lexicon, here, people)))
    })
    .await
}

async fn entrusted_page(
    State(console): State<Console>,
    uri: Uri,
    Path(kind): Path<String>,
    asked: Asked<list::Ask>,
    headers: HeaderMap,
) -> Response {
    page(&console, &headers, here(&uri), move |tx, lexicon, guest, here, now| {
        let ask = asked.read()?.bounded();
        let page = entrusted::page(tx, lexicon, &guest.viewer, &guest.words, &kind, &ask, now)?;
        Ok(page.map(|page| EntrustedPage { shell: shell(guest, lexicon, here, "/team"), page }))
    })
    .await
}

async fn one_person(
    State(console): State<Console>,
    uri: Uri,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    page(&console, &headers, here(&uri), move |tx, lexicon, guest, here, now| {
        let Ok(id) = id.parse() else { return Ok(None) };
        let person = office::person(tx, lexicon, &guest.viewer, &guest.words, id, now)?;
        Ok(person.map(|person| office::person_page(guest, lexicon, here, person)))
    })
    .await
}

/// Something that is shown once, for the session that made it.
async fn one_secret(
    State(console): State<Console>,
    uri: Uri,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let results = console.results.clone();
    page(&console, &headers, here(&uri), move |_, lexicon, guest, _, now| {
        let Some(Shown::Secret(secret)) = results.find(guest, &id, now) else { return Ok(None) };
        Ok(Some(SecretPage { shell: shell(guest, lexicon, "/team", "/team"), secret: *secret }))
    })
    .await
}

/// What became of many records.
async fn one_report_of_many(
    State(console): State<Console>,
    uri: Uri,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    let results = console.results.clone();
    page(&console, &headers, here(&uri), move |_, lexicon, guest, _, now| {
        let Some(Shown::Bulk(done)) = results.find(guest, &id, now) else { return Ok(None) };
        Ok(Some(BulkDonePage { shell: shell(guest, lexicon, "/work", "/work"), done: *done }))
    })
    .await
}

async fn all_reports(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, here(&uri), |_, lexicon, guest, here, _| {
        let cards = reports::cards(lexicon, &guest.words);
        Ok(Some(ReportsPage { shell: shell(guest, lexicon, here, "/reports"), cards }))
    })
    .await
}

async fn one_report(
    State(console): State<Console>,
    uri: Uri,
    Path((kind, name)): Path<(String, String)>,
    asked: Asked<reports::Ask>,
    headers: HeaderMap,
) -> Response {
    if let Some(away) = door::turned_away(&console, &headers, Some(&here(&uri))).await {
        return away;
    }
    let _permit = console.heavy.acquire().await;
    page(&console, &headers, here(&uri), move |tx, lexicon, guest, here, now| {
        let (viewer, words) = (&guest.viewer, &guest.words);
        let report = reports::report(tx, lexicon, viewer, words, &kind, &name, &asked.read()?, now)?;
        Ok(report.map(|report| TablePage { shell: shell(guest, lexicon, here, "/reports"), report }))
    })
    .await
}

async fn all_templates(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, here(&uri), |tx, lexicon, guest, here, _| {
        data::templates_page(tx, lexicon, guest, here).map(Some)
    })
    .await
}

async fn one_template(
    State(console): State<Console>,
    uri: Uri,
    Path(pack): Path<String>,
    headers: HeaderMap,
) -> Response {
    page(&console, &headers, here(&uri), move |tx, lexicon, guest, here, _| {
        data::template_page(tx, lexicon, guest, here, &pack)
    })
    .await
}

async fn data_and_tokens(State(console): State<Console>, uri: Uri, headers: HeaderMap) -> Response {
    page(&console, &headers, here(&uri), |tx, lexicon, guest, here, now| {
        data::data_page(tx, lexicon, guest, here, now).map(Some)
    })
    .await
}

async fn team_log(
    State(console): State<Console>,
    uri: Uri,
    after: Asked<office::After>,
    headers: HeaderMap,
) -> Response {
    page(&console, &headers, here(&uri), move |tx, lexicon, guest, here, now| {
        office::log_page(tx, lexicon, guest, here, &after.read()?, now).map(Some)
    })
    .await
}

/// The address of a page, to come back to.
fn here(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", |here| here.as_str()).to_owned()
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
    let (lang, said, asked) = (visitor.lang, visitor.said.is_some(), here.clone());
    let made = console.blocking(move |console| {
        let now = console.now_ms();
        let Some(tx) = console.read_for(&visitor)? else { return Ok(Made::Door) };
        let Some(guest) = visitor.guest(&*tx, now)? else { return Ok(Made::Door) };
        let lexicon = console.library.open(&*tx)?;
        Ok(make(&*tx, &*lexicon, &guest, &here, now)?.map_or(Made::Nothing, Made::Page))
    });
    match made.await {
        Ok(Made::Page(page)) => with_cookie(html(lang, &page), said.then(|| session::said(console.secure))),
        Ok(Made::Nothing) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Made::Door) => {
            let back = session::come_back(&asked, console.secure);
            with_cookie(Redirect::to("/sign-in").into_response(), Some(back))
        }
        Err(Error::Misread(refusal)) => misread(lang, &refusal, asked.split('?').next().unwrap_or("/")),
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
pub(super) fn own_path(back: &str) -> &str {
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
