//! What taps do. Each is one call of the phone's core or a step to another screen.
//!
//! - [`answers`]: what is given and typed, and what is taken for a question. - [`work`]: beginning, acting,
//!   printing, deciding. - [`many`]: the same step with several records. - [`recording`]: what is done at the prompter. - [`own`]: PINs, languages, signing out, files for support.

mod answers;
mod many;
mod own;
mod recording;
mod work;

pub(crate) use answers::typing;

use crate::ask::Given;
use crate::phone::{Done, Gate, Inner};
use crate::route::Route;
use crate::screens::Look;
use crate::session::{Inside, lock};
use crate::tap::Tap;
use crate::words::{plain, wrong};
use crate::{gate, screen::Tone};
use rounds_device::{Class, RoundsError};
use rounds_model::text::Lang;
use std::sync::Arc;

/// Does what a tap says.
pub(crate) fn done(inner: &Arc<Inner>, tap: Tap, given: &[Given]) -> Result<Done, RoundsError> {
    if let Tap::Language(tag) = &tap {
        own::language(inner, tag)?;
        return Ok(Done::default());
    }
    let Some(session) = inside(inner)? else {
        return match tap {
            Tap::SetPin => own::first_pin(inner, given),
            tap => gate::done(inner, &tap, given)?.ok_or_else(stale),
        };
    };
    // These end the session, which waits until nobody is inside.
    match tap {
        Tap::Lock => {
            drop(session);
            return own::lock_up(inner);
        }
        Tap::SignOut => {
            drop(session);
            return own::sign_out(inner);
        }
        Tap::SetPin => return own::change_pin(inner, &session, given),
        Tap::Take(key) => {
            drop(session);
            return answers::take(inner, &key);
        }
        Tap::Choice(key) => {
            drop(session);
            return answers::choose_file(inner, &key);
        }
        Tap::Sync => {
            drop(session);
            return own::sync(inner);
        }
        _ => {}
    }
    // A button takes what was answered beside it.
    let alone = matches!(tap, Tap::Request(_) | Tap::Other(..) | Tap::RecordOther(..) | Tap::BatchMend(..));
    let find = given.iter().find(|one| one.key == "find").map(|one| one.value.clone());
    let kept: Vec<Given> = given.iter().filter(|one| one.key != "find").cloned().collect();
    if !alone {
        answers::give(inner, &session, &kept)?;
    }
    let look = look(inner, &session);
    let done = match tap {
        Tap::Give => {
            session.forget_refusal();
            Done::default()
        }
        Tap::To(Route::Form { doc }) => {
            session.check(doc, false);
            session.push(Route::Form { doc })?;
            Done::default()
        }
        Tap::To(Route::Act { doc, act, given }) => {
            session.forget_refusal();
            session.push(Route::Act { doc, act: act.clone(), given })?;
            return answers::place_first(inner, session, doc, &act);
        }
        Tap::To(Route::Search { .. }) if find.is_some() => {
            session.push(Route::Search { typed: find.unwrap_or_default() })?;
            Done::default()
        }
        Tap::To(route) => {
            session.push(route)?;
            Done::default()
        }
        Tap::Place(route) => {
            leave(&session)?;
            session.place(route)?;
            Done::default()
        }
        Tap::Turn(route) => {
            let route = match (route, find) {
                (Route::Search { .. }, Some(typed)) => Route::Search { typed },
                (Route::Choices { question, .. }, Some(typed)) => Route::Choices { question, typed },
                (Route::Pick { many, chosen, .. }, Some(typed)) => {
                    many::finding(&session, many, chosen, typed)
                }
                // What was just answered is in the route that is here, not in the button's.
                (Route::Finder { done: true, .. }, _) => match session.here() {
                    Route::Finder { kind, finder, asked, .. } => {
                        Route::Finder { kind, finder, asked, done: true }
                    }
                    _ => return Err(stale()),
                },
                (route, _) => route,
            };
            session.turn(route)?;
            Done::default()
        }
        Tap::Begin(kind, given) => work::begin(&look, &kind, given)?,
        Tap::Create => work::create(&look)?,
        Tap::Next => work::next(&look)?,
        Tap::Question(doc, key) => work::question(&look, doc, &key)?,
        Tap::Page(page) => work::page(&look, page)?,
        Tap::Add(doc, repeat) => {
            let id = look.rounds.add(doc, &repeat)?;
            work::enter_row(&look, doc, &repeat, &id)?;
            Done::default()
        }
        Tap::Drop(doc, repeat, row) => {
            look.rounds.remove(doc, &repeat, &row)?;
            Done::default()
        }
        Tap::Choose(value) => answers::choose(inner, &session, &value)?,
        Tap::Record(..)
        | Tap::RecordSaid(..)
        | Tap::RecordOther(..)
        | Tap::RecordMark(..)
        | Tap::RecordPause(..)
        | Tap::RecordFinish(..)
        | Tap::RecordBreakOff(..) => recording::done(&look, tap, given)?,
        Tap::Memo(..) | Tap::MemoKeep | Tap::MemoDrop => recording::memo(&look, tap)?,
        Tap::Act(doc, act) => work::act(&look, doc, &act)?,
        Tap::Print(doc, name) => work::print(&look, doc, &name)?,
        Tap::Printed(doc, name) => {
            look.rounds.printed(doc, &name)?;
            saying(&look, "print-done")
        }
        Tap::Move(doc, version) => {
            look.rounds.move_to(doc, version)?;
            session.pop()?;
            saying(&look, "newer-moved")
        }
        Tap::Version(doc, key, value) => work::version(&look, doc, &key, &value)?,
        Tap::Other(doc, key) => work::other(&look, doc, &key, given)?,
        Tap::Retry(number) => {
            look.rounds.retry(number)?;
            saying(&look, "held-retried")
        }
        Tap::Request(number) => work::request(&look, number, given)?,
        Tap::Discard(number) => {
            look.rounds.discard(number)?;
            saying(&look, "held-discarded")
        }
        Tap::GiveUp(number) => {
            look.rounds.give_up(number)?;
            saying(&look, "photo-given-up")
        }
        Tap::ThrowAway(doc) => {
            look.rounds.throw_away(doc)?;
            look.session.forget(|route| route.is_record(doc))?;
            saying(&look, "draft-gone")
        }
        Tap::Aside(number) => {
            look.rounds.put_aside(number)?;
            Done::default()
        }
        Tap::Read(number) => {
            look.rounds.dismiss(number)?;
            Done::default()
        }
        Tap::Tick(doc) => many::tick(&look, doc)?,
        Tap::Picked => many::picked(&look)?,
        Tap::Many => many::begin(&look)?,
        Tap::BatchOn(number) => many::on(&look, number)?,
        Tap::BatchMend(number, item) => many::mend(&look, number, item, given)?,
        Tap::BatchDrop(number, item) => {
            look.rounds.drop_items(number, &[item])?;
            Done::default()
        }
        Tap::BatchCancel(number) => {
            look.rounds.cancel_batch(number)?;
            Done::default()
        }
        Tap::Column(column) => {
            inner.change_set(|set| set.single = !column)?;
            Done::default()
        }
        Tap::WifiOnly(only) => {
            own::wifi_only(&session, only)?;
            Done::default()
        }
        Tap::Log => own::log(&look)?,
        Tap::HandOver => own::hand_over(&look)?,
        _ => return Err(stale()),
    };
    Ok(done)
}

