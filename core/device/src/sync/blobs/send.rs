//! The upload queue, worked off: each blob from where the server is with it, in parts, until its
//! receipt is stored. What is wrong with one is noted at it and stops no other; no network stops
//! them all. Records go first at any moment: a video takes hours on a slow network, so after each part it is
//! looked whether there is something to exchange.

use super::transport::{BlobTransport, Progress};
use crate::Rounds;
use crate::error::{Class, Fail, RoundsError};
use crate::settings;
use crate::store::blob_part::Part;
use crate::store::uploads::{self, Upload};
use crate::store::{blobs, meta};
use crate::sync::progress::{Progress as Told, Session};
use rounds_model::refusal::Refusal;
use serde::Serialize;

/// What was done for blobs in one sync.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Sent {
    /// Blobs that were receipted.
    pub sent: u64,
    /// Bytes that crossed the network for them.
    pub bytes: u64,
    /// Blobs that something is wrong with; the outbox says what.
    pub failed: u64,
    /// Blobs that still wait.
    pub waiting: u64,
    /// They wait for a network that costs nothing.
    pub waits_for_wifi: bool,
    /// What stopped the sending before its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<RoundsError>,
}

/// Exchanges what waits, in the middle of sending something large.
pub(crate) type Exchange<'a> = &'a mut dyn FnMut() -> Result<(), Fail>;

/// How far one upload came.
enum Done {
    /// The server has it.
    Receipted,
    /// The rest of it waits for another network.
    Waits,
    /// Records want to go first; then the rest of it.
    Records,
}

/// How often a part is tried while nothing gets through.
const STUCK: u32 = 3;

/// Sends what waits.
pub(crate) fn send(
    rounds: &Rounds,
    transport: &dyn BlobTransport,
    session: &Session<'_>,
    out: &mut Sent,
    exchange: Exchange<'_>,
) -> Result<(), Fail> {
    let settings = rounds.store.read(settings::load)?;
    let (part, free_only) = (settings.part_bytes(), settings.wifi_only);
    let sending = Sending { rounds, transport, session, part, free_only };
    sending.note(transport.is_metered())?;
    let done = sending.work_off(out, exchange);
    if out.waits_for_wifi {
        sending.note(true)?;
    }
    out.waiting = rounds.store.read(uploads::count_waiting)?;
    done
}

/// The queue being worked off.
struct Sending<'a> {
    rounds: &'a Rounds,
    transport: &'a dyn BlobTransport,
    session: &'a Session<'a>,
    part: u64,
    /// Only where it costs nothing.
    free_only: bool,
}

