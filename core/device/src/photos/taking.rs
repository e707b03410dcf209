//! From the camera to the answer.

use super::asking::{PhotoOf, TakeFrom, Wanted};
use super::picture;
use crate::Rounds;
use crate::answers::Desk;
use crate::capture::{CaptureFault, Fix, FixAsk, Photo, PhotoAsk, Tool};
use crate::error::{Fail, RoundsError};
use crate::identity;
use crate::screens::say;
use crate::screens::status::clock;
use crate::store::{blobs, documents, looks, records, sheets};
use rounds_evidence::photo::{Look, Source, TAKEN, Taken};
use rounds_evidence::place::Spot;
use rounds_evidence::words;
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_model::time::{Known, TrustedTime};
use rounds_print::Face;
use rusqlite::{Connection, Transaction};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::io::Read;

/// How long a photo waits for a position, milliseconds, and how old that may be.
const PLACE: FixAsk = FixAsk { within_ms: 4_000, accuracy_m: 50.0, age_ms: 60_000 };

/// First bytes of a file that are looked at.
const HEAD: u64 = 16;

/// A photo that answers a question now, or will when the act of the sheet is stated.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Shot {
    /// What answers: the SHA-256 of what is kept.
    pub kept: BlobHash,
    /// What is known of it, as JSON: beside the answer already, and for an act's sheet to be carried by the
    /// act under the question's name and [`TAKEN`].
    #[serde(skip)]
    pub told: String,
    /// The SHA-256 of what the camera gave.
    pub original: BlobHash,
    /// Bytes that are kept, and that the camera gave.
    pub bytes: (u64, u64),
    /// Pixels.
    pub size: (u32, u32),
    /// How far its time may be believed.
    pub clock: String,
    /// It has a position.
    pub placed: bool,
    /// Said when a photo of this phone is nearly the same: it is kept all the same, and whoever leads
    /// the rep sees it too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub like: Option<String>,
}

impl Rounds {
    /// Takes a photo and answers a question with it, or puts it on the sheet of an act. `fonts` are those for what is written on it.
    ///
    /// # Errors
    /// The camera's; `photo-camera-only`; `picture-unreadable`; those of answering.
    pub fn take_photo(
        &self,
        doc: DocId,
        of: impl Into<PhotoOf>,
        from: TakeFrom,
        fonts: &[Face],
        lang: Lang,
    ) -> Result<Shot, RoundsError> {
        let of = of.into();
        let ask = self.photo_ask(doc, of.clone(), from, lang)?;
        let kit = self.kit();
        let taken = match from {
            TakeFrom::Lens => kit.camera()?.take(ask),
            TakeFrom::Library => kit.camera()?.choose(ask),
        };
        let photo = taken.map_err(|fault| Fail::Capture(Tool::Camera, fault))?;
        self.keep_photo(doc, of, from, &photo, fonts, lang)
    }

    /// What to ask the camera for, for an app that keeps nothing open while a person is at it.
    ///
    /// # Errors
    /// `photo-camera-only`; if there is no such question.
    pub fn photo_ask(
        &self,
        doc: DocId,
        of: impl Into<PhotoOf>,
        from: TakeFrom,
        lang: Lang,
    ) -> Result<PhotoAsk, RoundsError> {
        let of = of.into();
        let wanted = self.store.read(|db| self.wanted(db, doc, &of, lang))?;
        wanted.may_come(from)?;
        Ok(PhotoAsk { title: wanted.title, longest_px: wanted.longest, ..PhotoAsk::default() })
    }

    /// Answers a question, or that of an act's sheet, with what the camera gave, as [`Rounds::take_photo`] does.
    ///
    /// # Errors
    /// `photo-camera-only`; `picture-unreadable`; those of answering.
    pub fn keep_photo(
        &self,
        doc: DocId,
        of: impl Into<PhotoOf>,
        from: TakeFrom,
        photo: &Photo,
        fonts: &[Face],
        lang: Lang,
    ) -> Result<Shot, RoundsError> {
        Ok(self.keep_photo_inner(doc, &of.into(), from, photo, fonts, lang)?)
    }

