//! Making a bundle of everything unsent.

use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::platform::random;
use crate::store::outbox::Held;
use crate::store::uploads::{self, Upload};
use crate::store::{blobs, meta, offered, outbox};
use rounds_model::ids::ActId;
use rounds_protocol::exchange::RuledBefore;
use rounds_protocol::handover::{BLOBS, CannotSeal, Head, ITEMS, LARGEST, PIECE, Part, TeamKey, Writer};
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Items of one part.
const AT_A_TIME: usize = 500;
/// Bytes of one part of items.
const BYTES: usize = 1 << 20;
/// Room that is kept for the items and the seals.
const RESERVED: u64 = 64 << 20;

/// What a bundle holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandedOver {
    /// When it was made, Unix milliseconds.
    pub at_ms: i64,
    /// Edits and acts.
    pub items: u64,
    /// Those among them that the server had held back, and that wait on this phone for a decision.
    #[serde(default)]
    pub held: u64,
    /// Photos and files.
    pub photos: u64,
    /// Photos and files that are not in it; they wait for a network.
    pub photos_left: u64,
}

impl Rounds {
    /// Writes a bundle with everything that this phone has not sent, and what the server held back of it;
    /// with or without photos. The
    /// phone keeps everything, and sends it as well once it has a network: the server knows then
    /// what it has already.
    pub fn hand_over(&self, out: &mut dyn Write, photos: bool) -> Result<HandedOver, RoundsError> {
        Ok(make(self, out, photos)?)
    }
}

fn make(rounds: &Rounds, out: &mut dyn Write, photos: bool) -> Result<HandedOver, Fail> {
    let me = rounds.identity()?;
    let seed = random(&*rounds.platform)?;
    let key = rounds.store.write(|tx| blobs::key(tx, &*rounds.platform))?;
    let at_ms = rounds.platform.clocks()?.wall_ms;
    let (newest, key_is_here) = rounds.store.read(|db| {
        let key = meta::get::<Option<TeamKey>>(db, "team_key")?.flatten();
        Ok((outbox::newest(db)?, key.is_some()))
    })?;
    if key_is_here {
        offered::note(&rounds.store, newest)?;
    }
    // One consistent view: an answer that is written meanwhile waits for the next bundle.
    let made = rounds.store.read(|db| {
        let team_key: TeamKey = meta::get(db, "team_key")?.flatten().ok_or(Fail::NoTeamKey)?;
        let (waiting, _) = outbox::count(db)?;
        let held = outbox::held(db)?;
        let (chosen, left_out) = choose(rounds, db, &key, photos)?;
        if waiting == 0 && held.is_empty() && chosen.is_empty() {
            return Err(Fail::NothingToHandOver);
        }
        let (unsent, blobs) = (waiting.min(ITEMS), chosen.len() as u64);
        let held_back = (held.len() as u64).min(ITEMS - unsent);
        let items = unsent + held_back;
        let head = Head { device: me.device, made_ms: at_ms, items, blobs, left_out };
        let mut writer = Writer::begin(out, &team_key, me.team.id, head, seed).map_err(unsealed)?;
        write_items(db, unsent, &mut writer)?;
        write_held(held.into_iter().take(usize::try_from(held_back).unwrap_or(0)), &mut writer)?;
        for upload in &chosen {
            write_photo(rounds, &key, upload, &mut writer)?;
        }
        writer.end(&me.signing_key()).map_err(unsealed)?;
        Ok(HandedOver { at_ms, items, held: held_back, photos: blobs, photos_left: left_out })
    })?;
    rounds.store.write(|tx| meta::set(tx, "handed_over", &Some(made)))?;
    Ok(made)
}

