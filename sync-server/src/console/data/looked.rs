//! What is uploaded, looked at: a pack or a workbook with what it would change, rows as if they were imported.

use super::compared::compared;
use super::preview::preview;
use super::waiting::{Upload, What};
use super::{Came, answer, entered};
use crate::admin::by::By;
use crate::admin::{Refused, Trouble, import, publish, sheets};
use crate::console::Console;
use crate::console::pages::{ReportPage, shell};
use crate::console::problem::{failure, problem};
use crate::console::session::{Guest, Visitor};
use crate::console::view::{ChangedCell, UploadReport};
use crate::console::words::Words;
use crate::error::Result;
use crate::secrets::random;
use crate::texts::messages;
use axum::extract::multipart::MultipartError;
use axum::extract::{Multipart, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_workflow::Pack;
use rounds_workflow::bundle::Bundle;

/// Problems that a page lists.
const LISTED: usize = 200;

/// A pack or a workbook, looked at.
pub async fn check_pack(State(console): State<Console>, headers: HeaderMap, form: Multipart) -> Response {
    uploaded(console, headers, form, checked_pack).await
}

/// Rows, as if they were imported.
pub async fn check_rows(State(console): State<Console>, headers: HeaderMap, form: Multipart) -> Response {
    uploaded(console, headers, form, checked_rows).await
}

/// What was uploaded with a form.
#[derive(Default)]
struct Parts {
    csrf: String,
    kind: String,
    key: String,
    name: String,
    file: Vec<u8>,
}

async fn parts(mut form: Multipart) -> std::result::Result<Parts, MultipartError> {
    let mut parts = Parts::default();
    while let Some(field) = form.next_field().await? {
        match field.name().unwrap_or_default() {
            "csrf" => parts.csrf = field.text().await?,
            "kind" => parts.kind = field.text().await?,
            "key" => parts.key = field.text().await?,
            "file" => {
                parts.name = field.file_name().unwrap_or_default().to_owned();
                parts.file = field.bytes().await?.to_vec();
            }
            _ => {}
        }
    }
    Ok(parts)
}

async fn uploaded(
    console: Console,
    headers: HeaderMap,
    form: Multipart,
    check: fn(&Console, &Guest, Parts) -> Result<Came>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    // Nobody fills the server's memory whose upload would come to nothing: that is asked before the body is
    // read.
    let asking = visitor.clone();
    let known = console.blocking(move |console| {
        let Some(tx) = console.read_for(&asking)? else { return Ok(None) };
        let guest = asking.guest(&*tx, console.now_ms())?;
        guest.map(|guest| guest.viewer.runs_office(&*tx)).transpose()
    });
    match known.await {
        Ok(Some(true)) => {}
        Ok(Some(false)) => return problem(lang, StatusCode::NOT_FOUND),
        Ok(None) => return Redirect::to("/sign-in").into_response(),
        Err(error) => return failure(lang, &error),
    }
    let parts = match parts(form).await {
        Ok(parts) => parts,
        // Too much is something else than a form that nobody can read.
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return problem(lang, error.status());
        }
        Err(_) => return problem(lang, StatusCode::BAD_REQUEST),
    };
    // A check is made in a copy of the whole database.
    let Ok(_turn) = console.heavy.acquire().await else {
        return problem(lang, StatusCode::SERVICE_UNAVAILABLE);
    };
    let came = console
        .blocking(move |console| match entered(console, &visitor, &parts.csrf)? {
            Ok(_) if parts.file.is_empty() => Ok(Came::No(vec![Refused::new("upload-empty", &[])])),
            Ok(guest) => check(console, &guest, parts),
            Err(came) => Ok(came),
        })
        .await;
    answer(&console, lang, came)
}

