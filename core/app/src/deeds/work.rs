//! Work: beginning a record, going through its questions, acting, printing, deciding.

use super::{saying, stale};
use crate::ask::Given;
use crate::phone::Done;
use crate::pictures;
use crate::route::Route;
use crate::screen::{File, Notice, Tone};
use crate::screens::{self, Look};
use crate::tap::Tap;
use crate::words::{say, wrong};
use rounds_device::{Class, Face, RoundsError};
use rounds_model::ids::DocId;
use rounds_workflow::{Answer, Field};
use std::collections::BTreeMap;

/// Begins a record of a kind: at once if nothing has to be asked first.
pub(super) fn begin(
    look: &Look<'_>,
    kind: &str,
    given: BTreeMap<String, String>,
) -> Result<Done, RoundsError> {
    let packs = look.packs();
    let known = packs.kind(kind).ok_or_else(stale)?;
    let lacks = known.fields.iter().any(|field| screens::is_first(field) && !given.contains_key(&field.name));
    if lacks {
        look.session.push(Route::New { kind: kind.to_owned(), given })?;
        return Ok(Done::default());
    }
    let typed: Vec<(String, String)> = given.into_iter().collect();
    let doc = look.rounds.create(kind, &typed)?;
    look.session.push(Route::record(doc))?;
    look.session.push(Route::Form { doc })?;
    Ok(saying(look, "begun"))
}

/// Creates the record that is about to begin.
pub(super) fn create(look: &Look<'_>) -> Result<Done, RoundsError> {
    let Route::New { kind, given } = look.session.here() else { return Err(stale()) };
    let packs = look.packs();
    let known = packs.kind(&kind).ok_or_else(stale)?;
    if let Some(missing) =
        known.fields.iter().find(|field| screens::is_first(field) && !given.contains_key(&field.name))
    {
        let args = [("label", missing.title.get(look.lang).to_owned())];
        return Err(wrong("answer-missing", Class::Refused, &args));
    }
    let typed: Vec<(String, String)> = given.into_iter().collect();
    let doc = look.rounds.create(&kind, &typed)?;
    look.session.turn(Route::record(doc))?;
    let photo = |field: &Field| field.required && matches!(field.answer, Answer::Blob(_));
    let open = known.workbook.is_some() || known.fields.iter().any(photo);
    if open {
        look.session.push(Route::Form { doc })?;
    }
    Ok(saying(look, "begun"))
}

/// Goes to the next question that wants an answer.
pub(super) fn next(look: &Look<'_>) -> Result<Done, RoundsError> {
    let Route::Form { doc } = look.session.here() else { return Err(stale()) };
    let form = look.rounds.form(doc, look.lang)?;
    let at = form.place.as_ref().map(|place| place.question.as_str());
    match screens::next_question(&form, at) {
        Some(key) => {
            look.rounds.enter(doc, &key)?;
            look.session.check(doc, true);
            Ok(Done::default())
        }
        None => Ok(saying(look, "form-complete")),
    }
}

/// Goes to a question of a record.
pub(super) fn question(look: &Look<'_>, doc: DocId, key: &str) -> Result<Done, RoundsError> {
    look.rounds.enter(doc, key)?;
    if look.session.here() != (Route::Form { doc }) {
        look.session.push(Route::Form { doc })?;
    }
    Ok(Done::default())
}

/// Goes to a page of the form.
pub(super) fn page(look: &Look<'_>, page: i64) -> Result<Done, RoundsError> {
    let Route::Form { doc } = look.session.here() else { return Err(stale()) };
    let key = screens::first_of(look.rounds, doc, page, look.lang)?.ok_or_else(stale)?;
    look.rounds.enter(doc, &key)?;
    look.session.check(doc, false);
    Ok(Done::default())
}

/// Goes to the first question of a row that was just added.
pub(super) fn enter_row(look: &Look<'_>, doc: DocId, repeat: &str, id: &str) -> Result<(), RoundsError> {
    let form = look.rounds.form(doc, look.lang)?;
    let begins = format!("{repeat}/{id}/");
    let first = form.nodes.iter().find(|node| node.question.key.starts_with(&begins) && node.is_asked());
    match first {
        Some(node) => look.rounds.enter(doc, &node.question.key),
        None => Ok(()),
    }
}

