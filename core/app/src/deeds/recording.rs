//! What a person does while a recording runs.

use super::{saying, stale};
use crate::ask::Given;
use crate::phone::Done;
use crate::route::Route;
use crate::screen::Tone;
use crate::screens::Look;
use crate::session::Inside;
use crate::tap::Tap;
use crate::words::{plain, wrong};
use rounds_device::{Class, RoundsError};

/// Does what a tap of the prompter says.
pub(super) fn done(look: &Look<'_>, tap: Tap, given: &[Given]) -> Result<Done, RoundsError> {
    let rounds = look.rounds;
    match tap {
        Tap::Record(doc, field) => rounds.record(doc, &field)?,
        Tap::RecordSaid(doc, field, said) => rounds.record_answer(doc, &field, &said)?,
        Tap::RecordOther(doc, field) => {
            let said = given.iter().find(|one| one.key == "said").map(|one| one.value.trim());
            let Some(said) = said.filter(|said| !said.is_empty()) else {
                let label = plain(look.lang, "prompter-other-ask");
                return Err(wrong("answer-missing", Class::Refused, &[("label", label)]));
            };
            rounds.record_answer(doc, &field, said)?;
        }
        Tap::RecordMark(doc, field) => rounds.record_mark(doc, &field)?,
        Tap::RecordPause(doc, field) => rounds.record_pause(doc, &field)?,
        Tap::RecordFinish(doc, field) => {
            rounds.record_finish(doc, &field)?;
            look.session.pop()?;
            return Ok(saying(look, "prompter-signed"));
        }
        Tap::RecordBreakOff(doc, field) => {
            rounds.record_break_off(doc, &field)?;
            look.session.pop()?;
            return Ok(Done::saying(Tone::Warning, plain(look.lang, "prompter-broken")));
        }
        _ => return Err(stale()),
    }
    Ok(Done::default())
}

/// Does what a tap of the recorder says.
pub(super) fn memo(look: &Look<'_>, tap: Tap) -> Result<Done, RoundsError> {
    match tap {
        Tap::Memo(doc, field) => {
            look.rounds.memo(doc, &field)?;
            Ok(Done::default())
        }
        Tap::MemoKeep => {
            let kept = look.rounds.memo_keep()?;
            look.session.pop()?;
            Ok(match kept {
                Some(_) => saying(look, "memo-kept"),
                None => Done::saying(Tone::Warning, plain(look.lang, "memo-nothing")),
            })
        }
        Tap::MemoDrop => {
            look.rounds.memo_drop()?;
            Ok(saying(look, "memo-dropped"))
        }
        _ => Err(stale()),
    }
}

/// Nobody looks at the screen any more: what is recorded is put away. By a script it goes on when somebody
/// says so; without one it answers its question as far as it came.
pub(super) fn pause(session: &Inside, route: &Route) -> Result<(), RoundsError> {
    match route {
        Route::Prompter { doc, field } => {
            match session.rounds.prompter(*doc, field, rounds_model::text::Lang::Zh) {
                Ok(shown) if shown.state == "recording" => session.rounds.record_pause(*doc, field),
                // It may have left the phone meanwhile.
                _ => Ok(()),
            }
        }
        Route::Memo { .. } => session.rounds.memo_keep().map(drop),
        _ => Ok(()),
    }
}