/// Goes back.
pub(crate) fn back(inner: &Arc<Inner>) -> Result<Done, RoundsError> {
    match inside(inner)? {
        Some(session) => {
            leave(&session)?;
            session.forget_refusal();
            session.pop()?;
            Ok(Done::default())
        }
        None => gate::back(inner),
    }
}

/// A person goes away from a screen by themselves: what is on the sheet of an act is let go.
fn leave(session: &Inside) -> Result<(), RoundsError> {
    if let Route::Act { doc, .. } = session.here() {
        session.rounds.leave_sheet(doc)?;
    }
    pause(session)
}

/// Time does not count any more at the question where the person is, and nothing is recorded.
pub(crate) fn pause(session: &Inside) -> Result<(), RoundsError> {
    match session.here() {
        Route::Form { doc } => match session.rounds.pause(doc) {
            // It may have left the phone meanwhile.
            Err(error) if error.class == Class::Storage => Err(error),
            _ => Ok(()),
        },
        route => recording::pause(session, &route),
    }
}

/// What was recorded may have been ended by the system while nobody looked.
pub(crate) fn check(session: &Inside) -> Result<(), RoundsError> {
    match session.here() {
        Route::Prompter { doc, field } => {
            let shown = session.rounds.prompter(doc, &field, Lang::Zh);
            match shown {
                Ok(shown) if shown.state == "recording" => {
                    session.rounds.record_check(doc, &field).map(|_| ())
                }
                _ => Ok(()),
            }
        }
        Route::Memo { doc, field } => session.rounds.memo_look(doc, &field).map(|_| ()),
        _ => Ok(()),
    }
}

/// The session, if somebody is signed in and past their first PIN.
fn inside(inner: &Inner) -> Result<Option<Inside>, RoundsError> {
    let first = matches!(lock(&inner.state).gate, Gate::FirstPin(_));
    if first { Ok(None) } else { inner.maybe_inside() }
}

fn look<'a>(inner: &'a Inner, session: &'a Inside) -> Look<'a> {
    Look { inner, session, rounds: &session.rounds, lang: inner.lang() }
}

fn stale() -> RoundsError {
    wrong("tap-stale", Class::Usage, &[])
}

fn saying(look: &Look<'_>, key: &str) -> Done {
    Done::saying(Tone::Good, plain(look.lang, key))
}
