//! Enrolment: an invitation becomes an identity. The signing key is made here and never leaves.

use super::again as anew;
use super::ending;
use super::transport::Transport;
use crate::error::Fail;
use crate::foreseeing;
use crate::identity::{self, Identity};
use crate::platform::{Platform, random};
use crate::projecting;
use crate::store::{Store, meta, roster};
use ed25519_dalek::SigningKey;
use rounds_model::time::Anchor;
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest, Former};
use rounds_protocol::fault::Fault;
use rounds_workflow::Catalogue;
use zeroize::Zeroize;

/// Enrols the phone. A kill between the server's answer and our commit costs the invitation: the
/// phone stays unenrolled and a supervisor invites it again.
pub fn enrol(
    store: &Store,
    catalogue: &Catalogue,
    platform: &dyn Platform,
    transport: &dyn Transport,
    server: &str,
    code: &str,
    device_name: &str,
) -> Result<Identity, Fail> {
    if let Some(known) = store.read(identity::load)? {
        return again(store, catalogue, platform, transport, &known, server, code, device_name);
    }
    let mut seed: [u8; 32] = random(platform)?;
    let key = SigningKey::from_bytes(&seed);
    seed.zeroize();
    let code = tidy(code);
    let asked = platform.clocks()?;
    let answer = ask(transport, &EnrolRequest::new(&code, device_name, &key))?;
    let anchor = Anchor::learnt(asked, platform.clocks()?, answer.server_ms);
    let identity = Identity::new(answer, server, &key);
    store.write(|tx| {
        ending::begin_again(tx, &identity.person)?;
        identity::store(tx, &identity, platform)?;
        meta::set(tx, "anchor", &anchor)
    })?;
    Ok(identity)
}

/// Registers a phone again that its server does not know any more, with the same id and key, and offers
/// it everything, as to a server that was restored. Only then: a phone that is let in is what it is.
#[allow(clippy::too_many_arguments)] // What enrolment is asked with, and who it was.
fn again(
    store: &Store,
    catalogue: &Catalogue,
    platform: &dyn Platform,
    transport: &dyn Transport,
    known: &Identity,
    server: &str,
    code: &str,
    device_name: &str,
) -> Result<Identity, Fail> {
    let refused: Option<String> = store.read(|db| meta::get(db, "no_access"))?;
    if refused.as_deref() != Some(Fault::TokenUnknown.code()) {
        return Err(Fail::AlreadyEnrolled);
    }
    let (device, person) = (known.device, known.person.id);
    let former = Former { device, person, name: known.person.name.clone() };
    let key = known.signing_key();
    let asked = platform.clocks()?;
    let answer = ask(transport, &EnrolRequest::again(&tidy(code), device_name, &key, former))?;
    if (answer.device, answer.person.id) != (device, person) {
        return Err(Fail::BadAnswer("another device"));
    }
    let anchor = Anchor::learnt(asked, platform.clocks()?, answer.server_ms);
    let identity = Identity::new(answer, server, &key);
    store.write(|tx| {
        identity::store(tx, &identity, platform)?;
        // What is known here of the same person is older than the invitation.
        roster::put_person(tx, &identity.person)?;
        meta::set(tx, "anchor", &anchor)?;
        meta::remove(tx, "no_access")?;
        anew::offer_again(tx, catalogue, &identity, anchor.server_ms)?;
        foreseeing::note_offered_again(tx)?;
        projecting::rebuild(tx, catalogue, &identity).map(|_| ())
    })?;
    Ok(identity)
}

fn ask(transport: &dyn Transport, request: &EnrolRequest) -> Result<EnrolAnswer, Fail> {
    transport.enrol(request).map_err(|e| match e {
        Fail::Offline(what) => Fail::EnrolOffline(what),
        e => e,
    })
}

/// As people type codes: any case, with or without spaces and hyphens.
fn tidy(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>().to_ascii_uppercase()
}
