//! What a record's answers come to, in words, beside the score of the record before about the same
//! thing.

use super::answers::Ink;
use super::history::Told;
use super::kinds::Scored;
use super::view::{Badge, PreviousScore, ScoreRow, SectionRow, Tone};
use crate::storage::Result;
use crate::storage::records::RecordRow;

/// How many earlier records are looked at for one with a score that the viewer may see.
const EARLIER: u32 = 20;

/// The score of a record; none for a form without scores.
pub fn score(
    ink: &Ink<'_>,
    told: &Told<'_>,
    record: &RecordRow,
    scored: Option<Scored>,
) -> Result<Option<ScoreRow>> {
    let Some(scored) = scored else { return Ok(None) };
    let label = |keys: &[String]| keys.iter().map(|key| super::history::label(ink, told, key)).collect();
    Ok(Some(ScoreRow {
        percent: percent(scored.percent),
        points: format!("{} / {}", number(scored.points), number(scored.possible)),
        state: badge(ink, scored.passed),
        before: before(ink, record, scored.percent)?,
        sections: scored
            .sections
            .iter()
            .filter(|section| !section.name.is_empty())
            .map(|section| SectionRow {
                name: section.name.clone(),
                percent: percent(section.percent),
                state: badge(ink, section.passed),
            })
            .collect(),
        failed: label(&scored.critical_failed),
        open: label(&scored.critical_open),
    }))
}

fn before(ink: &Ink<'_>, record: &RecordRow, now: Option<f64>) -> Result<Option<PreviousScore>> {
    let Some(subject) = &record.subject else { return Ok(None) };
    for earlier in ink.tx.earlier(&record.kind, subject, record.doc, EARLIER)? {
        if !ink.viewer.may_see(&earlier.scope) {
            continue;
        }
        let Some((then, made_ms)) = ink.lexicon.final_score(&earlier)?.zip(earlier.doc.made_ms()) else {
            continue;
        };
        let change = now.map(|now| format!("{:+.1}", now - then));
        return Ok(Some(PreviousScore {
            doc: earlier.doc.to_string(),
            percent: percent(Some(then)),
            at: ink.words.moment(i64::try_from(made_ms).unwrap_or(i64::MAX), ink.now_ms),
            change,
        }));
    }
    Ok(None)
}

fn badge(ink: &Ink<'_>, passed: Option<bool>) -> Option<Badge> {
    let (tone, key) = if passed? { (Tone::Good, "score-passed") } else { (Tone::Bad, "score-not-passed") };
    Some(Badge { tone, text: ink.words.t(key) })
}

fn percent(percent: Option<f64>) -> String {
    percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent:.1} %"))
}

/// Without a needless fraction.
fn number(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