    /// Answers a question with a file that somebody names. For one that asks for a photo it must begin as
    /// pictures do.
    ///
    /// # Errors
    /// `picture-unreadable`; those of answering.
    pub fn attach_file(&self, doc: DocId, key: &str, file: &mut dyn Read) -> Result<BlobHash, RoundsError> {
        let mut head = Vec::new();
        file.take(HEAD).read_to_end(&mut head).map_err(Fail::from)?;
        if self.store.read(|db| self.asks_photo(db, doc, key))? && !picture::is_one(&head) {
            return Err(Fail::BadPicture.into());
        }
        self.attach(doc, key, &mut head.chain(file))
    }

    fn asks_photo(&self, db: &Connection, doc: DocId, key: &str) -> Result<bool, Fail> {
        let (catalogue, row) = (self.catalogue(), records::get(db, doc)?);
        let kind = row.and_then(|row| catalogue.kind_at(&row.projection.kind, row.projection.pack));
        let (Some(kind), Some(me)) = (kind, identity::load(db)?) else { return Ok(false) };
        let fields = documents::load(db, doc)?.map(|document| document.fields()).unwrap_or_default();
        let key = Desk::new(doc, kind, &me, self.now(db)?).canonical(&fields, key);
        Ok(kind.is_photo(&key))
    }

    fn keep_photo_inner(
        &self,
        doc: DocId,
        of: &PhotoOf,
        from: TakeFrom,
        photo: &Photo,
        fonts: &[Face],
        lang: Lang,
    ) -> Result<Shot, Fail> {
        let wanted = self.store.read(|db| self.wanted(db, doc, of, lang))?;
        wanted.may_come(from)?;
        if photo.bytes.len() > Photo::LARGEST {
            return Err(Fail::BadPicture);
        }
        // At once, before anything else is done with it.
        let original = BlobHash(Sha256::digest(&photo.bytes).into());
        let fix = if wanted.place { self.fix(PLACE).ok() } else { None };
        let (time, secret) =
            self.store.write(|tx| Ok((self.shutter(tx, photo)?, blobs::key(tx, &*self.platform)?)))?;
        let me = self.identity()?;
        let stamped = stamp(from, &time, me.zone(), lang);
        let made = made(&photo.bytes, &wanted, fonts, &[me.person.name.clone(), stamped])?;
        let draft = blobs::draft(&self.blobs, &secret, &*self.platform, &mut made.bytes.as_slice())?;
        let _alone = self.photos();
        let stored = draft.keep(&self.blobs, &secret)?;
        if let PhotoOf::Sheet { act, question } = of {
            self.store.write(|tx| sheets::clear(tx, doc, (act, question)))?;
        }
        let near = self.store.read(|db| looks::near(db, made.look, &stored.hash, wanted.before.as_ref()))?;
        let told = Taken {
            original,
            kept: stored.hash,
            width: made.width,
            height: made.height,
            source: match from {
                TakeFrom::Lens => Source::Lens,
                TakeFrom::Library => Source::Library,
            },
            device: me.device,
            time,
            place: fix.map(|fix| spot(&fix)),
            mock: fix.is_some_and(|fix| fix.mock == Some(true)),
            look: made.look,
            like: near.as_ref().map(|near| near.blob),
        };
        let json = serde_json::to_string(&told).map_err(|_| Fail::Damaged("what is known of a photo"))?;
        match of {
            PhotoOf::Question(_) => {
                let beside = [(format!("{}{TAKEN}", wanted.key), Scalar::from(json.as_str()))];
                self.answer_with_blob(doc, &wanted.key, stored, &beside, |tx| {
                    looks::put(tx, &stored.hash, doc, made.look, time.at_ms)
                })?;
            }
            PhotoOf::Sheet { act, question } => self.store.write(|tx| {
                sheets::put(tx, doc, (act, question), &stored.hash)?;
                blobs::note(tx, doc, stored, time.at_ms)?;
                looks::put(tx, &stored.hash, doc, made.look, time.at_ms)
            })?,
        }
        Ok(Shot {
            kept: stored.hash,
            told: json,
            original,
            bytes: (stored.size, photo.bytes.len() as u64),
            size: (made.width, made.height),
            clock: words::time(&time).get(lang).to_owned(),
            placed: fix.is_some(),
            like: near.map(|near| say(lang, "photo-like", &[("at", clock(me.zone(), near.at_ms))])),
        })
    }

