//! Taking in a checked bundle.

use super::{Checked, bad, maker, open};
use crate::blobs::uploads::{Announced, Part as Portion};
use crate::blobs::{Asker, Blobs};
use crate::error::{Error, Result};
use crate::exchange::batch::Batch;
use crate::exchange::rules::RulesCache;
use crate::storage::Storage;
use bytes::Bytes;
use futures_util::stream;
use rounds_model::ids::ActId;
use rounds_protocol::blob::Metadata;
use rounds_protocol::exchange::{Packed, Receipt, RuledBefore};
use rounds_protocol::fault::Fault;
use rounds_protocol::handover::{BadBundle, Part, Reader, Taken};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Handle;

/// Takes in everything that a bundle holds. To be called where waiting is allowed, beside a
/// runtime. What was taken before a failure stays taken, and is known when the bundle comes again.
pub fn import(
    storage: &dyn Storage,
    rules: &RulesCache,
    blobs: Option<&Arc<Blobs>>,
    checked: &Checked,
    file: &Path,
    now_ms: i64,
) -> Result<Taken> {
    let mut reader = open(file, &checked.secret, checked.team)?;
    let mut taken = Taken { items: checked.head.items, ..Taken::default() };
    let mut judge = Judge { storage, rules, checked, now_ms, ruled: BTreeMap::new() };
    while let Some(part) = reader.part().map_err(bad)? {
        match part {
            Part::Ruled(ruled) => judge.ruled.extend(ruled),
            Part::Items(items) => judge.judge(&items, false, &mut taken)?,
            Part::Held(items) => judge.judge(&items, true, &mut taken)?,
            Part::Blob { doc, hash, size } => {
                let metadata = Metadata { hash, doc };
                let kept = match blobs {
                    Some(blobs) => keep(storage, blobs, checked, (metadata, size), &mut reader)?,
                    None => Kept::Not,
                };
                match kept {
                    Kept::New => taken.blobs += 1,
                    Kept::Known => taken.blobs_known += 1,
                    Kept::Not => taken.blobs_left += 1,
                }
            }
            // What is left of a photo that was known, or not taken.
            Part::Piece(_) => {}
            Part::Head(_) | Part::End(_) => return Err(Fault::BundleDamaged.into()),
        }
    }
    Ok(taken)
}

struct Judge<'a> {
    storage: &'a dyn Storage,
    rules: &'a RulesCache,
    checked: &'a Checked,
    now_ms: i64,
    /// How acts were ruled before the server was put back, as the maker's phone was told.
    ruled: BTreeMap<ActId, RuledBefore>,
}

impl Judge<'_> {
    /// Judges items in order. As many at a time as may be opened at once: the team waits meanwhile.
    fn judge(&self, items: &[Packed], held: bool, taken: &mut Taken) -> Result<()> {
        match self.at_once(items, held, taken) {
            Err(e) if e.fault() == Fault::PushTooHeavy && items.len() > 1 => {
                let (first, rest) = items.split_at(items.len() / 2);
                self.judge(first, held, taken)?;
                self.judge(rest, held, taken)
            }
            judged => judged,
        }
    }

    fn at_once(&self, items: &[Packed], held: bool, taken: &mut Taken) -> Result<()> {
        let mut tx = self.storage.write(self.checked.team)?;
        let caller = maker(&*tx, self.checked)?;
        let rules = self.rules.of(&*tx)?;
        let batch = Batch::new(&mut *tx, rules, caller.author(), self.now_ms);
        let mut batch = batch.parting(move |_| held).remembering(&self.ruled).opening_for(items);
        let receipts = batch.push(items)?;
        batch.store()?;
        tx.commit()?;
        for receipt in receipts {
            match receipt {
                Receipt::Stored(_) => taken.stored += 1,
                Receipt::Duplicate(_) => taken.duplicates += 1,
                // They stay on the phone that made them, which is told why when it syncs itself.
                Receipt::Held(_) => taken.held += 1,
                Receipt::Taken(_) => taken.waiting += 1,
            }
        }
        Ok(())
    }
}

/// What became of a photo.
enum Kept {
    /// It is here now.
    New,
    /// It was here.
    Known,
    /// The server cannot have it (its record is not here, no room): the phone still has it.
    Not,
}

/// Takes one photo. Without it the items go on.
fn keep(
    storage: &dyn Storage,
    blobs: &Arc<Blobs>,
    checked: &Checked,
    (metadata, size): (Metadata, u64),
    reader: &mut Reader<impl Read + Send>,
) -> Result<Kept> {
    let (scopes, row) = {
        let view = storage.read(checked.team)?;
        (maker(&*view, checked)?.scopes(), view.blob(&metadata.hash)?)
    };
    let runtime = Handle::current();
    // Who cannot read it any more has to bring all of it once more; it is no new one for that.
    let was_here = match row.filter(|row| row.size == size) {
        Some(row) => runtime.block_on(blobs.check_kept(checked.team, &row)).is_ok(),
        None => false,
    };
    let asker = Asker { team: checked.team, device: checked.head.device, scopes };
    let announced = Announced { size, metadata, resume: true };
    let progress = match runtime.block_on(blobs.create(&asker, announced)) {
        Ok(progress) => progress,
        Err(Error::Fault(_)) => return Ok(Kept::Not),
        Err(e) => return Err(e),
    };
    let Some(upload) = progress.upload.filter(|_| progress.received.is_none()) else {
        return Ok(Kept::Known);
    };
    let (mut skip, mut left) = (progress.offset, size);
    let pieces = std::iter::from_fn(|| next(reader, &mut left, &mut skip));
    let portion = Portion { offset: progress.offset, length: None, checksum: None };
    match runtime.block_on(blobs.append(&asker, upload, portion, stream::iter(pieces))) {
        Ok(done) => Ok(match done.received {
            Some(_) if was_here => Kept::Known,
            Some(_) => Kept::New,
            None => Kept::Not,
        }),
        Err(Error::Fault(_)) => Ok(Kept::Not),
        Err(e) => Err(e),
    }
}

/// The next bytes of a photo, without those that an earlier try has brought.
fn next(
    reader: &mut Reader<impl Read>,
    left: &mut u64,
    skip: &mut u64,
) -> Option<std::result::Result<Bytes, BadBundle>> {
    while *left > 0 {
        let bytes = match reader.part() {
            Ok(Some(Part::Piece(bytes))) => bytes,
            Ok(_) => return Some(Err(BadBundle::Damaged)),
            Err(e) => return Some(Err(e)),
        };
        let length = bytes.len() as u64;
        *left = left.saturating_sub(length);
        let from = usize::try_from((*skip).min(length)).unwrap_or(bytes.len());
        *skip -= from as u64;
        let rest = Bytes::from(bytes).slice(from..);
        if !rest.is_empty() {
            return Some(Ok(rest));
        }
    }
    None
}
