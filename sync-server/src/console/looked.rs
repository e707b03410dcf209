//! What somebody looked at is noted, with what they found: a doubtful act, a doubt about a record, an act that
//! was not accepted, what a phone keeps. Only what is there now: nobody settles beforehand what may come.

use super::desk::{Away, Desk};
use super::problem::{failure, problem};
use super::routes::own_path;
use super::session::{self, Visitor};
use super::words::Words;
use super::{Console, timeline};
use crate::error::Result;
use crate::storage::console::{Checked, DoubtName, Settled, held_item, refused_act};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use rounds_model::ids::{ActId, DocId};
use rounds_model::text::{Lang, Text};
use rounds_model::time::Judgement;
use rounds_model::verdict::Outcome;
use serde::Deserialize;

/// What the form sends.
#[derive(Deserialize)]
pub struct Check {
    csrf: String,
    back: String,
    #[serde(default)]
    note: String,
}

/// Notes that a doubtful act was looked at.
pub async fn checked(
    State(console): State<Console>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: std::result::Result<Form<Check>, FormRejection>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Ok(Form(form)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let Ok(act) = id.parse::<ActId>() else { return problem(lang, StatusCode::NOT_FOUND) };
    let back = own_path(&form.back).to_owned();
    let done = console.blocking(move |console| note_checked(console, &visitor, act, &form)).await;
    noted(&console, lang, &back, done)
}

fn noted(
    console: &Console,
    lang: Lang,
    back: &str,
    done: Result<std::result::Result<bool, Away>>,
) -> Response {
    match done {
        Ok(Ok(true)) => {
            let said = Words::new(lang, "UTC").t("suspect-checked");
            super::door::with_cookie(
                Redirect::to(back).into_response(),
                Some(session::say(&said, console.secure)),
            )
        }
        Ok(Ok(false)) => problem(lang, StatusCode::NOT_FOUND),
        Ok(Err(Away::Door)) => Redirect::to("/sign-in").into_response(),
        Ok(Err(Away::Forbidden)) => problem(lang, StatusCode::FORBIDDEN),
        Err(error) => failure(lang, &error),
    }
}

/// What the form of a doubt sends.
#[derive(Deserialize)]
pub struct Looked {
    csrf: String,
    back: String,
    code: String,
    since: i64,
    #[serde(default)]
    note: String,
}

/// Notes that a doubt about a record was looked at, and what was found.
pub async fn looked(
    State(console): State<Console>,
    Path(id): Path<String>,
    headers: HeaderMap,
    form: std::result::Result<Form<Looked>, FormRejection>,
) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Ok(Form(form)) = form else { return problem(lang, StatusCode::BAD_REQUEST) };
    let Ok(doc) = id.parse::<DocId>() else { return problem(lang, StatusCode::NOT_FOUND) };
    let back = own_path(&form.back).to_owned();
    let done = console.blocking(move |console| note_looked(console, &visitor, doc, form)).await;
    noted(&console, lang, &back, done)
}

fn note_looked(
    console: &Console,
    visitor: &Visitor,
    doc: DocId,
    form: Looked,
) -> Result<std::result::Result<bool, Away>> {
    let mut desk = match console.desk(visitor, &form.csrf)? {
        Ok(desk) => desk,
        Err(away) => return Ok(Err(away)),
    };
    let name = (doc, form.code, form.since);
    let Some(what) = what(console, &desk, &name)? else { return Ok(Ok(false)) };
    let note = short(&form.note);
    let (person, at) = (desk.guest.viewer.person.id, desk.now_ms);
    desk.tx.put_settled(&Settled { doubt: name, person, at, note: note.clone() })?;
    let about = format!("zh={}\nen={}\nrecord={doc}\nnote={note}", what.zh, what.en);
    desk.tx.note(at, Some(person), "noted-looked", &about)?;
    desk.tx.commit()?;
    Ok(Ok(true))
}

/// What somebody wants to have looked at; none if there is no such thing now that they may know of.
fn what(console: &Console, desk: &Desk<'_>, name: &DoubtName) -> Result<Option<Text>> {
    let (doc, code, since) = name;
    if code.starts_with("held:") {
        return Ok(is_held(desk, name)?.then(|| said("held")));
    }
    let record = desk.tx.records(&[*doc])?.into_iter().next();
    if !record.is_some_and(|record| desk.guest.viewer.may_see(&record.scope)) {
        return Ok(None);
    }
    if code.starts_with("act:") {
        return Ok(is_refused(desk, name)?.then(|| said("blocked")));
    }
    let lexicon = console.library.open(&*desk.tx)?;
    let doubts = lexicon.evidence_of(&*desk.tx, *doc, desk.now_ms)?;
    Ok(doubts.into_iter().find(|one| one.code == *code && one.since_ms == *since).map(|one| one.what))
}

/// Whether the last word on a record is this act, and it was not accepted.
fn is_refused(desk: &Desk<'_>, name: &DoubtName) -> Result<bool> {
    let Some(last) = desk.tx.acts_of(&[name.0])?.into_iter().next_back() else { return Ok(false) };
    let own = refused_act(last.doc, last.act, timeline::read(&last)?.time.at_ms);
    Ok(own == *name && matches!(last.verdict.outcome, Outcome::Blocked(_)))
}

/// Whether the phone of somebody whom they lead keeps this.
fn is_held(desk: &Desk<'_>, name: &DoubtName) -> Result<bool> {
    for row in desk.tx.devices()?.into_iter().filter(|row| row.revoked.is_none()) {
        if !desk.guest.viewer.leads(row.person) {
            continue;
        }
        let held = desk.tx.status(row.device)?.map(|status| status.held).unwrap_or_default();
        if held.iter().any(|held| held_item(held.doc, row.device, held.at_ms) == *name) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn said(key: &str) -> Text {
    let [zh, en] = [Lang::Zh, Lang::En].map(|lang| Words::new(lang, "UTC").t(key));
    Text { zh, en }
}

/// A note as it is kept: one line, not longer than anybody reads.
fn short(note: &str) -> String {
    note.trim().chars().filter(|c| !c.is_control()).take(300).collect()
}

fn note_checked(
    console: &Console,
    visitor: &Visitor,
    act: ActId,
    form: &Check,
) -> Result<std::result::Result<bool, Away>> {
    let mut desk = match console.desk(visitor, &form.csrf)? {
        Ok(desk) => desk,
        Err(away) => return Ok(Err(away)),
    };
    let Some(row) = desk.tx.acts(&[act])?.into_iter().next() else { return Ok(Ok(false)) };
    let marks = desk.tx.marks(&[row.doc])?;
    if !marks.iter().any(|mark| desk.guest.viewer.may_see(&mark.scope)) {
        return Ok(Ok(false));
    }
    // An act that nobody doubts has nothing to be checked.
    if !matches!(timeline::read(&row)?.time.judgement, Judgement::Suspect | Judgement::Unchecked) {
        return Ok(Ok(false));
    }
    let note = short(&form.note);
    let (person, at) = (desk.guest.viewer.person.id, desk.now_ms);
    desk.tx.put_checked(&Checked { act, person, at, note: note.clone() })?;
    desk.tx.note(at, Some(person), "noted-checked", &format!("act={act}\nnote={note}"))?;
    desk.tx.commit()?;
    Ok(Ok(true))
}
