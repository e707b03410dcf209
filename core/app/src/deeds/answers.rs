//! Answers: given, typed, chosen from a list, taken by the camera.

use super::{inside, look, stale};
use crate::ask::Given;
use crate::capture::{self, Took, What};
use crate::phone::{Done, Inner};
use crate::route::Route;
use crate::screen::Tone;
use crate::screens::{self, Look};
use crate::session::Inside;
use crate::{gate, pictures, screens::questions::taken};
use rounds_device::error::Fail;
use rounds_device::photos::{PhotoOf, Shot, TAKEN, TakeFrom};
use rounds_device::scanning::scanned;
use rounds_device::{Class, RoundsError};
use rounds_model::ids::DocId;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The longest answer, as the core keeps them.
const LONGEST: usize = rounds_model::edit::limits::VALUE;

/// Keeps what is being typed at a question of the present screen.
pub(crate) fn typing(inner: &Inner, key: &str, text: &str) -> Result<(), RoundsError> {
    let Some(session) = inside(inner)? else {
        gate::typing(inner, key, text);
        return Ok(());
    };
    match session.here() {
        Route::Form { doc } => session.rounds.typing(doc, key, text),
        Route::New { .. } | Route::Act { .. } | Route::Foresee { .. } | Route::Finder { .. } => {
            keep(&session, key, text)
        }
        // What is typed to find something is kept once it is searched, a secret nowhere.
        _ => Ok(()),
    }
}