    /// When the shutter went, as far as the platform knows; otherwise now.
    fn shutter(&self, tx: &Transaction<'_>, photo: &Photo) -> Result<TrustedTime, Fail> {
        let now = self.noted_now(tx)?;
        let at = photo.at.filter(|at| at.boot == now.reading.boot && at.mono_ms <= now.reading.mono_ms);
        Ok(at.map_or(now, |reading| {
            TrustedTime::knowing(reading, Known { anchor: now.anchor, seen: None, gps: None })
        }))
    }

    /// A position, with what the satellites said of the time kept for the judgement of clocks.
    pub(crate) fn fix(&self, ask: FixAsk) -> Result<Fix, Fail> {
        let fault = |fault| Fail::Capture(Tool::Location, fault);
        let kit = self.kit();
        self.heard(kit.location()?.fix(ask).map_err(fault)?)
    }

    /// A position that was taken elsewhere; what is none is as good as no position.
    pub(crate) fn heard(&self, fix: Fix) -> Result<Fix, Fail> {
        if !fix.is_sane() {
            return Err(Fail::Capture(Tool::Location, CaptureFault::Unavailable));
        }
        let at = self.platform.clocks()?;
        // A position that somebody made up has a made-up time.
        if let Some(gps_ms) = fix.gps_ms.filter(|_| fix.mock != Some(true)) {
            let age = i64::try_from(fix.age_ms).unwrap_or(i64::MAX);
            self.heard_satellites(gps_ms.saturating_add(age), at);
        }
        Ok(fix)
    }
}

/// A position as it is kept.
pub(crate) fn spot(fix: &Fix) -> Spot {
    Spot { latitude: fix.latitude, longitude: fix.longitude, accuracy_m: fix.accuracy_m }
}

/// A photo as it is kept.
struct Made {
    bytes: Vec<u8>,
    width: u32,
    height: u32,
    look: Look,
}

/// `stamps` come below what the pack has written on it: who took it, and when.
fn made(bytes: &[u8], wanted: &Wanted, fonts: &[Face], stamps: &[String]) -> Result<Made, Fail> {
    let picture = picture::shrink(picture::read(bytes)?, wanted.longest);
    let look = picture::look(&picture);
    let picture = if wanted.lines.is_empty() {
        picture.into_rgb8()
    } else {
        let lines: Vec<String> = wanted.lines.iter().chain(stamps).cloned().collect();
        picture::mark(picture, &lines, fonts)?
    };
    let (width, height) = picture.dimensions();
    Ok(Made { bytes: picture::jpeg(&picture)?, width, height, look })
}

/// When, and how far that may be believed: the last line of what is written on a photo. Of a picture that
/// was on the phone nobody knows when it was taken, and its line says so.
fn stamp(from: TakeFrom, time: &TrustedTime, zone: chrono_tz::Tz, lang: Lang) -> String {
    let at = format!("{} · {}", clock(zone, time.at_ms), words::time(time).get(lang));
    match from {
        TakeFrom::Lens => at,
        TakeFrom::Library => say(lang, "photo-chosen", &[("at", at)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rounds_model::ids::BootId;
    use rounds_model::time::Reading;

    #[test]
    fn a_picture_that_was_on_the_phone_never_says_that_it_was_taken_now() {
        let reading = Reading { wall_ms: 1_795_400_000_000, mono_ms: 1, boot: BootId([1; 16]) };
        let time = TrustedTime::judge(reading, None);
        for lang in [Lang::Zh, Lang::En] {
            let lens = stamp(TakeFrom::Lens, &time, chrono_tz::Asia::Shanghai, lang);
            let library = stamp(TakeFrom::Library, &time, chrono_tz::Asia::Shanghai, lang);
            assert!(library.contains(&lens) && library != lens, "{library}");
        }
        let library = stamp(TakeFrom::Library, &time, chrono_tz::Asia::Shanghai, Lang::En);
        assert!(library.starts_with("Chosen from this phone's pictures"), "{library}");
    }
}
