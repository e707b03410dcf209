//! What a person does about themselves: PINs, languages, signing out, files for support.

use super::{inside, stale};
use crate::ask::Given;
use crate::phone::{Done, Gate, Inner};
use crate::screen::{File, Tone};
use crate::screens::Look;
use crate::session::{Inside, lock};
use crate::words::{plain, say, wrong};
use crate::{gate, pictures, syncing};
use rounds_device::error::Fail;
use rounds_device::sync::backoff::Cause;
use rounds_device::sync::stop::Stop;
use rounds_device::{Class, RoundsError};
use rounds_model::text::Lang;
use std::sync::Arc;

pub(super) fn language(inner: &Inner, tag: &str) -> Result<(), RoundsError> {
    let lang: Lang = tag.parse().map_err(|()| stale())?;
    inner.change_set(|set| set.lang = lang)
}

/// Sets what is given on the settings' screen.
pub(super) fn set(inner: &Inner, session: &Inside, given: &[Given]) -> Result<(), RoundsError> {
    for one in given {
        let truth = || match one.value.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err(stale()),
        };
        match one.key.as_str() {
            "language" => language(inner, &one.value)?,
            "wifi_only" => wifi_only(session, truth()?)?,
            "single" => {
                let single = truth()?;
                inner.change_set(|set| set.single = single)?;
            }
            _ => return Err(stale()),
        }
    }
    Ok(())
}

pub(super) fn wifi_only(session: &Inside, only: bool) -> Result<(), RoundsError> {
    let mut settings = session.rounds.settings()?;
    settings.wifi_only = only;
    session.rounds.set_settings(&settings)
}

fn value<'g>(given: &'g [Given], key: &str) -> &'g str {
    given.iter().find(|one| one.key == key).map_or("", |one| one.value.as_str())
}

/// The first PIN, after which the rep is signed in.
pub(super) fn first_pin(inner: &Arc<Inner>, given: &[Given]) -> Result<Done, RoundsError> {
    let gate = lock(&inner.state).gate.clone();
    let Gate::FirstPin(rep) = gate else { return Err(stale()) };
    let session = inner.inside()?;
    set_pin(inner, &session, given)?;
    drop(session);
    inner.at_gate(Gate::Pin(rep));
    let session = lock(&inner.state).session.clone();
    if let Some(session) = session {
        inner.sign_in(session)?;
    }
    Ok(Done::saying(Tone::Good, plain(inner.lang(), "pin-set")))
}

/// Another PIN, by whoever knows the old one.
pub(super) fn change_pin(inner: &Inner, session: &Inside, given: &[Given]) -> Result<Done, RoundsError> {
    inner.reps.unlock(&inner.machine, &session.rep, value(given, "old"))?;
    set_pin(inner, session, given)?;
    session.pop()?;
    Ok(Done::saying(Tone::Good, plain(inner.lang(), "pin-set")))
}

fn set_pin(inner: &Inner, session: &Inside, given: &[Given]) -> Result<(), RoundsError> {
    if value(given, "pin") != value(given, "again") {
        return Err(wrong("pin-differ", Class::Refused, &[]));
    }
    inner.reps.set_pin(&inner.machine, &session.rep, &session.key(), value(given, "pin"))
}

/// Back to the choice of reps; everything is kept.
pub(super) fn lock_up(inner: &Arc<Inner>) -> Result<Done, RoundsError> {
    let gate = gate::first(&inner.reps, &inner.machine)?;
    match inner.sign_off(gate) {
        Some(session) => session.finish()?,
        None => return Err(stale()),
    }
    inner.begin_unpinned()?;
    Ok(Done::default())
}

/// Takes the rep off this phone, if nothing would be lost by it.
pub(super) fn sign_out(inner: &Arc<Inner>) -> Result<Done, RoundsError> {
    let unsent = {
        let session = inside(inner)?.ok_or_else(stale)?;
        super::look(inner, &session).unsent()?
    };
    if unsent > 0 {
        return Err(wrong("sign-out-unsent", Class::Refused, &[("n", unsent.to_string())]));
    }
    let session = inner.sign_off(Gate::Reps).ok_or_else(stale)?;
    let rep = session.rep.clone();
    session.finish()?;
    inner.reps.remove(&inner.machine, &rep)?;
    inner.begin_at_gate()?;
    Ok(Done::saying(Tone::Neutral, plain(inner.lang(), "signed-out")))
}

/// Begins to sync; whoever looks is told how far it is.
pub(super) fn sync(inner: &Arc<Inner>) -> Result<Done, RoundsError> {
    inner.inside()?;
    let own = Arc::clone(inner);
    let begun = std::thread::Builder::new().name("rounds-sync".to_owned()).spawn(move || {
        let Ok(session) = own.inside() else { return };
        // How it went is on the chip and in the outbox.
        let _ = syncing::sync(&own, &session, None, &Stop::new(), Cause::UserAsked);
    });
    begun.map_err(|_| wrong("app-no-thread", Class::Internal, &[]))?;
    Ok(Done::saying(Tone::Active, plain(inner.lang(), "sync-begun")))
}

/// The log for support, as a file to share.
pub(super) fn log(look: &Look<'_>) -> Result<Done, RoundsError> {
    let log = look.rounds.support_log(look.lang)?;
    let text = serde_json::to_vec_pretty(&log).map_err(|_| Fail::Damaged("the log"))?;
    let path = pictures::outgoing(look.inner, "rounds-log.json")?;
    crate::reps::write(&path, &text)?;
    Ok(Done { said: None, file: Some(shared("rounds-log.json", "application/json", &path)) })
}

/// Everything unsent as a bundle that only the server can read, to share.
pub(super) fn hand_over(look: &Look<'_>) -> Result<Done, RoundsError> {
    let path = pictures::outgoing(look.inner, "rounds-work.bundle")?;
    let mut file = std::fs::File::create(&path).map_err(Fail::from)?;
    let made = look.rounds.hand_over(&mut file, true).and_then(|made| {
        file.sync_all().map_err(Fail::from)?;
        Ok(made)
    });
    // Half a bundle must not be taken for one.
    let made = made.inspect_err(|_| drop(std::fs::remove_file(&path)))?;
    let args = [("items", made.items.to_string()), ("photos", made.photos.to_string())];
    let mut done = Done::saying(Tone::Good, say(look.lang, "hand-over-made", &args));
    done.file = Some(shared("rounds-work.bundle", "application/octet-stream", &path));
    Ok(done)
}

fn shared(name: &str, mime: &str, path: &std::path::Path) -> File {
    File {
        name: name.to_owned(),
        mime: mime.to_owned(),
        path: path.to_string_lossy().into_owned(),
        purpose: "share".to_owned(),
        done: None,
    }
}
