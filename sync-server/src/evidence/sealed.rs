//! Which file a recording is, and what is wrong with it as a whole: whether an accepted act has sealed it,
//! whether that act and the server's signature are as they were, whether the record still answers with it.
//!
//! While nobody may answer the question any more, the recording is the file that was sealed, whatever the
//! record has come to show since. Once it was returned, it is the answer, which the next act seals.

use super::check::Recording;
use super::confirm::{self, Confirmed};
use crate::error::Result;
use crate::exchange::rules::Rules;
use crate::storage::Read;
use crate::storage::records::ActRow;
use crate::texts::messages;
use rounds_evidence::beside::{self, With};
use rounds_evidence::counter::Received;
use rounds_model::act::SignedAct;
use rounds_model::canonical;
use rounds_model::document::BESIDE;
use rounds_model::ids::{BlobHash, DocId, PublicKey, TeamId};
use rounds_model::scalar::Scalar;
use rounds_model::text::Text;
use rounds_model::verdict::Outcome;
use rounds_workflow::{Projection, is_frozen};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is wrong with a recording as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Problem {
    /// No accepted act has sealed it.
    NotSealed,
    /// Its chain has not arrived.
    NotArrived,
    /// Its chain was received, and its file is not there any more.
    Lost,
    /// Its chain's file is another one than was answered with and sealed.
    OtherFile,
    /// The record now answers with another file than was sealed.
    Replaced,
    /// The server's signature on it does not fit.
    Confirmation,
    /// The signature of the act that sealed it does not fit.
    Act,
}

impl Problem {
    /// All of them.
    pub const ALL: [Problem; 7] = [
        Problem::NotSealed,
        Problem::NotArrived,
        Problem::Lost,
        Problem::OtherFile,
        Problem::Replaced,
        Problem::Confirmation,
        Problem::Act,
    ];

    /// Stable, kebab-case.
    pub fn code(self) -> &'static str {
        match self {
            Problem::NotSealed => "not-sealed",
            Problem::NotArrived => "not-arrived",
            Problem::Lost => "lost",
            Problem::OtherFile => "other-file",
            Problem::Replaced => "replaced",
            Problem::Confirmation => "confirmation",
            Problem::Act => "act",
        }
    }

    /// In words, with what to do.
    pub fn says(self) -> Text {
        messages().text(&format!("evidence-problem-{}", self.code()), &[])
    }

    /// Whether somebody should look at it. What is only on its way is told once it is late.
    pub fn is_told(self) -> bool {
        !matches!(self, Problem::NotSealed | Problem::NotArrived)
    }
}

/// The recordings of a record.
pub fn recordings(view: &dyn Read, rules: &Rules, doc: DocId) -> Result<Vec<Recording>> {
    let Some(row) = view.records(&[doc])?.into_iter().next() else { return Ok(vec![]) };
    let projection: Projection = canonical::decode(&row.projection)?;
    let Some(kind) = rules.catalogue.kind_at(&projection.kind, projection.pack) else { return Ok(vec![]) };
    if kind.recordings.is_empty() {
        return Ok(vec![]);
    }
    let acts = view.acts_of(&[doc])?;
    let devices = view.devices()?;
    let (team, key) = (view.team()?.id, confirm::public_key(view)?);
    let blobs = view.blobs_of(doc)?;
    let media: BTreeMap<BlobHash, u64> = blobs.iter().map(|blob| (blob.hash, blob.size)).collect();
    let mut found = vec![];
    for rule in &kind.recordings {
        let answer = projection.data.get(&rule.field);
        let answered = answer.and_then(Scalar::as_text).and_then(|text| text.parse::<BlobHash>().ok());
        let fits = |c: &Confirmed| key.is_some_and(|key| is_signed(c, team, doc, &key));
        let seals: Vec<_> = acts.iter().filter_map(|row| Sealing::read(row, &rule.field, fits)).collect();
        let frozen = is_frozen(kind, &projection.stage, &rule.field);
        let Some((blob, seal)) = which(answered, &seals, frozen) else { continue };
        let sealer = seal.and_then(|seal| devices.iter().find(|d| d.device == seal.row.device));
        let with = beside::of(answer, projection.data.get(&format!("{}{BESIDE}", rule.field)));
        let with = with.filter(|with| with.kept == blob);
        let chain = blobs.iter().find(|row| row.hash == blob);
        let confirmed = seal.and_then(|seal| seal.confirmed.clone());
        let fits = seal.is_some_and(|seal| seal.fits);
        let mut problems = vec![];
        match seal {
            None => problems.push(Problem::NotSealed),
            Some(_) if !fits => problems.push(Problem::Confirmation),
            Some(_) => {}
        }
        if seal.is_some_and(|seal| !sealer.is_some_and(|device| is_stated(seal.row, &device.key))) {
            problems.push(Problem::Act);
        }
        if answered != Some(blob) {
            problems.push(Problem::Replaced);
        }
        if chain.is_none() {
            problems.push(Problem::NotArrived);
        }
        found.push(Recording {
            doc,
            field: rule.field.clone(),
            title: kind.question_title(&rule.field).unwrap_or_default(),
            blob,
            arrived: chain.is_some(),
            arrived_ms: chain.map_or(0, |row| row.received),
            ending: with.as_ref().and_then(|with| with.ending),
            segments: with.map(|With { with, .. }| with).unwrap_or_default(),
            person: sealer.map(|d| d.person),
            confirmed,
            confirmation_fits: fits,
            problems,
            media: media.clone(),
        });
    }
    Ok(found)
}

