//! What the answers of a record come to, section by section, beside the score of the record before
//! about the same thing.

use super::questions::title;
use super::status::clock;
use crate::error::Fail;
use crate::store::records;
use rounds_forms::Score;
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use rounds_model::text::Lang;
use rounds_workflow::{Kind, PASSED, Projection, SCORE};
use rusqlite::Connection;
use serde::Serialize;

/// How many earlier records are looked at for one with a score.
const EARLIER: u32 = 20;

/// A record's score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scored {
    /// Points earned.
    pub points: f64,
    /// Points that could be earned.
    pub possible: f64,
    /// From 0 to 100; none when nothing counts.
    pub percent: Option<f64>,
    /// The mark to reach.
    pub pass_mark: Option<f64>,
    /// Whether it is passed; none when nothing counts.
    pub passed: Option<bool>,
    /// In the order of the form.
    pub sections: Vec<Section>,
    /// Critical questions whose answers fail the whole.
    pub critical_failed: Vec<Critical>,
    /// Critical questions that are not answered yet.
    pub critical_open: Vec<Critical>,
    /// The score before, of the same subject.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
}

/// A section's score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// As the workbook names it; empty for questions outside all sections.
    pub name: String,
    /// Points earned.
    pub points: f64,
    /// Points that could be earned.
    pub possible: f64,
    /// From 0 to 100; none when nothing in it counts.
    pub percent: Option<f64>,
    /// The mark to reach.
    pub pass_mark: Option<f64>,
    /// Whether it is reached; none without a mark.
    pub passed: Option<bool>,
}

/// A critical question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Critical {
    /// Its key.
    pub key: String,
    /// What people read.
    pub label: String,
}

/// An earlier score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Previous {
    /// The record.
    pub id: DocId,
    /// When it was begun, in the team's time zone.
    pub at: String,
    /// From 0 to 100.
    pub percent: f64,
    /// Whether it was passed.
    pub passed: Option<bool>,
    /// How many percent points more the record has now.
    pub change: Option<f64>,
}

/// The score of a record for its screen.
pub(crate) fn scored(
    db: &Connection,
    kind: &Kind,
    score: Score,
    row: &Projection,
    doc: DocId,
    zone: chrono_tz::Tz,
    lang: Lang,
) -> Result<Scored, Fail> {
    let critical = |keys: Vec<String>| -> Vec<Critical> {
        keys.into_iter().map(|key| Critical { label: title(kind, &key, lang), key }).collect()
    };
    let sections = score.sections.into_iter().map(|s| Section {
        name: s.name,
        points: s.points,
        possible: s.possible,
        percent: s.percent,
        pass_mark: s.pass_mark,
        passed: s.passed,
    });
    Ok(Scored {
        points: score.points,
        possible: score.possible,
        percent: score.percent,
        pass_mark: score.pass_mark,
        passed: score.passed,
        sections: sections.collect(),
        critical_failed: critical(score.critical_failed),
        critical_open: critical(score.critical_open),
        previous: previous(db, kind, score.percent, row, doc, zone)?,
    })
}

/// The newest record before this one of the same kind and subject that has a score and is no draft.
fn previous(
    db: &Connection,
    kind: &Kind,
    percent: Option<f64>,
    row: &Projection,
    doc: DocId,
    zone: chrono_tz::Tz,
) -> Result<Option<Previous>, Fail> {
    let Some(subject) = &row.subject else { return Ok(None) };
    let earlier = records::before(db, &kind.name, subject, doc, EARLIER)?;
    let done = earlier.iter().filter(|record| record.projection.stage != kind.initial);
    let mut scored = done.filter_map(|record| match record.projection.data.get(SCORE) {
        Some(Scalar::Float(percent)) => Some((record, *percent)),
        Some(Scalar::Int(percent)) => Some((record, *percent as f64)),
        _ => None,
    });
    Ok(scored.next().map(|(record, before)| Previous {
        id: record.doc,
        at: clock(zone, i64::try_from(record.doc.made_ms().unwrap_or(0)).unwrap_or(0)),
        percent: before,
        passed: match record.projection.data.get(PASSED) {
            Some(Scalar::Bool(passed)) => Some(*passed),
            _ => None,
        },
        change: percent.map(|now| now - before),
    }))
}
