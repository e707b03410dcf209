//! Who holds the records of a kind, and which of its stages count as removed.

use super::checker::Checker;
use super::expressions::Names;
use crate::kind::Sharing;
use crate::manifest::{AreaSource, KindSource, ScopeSource, Word};
use crate::workbook::Workbook;
use std::collections::BTreeSet;
use toml::Spanned;

/// Whether everyone holds them; `{ area = "field" }` is the third possibility.
const SHARING: [(&str, bool); 2] = [("team", true), ("owner", false)];

/// Nothing gets into a stage that counts as removed but by an act that says so, and nothing leads
/// on from there to removing it again.
pub(super) fn removed_stages(c: &mut Checker<'_, '_>, source: &KindSource) {
    let removed: BTreeSet<&String> =
        source.acts.values().filter(|act| act.removes).map(|act| act.to.get_ref()).collect();
    let mut wrong =
        |stage: &Word| c.problems.add(stage.span(), "removed-stage", &[("name", stage.get_ref())]);
    let is_removed = |stage: &&Word| removed.contains(stage.get_ref());
    Some(&source.initial).into_iter().filter(is_removed).for_each(&mut wrong);
    for act in source.acts.values() {
        if act.removes {
            act.from.get_ref().iter().filter(is_removed).for_each(&mut wrong);
        } else {
            Some(&act.to).into_iter().filter(is_removed).for_each(&mut wrong);
        }
    }
}

/// Who holds the records of a kind.
pub(super) fn sharing(
    c: &mut Checker<'_, '_>,
    names: &Names,
    workbook: Option<&Workbook>,
    source: &Spanned<ScopeSource>,
) -> Option<Sharing> {
    match source.get_ref() {
        ScopeSource::Word(word) => {
            let word = Word::new(source.span(), word.clone());
            Some(if c.choice(&word, &SHARING)? { Sharing::Team } else { Sharing::Owner })
        }
        ScopeSource::Area(AreaSource { area }) => {
            let key = names.questions.as_ref()?.key(area);
            let answered = |key: &String| !workbook.is_some_and(|workbook| workbook.calculates(key));
            let key = key.filter(answered);
            if key.is_none() {
                c.problems.add(source.span(), "area-not-answered", &[("name", area)]);
            }
            key.map(Sharing::Area)
        }
    }
}