/// An accepted act that seals a question's answer.
struct Sealing<'a> {
    row: &'a ActRow,
    /// What the server has confirmed; none if that cannot be read any more.
    confirmed: Option<Confirmed>,
    /// The server's signature fits.
    fits: bool,
}

impl<'a> Sealing<'a> {
    /// An act as one that seals this answer; none if it does not, or if there was no answer to seal.
    fn read(row: &'a ActRow, field: &str, fits: impl Fn(&Confirmed) -> bool) -> Option<Sealing<'a>> {
        let confirmed = confirm::of(&row.verdict).into_iter().find(|c| c.field == field);
        let fits = confirmed.as_ref().is_some_and(fits);
        // Of two facts that go together one is left, or one can be read no more.
        let torn = confirmed.is_none() && confirm::is_torn(&row.verdict, field);
        let accepted = row.verdict.outcome == Outcome::Accepted;
        (accepted && (confirmed.is_some() || torn)).then_some(Sealing { row, confirmed, fits })
    }

    /// What it sealed, if that is to be believed.
    fn sealed(&self) -> Option<BlobHash> {
        self.confirmed.as_ref().filter(|_| self.fits).map(|confirmed| confirmed.blob)
    }
}

/// Which file the recording is, and the act that sealed it.
fn which<'s, 'a>(
    answered: Option<BlobHash>,
    seals: &'s [Sealing<'a>],
    frozen: bool,
) -> Option<(BlobHash, Option<&'s Sealing<'a>>)> {
    match seals.last() {
        // Nobody may answer anew: what was sealed is the recording.
        Some(last) if frozen => Some((last.sealed().or(answered)?, Some(last))),
        // It was returned, and is perhaps answered anew; perhaps as before.
        _ => {
            let answered = answered?;
            let seal = seals.iter().rev().find(|seal| seal.sealed() == Some(answered));
            Some((answered, seal.or_else(|| seals.last().filter(|last| !last.fits))))
        }
    }
}

/// Whether the server signed this.
pub fn is_signed(confirmed: &Confirmed, team: TeamId, doc: DocId, key: &PublicKey) -> bool {
    let Confirmed { field, blob, act, at_ms, signature } = confirmed;
    let received = Received { team, doc, act: *act, field, blob: *blob, at_ms: *at_ms };
    received.is_signed(key, signature)
}

/// Whether an act's device signed it.
pub fn is_stated(row: &ActRow, key: &PublicKey) -> bool {
    SignedAct { body: row.body.clone(), signature: row.signature }.verify(key).is_ok()
}

/// What whoever decides about a record should know of its recordings first: what has not arrived, and what
/// was recorded of nothing.
pub fn warnings(view: &dyn Read, rules: &Rules, doc: DocId) -> Result<Vec<Text>> {
    let mut out = vec![];
    for recording in recordings(view, rules, doc)? {
        if recording.confirmed.is_none() {
            continue;
        }
        let title = &recording.title;
        let mut say = |key: &str, count: usize| {
            let one = |lang| {
                let args = [("recording", title.get(lang).to_owned()), ("count", count.to_string())];
                messages().get(lang, key, &args)
            };
            out.push(Text::new(one(rounds_model::text::Lang::Zh), one(rounds_model::text::Lang::En)));
        };
        if !recording.arrived {
            say("recording-warn-not-arrived", 0);
        }
        let (media, segments) = (&recording.media, &recording.segments);
        let away = segments.iter().filter(|hash| !media.contains_key(*hash)).count();
        if away > 0 {
            say("recording-warn-segments-away", away);
        }
        let empty = segments.iter().filter(|hash| media.get(*hash) == Some(&0)).count();
        if empty > 0 {
            say("recording-warn-segments-empty", empty);
        }
        let broken = |row: &crate::storage::evidence::FindingRow| {
            row.key == recording.field && row.code == super::check::BROKEN
        };
        if view.findings_of(doc)?.iter().any(broken) {
            say("recording-warn-broken", 0);
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_its_words_in_both_languages() {
        for problem in Problem::ALL {
            assert!(messages().has(&format!("evidence-problem-{}", problem.code())), "{problem:?}");
        }
    }
}