/// Stores answers of the present screen, each durably.
pub(super) fn give(inner: &Inner, session: &Inside, given: &[Given]) -> Result<(), RoundsError> {
    match session.here() {
        Route::Form { doc } => {
            for one in given {
                answer(session, doc, &one.key, &one.value)?;
            }
        }
        Route::Settings => super::own::set(inner, session, given)?,
        Route::New { .. } | Route::Act { .. } | Route::Foresee { .. } | Route::Finder { .. } => {
            for one in given {
                keep(session, &one.key, &one.value)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn answer(session: &Inside, doc: DocId, key: &str, value: &str) -> Result<(), RoundsError> {
    session.rounds.enter(doc, key)?;
    session.forget_refusal();
    match session.rounds.answer(doc, &[(key.to_owned(), value.to_owned())]) {
        Ok(()) => Ok(()),
        Err(error) => {
            // What is no answer stays as it was typed, and says why.
            if error.class == Class::Refused {
                session.refuse(doc, key, &error);
                session.rounds.typing(doc, key, value)?;
            }
            Err(error)
        }
    }
}

/// Keeps an answer of a screen that keeps them in its route.
fn keep(session: &Inside, key: &str, value: &str) -> Result<(), RoundsError> {
    if value.len() > LONGEST || key.len() > rounds_model::edit::limits::KEY {
        return Err(Fail::Document(rounds_model::document::DocumentError::TooLarge).into());
    }
    let set = |given: &BTreeMap<String, String>| {
        let mut given = given.clone();
        match value {
            "" => given.remove(key),
            value => given.insert(key.to_owned(), value.to_owned()),
        };
        given
    };
    let route = match session.here() {
        Route::New { kind, given } => Route::New { kind, given: set(&given) },
        Route::Act { doc, act, given } => Route::Act { doc, act, given: set(&given) },
        Route::Foresee { many, chosen, given } => Route::Foresee { many, chosen, given: set(&given) },
        Route::Finder { kind, finder, asked, .. } => {
            Route::Finder { kind, finder, asked: set(&asked), done: false }
        }
        _ => return Err(stale()),
    };
    session.turn(route)
}

/// Chooses for the question of the screen below.
pub(super) fn choose(inner: &Inner, session: &Inside, value: &str) -> Result<Done, RoundsError> {
    let question = match (session.here(), session.below()) {
        (Route::Choices { question, .. }, _) => question,
        // It was found by a finder that was asked for the question.
        (Route::Finder { .. }, Some(Route::Choices { question, .. })) => {
            session.pop()?;
            question
        }
        _ => return Err(stale()),
    };
    let below = session.below().ok_or_else(stale)?;
    if let Route::Form { doc } = below {
        let form = session.rounds.form(doc, inner.lang())?;
        let node = form.nodes.iter().find(|node| node.question.key == question).ok_or_else(stale)?;
        let several = matches!(node.question.kind.as_str(), "select_multiple" | "rank");
        if several {
            let mut chosen: Vec<&str> = node.question.value.split_whitespace().collect();
            match chosen.iter().position(|one| *one == value) {
                Some(at) => drop(chosen.remove(at)),
                None => chosen.push(value),
            }
            answer(session, doc, &question, &chosen.join(" "))?;
            return Ok(Done::default());
        }
        answer(session, doc, &question, value)?;
        session.pop()?;
        return Ok(Done::default());
    }
    session.pop()?;
    keep(session, &question, value)?;
    Ok(Done::default())
}

/// What a question is answered by, beside typing.
struct Wanted {
    what: What,
    at: At,
    label: String,
    /// Pixels of a photo that are of use.
    longest_px: Option<u32>,
}

/// Where the question stands.
enum At {
    /// In a record.
    Record(DocId),
    /// On the sheet of an act.
    Sheet(DocId, String),
    /// On a screen alone.
    Alone,
}

fn wanted(look: &Look<'_>, key: &str) -> Result<Wanted, RoundsError> {
    let px = |doc, of: PhotoOf| {
        Ok::<_, RoundsError>(look.rounds.photo_ask(doc, of, TakeFrom::Lens, look.lang)?.longest_px)
    };
    match look.session.here() {
        Route::Form { doc } => {
            let form = look.rounds.form(doc, look.lang)?;
            let node = form.nodes.into_iter().find(|node| node.question.key == key).ok_or_else(stale)?;
            let what = taken(&node.question.kind, &node.appearance).ok_or_else(stale)?;
            look.rounds.enter(doc, key)?;
            let longest_px = if what == What::Photo { px(doc, key.into())? } else { None };
            Ok(Wanted { what, at: At::Record(doc), label: node.question.label, longest_px })
        }
        Route::Act { doc, act, given } => {
            let (what, label) = screens::what(look, &Route::Act { doc, act: act.clone(), given }, key)?;
            let of = PhotoOf::Sheet { act: act.clone(), question: key.to_owned() };
            let longest_px = if what == What::Photo { px(doc, of)? } else { None };
            Ok(Wanted { what, at: At::Sheet(doc, act), label, longest_px })
        }
        other => {
            let (what, label) = screens::what(look, &other, key)?;
            Ok(Wanted { what, at: At::Alone, label, longest_px: None })
        }
    }
}

/// Takes what a question asks for. Nobody is inside while the person is at the camera; whoever comes back
/// finds the question by its record, wherever the screen is by then.
pub(super) fn take(inner: &Arc<Inner>, key: &str) -> Result<Done, RoundsError> {
    let wanted = {
        let session = inner.inside()?;
        wanted(&look(inner, &session), key)?
    };
    let took = capture::take(&inner.machine.kit, wanted.what, &wanted.label, wanted.longest_px)?;
    let Some(took) = took else { return Ok(Done::default()) };
    let session = inner.inside()?;
    match wanted.at {
        At::Record(doc) => answered(inner, &session, doc, key, took),
        At::Sheet(doc, act) => on_sheet(inner, &session, (doc, act), key, took),
        At::Alone => {
            match took {
                Took::Fix(fix) => keep(&session, key, &fix.geopoint())?,
                Took::Code(code) => keep(&session, key, &scanned(key, &code)?)?,
                Took::Photo(_) | Took::Signed(_) => return Err(stale()),
            }
            Ok(Done::default())
        }
    }
}

/// Answers a question of a record with what was taken.
fn answered(inner: &Inner, session: &Inside, doc: DocId, key: &str, took: Took) -> Result<Done, RoundsError> {
    match took {
        Took::Photo(photo) => {
            let faces = pictures::faces(inner);
            let shot = session.rounds.keep_photo(doc, key, TakeFrom::Lens, &photo, &faces, inner.lang())?;
            return Ok(shown(shot));
        }
        Took::Signed(signed) => drop(session.rounds.keep_signature(doc, key, &signed)?),
        Took::Fix(fix) => {
            session.rounds.enter(doc, key)?;
            session.forget_refusal();
            session.rounds.answer_place(doc, key, fix)?;
        }
        Took::Code(code) => answer(session, doc, key, &scanned(key, &code)?)?,
    }
    Ok(Done::default())
}

/// Puts what was taken on the sheet of an act, if the person is still there.
fn on_sheet(
    inner: &Inner,
    session: &Inside,
    (doc, act): (DocId, String),
    key: &str,
    took: Took,
) -> Result<Done, RoundsError> {
    if !matches!(session.here(), Route::Act { doc: at, act: name, .. } if at == doc && name == act) {
        return Err(stale());
    }
    match took {
        Took::Photo(photo) => {
            let (faces, lang) = (pictures::faces(inner), inner.lang());
            let of = PhotoOf::Sheet { act, question: key.to_owned() };
            let shot = session.rounds.keep_photo(doc, of, TakeFrom::Lens, &photo, &faces, lang)?;
            keep(session, key, &shot.kept.to_string())?;
            keep(session, &format!("{key}{TAKEN}"), &shot.told)?;
            return Ok(shown(shot));
        }
        Took::Fix(fix) => {
            for (key, value) in session.rounds.stand(doc, &act, key, fix)? {
                keep(session, &key, &value)?;
            }
        }
        Took::Code(code) => keep(session, key, &scanned(key, &code)?)?,
        Took::Signed(_) => return Err(stale()),
    }
    Ok(Done::default())
}

/// Answers a question that asks for a file with a picture that the person chooses: a paper that was
/// photographed. Other files a phone has no tool for.
pub(super) fn choose_file(inner: &Arc<Inner>, key: &str) -> Result<Done, RoundsError> {
    let (doc, title) = {
        let session = inner.inside()?;
        let Route::Form { doc } = session.here() else { return Err(stale()) };
        let form = session.rounds.form(doc, inner.lang())?;
        let node = form.nodes.into_iter().find(|node| node.question.key == key).ok_or_else(stale)?;
        session.rounds.enter(doc, key)?;
        (doc, node.question.label)
    };
    let Some(photo) = capture::chosen(&inner.machine.kit, &title)? else { return Ok(Done::default()) };
    let session = inner.inside()?;
    session.forget_refusal();
    session.rounds.attach(doc, key, &mut photo.bytes.as_slice())?;
    Ok(Done::default())
}

/// A photo that looks like another one is kept, and said to.
fn shown(shot: Shot) -> Done {
    shot.like.map_or_else(Done::default, |like| Done::saying(Tone::Warning, like))
}

/// The sheet of an act that asks where the phone is finds out at once; what hinders that is said on the sheet.
pub(super) fn place_first(
    inner: &Arc<Inner>,
    session: Inside,
    doc: DocId,
    act: &str,
) -> Result<Done, RoundsError> {
    let key = {
        let row = session.rounds.show(doc, inner.lang())?;
        let packs = session.rounds.catalogue();
        let kind = packs.kind_at(&row.row.kind, row.version);
        let rule = kind.and_then(|kind| kind.act(act));
        rule.and_then(screens::place_asked).map(str::to_owned)
    };
    drop(session);
    match key {
        Some(key) => take(inner, &key),
        None => Ok(Done::default()),
    }
}