/// The photos that fit, and how many others wait. One that cannot be read is left out: it must not
/// keep the rest from leaving.
fn choose(
    rounds: &Rounds,
    db: &Connection,
    key: &[u8; 32],
    photos: bool,
) -> Result<(Vec<Upload>, u64), Fail> {
    let all = uploads::count_waiting(db)?;
    let (mut chosen, mut room) = (Vec::new(), LARGEST - RESERVED);
    if photos {
        for upload in uploads::waiting(db, u32::try_from(BLOBS).unwrap_or(u32::MAX))? {
            let sound = blobs::read(&rounds.blobs, key, &upload.hash, &mut io::sink());
            if upload.size <= room && sound.is_ok_and(|size| size == upload.size) {
                room -= upload.size;
                chosen.push(upload);
            }
        }
    }
    let left = all.saturating_sub(chosen.len() as u64);
    Ok((chosen, left))
}

fn write_items<W: Write>(db: &Connection, items: u64, writer: &mut Writer<W>) -> Result<(), Fail> {
    let (mut after, mut left) = (0, usize::try_from(items).unwrap_or(usize::MAX));
    while left > 0 {
        let page = outbox::after(db, after, left.min(AT_A_TIME), BYTES)?;
        let Some(last) = page.last() else { break };
        (after, left) = (last.n, left - page.len());
        let ruled = page.iter().filter_map(|waiting| waiting.before.ruling(&waiting.item).transpose());
        write_ruled(ruled.collect::<Result<_, _>>()?, writer)?;
        let part = Part::Items(page.into_iter().map(|waiting| waiting.item).collect());
        writer.part(&part).map_err(unsealed)?;
    }
    Ok(())
}

/// How acts were ruled before the server was put back: before the items.
fn write_ruled<W: Write>(ruled: BTreeMap<ActId, RuledBefore>, writer: &mut Writer<W>) -> Result<(), Fail> {
    if ruled.is_empty() { Ok(()) } else { writer.part(&Part::Ruled(ruled)).map_err(unsealed) }
}

/// What the server held back: this phone may never be able to show it again.
fn write_held<W: Write>(held: impl Iterator<Item = Held>, writer: &mut Writer<W>) -> Result<(), Fail> {
    let (mut part, mut bytes) = (vec![], 0);
    for held in held {
        let item = held.item.pack().map_err(|_| Fail::Damaged("a held item cannot be encoded"))?;
        write_ruled(held.before.ruling(&item)?.into_iter().collect(), writer)?;
        if part.len() == AT_A_TIME || (bytes + item.0.len() > BYTES && !part.is_empty()) {
            writer.part(&Part::Held(std::mem::take(&mut part))).map_err(unsealed)?;
            bytes = 0;
        }
        bytes += item.0.len();
        part.push(item);
    }
    if part.is_empty() { Ok(()) } else { writer.part(&Part::Held(part)).map_err(unsealed) }
}

fn write_photo<W: Write>(
    rounds: &Rounds,
    key: &[u8; 32],
    upload: &Upload,
    writer: &mut Writer<W>,
) -> Result<(), Fail> {
    let Upload { doc, hash, size, .. } = *upload;
    writer.part(&Part::Blob { doc, hash, size }).map_err(unsealed)?;
    let mut pieces = Pieces { writer, full: Vec::with_capacity(PIECE) };
    blobs::read(&rounds.blobs, key, &hash, &mut pieces)?;
    Ok(pieces.flush()?)
}

/// Cuts what is written to it into parts.
struct Pieces<'w, W: Write> {
    writer: &'w mut Writer<W>,
    full: Vec<u8>,
}

impl<W: Write> Write for Pieces<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(PIECE - self.full.len());
        self.full.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        if self.full.len() == PIECE {
            self.flush()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.full.is_empty() {
            return Ok(());
        }
        let piece = Part::Piece(std::mem::take(&mut self.full));
        self.writer.part(&piece).map_err(|e| match e {
            CannotSeal::Io(e) => e,
            e => io::Error::other(e.to_string()),
        })
    }
}

fn unsealed(why: CannotSeal) -> Fail {
    match why {
        CannotSeal::Io(e) => e.into(),
        CannotSeal::Key => Fail::NoTeamKey,
        CannotSeal::TooLarge => Fail::BundleTooLarge,
    }
}
