//! Enrolment: an invitation becomes an identity. The signing key is made here and never leaves.

use super::ending;
use super::transport::Transport;
use crate::error::Fail;
use crate::identity::{self, Identity};
use crate::platform::{Platform, random};
use crate::store::{Store, meta};
use ed25519_dalek::SigningKey;
use rounds_model::time::Anchor;
use rounds_protocol::enrol::EnrolRequest;
use zeroize::Zeroize;

/// Enrols the phone. A kill between the server's answer and our commit costs the invitation: the
/// phone stays unenrolled and a supervisor invites it again.
pub fn enrol(
    store: &Store,
    platform: &dyn Platform,
    transport: &dyn Transport,
    server: &str,
    code: &str,
    device_name: &str,
) -> Result<Identity, Fail> {
    if store.read(identity::load)?.is_some() {
        return Err(Fail::AlreadyEnrolled);
    }
    let mut seed: [u8; 32] = random(platform)?;
    let key = SigningKey::from_bytes(&seed);
    seed.zeroize();
    let code = tidy(code);
    let answer = transport.enrol(&EnrolRequest::new(&code, device_name, &key)).map_err(|e| match e {
        // Nothing is on this phone yet that could be safe.
        Fail::Offline(what) => Fail::EnrolOffline(what),
        e => e,
    })?;
    let anchor = Anchor { reading: platform.clocks()?, server_ms: answer.server_ms };
    let identity = Identity::new(answer, server, &key);
    store.write(|tx| {
        ending::begin_again(tx, &identity.person)?;
        identity::store(tx, &identity, platform)?;
        meta::set(tx, "anchor", &anchor)
    })?;
    Ok(identity)
}

/// As people type codes: any case, with or without spaces and hyphens.
fn tidy(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>().to_ascii_uppercase()
}