/// States an act with what was given on its sheet.
pub(super) fn act(look: &Look<'_>, doc: DocId, name: &str) -> Result<Done, RoundsError> {
    let here = look.session.here();
    let typed: Vec<(String, String)> = match &here {
        Route::Act { doc: at, act, given } if *at == doc && act == name => {
            given.clone().into_iter().collect()
        }
        _ => vec![],
    };
    if let Err(error) = look.rounds.act(doc, name, &typed) {
        if let Some(field) = &error.field {
            look.session.refuse(doc, field, &error);
        }
        return Err(error);
    }
    look.session.forget_refusal();
    match here {
        Route::Act { .. } => {
            look.session.pop()?;
        }
        Route::Form { .. } => {
            look.session.pop()?;
            if !look.session.here().is_record(doc) {
                look.session.push(Route::record(doc))?;
            }
        }
        _ => {}
    }
    let row = look.rounds.row_of(doc, look.lang);
    let Ok(row) = row else {
        // It went to somebody else with this act.
        look.session.forget(|route| route.is_record(doc))?;
        return Ok(saying(look, "act-made"));
    };
    let args = [("title", row.title), ("stage", row.stage.title)];
    Ok(Done::saying(Tone::Good, say(look.lang, "act-stage", &args)))
}

/// Makes a paper for the system's own print sheet.
pub(super) fn print(look: &Look<'_>, doc: DocId, name: &str) -> Result<Done, RoundsError> {
    let fonts = fonts(look)?;
    let paper = look.rounds.print(doc, Some(name), &fonts, look.lang)?;
    let file = pictures::outgoing(look.inner, &format!("{}.pdf", paper.title))?;
    crate::reps::write(&file, &paper.pdf)?;
    let said = (!paper.lacking.is_empty()).then(|| {
        let lacking: String = paper.lacking.iter().take(20).collect();
        Notice::saying(Tone::Warning, say(look.lang, "print-lacking", &[("letters", lacking)]))
    });
    let file = File {
        name: format!("{}.pdf", paper.title),
        mime: "application/pdf".to_owned(),
        path: file.to_string_lossy().into_owned(),
        purpose: "print".to_owned(),
        done: Some(Tap::Printed(doc, paper.print).text()),
    };
    Ok(Done { said, file: Some(file) })
}

fn fonts(look: &Look<'_>) -> Result<Vec<Face>, RoundsError> {
    let fonts = pictures::faces(look.inner);
    if fonts.is_empty() { Err(wrong("no-fonts", Class::Usage, &[])) } else { Ok(fonts) }
}

/// Takes one of two versions: the one whose value has this digest, wherever it stands by now.
pub(super) fn version(look: &Look<'_>, doc: DocId, key: &str, digest: &str) -> Result<Done, RoundsError> {
    let all = look.rounds.conflicts(look.lang)?;
    let one = all.iter().find(|one| one.row.id == doc).ok_or_else(stale)?;
    let open = one.conflicts.iter().find(|open| open.key == key).ok_or_else(stale)?;
    let at = open
        .versions
        .iter()
        .position(|version| crate::tap::digest(&version.value) == digest)
        .ok_or_else(stale)?;
    look.rounds.choose(doc, key, at)?;
    Ok(saying(look, "conflict-chosen"))
}

/// Takes another answer than either.
pub(super) fn other(look: &Look<'_>, doc: DocId, key: &str, given: &[Given]) -> Result<Done, RoundsError> {
    let value = given.iter().find(|one| one.key == key).map(|one| one.value.trim()).unwrap_or_default();
    if value.is_empty() {
        return Err(wrong("answer-missing", Class::Refused, &[("label", String::new())]));
    }
    look.rounds.answer(doc, &[(key.to_owned(), value.to_owned())])?;
    Ok(saying(look, "conflict-chosen"))
}

/// Asks for what a held edit would have changed.
pub(super) fn request(look: &Look<'_>, number: i64, given: &[Given]) -> Result<Done, RoundsError> {
    let typed: Vec<(String, String)> = given
        .iter()
        .filter(|one| !one.value.trim().is_empty())
        .map(|one| (one.key.clone(), one.value.clone()))
        .collect();
    look.rounds.request(number, &typed)?;
    Ok(saying(look, "held-requested"))
}
