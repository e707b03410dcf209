//! The numbers that an act gives.

use super::checker::Checker;
use super::expressions::{Carried, Names};
use crate::expression::Use;
use crate::manifest::{ActSource, NumberSource, Word, Words, in_order};
use crate::number::{DIGITS, NumberRule, PROVISIONAL, Period};
use toml::Spanned;

const PERIODS: [(&str, Period); 4] =
    [("never", Period::Never), ("year", Period::Year), ("month", Period::Month), ("day", Period::Day)];

pub(super) fn numbers(
    c: &mut Checker<'_, '_>,
    act: &ActSource,
    names: &mut Names,
    carried: &Carried,
) -> Vec<NumberRule> {
    let sources = in_order(&act.numbers);
    sources.into_iter().filter_map(|(name, source)| number(c, name, source, names, carried)).collect()
}

fn number(
    c: &mut Checker<'_, '_>,
    name: &Word,
    source: &NumberSource,
    names: &mut Names,
    carried: &Carried,
) -> Option<NumberRule> {
    let checked = c.snake(name);
    let title = c.text(&source.title);
    let mut period = |word: &Option<Word>| word.as_ref().map(|word| c.choice(word, &PERIODS));
    let (date, restarts) = (period(&source.date), period(&source.restarts));
    let date = date.unwrap_or(Some(Period::Never));
    let restarts = restarts.unwrap_or(date);
    let mut wrong = |what: &str| c.problems.add(name.span(), "number-does-not-fit", &[("name", what)]);
    // With less on the number than what starts it again, it would be given twice.
    if restarts > date {
        wrong("restarts");
    }
    let digits = *source.digits.get_ref();
    if !(1..=DIGITS).contains(&digits) {
        wrong("digits");
    }
    let text = source.prefix.as_ref().map(|prefix| prefix.get_ref().as_str()).unwrap_or_default();
    if text.contains(PROVISIONAL) {
        wrong("prefix");
    }
    // It is the same in both languages; what is left out is read as nothing.
    let prefix = source.prefix.clone().unwrap_or_else(|| Word::new(name.span(), "{''}".to_owned()));
    let words = Words { zh: Some(prefix.clone()), en: Some(prefix.clone()) };
    let prefix = c.template(&Spanned::new(prefix.span(), words), Use::Act, names, carried);
    Some(NumberRule {
        name: checked?,
        title: title?,
        rule: source.rule.clone(),
        prefix: prefix?,
        prefix_source: text.to_owned(),
        date: date?,
        restarts: restarts?,
        digits: u32::try_from(digits).ok()?,
    })
}
