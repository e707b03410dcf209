//! The stages of a kind.

use super::checker::Checker;
use crate::kind::{Stage, Tone};
use crate::limits;
use crate::manifest::{KindSource, Word, in_order};

pub(super) const TONES: [(&str, Tone); 5] = [
    ("neutral", Tone::Neutral),
    ("active", Tone::Active),
    ("good", Tone::Good),
    ("warning", Tone::Warning),
    ("bad", Tone::Bad),
];
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
