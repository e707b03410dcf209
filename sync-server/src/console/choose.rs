//! Choosing between the values of an answer, on a page.
//!
//! A choice is an edit like any other. The console writes it as a device of the person who chose,
//! with a pen of its own, and the judge of phones' edits judges it. The form names the values that
//! stood on the page: if others stand now, nothing is chosen, and the page is shown again.

use super::Console;
use super::desk::Away;
use super::problem::{failure, problem, refused};
use super::routes::own_path;
use super::session::Visitor;
use crate::error::{Error, Result};
use crate::exchange::batch::Batch;
use crate::exchange::rules::Rules;
use crate::secrets;
use crate::texts::held;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::document::{Document, Version};
use rounds_model::ids::{ActorId, DocId};
use rounds_model::refusal::Refusal;
use rounds_protocol::exchange::{PushItem, Receipt};
use serde::Deserialize;

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
    let back = own_path(&chosen.back).to_owned();
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
    let mut desk = match console.desk(visitor, &chosen.csrf)? {
        Ok(desk) => desk,
        Err(Away::Door) => return Ok(Done::Door),
        Err(Away::Forbidden) => return Ok(Done::Forbidden),
    };
    let now = desk.now_ms;
    let record = desk.tx.records(&[doc])?.into_iter().next();
    let stored = desk.tx.documents(&[doc])?.into_iter().next();
    let visible = record.is_some_and(|record| desk.guest.viewer.may_see(&record.scope));
    let Some(stored) = stored.filter(|_| visible) else { return Ok(Done::Nothing) };
    let mut document = Document::load(&stored.snapshot)?;
    let versions = document.versions(&chosen.key);
    let version = versions.iter().find(|version| name(version) == chosen.version);
    let Some(version) = version.filter(|_| versions.len() > 1 && names(&versions) == chosen.seen) else {
        return Ok(Done::Refused(Box::new(held("choice-changed"))));
    };
    let Some((device, _)) = desk.device()? else { return Ok(Done::Door) };
    // A pen of its own for each choice: after a restore, an old one could be ahead of the file.
    let actor = ActorId(secrets::random()?);
    let mut values = vec![(chosen.key.clone(), version.value.clone())];
    values.extend(document.beside(&chosen.key, &version.value));
    let Some(edit) = document.write(doc, actor, now.div_euclid(1_000), &values)? else {
        return Ok(Done::Refused(Box::new(held("choice-changed"))));
    };
    let author = desk.author(&device);
    let rules = Rules::load(&*desk.tx)?;
    let mut batch = Batch::new(&mut *desk.tx, rules, author, now);
    let receipts = batch.push(&[PushItem::Edit(edit).pack()?])?;
    batch.store()?;
    match receipts.into_iter().next() {
        Some(Receipt::Stored(_)) => {
            let team = desk.tx.team()?.id;
            desk.tx.commit()?;
            console.poke();
            console.look_again(team, doc);
            Ok(Done::Chosen)
        }
        // Dropped without a commit, nothing was stored: not the device either.
        Some(Receipt::Held(refusal) | Receipt::Taken(refusal)) => Ok(Done::Refused(Box::new(refusal))),
        Some(Receipt::Duplicate(_)) | None => {
            Err(Error::StorageDamaged("a new edit was there before".into()))
        }
    }
}
