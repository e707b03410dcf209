//! What a person does in a recording. Each call is durable before it returns.

use super::alone::Alone;
use super::memo::InHand;
use super::segments::why;
use super::under_way::{self, UnderWay};
use crate::Rounds;
use crate::capture::{CaptureFault, Ended, Tool};
use crate::error::{Fail, RoundsError};
use crate::store::{blobs, recordings};
use rounds_evidence::beside::With;
use rounds_evidence::chain::{Chain, Ending, Link, Seal, Stop};
use rounds_evidence::session::{Gate, Session};
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::time::TrustedTime;
use rusqlite::Transaction;
use std::sync::{MutexGuard, PoisonError};

/// Who ends a recording.
#[derive(Clone, Copy)]
pub(super) enum By {
    /// The person who records, by the rules of the record.
    Person,
    /// The app: nobody will be asked to finish it.
    Itself,
}

/// The recording that this run of the app has in its hands.
pub(crate) type Desk = Option<UnderWay>;

impl Rounds {
    /// Begins to record a question by its script, or goes on with what was begun.
    ///
    /// # Errors
    /// The script's (`script-empty`, `script-blank`), who may write the answer, the recorder's;
    /// `recording-runs` while another process records; `recording-kept` if a complete one answers the question.
    pub fn record(&self, doc: DocId, field: &str) -> Result<(), RoundsError> {
        let mut desk = self.desk();
        if self.taken_up(&mut desk, doc, field)?.is_none() {
            if self.store.read(|db| under_way::is_complete(db, doc, field))? {
                return Err(Fail::Gate(Gate::Kept).into());
            }
            let alone = Some(self.alone_with_recordings()?.ok_or(Fail::Gate(Gate::Recording))?);
            let begun = self.store.write(|tx| under_way::begin(self, tx, doc, field))?;
            *desk = Some(UnderWay { alone, ..begun });
        }
        Ok(self.start(&mut desk, doc, field)?)
    }

    /// Goes on with what was begun.
    ///
    /// # Errors
    /// `recording-none` if nothing was; the recorder's.
    pub fn record_on(&self, doc: DocId, field: &str) -> Result<(), RoundsError> {
        let mut desk = self.desk();
        Ok(self.start(&mut desk, doc, field)?)
    }

    /// The customer answered to the step that is shown.
    ///
    /// # Errors
    /// `recording-paused`; the recorder's, if it has stopped by itself meanwhile.
    pub fn record_answer(&self, doc: DocId, field: &str, said: &str) -> Result<(), RoundsError> {
        let mut desk = self.desk();
        self.still_recording(&mut desk, doc, field)?;
        Ok(self.happens(&mut desk, doc, field, |session, now| session.answer(said, now))?)
    }

    /// Marks the step that is shown, and shows the next one.
    ///
    /// # Errors
    /// `recording-answer` (A.5), `recording-hold` (A.6), `recording-paused`.
    pub fn record_mark(&self, doc: DocId, field: &str) -> Result<(), RoundsError> {
        let mut desk = self.desk();
        self.still_recording(&mut desk, doc, field)?;
        Ok(self.happens(&mut desk, doc, field, Session::mark)?)
    }

    /// Pauses. What was recorded is put away encrypted before this returns, and queued to be sent.
    pub fn record_pause(&self, doc: DocId, field: &str) -> Result<(), RoundsError> {
        let mut desk = self.desk();
        Ok(self.halt(&mut desk, doc, field, Stop::Asked)?)
    }

    /// Looks whether the recorder still records: a shell calls it when its system tells of a call, of the
    /// background, of a low battery. Returns whether it does.
    pub fn record_check(&self, doc: DocId, field: &str) -> Result<bool, RoundsError> {
        let mut desk = self.desk();
        match self.still_recording(&mut desk, doc, field) {
            Ok(()) => Ok(true),
            Err(Fail::Gate(_)) => Ok(false),
            Err(fail) => Err(fail.into()),
        }
    }

