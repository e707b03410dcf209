//! The same step with several records: chosen, foreseen, done, and what was refused mended (O.15).

use super::stale;
use crate::ask::Given;
use crate::phone::Done;
use crate::route::{Many, Route};
use crate::screen::Tone;
use crate::screens::{Look, several};
use crate::session::Inside;
use crate::words::{plain, wrong};
use rounds_device::batch::ITEMS;
use rounds_device::batch::run::Going;
use rounds_device::{Class, RoundsError};
use rounds_model::ids::DocId;

/// Items of a batch that one tap does: the person sees how far it is, and taps again.
const AT_ONCE: u32 = 50;

/// The same choosing with other words; what is chosen so far is in the route that is here.
pub(super) fn finding(session: &Inside, many: Many, chosen: Vec<DocId>, typed: String) -> Route {
    match session.here() {
        Route::Pick { many, chosen, .. } => Route::Pick { many, chosen, typed },
        _ => Route::Pick { many, chosen, typed },
    }
}

/// Chooses one, or not any more.
pub(super) fn tick(look: &Look<'_>, doc: DocId) -> Result<Done, RoundsError> {
    let Route::Pick { many, chosen, typed } = look.session.here() else { return Err(stale()) };
    let mut chosen = look.rounds.those_here(&chosen)?;
    match chosen.iter().position(|one| *one == doc) {
        Some(at) => drop(chosen.remove(at)),
        None if chosen.len() == ITEMS => {
            return Err(wrong("pick-full", Class::Usage, &[("n", ITEMS.to_string())]));
        }
        None => chosen.push(doc),
    }
    look.session.turn(Route::Pick { many, chosen, typed })?;
    Ok(Done::default())
}

/// Goes on to what would come of it.
pub(super) fn picked(look: &Look<'_>) -> Result<Done, RoundsError> {
    let Route::Pick { many, chosen, typed } = look.session.here() else { return Err(stale()) };
    let chosen = look.rounds.those_here(&chosen)?;
    if chosen.is_empty() {
        look.session.turn(Route::Pick { many, chosen, typed })?;
        return Ok(Done::saying(Tone::Warning, plain(look.lang, "pick-none")));
    }
    let begun = match &many {
        // What was answered before the records were chosen counts for all of them.
        Many::Each { kind, link } => (1..4).filter_map(|deep| look.session.under(deep)).find_map(|route| {
            let Route::New { kind: of, mut given } = route else { return None };
            given.remove(link);
            (of == *kind).then_some(given)
        }),
        Many::Act { .. } => None,
    };
    look.session.push(Route::Foresee { many, chosen, given: begun.unwrap_or_default() })?;
    Ok(Done::default())
}

/// Does it with each; what is left is gone on with on the batch's own screen.
pub(super) fn begin(look: &Look<'_>) -> Result<Done, RoundsError> {
    let here = look.session.here();
    let Route::Foresee { many, chosen, given } = &here else { return Err(stale()) };
    let plan = several(look, many, chosen, given)?;
    let number = look.session.begin_batch(&plan, &here, |route| match (route, many) {
        (Route::Pick { .. } | Route::Foresee { .. }, _) => true,
        (Route::Choices { question, .. }, Many::Each { link, .. }) => question == link,
        (Route::New { kind: of, .. }, Many::Each { kind, .. }) => of == kind,
        _ => false,
    })?;
    go_on(look, number)
}

/// Goes on with a batch.
pub(super) fn on(look: &Look<'_>, number: i64) -> Result<Done, RoundsError> {
    let batch = look.rounds.batch(number, look.lang)?;
    if batch.line.state == "needs_you" {
        look.rounds.mend_all(number)?;
    }
    go_on(look, number)
}

/// Tries a refused item again, with what is given now.
pub(super) fn mend(look: &Look<'_>, number: i64, item: u32, given: &[Given]) -> Result<Done, RoundsError> {
    let typed: Vec<(String, String)> = given.iter().map(|one| (one.key.clone(), one.value.clone())).collect();
    look.rounds.mend_item(number, item, &typed)?;
    go_on(look, number)
}

fn go_on(look: &Look<'_>, number: i64) -> Result<Done, RoundsError> {
    let going = Going { most: Some(AT_ONCE), ..Going::default() };
    look.rounds.go_on(number, going)?;
    Ok(Done::default())
}
