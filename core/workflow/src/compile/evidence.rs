//! What a kind says of its photos, and what a supervisor should look at.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use super::writes::is_known;
use crate::exception::ExceptionRule;
use crate::expression::Use;
use crate::field::{Answer, Field};
use crate::limits;
use crate::manifest::{ActSource, ExceptionSource, KindSource, Word, in_order};
use crate::photos::PhotoRule;
use std::collections::BTreeSet;

/// The sides that a photo can be asked to have, in pixels.
const PIXELS: std::ops::RangeInclusive<i64> = 64..=16_384;

pub(super) fn photos(c: &mut Checker<'_, '_>, kind: &KindSource, names: &mut Names) -> Option<PhotoRule> {
    let source = kind.photos.as_ref()?;
    let watermark =
        source.watermark.as_ref().map(|text| c.template(text, Use::Field, names, &Carried::default()));
    let max_pixels = source.max_pixels.as_ref().map(|pixels| {
        let fits = PIXELS.contains(pixels.get_ref());
        if !fits {
            c.problems.add(pixels.span(), "bad-number", &[("name", "max_pixels")]);
        }
        u32::try_from(*pixels.get_ref()).ok().filter(|_| fits)
    });
    Some(PhotoRule {
        camera_only: source.camera_only,
        place: source.place,
        max_pixels: max_pixels.flatten(),
        rule: source.rule.clone(),
        watermark: watermark.flatten(),
    })
}

pub(super) fn exceptions(
    c: &mut Checker<'_, '_>,
    kind: &KindSource,
    stages: &BTreeSet<String>,
    names: &mut Names,
) -> Vec<ExceptionRule> {
    let sources = in_order(&kind.exceptions);
    c.at_most(sources.len(), limits::ENTRIES, kind.initial.span(), "exceptions");
    sources.into_iter().filter_map(|(name, source)| exception(c, stages, names, name, source)).collect()
}

fn exception(
    c: &mut Checker<'_, '_>,
    stages: &BTreeSet<String>,
    names: &mut Names,
    name: &Word,
    source: &ExceptionSource,
) -> Option<ExceptionRule> {
    let none = Carried::default();
    let checked = c.snake(name);
    let title = c.text(&source.title);
    let when = c.condition(&source.when, Use::Field, names, &none);
    let reason = c.template(&source.reason, Use::Field, names, &none);
    for key in &source.evidence {
        let text = key.get_ref();
        let said = text.strip_prefix('@').and_then(|rest| rest.split_once('/'));
        let known = match said {
            Some((act, part)) => names.acts.get(act).is_some_and(|parts| parts.contains(part)),
            None => names.questions.as_ref().is_none_or(|q| is_known(q, &names.lists, text)),
        };
        if !known {
            c.problems.add(key.span(), "unknown-field", &[("name", text), ("kind", "")]);
        }
    }
    Some(ExceptionRule {
        name: checked?,
        title: title?,
        stages: c.among(&source.stages, stages, "unknown-stage"),
        when: when?,
        reason: reason?,
        evidence: source.evidence.iter().map(|key| key.get_ref().clone()).collect(),
        rule: source.rule.clone(),
    })
}

/// The files that an act seals: questions that are answered with one.
pub(super) fn sealed(c: &mut Checker<'_, '_>, act: &ActSource, fields: &[Field]) -> Vec<String> {
    let files = fields.iter().filter(|field| matches!(field.answer, Answer::Blob(_)));
    let known = files.map(|field| field.name.clone()).collect();
    c.among(&act.seals, &known, "unknown-field")
}
