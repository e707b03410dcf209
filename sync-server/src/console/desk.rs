//! A person who does something in the console: asked again under the lock who they are, with the device
//! and the key that their work is written and signed with.

use super::Console;
use super::session::{Guest, Visitor};
use super::signer::Signer;
use crate::error::Result;
use crate::exchange::caller::Author;
use crate::storage::Write;
use crate::storage::people::DeviceRow;

/// Why somebody cannot do what their form asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away {
    /// They are not signed in (any more).
    Door,
    /// The form was not made for their session.
    Forbidden,
}

/// Somebody at work, in a transaction.
pub struct Desk<'a> {
    /// The transaction.
    pub tx: Box<dyn Write + 'a>,
    /// Who.
    pub guest: Guest,
    /// When, Unix milliseconds.
    pub now_ms: i64,
    signer: Option<Signer>,
}

impl Console {
    /// Lets a visitor work whose form carries this token.
    pub(super) fn desk<'a>(
        &'a self,
        visitor: &Visitor,
        csrf: &str,
    ) -> Result<std::result::Result<Desk<'a>, Away>> {
        let now_ms = self.now_ms();
        let Some(team) = visitor.team() else { return Ok(Err(Away::Door)) };
        if !self.storage.teams()?.iter().any(|known| known.id == team) {
            return Ok(Err(Away::Door));
        }
        // Asked first beside the lock: whoever has no session, or a form of another, keeps nobody from
        // writing.
        let seen = self.storage.browse(team)?;
        match visitor.guest(&*seen, now_ms)? {
            None => return Ok(Err(Away::Door)),
            Some(guest) if !guest.sent(csrf) => return Ok(Err(Away::Forbidden)),
            Some(_) => drop(seen),
        }
        // And again under it: what the page showed may be long ago.
        let tx = self.storage.write(team)?;
        let Some(guest) = visitor.guest(&*tx, now_ms)? else { return Ok(Err(Away::Door)) };
        if !guest.sent(csrf) {
            return Ok(Err(Away::Forbidden));
        }
        let signer = visitor.signer(&*tx)?;
        Ok(Ok(Desk { tx, guest, now_ms, signer }))
    }
}

impl Desk<'_> {
    /// The device and the key of whoever is at work; none for a session of before there were keys, which
    /// has to be opened again.
    pub fn device(&mut self) -> Result<Option<(DeviceRow, Signer)>> {
        let Some(signer) = self.signer.take() else { return Ok(None) };
        let row = signer.device(&mut *self.tx, self.guest.viewer.person.id, self.now_ms)?;
        Ok(Some((row, signer)))
    }

    /// The author of what this device writes.
    pub fn author(&self, device: &DeviceRow) -> Author {
        let viewer = &self.guest.viewer;
        let (person, holds) = (viewer.person.clone(), viewer.holds());
        Author { device: device.device, key: device.key, person, holds, decided: false }
    }
}
