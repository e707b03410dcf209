//! Segments: recorded by the platform into a file that only this app can read, put away encrypted under
//! their hash, and deleted as they were. A file that a kill left behind is put away when the app starts.

use super::under_way::{self, UnderWay};
use crate::Rounds;
use crate::capture::{Ended, Medium, SegmentAsk};
use crate::error::Fail;
use crate::private;
use crate::store::{blobs, recordings, uploads};
use rounds_evidence::chain::{ChainId, Stop};
use rounds_evidence::session::State;
use std::fs::File;
use std::path::PathBuf;

/// The longest side of a picture that is of use: what a person's face and a page's title need.
const LONGEST_PX: u32 = 1_280;
/// Bits per second of sound, and of pictures with sound.
const BITS: (u32, u32) = (48_000, 1_500_000);

/// What ended a segment, as a link says it.
pub(super) fn why(ended: Ended) -> Stop {
    match ended {
        Ended::Asked => Stop::Asked,
        Ended::Call => Stop::Call,
        Ended::Background => Stop::Background,
        Ended::Power => Stop::Power,
        Ended::Storage => Stop::Storage,
        Ended::Broken => Stop::Broken,
    }
}

/// What to ask a recorder for.
pub(super) fn ask(medium: Medium, file: PathBuf) -> SegmentAsk {
    let bits_per_s = match medium {
        Medium::Audio => BITS.0,
        Medium::Video => BITS.1,
    };
    SegmentAsk { medium, file, longest_px: LONGEST_PX, bits_per_s }
}

/// A chain, as the files of its segments are named after it.
fn named(chain: &ChainId) -> String {
    chain.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Rounds {
    /// Takes up every recording that an earlier run left in the middle: what was recorded is put away
    /// encrypted and queued, and no segment stays in plain because nobody opens that question again. Files
    /// of recordings that are not known any more are removed (lesson 16). One that cannot be taken up
    /// holds up no other; the first such fault is the answer. Nothing while another process records.
    pub(crate) fn pick_up_all(&self) -> Result<(), Fail> {
        let open = self.store.read(recordings::open)?;
        if open.is_empty() && !self.segment_folder().exists() && !self.memo_folder().exists() {
            return Ok(());
        }
        // Another process is in the middle of one.
        let Some(_alone) = self.alone_with_recordings()? else { return Ok(()) };
        let mut first = self.put_memo_away().map(drop);
        for (doc, field) in open {
            let found = self.store.read(|db| under_way::load(db, doc, &field));
            let done = found.and_then(|it| it.map_or(Ok(()), |mut it| self.pick_up(&mut it)));
            first = first.and(done);
        }
        first.and(self.sweep_segments())
    }

    /// Takes up a recording that was not in hand: whatever recorded it does so no more.
    pub(super) fn pick_up(&self, it: &mut UnderWay) -> Result<(), Fail> {
        if it.is_recording() {
            self.store.write(|tx| under_way::recover(self, tx, it))?;
        }
        self.put_away(it, 0)?;
        self.tidy_segments(it)
    }

    /// Removes files of recordings that the store does not know.
    fn sweep_segments(&self) -> Result<(), Fail> {
        let known: Vec<String> = self.store.read(recordings::chains)?.iter().map(named).collect();
        let Ok(files) = std::fs::read_dir(self.segment_folder()) else { return Ok(()) };
        for file in files {
            let file = file?;
            let name = file.file_name();
            let chain = name.to_str().and_then(|name| name.rsplit_once('-')).map(|(chain, _)| chain);
            if !chain.is_some_and(|chain| known.iter().any(|known| known == chain)) {
                std::fs::remove_file(file.path())?;
            }
        }
        Ok(())
    }

    /// Where segments lie in plain while they are recorded.
    pub(crate) fn segment_folder(&self) -> PathBuf {
        self.blobs.with_file_name("recording")
    }

    /// Where the platform records a segment to, in a folder of its own.
    fn segment_file(&self, it: &UnderWay, segment: u32) -> Result<PathBuf, Fail> {
        let folder = self.segment_folder();
        private::folder(&folder)?;
        Ok(folder.join(format!("{}-{segment}", named(&it.chain))))
    }

    /// What to record next.
    pub(super) fn segment_ask(&self, it: &UnderWay) -> Result<SegmentAsk, Fail> {
        let (begun, _) = it.session.segments();
        let file = self.segment_file(it, begun + 1)?;
        // What a try left that never became a segment.
        drop(std::fs::remove_file(&file));
        Ok(ask(if it.kept.video { Medium::Video } else { Medium::Audio }, file))
    }

    /// Puts away every segment that has ended. `media_ms` is of the newest, if the recorder told it.
    pub(super) fn put_away(&self, it: &mut UnderWay, media_ms: u64) -> Result<(), Fail> {
        let newest = it.session.segments().0;
        for segment in it.session.to_put_away() {
            let file = self.segment_file(it, segment)?;
            let key = self.store.write(|tx| blobs::key(tx, &*self.platform))?;
            let draft = match File::open(&file) {
                Ok(mut source) => blobs::draft(&self.blobs, &key, &*self.platform, &mut source)?,
                // The platform kept nothing of it: an empty segment says so.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                    blobs::draft(&self.blobs, &key, &*self.platform, &mut std::io::empty())?
                }
                Err(e) => return Err(e.into()),
            };
            let _alone = self.photos();
            let stored = draft.keep(&self.blobs, &key)?;
            let media_ms = if segment == newest { media_ms } else { 0 };
            let mut session = it.session.clone();
            self.store.write(|tx| {
                let now = self.noted_now(tx)?;
                let links = session.put_away(segment, stored.hash, stored.size, media_ms, &now)?;
                it.add(tx, &links)?;
                blobs::note(tx, it.doc, stored, now.at_ms)?;
                uploads::push(tx, it.doc, stored, now.at_ms)
            })?;
            it.session = session;
            // It is in the store now; what is left of it in plain goes, at the next look if not now.
            drop(std::fs::remove_file(&file));
        }
        Ok(())
    }

    /// Removes what segments that were put away may have left behind in plain.
    pub(super) fn tidy_segments(&self, it: &UnderWay) -> Result<(), Fail> {
        let open = match it.session.state {
            State::Recording { segment } => segment,
            _ => 0,
        };
        let waiting = it.session.to_put_away();
        for segment in 1..=it.session.segments().0 {
            if segment != open && !waiting.contains(&segment) {
                drop(std::fs::remove_file(self.segment_file(it, segment)?));
            }
        }
        Ok(())
    }
}
