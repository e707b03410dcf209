//! A recording is checked as soon as something of it arrives: its chain, media that it names, the act that
//! seals it.

use super::Blobs;
use crate::error::{Error, Result};
use crate::evidence::check::{self, AWAITED, BROKEN, CLOCK, Checked, Recording};
use crate::evidence::confirm;
use crate::evidence::sealed::Problem;
use crate::storage::evidence::FindingRow;
use futures_util::StreamExt;
use rounds_evidence::chain::{Fault as Wrong, limits};
use rounds_model::document::BESIDE;
use rounds_model::ids::{BlobHash, DocId, TeamId};
use rounds_protocol::exchange::{Packed, PushItem};
use rounds_protocol::fault::Fault;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How often a recording is looked at again that changed while it was checked.
const AGAIN: usize = 5;

/// The records about which a push states acts, or writes another file beside an answer: an act may seal a
/// recording that is here already, and an edit may put another one in the place of a sealed one.
pub fn acted(push: &[Packed]) -> BTreeSet<DocId> {
    let about = |item: &Packed| match item.unpack() {
        Ok(PushItem::Act(signed)) => signed.read().ok().map(|act| act.doc),
        Ok(PushItem::Edit(edit)) => {
            let mut puts = edit.puts.iter();
            puts.any(|put| put.key.ends_with(BESIDE) || put.replaces.len() > 1).then_some(edit.doc)
        }
        _ => None,
    };
    push.iter().filter_map(about).collect()
}

impl Blobs {
    /// Checks the recordings of those of these records of which an act has sealed one: now, or before
    /// something else of it changed.
    pub async fn note_sealed(self: &Arc<Self>, team: TeamId, docs: BTreeSet<DocId>) -> Result<()> {
        let awaiting = self.blocking(move |blobs| {
            let view = blobs.storage.read(team)?;
            let mut out = vec![];
            for doc in docs {
                let awaited = view.findings_of(doc)?.iter().any(|row| row.code == AWAITED);
                if awaited || view.acts_of(&[doc])?.iter().any(|row| !confirm::of(&row.verdict).is_empty()) {
                    out.push(doc);
                }
            }
            Ok(out)
        });
        for doc in awaiting.await? {
            self.note_recordings(team, doc).await?;
        }
        Ok(())
    }

    /// Checks the recordings of a record and keeps what is wrong with them. Nothing for a record without.
    pub async fn note_recordings(self: &Arc<Self>, team: TeamId, doc: DocId) -> Result<()> {
        for _ in 0..AGAIN {
            let mut same = true;
            for checked in self.check_recordings(team, doc, false).await? {
                same &= self.blocking(move |blobs| blobs.note_checked(team, checked)).await?;
            }
            if same {
                return Ok(());
            }
        }
        Err(Error::Fault(Fault::Busy))
    }

    /// Keeps what is wrong with a recording, unless it is not the one any more that was checked: another
    /// upload or act came meanwhile. Whether it is.
    pub(crate) fn note_checked(&self, team: TeamId, checked: Checked) -> Result<bool> {
        let Checked { recording, report, mut problems, .. } = checked;
        problems.retain(|problem| problem.is_told());
        let (doc, key, now) = (recording.doc, recording.field.clone(), self.now_ms());
        let mut tx = self.storage.write(team)?;
        let rules = self.rules.of(&*tx)?;
        if !check::recordings(&*tx, &rules, doc)?.contains(&recording) {
            return Ok(false);
        }
        if report.is_some() {
            tx.remove_finding(doc, &key, AWAITED)?;
        }
        let mut tell = |code: &str, about: Option<serde_json::Value>| match about {
            Some(about) => {
                let (key, about) = (key.clone(), about.to_string().into_bytes());
                tx.put_finding(&FindingRow { doc, key, code: code.to_owned(), about, at_ms: now })
            }
            None => tx.remove_finding(doc, &key, code),
        };
        let findings = report.as_ref().map(|report| report.findings.as_slice()).unwrap_or_default();
        let broken = !problems.is_empty() || !findings.is_empty();
        let broken =
            broken.then(|| json!({ "chain": recording.blob, "problems": problems, "findings": findings }));
        tell(BROKEN, broken)?;
        if let Some(report) = &report {
            let mut doubted = report.doubted();
            let doubt = doubted.next().map(|(link, time)| {
                let said = rounds_evidence::words::time(time);
                json!({ "chain": recording.blob, "link": link, "said": said, "more": doubted.count() })
            });
            tell(CLOCK, doubt)?;
        }
        tx.commit()?;
        Ok(true)
    }

