//! The stages of a kind.

use super::checker::Checker;
use crate::kind::{Stage, Tone};
use crate::limits;
use crate::manifest::{ActSource, KindSource, Word, in_order};
use std::collections::BTreeSet;

pub(super) const TONES: [(&str, Tone); 5] = [
    ("neutral", Tone::Neutral),
    ("active", Tone::Active),
    ("good", Tone::Good),
    ("warning", Tone::Warning),
    ("bad", Tone::Bad),
];
/// Tells of stages that no act leads to, from the first on.
pub(super) fn reachable(c: &mut Checker<'_, '_>, source: &KindSource) {
    let mut reached: BTreeSet<&String> = BTreeSet::from([source.initial.get_ref()]);
    loop {
        let leads = |act: &&ActSource| act.from.get_ref().iter().any(|from| reached.contains(from.get_ref()));
        let next: BTreeSet<&String> =
            source.acts.values().filter(leads).map(|act| act.to.get_ref()).collect();
        let before = reached.len();
        reached.extend(next);
        if reached.len() == before {
            break;
        }
    }
    // A stage that is not there is told where it is written, and may have been meant to lead on.
    let is_stage = |word: &Word| source.stages.keys().any(|stage| stage.get_ref() == word.get_ref());
    let named = source.acts.values().flat_map(|act| act.from.get_ref().iter().chain([&act.to]));
    if named.chain([&source.initial]).all(is_stage) {
        for stage in source.stages.keys().filter(|stage| !reached.contains(stage.get_ref())) {
            c.problems.add(stage.span(), "unreachable-stage", &[("name", stage.get_ref())]);
        }
    }
}

pub(super) fn stages(c: &mut Checker<'_, '_>, source: &KindSource) -> Vec<Stage> {
    let sources = in_order(&source.stages);
    c.at_most(sources.len(), limits::ENTRIES, source.initial.span(), "stages");
    let stage = |(name, stage): (&Word, &crate::manifest::StageSource)| {
        let checked = c.snake(name);
        let title = c.text(&stage.title);
        let tone = stage.tone.as_ref().map(|tone| c.choice(tone, &TONES));
        let tone = tone.flatten().unwrap_or_default();
        let removed = source.acts.values().any(|act| act.removes && act.to.get_ref() == name.get_ref());
        Some(Stage { name: checked?, title: title?, tone, removed })
    };
    sources.into_iter().filter_map(stage).collect()
}
