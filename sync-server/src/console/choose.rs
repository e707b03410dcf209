//! Choosing between the values of an answer, on a page.
//!
//! A choice is an edit like any other. The console writes it as a device of the person who chose,
//! with a pen of its own, and the judge of phones' edits judges it. The form names the values that
//! stood on the page: if others stand now, nothing is chosen, and the page is shown again.

use super::Console;
use super::problem::{failure, problem, refused};
use super::session::Visitor;
use super::viewer::Viewer;
use crate::clock::stamp;
use crate::error::{Error, Result};
use crate::exchange::batch::Batch;
use crate::exchange::caller::Author;
use crate::exchange::rules::Rules;
use crate::secrets;
use crate::storage::Write;
use crate::storage::log::{LogRow, What};
use crate::storage::people::DeviceRow;
use crate::texts::held;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::document::{Document, Version};
use rounds_model::ids::{ActorId, DeviceId, DocId, PersonId, PublicKey};
use rounds_model::refusal::Refusal;
use rounds_model::scope::Scope;
use rounds_protocol::exchange::{PushItem, Receipt};
use serde::Deserialize;

/// What the console is called as a device, wherever its choices are shown.
const DEVICE: &str = "控制台 · Console";

/// What a choice's form sends.
#[derive(Deserialize)]
pub struct Chosen {
    csrf: String,
    key: String,
    /// The value, by the put that wrote it.
    version: String,
    /// Every value that stood on the page.
    seen: String,
    back: String,
}

enum Done {
    Chosen,
    Refused(Box<Refusal>),
    Forbidden,
    Nothing,
    Door,
}

/// Names a value of an answer.
pub fn name(version: &Version) -> String {
    format!("{}-{}", version.op.counter, version.op.actor)
}

/// Names all values of an answer.
pub fn names(versions: &[Version]) -> String {
    let mut names: Vec<_> = versions.iter().map(name).collect();
    names.sort();
    names.join(" ")
}

/// Chooses, and goes back to where the form was.
pub async fn choose(
    State(console): State<Console>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Chosen>, FormRejection>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Ok(Form(chosen)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let Ok(doc) = id.parse::<DocId>() else { return problem(lang, StatusCode::NOT_FOUND) };
    // Only these two pages have the form.
    let back = if chosen.back == "/conflicts" { chosen.back.clone() } else { format!("/records/{doc}") };
    match console.blocking(move |console| settle(console, &visitor, doc, &chosen)).await {
        Ok(Done::Chosen) => Redirect::to(&back).into_response(),
        Ok(Done::Refused(refusal)) => refused(lang, &refusal),
        Ok(Done::Forbidden) => problem(lang, StatusCode::FORBIDDEN),
        Ok(Done::Nothing) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Done::Door) => Redirect::to("/sign-in").into_response(),
        Err(error) => failure(lang, &error),
    }
}

fn settle(console: &Console, visitor: &Visitor, doc: DocId, chosen: &Chosen) -> Result<Done> {
    let now = console.now_ms();
    let Some(team) = visitor.team() else { return Ok(Done::Door) };
    if !console.storage.teams()?.iter().any(|known| known.id == team) {
        return Ok(Done::Door);
    }
    // Everything is asked under the lock: what the page showed may be long ago.
    let mut tx = console.storage.write(team)?;
    let Some(guest) = visitor.guest(&*tx, now)? else { return Ok(Done::Door) };
    if !guest.sent(&chosen.csrf) {
        return Ok(Done::Forbidden);
    }
    let record = tx.records(&[doc])?.into_iter().next();
    let stored = tx.documents(&[doc])?.into_iter().next();
    let visible = record.is_some_and(|record| guest.viewer.may_see(&record.scope));
    let Some(stored) = stored.filter(|_| visible) else { return Ok(Done::Nothing) };
    let mut document = Document::load(&stored.snapshot)?;
    let versions = document.versions(&chosen.key);
    let version = versions.iter().find(|version| name(version) == chosen.version);
    let Some(version) = version.filter(|_| versions.len() > 1 && names(&versions) == chosen.seen) else {
        return Ok(Done::Refused(Box::new(held("choice-changed"))));
    };
    let device = own_device(&mut *tx, guest.viewer.person.id, now)?;
    // A pen of its own for each choice: after a restore, an old one could be ahead of the file.
    let actor = ActorId(secrets::random()?);
    let values = [(chosen.key.clone(), version.value.clone())];
    let Some(edit) = document.write(doc, actor, now.div_euclid(1_000), &values)? else {
        return Ok(Done::Refused(Box::new(held("choice-changed"))));
    };
    let author = author(&guest.viewer, &device);
    let rules = Rules::load(&*tx)?;
    let mut batch = Batch::new(&mut *tx, rules, author, now);
    let receipts = batch.push(&[PushItem::Edit(edit).pack()?])?;
    batch.store()?;
    match receipts.into_iter().next() {
        Some(Receipt::Stored(_)) => {
            tx.commit()?;
            Ok(Done::Chosen)
        }
        // Dropped without a commit, nothing was stored: not the device either.
        Some(Receipt::Held(refusal) | Receipt::Taken(refusal)) => Ok(Done::Refused(Box::new(refusal))),
        Some(Receipt::Duplicate(_)) | None => {
            Err(Error::StorageDamaged("a new edit was there before".into()))
        }
    }
}

fn author(viewer: &Viewer, device: &DeviceRow) -> Author {
    let person = viewer.person.clone();
    Author { device: device.device, key: device.key, person, holds: viewer.holds(), decided: false }
}

/// The console as a device of a person; made when they first choose. Nothing can sign in as it.
fn own_device(tx: &mut dyn Write, person: PersonId, now_ms: i64) -> Result<DeviceRow> {
    let is_own =
        |row: &DeviceRow| row.person == person && row.name == DEVICE && row.revoked == Some(row.enrolled);
    if let Some(known) = tx.devices()?.into_iter().find(is_own) {
        return Ok(known);
    }
    let row = DeviceRow {
        device: DeviceId::v7(stamp(now_ms), secrets::random()?),
        person,
        // Of nothing that anyone knows, and revoked besides.
        token_hash: secrets::random()?,
        key: PublicKey(secrets::random()?),
        name: DEVICE.to_owned(),
        enrolled: now_ms,
        revoked: Some(now_ms),
        last_sync: None,
        unsent: 0,
    };
    tx.put_device(&row)?;
    let (seq, reference) = (tx.next_seq(), row.device.0.to_vec());
    tx.put_log(&[LogRow { seq, scope: Scope::Team, what: What::Device, doc: None, reference, bytes: 200 }])?;
    Ok(row)
}