fn checked_pack(console: &Console, guest: &Guest, parts: Parts) -> Result<Came> {
    let (now, words, team) = (console.now_ms(), &guest.words, guest.team.id);
    let bundle = match bundle_of(console, guest, &parts)? {
        Ok(bundle) => bundle,
        Err(why) => return Ok(Came::No(why)),
    };
    let checked = publish::publish_by(&*console.storage, team, By::server(), &bundle, true, now);
    let (done, problems) = match checked {
        Ok(done) => (Some(done), vec![]),
        Err(Trouble::Refused(why)) => (None, why.iter().take(LISTED).map(|no| no.say(words.lang)).collect()),
        Err(Trouble::Failed(error)) => return Err(error),
    };
    let tx = console.storage.browse(team)?;
    let lexicon = console.library.open(&*tx)?;
    let shell = shell(guest, &*lexicon, "/templates", "/templates");
    // What is looked at is what would be published: with the company's own tables in it, by its own number.
    let published = done.as_ref().and_then(|done| done.bundle.as_ref()).unwrap_or(&bundle);
    let loaded = Pack::load(published).ok();
    let (kinds, compared) = match &loaded {
        Some(pack) => (preview(words, pack), compared(&*tx, &*lexicon, words, published, pack)?),
        None => (vec![], None),
    };
    drop(tx);
    let title = loaded.as_ref().map_or_else(
        || parts.name.clone(),
        |pack| format!("{} · {}", words.of(&pack.title), words.n("version-n", pack.version)),
    );
    let (mut losses, mut own_tables) = (vec![], vec![]);
    if let Some(done) = &done {
        losses.extend(done.losses.iter().map(|loss| format!("{}: {}", loss.kind, words.of(&loss.label))));
        let said = [("said-own-tables", &done.laid), ("said-own-tables-dropped", &done.dropped)];
        for (key, tables) in said.into_iter().filter(|(_, tables)| !tables.is_empty()) {
            own_tables.push(messages().get(words.lang, key, &[("tables", tables.join(", "))]));
        }
    }
    // The very same again would publish nothing.
    let same = done.as_ref().is_some_and(|done| !done.new);
    let good = same.then(|| words.t("pack-same"));
    let pending = match &done {
        Some(done) if done.new => Some(keep(console, guest, What::Pack(bundle))?),
        _ => None,
    };
    let report = UploadReport {
        title,
        good,
        problems,
        losses,
        own_tables,
        compared,
        rows: vec![],
        kinds,
        pending,
        publishes: true,
    };
    Ok(Came::Report(Box::new(ReportPage { shell, report })))
}

fn bundle_of(
    console: &Console,
    guest: &Guest,
    parts: &Parts,
) -> Result<std::result::Result<Bundle, Vec<Refused>>> {
    let made = if parts.name.to_lowercase().ends_with(".zip") {
        sheets::pack_of_zip(parts.file.clone())
    } else {
        let tx = console.storage.browse(guest.team.id)?;
        let lexicon = console.library.open(&*tx)?;
        let own = lexicon
            .kind(&parts.kind)
            .and_then(|_| lexicon.packs().into_iter().find(|pack| pack.kind(&parts.kind).is_some()));
        let row = own.map(|pack| tx.pack(&pack.id, pack.version)).transpose()?.flatten();
        match row {
            Some(row) => sheets::with_workbook(&row, &parts.kind, parts.file.clone()),
            None => Err(Refused::new("workbook-nowhere", &[("kind", &parts.kind)]).into()),
        }
    };
    match made {
        Ok(bundle) => Ok(Ok(bundle)),
        Err(Trouble::Refused(why)) => Ok(Err(why)),
        Err(Trouble::Failed(error)) => Err(error),
    }
}

fn checked_rows(console: &Console, guest: &Guest, parts: Parts) -> Result<Came> {
    let (now, words, team) = (console.now_ms(), &guest.words, guest.team.id);
    let key = Some(parts.key.trim().to_owned()).filter(|key| !key.is_empty());
    let tried = sheets::csv_of(parts.file).and_then(|bytes| {
        let what = (parts.kind.as_str(), bytes.as_slice(), key.as_deref());
        let done = import::import_by(&*console.storage, team, By::server(), what, true, now)?;
        Ok((done, bytes))
    });
    let (good, rows, problems, pending) = match tried {
        Ok((done, bytes)) => {
            let rows = done.changes.iter().map(|change| changed_cell(words, change)).collect();
            let args = [("created", done.created), ("changed", done.changed), ("same", done.same)];
            let good = words.f("import-would", &args.map(|(name, n)| (name, n.to_string())));
            let id = keep(console, guest, What::Rows { kind: parts.kind.clone(), key, bytes })?;
            (Some(good), rows, vec![], Some(id))
        }
        Err(Trouble::Refused(why)) => {
            (None, vec![], why.iter().take(LISTED).map(|no| no.say(words.lang)).collect(), None)
        }
        Err(Trouble::Failed(error)) => return Err(error),
    };
    let tx = console.storage.browse(team)?;
    let lexicon = console.library.open(&*tx)?;
    let shell = shell(guest, &*lexicon, "/data", "/templates");
    let kind = lexicon.kind(&parts.kind).map(|kind| words.of(&kind.plural).to_owned());
    let title = format!("{} · {}", kind.unwrap_or(parts.kind), parts.name);
    let report = UploadReport {
        title,
        good,
        problems,
        losses: vec![],
        own_tables: vec![],
        compared: None,
        rows,
        kinds: vec![],
        pending,
        publishes: false,
    };
    Ok(Came::Report(Box::new(ReportPage { shell, report })))
}

fn changed_cell(words: &Words, change: &import::Change) -> ChangedCell {
    let there = |text: &String| (!text.is_empty()).then(|| text.clone());
    ChangedCell {
        row: words.n("import-row", change.line),
        column: change.column.clone(),
        from: there(&change.from),
        to: there(&change.to),
    }
}

fn keep(console: &Console, guest: &Guest, what: What) -> Result<String> {
    let id = random()?;
    let (team, person, at_ms) = (guest.team.id, guest.viewer.person.id, console.now_ms());
    console.uploads.keep(Upload { id, team, person, at_ms, what });
    Ok(hex::encode(id))
}
