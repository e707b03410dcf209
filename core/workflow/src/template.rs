//! Texts with expressions in them: `{round(fact('distance_m'), 0)} m from the store`.
//!
//! A brace that is meant as a brace is written twice.

use crate::env::Env;
use crate::expression::Expression;
use crate::stop::Stop;
use rounds_forms::expr::ParseError;
use rounds_model::text::{Lang, Text};

/// A text in both languages, with expressions to be filled in.
#[derive(Debug)]
pub(crate) struct Template {
    zh: Vec<Part>,
    en: Vec<Part>,
}

#[derive(Debug)]
enum Part {
    Words(String),
    Value(Expression),
}

/// A template that cannot be read.
#[derive(Debug)]
pub(crate) enum BadTemplate {
    /// A brace without its partner.
    Brace,
    /// A dollar before a brace: an answer is `{${name}}` in a text.
    Dollar,
    /// What stands between the braces is no expression.
    Expression(ParseError),
}

impl Template {
    /// What can be read of a text, and everything in it that cannot.
    pub(crate) fn parse(text: &Text) -> (Template, Vec<BadTemplate>) {
        let mut bad = Vec::new();
        if [&text.zh, &text.en].iter().any(|text| has_dollar(text)) {
            bad.push(BadTemplate::Dollar);
            return (Template { zh: Vec::new(), en: Vec::new() }, bad);
        }
        let (zh, en) = (parts(&text.zh, &mut bad), parts(&text.en, &mut bad));
        (Template { zh, en }, bad)
    }

    pub(crate) fn expressions(&self) -> impl Iterator<Item = &Expression> {
        self.zh.iter().chain(&self.en).filter_map(|part| match part {
            Part::Value(expression) => Some(expression),
            Part::Words(_) => None,
        })
    }

    /// Both texts, each with its values in its own language.
    pub(crate) fn fill(&self, env: &Env<'_>) -> Result<Text, Stop> {
        let shown = Expression::shown;
        Ok(Text { zh: fill(&self.zh, env, Lang::Zh, shown)?, en: fill(&self.en, env, Lang::En, shown)? })
    }

    /// The same without cutting any value: for paper.
    pub(crate) fn whole(&self, env: &Env<'_>) -> Result<Text, Stop> {
        let printed = Expression::printed;
        Ok(Text { zh: fill(&self.zh, env, Lang::Zh, printed)?, en: fill(&self.en, env, Lang::En, printed)? })
    }
}

/// Whether a dollar stands before a brace outside of expressions.
fn has_dollar(text: &str) -> bool {
    let mut deep = 0_u32;
    let mut before = ' ';
    for c in text.chars() {
        match c {
            '{' if deep == 0 && before == '$' => return true,
            '{' => deep += 1,
            '}' => deep = deep.saturating_sub(1),
            _ => {}
        }
        before = c;
    }
    false
}

impl Template {
    /// The Chinese text, where every value must have been worked out.
    pub(crate) fn exact(&self, env: &Env<'_>) -> Result<String, Stop> {
        let value = |part: &Part| match part {
            Part::Words(words) => Ok(words.clone()),
            Part::Value(expression) => expression.shown(env),
        };
        self.zh.iter().map(value).collect()
    }
}

impl Template {
    /// Whether one of the values in the Chinese text is nothing yet.
    pub(crate) fn has_blank(&self, env: &Env<'_>) -> Result<bool, Stop> {
        for part in &self.zh {
            if let Part::Value(expression) = part
                && expression.printed(env)?.trim().is_empty()
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

type Say = fn(&Expression, &Env<'_>) -> Result<String, Stop>;

/// A value that cannot be worked out is left out: the refusal stands all the same.
fn fill(parts: &[Part], env: &Env<'_>, lang: Lang, say: Say) -> Result<String, Stop> {
    let env = env.in_language(lang);
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Words(words) => out.push_str(words),
            Part::Value(expression) => match say(expression, &env) {
                Ok(value) => out.push_str(&value),
                Err(Stop::World(error)) => return Err(Stop::World(error)),
                Err(_) => out.push('…'),
            },
        }
    }
    Ok(out)
}

fn parts(source: &str, bad: &mut Vec<BadTemplate>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut words = String::new();
    let mut rest = source;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        words.push_str(before);
        if after.starts_with("{{") || after.starts_with("}}") {
            words.extend(after.chars().next());
            rest = after.get(2..).unwrap_or_default();
        } else {
            let Some(end) = closing(after) else {
                bad.push(BadTemplate::Brace);
                return parts;
            };
            parts.push(Part::Words(std::mem::take(&mut words)));
            match Expression::parse(after.get(1..end).unwrap_or_default()) {
                Ok(expression) => parts.push(Part::Value(expression)),
                Err(error) => bad.push(BadTemplate::Expression(error)),
            }
            rest = after.get(end + 1..).unwrap_or_default();
        }
    }
    words.push_str(rest);
    parts.push(Part::Words(words));
    parts
}

/// Where the expression that starts with a brace ends: `${name}` has braces of its own, and a
/// brace inside quotes is none.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(text: &str) -> Option<Vec<String>> {
        let (template, bad) = Template::parse(&Text::new(text, ""));
        bad.is_empty().then_some(())?;
        Some(template.expressions().map(|e| e.source().to_owned()).collect())
    }

    #[test]
    fn expressions_stand_in_braces() {
        assert_eq!(sources("{${a}} and {if(1, '}', '{')}").unwrap(), ["${a}", "if(1, '}', '{')"]);
        assert_eq!(sources("no {{braces}}").unwrap(), [] as [&str; 0]);
        for bad in ["{", "}", "a {1", "{1 +}", "{}"] {
            assert!(sources(bad).is_none(), "{bad}");
        }
    }
}