    /// Ends a recording whose steps are all marked: signs it, and answers the question with it.
    ///
    /// # Errors
    /// `recording-steps` while steps are left.
    pub fn record_finish(&self, doc: DocId, field: &str) -> Result<BlobHash, RoundsError> {
        Ok(self.end_recording(doc, field, Ending::Complete)?)
    }

    /// Breaks a recording off: what there is of it is signed and kept as it is.
    pub fn record_break_off(&self, doc: DocId, field: &str) -> Result<BlobHash, RoundsError> {
        Ok(self.end_recording(doc, field, Ending::BrokenOff)?)
    }

    /// One thing at a time happens in recordings; screens are not held up by it.
    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.recording.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Recordings in hand for something else than what is on the desk, which is halted.
    pub(super) fn clear_desk(&self) -> Result<Alone, Fail> {
        let mut desk = self.desk();
        if let Some(other) = desk.as_ref().map(|it| (it.doc, it.field.clone())) {
            self.halt(&mut desk, other.0, &other.1, Stop::Asked)?;
        }
        match desk.take().and_then(|it| it.alone) {
            Some(alone) => Ok(alone),
            None => Ok(self.alone_with_recordings()?.ok_or(Gate::Recording)?),
        }
    }

    /// What is recorded without a script, if anything is.
    pub(super) fn memo_hand(&self) -> MutexGuard<'_, Option<InHand>> {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the recording in hand, from the store if need be. One that another run left was killed.
    fn taken_up<'d>(
        &self,
        desk: &'d mut Desk,
        doc: DocId,
        field: &str,
    ) -> Result<Option<&'d mut UnderWay>, Fail> {
        let in_hand = desk.as_ref().is_some_and(|it| it.doc == doc && it.field == field);
        if !in_hand {
            // Two are not recorded at once: there is one microphone.
            if let Some(other) = desk.as_ref().map(|it| (it.doc, it.field.clone())) {
                self.halt(desk, other.0, &other.1, Stop::Asked)?;
            }
            let alone = desk.take().and_then(|it| it.alone);
            if let Some(it) = self.store.read(|db| under_way::load(db, doc, field))? {
                let alone = match alone {
                    Some(alone) => alone,
                    None => self.alone_with_recordings()?.ok_or(Gate::Recording)?,
                };
                self.pick_up(desk.insert(UnderWay { alone: Some(alone), ..it }))?;
            }
        }
        Ok(desk.as_mut())
    }

    fn in_hand<'d>(&self, desk: &'d mut Desk, doc: DocId, field: &str) -> Result<&'d mut UnderWay, Fail> {
        if self.taken_up(desk, doc, field)?.is_none() {
            self.store.read(|db| under_way::is_asked(self, db, doc, field))?;
        }
        Ok(desk.as_mut().ok_or(Gate::None)?)
    }

    /// Starts the recorder, and states the gap if there was one.
    fn start(&self, desk: &mut Desk, doc: DocId, field: &str) -> Result<(), Fail> {
        let it = self.in_hand(desk, doc, field)?;
        if it.is_recording() {
            return Err(Gate::Recording.into());
        }
        let fault = |fault| Fail::Capture(Tool::Recorder, fault);
        let (kit, ask) = (self.kit(), self.segment_ask(it)?);
        kit.recorder()?.start(ask).map_err(fault)?;
        let resumed = self.happens(desk, doc, field, Session::resume);
        if resumed.is_err() {
            // It records for nobody.
            drop(kit.recorder()?.stop());
        }
        resumed
    }

    /// Refuses a step over a recording that something has ended, and puts away what there is of it.
    fn still_recording(&self, desk: &mut Desk, doc: DocId, field: &str) -> Result<(), Fail> {
        let it = self.in_hand(desk, doc, field)?;
        if !it.is_recording() {
            return Err(Gate::Paused.into());
        }
        let kit = self.kit();
        let progress = kit.recorder()?.progress();
        let ended = match progress {
            Ok(progress) => progress.ended.map(why),
            Err(CaptureFault::Failed(_)) => Some(Stop::Broken),
            Err(fault) => return Err(Fail::Capture(Tool::Recorder, fault)),
        };
        match ended {
            None => Ok(()),
            Some(stop) => {
                self.halt(desk, doc, field, stop)?;
                Err(Gate::Paused.into())
            }
        }
    }

    /// Stops the recorder, says why, and puts the segment away.
    pub(super) fn halt(&self, desk: &mut Desk, doc: DocId, field: &str, stop: Stop) -> Result<(), Fail> {
        let it = self.in_hand(desk, doc, field)?;
        if !it.is_recording() {
            return Ok(());
        }
        let kit = self.kit();
        let asked = self.platform.clocks()?;
        let stopped = kit.recorder()?.stop();
        let (stop, media_ms, last) = match &stopped {
            Ok(segment) => {
                let stop = if stop == Stop::Asked { why(segment.ended) } else { stop };
                // One that was asked to end recorded until it was asked; of any other only the platform
                // can know when it ended, and without its word nobody does.
                let until = segment.stopped.or((segment.ended == Ended::Asked).then_some(asked));
                (stop, segment.media_ms, until)
            }
            Err(_) => (Stop::Broken, 0, None),
        };
        self.happens(desk, doc, field, |session, now| Ok(session.pause(stop, last, now)))?;
        let it = self.in_hand(desk, doc, field)?;
        self.put_away(it, media_ms)
    }

    /// Something happens: its links are stored, and only then it has happened.
    fn happens(
        &self,
        desk: &mut Desk,
        doc: DocId,
        field: &str,
        what: impl FnOnce(&mut Session, &TrustedTime) -> Result<Vec<Link>, Gate>,
    ) -> Result<(), Fail> {
        let it = self.in_hand(desk, doc, field)?;
        let mut session = it.session.clone();
        self.store.write(|tx| {
            let now = self.noted_now(tx)?;
            let links = what(&mut session, &now)?;
            it.add(tx, &links)
        })?;
        it.session = session;
        Ok(())
    }

    fn end_recording(&self, doc: DocId, field: &str, ending: Ending) -> Result<BlobHash, Fail> {
        let mut desk = self.desk();
        if ending == Ending::Complete {
            let it = self.in_hand(&mut desk, doc, field)?;
            let left = it.session.script().steps.len() - it.session.marked() as usize;
            if left > 0 {
                return Err(Gate::Steps(u32::try_from(left).unwrap_or(u32::MAX)).into());
            }
        }
        self.halt(&mut desk, doc, field, Stop::Asked)?;
        let it = self.in_hand(&mut desk, doc, field)?;
        self.put_away(it, 0)?;
        let kept = self.seal(it, ending, By::Person)?;
        *desk = None;
        Ok(kept)
    }

    /// Signs the chain of a recording that has ended, and answers the question with it.
    pub(super) fn seal(&self, it: &UnderWay, ending: Ending, by: By) -> Result<BlobHash, Fail> {
        let me = self.identity()?;
        let mut session = it.session.clone();
        let (key, text) = self.store.write(|tx| {
            let now = self.noted_now(tx)?;
            let mut links = recordings::links(tx, &it.chain)?;
            links.extend(session.finish(ending, &now)?);
            let seal = Seal::sign(session.head(), &me.signing_key());
            Ok((blobs::key(tx, &*self.platform)?, Chain::new(&links, &seal).text))
        })?;
        let draft = blobs::draft(&self.blobs, &key, &*self.platform, &mut text.as_bytes())?;
        let _alone = self.photos();
        let stored = draft.keep(&self.blobs, &key)?;
        let (doc, field, chain) = (it.doc, it.field.as_str(), it.chain);
        let with = With { kept: stored.hash, with: session.media(), ending: Some(ending) };
        let beside = [with.beside(field)];
        let forget = |tx: &Transaction<'_>| recordings::remove(tx, doc, field, &chain);
        match by {
            By::Person => self.answer_with_blob(doc, field, stored, &beside, forget)?,
            By::Itself => self.answer_unasked(doc, field, stored, &beside, forget)?,
        }
        Ok(stored.hash)
    }
}
