//! Recordings of a kind: their tables of steps.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::listing::{Listing, Row};
use crate::expression::Use;
use crate::field::{Answer, Field};
use crate::limits;
use crate::manifest::{KindSource, RecordingSource, Words};
use crate::script::{Medium, RecordingRule, StepRule};
use rounds_model::text::Text;
use toml::Spanned;

const NEEDED: [&str; 4] = ["script", "speaker", "zh", "en"];
const OPTIONAL: [&str; 9] =
    ["speaker_en", "needs", "hold_ms", "medium", "audio", "audio_en", "video", "video_en", "rule"];
const MEDIA: [(&str, Medium); 2] = [("audio", Medium::Audio), ("video", Medium::Video)];
/// The longest time that a step can be held: ten minutes.
const HOLD_MS: u64 = 600_000;

pub(super) fn recordings(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    fields: &[Field],
    names: &mut Names,
) -> Vec<RecordingRule> {
    kind.recordings.iter().filter_map(|source| recording(c, fields, names, source)).collect()
}

fn recording(
    c: &mut Checker<'_, '_>,
    fields: &[Field],
    names: &mut Names,
    source: &RecordingSource,
) -> Option<RecordingRule> {
    let none = Carried::default();
    let name = source.field.get_ref();
    if !fields.iter().any(|field| field.name == *name && matches!(field.answer, Answer::Blob(_))) {
        c.problems.add(source.field.span(), "unknown-field", &[("name", name), ("kind", "")]);
    }
    let which = c.expression(&source.script, Use::Field, names, &none);
    let medium = c.expression(&source.medium, Use::Field, names, &none);
    let listing = Listing::open(c, &source.table, &NEEDED, &OPTIONAL)?;
    let mut steps = Vec::new();
    for row in listing.rows().take(limits::ENTRIES) {
        let found = row.check(c, |c| step(c, names, &row));
        steps.extend(found);
    }
    c.at_most(listing.rows().count(), limits::ENTRIES, source.table.span(), "steps");
    Some(RecordingRule {
        field: name.clone(),
        rule: source.rule.clone(),
        steps,
        which: which?,
        medium: medium?,
    })
}

fn step(c: &mut Checker<'_, '_>, names: &mut Names, row: &Row<'_>) -> Option<StepRule> {
    let script = row.word("script");
    let script = script.as_ref().and_then(|script| c.snake(script));
    let text = c.template(&row.words(), Use::Field, names, &Carried::default());
    let speaker = pair(c, row, "speaker");
    let (audio, video) = (pair(c, row, "audio"), pair(c, row, "video"));
    let only = row.word("medium").map(|word| c.choice(&word, &MEDIA));
    let hold = row.word("hold_ms").map_or(Some(0), |word| {
        let found = word.get_ref().parse().ok().filter(|ms| *ms <= HOLD_MS);
        if found.is_none() {
            c.problems.add(0..0, "bad-number", &[("name", "hold_ms")]);
        }
        found
    });
    Some(StepRule {
        script: script?,
        speaker: speaker?,
        text: text?,
        needs: row.cell("needs").to_owned(),
        hold_ms: hold?,
        only: only.map_or(Some(None), |only| only.map(Some))?,
        audio,
        video,
    })
}

/// The texts in the columns `x` and `x_en`; the Chinese one stands for both where there is one only.
fn pair(c: &mut Checker<'_, '_>, row: &Row<'_>, column: &str) -> Option<Text> {
    let zh = row.word(column)?;
    let en = row.word(&format!("{column}_en")).unwrap_or_else(|| zh.clone());
    c.text(&Spanned::new(0..0, Words { zh: Some(zh), en: Some(en) }))
}