impl Sending<'_> {
    /// Keeps what the network costs, for whoever wants to know what photos wait for.
    fn note(&self, metered: bool) -> Result<(), Fail> {
        self.rounds.store.write(|tx| meta::set(tx, "metered", &metered))
    }

    /// Whether what is left waits for a network that costs nothing. Asked before each part: the phone may
    /// have gone out of the house.
    fn waits(&self) -> bool {
        self.free_only && self.transport.is_metered()
    }

    fn work_off(&self, out: &mut Sent, exchange: Exchange<'_>) -> Result<(), Fail> {
        let (rounds, mut after) = (self.rounds, 0);
        let of = rounds.store.read(uploads::count_waiting)?;
        loop {
            self.session.stop.check()?;
            if rounds.has_to_exchange()? {
                exchange()?;
            }
            let now = rounds.platform.clocks()?.wall_ms;
            let Some(upload) = rounds.store.read(|db| uploads::next(db, after, now))? else { return Ok(()) };
            if self.waits() {
                out.waits_for_wifi = true;
                return Ok(());
            }
            let number = out.sent + out.failed + 1;
            let size = upload.size;
            let tell = |bytes| self.session.tell(|| Told::Photo { number, of, bytes, size });
            rounds.under_way(|now| now.photo = Some(upload.n));
            let done = self.one(&upload, &mut out.bytes, &tell);
            if !matches!(done, Ok(Done::Records)) {
                after = upload.n;
            }
            match done {
                Ok(Done::Receipted) => out.sent += 1,
                Ok(Done::Records) => {}
                Ok(Done::Waits) => {
                    out.waits_for_wifi = true;
                    return Ok(());
                }
                // Nothing is wrong with it.
                Err(fail @ Fail::Stopped(_)) => return Err(fail),
                Err(fail) => {
                    let (next, error) = (pause(&fail, upload.tries, now), RoundsError::from(&fail));
                    let problem = Refusal::new(&error.code, error.text.clone(), error.remedy.clone());
                    rounds.store.write(|tx| uploads::failed(tx, upload.n, &problem, next))?;
                    if stops(&error) {
                        out.stopped = Some(error);
                        return Ok(());
                    }
                    out.failed += 1;
                }
            }
        }
    }

    fn one(&self, upload: &Upload, bytes: &mut u64, tell: &dyn Fn(u64)) -> Result<Done, Fail> {
        let (rounds, transport) = (self.rounds, self.transport);
        let me = rounds.identity()?;
        let token = me.token();
        let key = rounds.store.write(|tx| blobs::key(tx, &*rounds.platform))?;
        let open = |range| Part::open(&rounds.blobs, &key, &upload.hash, upload.size, range);
        let mut at = begin(rounds, transport, token, upload)?;
        let mut stuck = 0;
        tell(at.offset);
        while at.receipt_ms.is_none() {
            self.session.stop.check()?;
            if self.waits() {
                return Ok(Done::Waits);
            }
            let place = at.place.clone().ok_or(Fail::BadAnswer("no place for the upload"))?;
            let end = at.offset.saturating_add(self.part).min(upload.size);
            let range = at.offset..end;
            let length = end.saturating_sub(at.offset);
            let sending = super::transport::Sending {
                offset: at.offset,
                length,
                checksum: open(range.clone())?.checksum()?,
                bytes: Box::new(open(range)?),
            };
            let next = if length == 0 {
                transport.offset(token, &place)
            } else {
                transport.append(token, &place, sending)
            };
            let next = match next {
                Ok(next) => next,
                // A connection that broke, or a server that was started again: ask where it is.
                Err(fail) if stuck < STUCK && is_passing(&fail) => {
                    stuck += 1;
                    transport.offset(token, &place)?
                }
                Err(fail) => return Err(fail),
            };
            if next.offset > at.offset {
                *bytes += next.offset - at.offset;
                stuck = 0;
            } else if next.receipt_ms.is_none() {
                stuck += 1;
                if stuck > STUCK {
                    return Err(Fail::Offline("net-nothing-through".to_owned()));
                }
            }
            at = Progress { place: Some(place), ..next };
            note(rounds, upload, &at)?;
            tell(at.offset);
            if at.receipt_ms.is_none() && rounds.has_to_exchange()? {
                return Ok(Done::Records);
            }
        }
        let receipt = at.receipt_ms.unwrap_or_default();
        rounds.store.write(|tx| uploads::receipted(tx, upload.n, receipt))?;
        Ok(Done::Receipted)
    }
}

/// Whether the next blob would fare no better.
fn stops(error: &RoundsError) -> bool {
    let every = ["store-", "storage-full", "blob-quota", "body-", "bad-answer"];
    matches!(error.class, Class::Offline | Class::Access)
        || every.iter().any(|code| error.code.starts_with(code))
}

/// When to try again. Only what costs a whole upload is put off: sent anew each time, a damaged
/// photo would eat up a rep's data.
fn pause(fail: &Fail, tries: u32, now_ms: i64) -> i64 {
    let costly = match fail {
        Fail::Fault(fault) => fault.code == "blob-hash-wrong",
        Fail::BlobDamaged => true,
        _ => false,
    };
    if !costly || tries == 0 {
        return 0;
    }
    now_ms + (60_000i64 << tries.min(12)).min(uploads::LONGEST_PAUSE_MS)
}

/// Where the server is with it: by the place that it gave, or by a new announcement.
fn begin(
    rounds: &Rounds,
    transport: &dyn BlobTransport,
    token: &str,
    upload: &Upload,
) -> Result<Progress, Fail> {
    if let Some(place) = &upload.place {
        match transport.offset(token, place) {
            Ok(at) => return Ok(Progress { place: Some(place.clone()), ..at }),
            Err(Fail::Fault(fault)) if fault.code == "blob-upload-unknown" => {}
            Err(fail) => return Err(fail),
        }
    }
    let at = transport.create(token, &upload.hash, upload.size, upload.doc)?;
    note(rounds, upload, &at)?;
    Ok(at)
}

fn note(rounds: &Rounds, upload: &Upload, at: &Progress) -> Result<(), Fail> {
    rounds.store.write(|tx| uploads::progress(tx, upload.n, at.place.as_deref(), at.offset))
}

/// What asking again may mend.
fn is_passing(fail: &Fail) -> bool {
    match fail {
        Fail::Offline(_) => true,
        Fail::Fault(fault) => ["blob-offset", "blob-writing", "blob-part-damaged", "body-truncated"]
            .contains(&fault.code.as_str()),
        _ => false,
    }
}
