//! Enrolment: an invitation becomes a device, once.

use crate::clock::stamp;
use crate::error::Result;
use crate::secrets::{self, invite, token};
use crate::storage::Storage;
use crate::storage::log::{LogRow, What};
use crate::storage::people::DeviceRow;
use rounds_model::ids::DeviceId;
use rounds_model::scope::Scope;
use rounds_protocol::enrol::{DEVICE_NAME, EnrolAnswer, EnrolRequest};
use rounds_protocol::fault::Fault;

/// Makes a device of the person who was invited. The invitation is spent in the same transaction.
pub fn enrol(storage: &dyn Storage, request: &EnrolRequest, now_ms: i64) -> Result<EnrolAnswer> {
    let name = request.device_name.trim();
    if name.is_empty() || name.len() > DEVICE_NAME || name.chars().any(char::is_control) {
        return Err(Fault::BodyMalformed.into());
    }
    // Before the database is asked: who holds no key learns nothing about codes.
    if !request.is_proven() {
        return Err(Fault::KeyNotProven.into());
    }
    let code_hash = invite::read(&request.code).ok_or(Fault::InviteUnknown)?;
    let team = storage.team_of_invitation(&code_hash)?.ok_or(Fault::InviteUnknown)?;
    let mut tx = storage.write(team)?;
    let mut invitation = tx.invitation(&code_hash)?.ok_or(Fault::InviteUnknown)?;
    if invitation.used.is_some() {
        return Err(Fault::InviteUsed.into());
    }
    if invitation.expires <= now_ms {
        return Err(Fault::InviteExpired.into());
    }
    let person = tx.person(invitation.person)?.ok_or(Fault::InviteUnknown)?;
    let device = DeviceId::v7(stamp(now_ms), secrets::random()?);
    let (token, token_hash) = token::create(device)?;
    tx.put_device(&DeviceRow {
        device,
        person: person.id,
        token_hash,
        key: request.key,
        name: name.to_owned(),
        enrolled: now_ms,
        revoked: None,
        last_sync: None,
        unsent: 0,
    })?;
    invitation.used = Some(now_ms);
    tx.put_invitation(&invitation)?;
    let seq = tx.next_seq();
    let reference = device.0.to_vec();
    tx.put_log(&[LogRow { seq, scope: Scope::Team, what: What::Device, doc: None, reference, bytes: 200 }])?;
    let team = tx.team()?;
    tx.commit()?;
    Ok(EnrolAnswer { device, token: token.to_string(), person, team, server_ms: now_ms })
}