    /// Checks the recordings of a record: every byte of the chain, and the sizes of the files of its
    /// segments; with `media`, every byte of those too.
    pub async fn check_recordings(
        self: &Arc<Self>,
        team: TeamId,
        doc: DocId,
        media: bool,
    ) -> Result<Vec<Checked>> {
        let found = self.blocking(move |blobs| {
            let view = blobs.storage.read(team)?;
            let rules = blobs.rules.of(&*view)?;
            check::recordings(&*view, &rules, doc)
        });
        let mut checked = vec![];
        for recording in found.await? {
            checked.push(self.check_one(team, recording, media).await?);
        }
        Ok(checked)
    }

    async fn check_one(self: &Arc<Self>, team: TeamId, recording: Recording, media: bool) -> Result<Checked> {
        if !recording.arrived {
            return Ok(Checked::unread(recording));
        }
        // What is there now, not what once arrived: a file can be cut, added to or exchanged.
        let Some(size) = self.keep.size(team, &recording.blob).await? else {
            let mut checked = Checked::unread(recording);
            checked.problems.push(Problem::Lost);
            return Ok(checked);
        };
        // A chain beyond its bounds is told by its first bytes as well.
        let bytes = self.whole(team, &recording.blob, size.min(limits::BYTES as u64 + 1)).await?;
        let mut checked = self
            .blocking(move |blobs| {
                let view = blobs.storage.read(team)?;
                let rules = blobs.rules.of(&*view)?;
                check::check(&*view, &rules, &recording, &bytes)
            })
            .await?;
        let Some(report) = &mut checked.report else { return Ok(checked) };
        let segments: Vec<_> = report.segments().collect();
        for (number, hash, size) in segments {
            if checked.recording.media.get(&hash) != Some(&size) {
                continue;
            }
            match self.keep.size(team, &hash).await? {
                None => report.media(number, Wrong::LostMedia, None),
                Some(now) if now != size => report.media(number, Wrong::OtherMedia, Some(now)),
                Some(_) if media && !self.is_itself(team, &hash, size).await? => {
                    report.media(number, Wrong::OtherMedia, None);
                }
                Some(_) => {}
            }
        }
        checked.media = media;
        Ok(checked)
    }

    async fn whole(self: &Arc<Self>, team: TeamId, hash: &BlobHash, size: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        if size == 0 {
            return Ok(bytes);
        }
        let mut pieces = Box::pin(self.keep.get(team, hash, 0..size).await?);
        while let Some(piece) = pieces.next().await {
            bytes.extend_from_slice(&piece?);
        }
        Ok(bytes)
    }

    async fn is_itself(self: &Arc<Self>, team: TeamId, hash: &BlobHash, size: u64) -> Result<bool> {
        if size == 0 {
            return Ok(Sha256::digest([]).as_slice() == hash.as_bytes());
        }
        let mut hasher = Sha256::new();
        let mut pieces = Box::pin(self.keep.get(team, hash, 0..size).await?);
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => hasher.update(&piece),
                // Its file is not there any more, or not as long as it was.
                Err(Error::Io(_)) => return Ok(false),
                Err(e) => return Err(e),
            }
        }
        Ok(hasher.finalize().as_slice() == hash.as_bytes())
    }
}
