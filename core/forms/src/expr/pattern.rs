//! Patterns of `regex()`: Java's meaning in Rust's engine, which never backtracks.

use regex::{Regex, RegexBuilder};
use std::cell::RefCell;
use std::collections::HashMap;

use super::error::EvalError;
use crate::limits;

/// A pattern is tried in these sizes, so that a small one is known to be small. Nothing tells how large a
/// compiled pattern is but the bound that it fits in.
const SIZES: [usize; 4] = [16 * 1024, 128 * 1024, 1024 * 1024, limits::PATTERN_COMPILED_BYTES];

/// A pattern that can be used, and the bound that it fits in, in bytes.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    pub(super) regex: Regex,
    pub(super) bytes: usize,
}

/// The patterns of one form: each compiled once, and all of them within one bound.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    known: HashMap<String, Result<Regex, EvalError>>,
    bytes: usize,
}

impl Patterns {
    pub(super) fn get(&mut self, pattern: &str) -> Result<Regex, EvalError> {
        if let Some(known) = self.known.get(pattern) {
            return known.clone();
        }
        let left = limits::PATTERNS_COMPILED_BYTES - self.bytes;
        let made = compile_within(pattern, left);
        // What was tried in vain has cost as much.
        self.bytes += match &made {
            Ok(made) => made.bytes,
            Err(EvalError::PatternTooLarge) => left.min(limits::PATTERN_COMPILED_BYTES),
            Err(_) => 0,
        };
        let made = made.map(|made| made.regex);
        self.known.insert(pattern.to_owned(), made.clone());
        made
    }
}

/// Compiles a pattern that is known only when it is used. The one used last is kept: a filter asks the same
/// of each row.
pub(super) fn compile_now(pattern: &str) -> Result<Compiled, EvalError> {
    thread_local! {
        static LAST: RefCell<Option<(String, Compiled)>> = const { RefCell::new(None) };
    }
    let last = LAST.with_borrow(|last| last.as_ref().filter(|(of, _)| of == pattern).map(|(_, c)| c.clone()));
    if let Some(compiled) = last {
        return Ok(compiled);
    }
    let compiled = compile(pattern)?;
    LAST.set(Some((pattern.to_owned(), compiled.clone())));
    Ok(compiled)
}

/// Compiles a pattern that has to match the whole text, as JavaRosa's `Pattern.matches` does.
/// Look-around and back-references are refused.
pub(super) fn compile(pattern: &str) -> Result<Compiled, EvalError> {
    compile_within(pattern, limits::PATTERN_COMPILED_BYTES)
}

fn compile_within(pattern: &str, most: usize) -> Result<Compiled, EvalError> {
    if pattern.len() > limits::PATTERN_BYTES {
        return Err(EvalError::PatternTooLarge);
    }
    let whole = format!(r"\A(?:{})\z", ascii_classes(pattern));
    for bytes in SIZES.into_iter().filter(|bytes| *bytes <= most) {
        match RegexBuilder::new(&whole).size_limit(bytes).dfa_size_limit(bytes.min(1024 * 1024)).build() {
            Ok(regex) => return Ok(Compiled { regex, bytes }),
            Err(regex::Error::CompiledTooBig(_)) => {}
            Err(error) => return Err(EvalError::Pattern(reason(&error))),
        }
    }
    Err(EvalError::PatternTooLarge)
}

fn reason(error: &regex::Error) -> String {
    let detail = error.to_string();
    let last = detail.lines().last().unwrap_or("").trim();
    last.strip_prefix("error: ").unwrap_or(last).chars().take(120).collect()
}

/// Java's `\d`, `\w` and `\s` are ASCII unless asked otherwise.
fn ascii_classes(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('d') => out.push_str("[0-9]"),
            Some('D') => out.push_str("[^0-9]"),
            Some('w') => out.push_str("[A-Za-z0-9_]"),
            Some('W') => out.push_str("[^A-Za-z0-9_]"),
            Some('s') => out.push_str(r"[ \t\n\x0B\f\r]"),
            Some('S') => out.push_str(r"[^ \t\n\x0B\f\r]"),
            Some('Z') => out.push_str(r"\z"),
            Some(other) => {
                out.push('\\');
                out.push(other);
            }
            None => out.push('\\'),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_text_must_match() {
        for (pattern, text, expected) in [
            ("b", "abc", false),
            (".*b.*", "abc", true),
            ("^[0-9]{8,14}$", "6901234567892", true),
            ("^[0-9]{8,14}$", "12AB", false),
            ("a|ab", "ab", true),
            (r"\d+", "１２", false),
            (r"[\w-]+", "a-b", true),
            (r"\p{L}+", "中文", true),
        ] {
            assert_eq!(compile(pattern).unwrap().regex.is_match(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn hostile_patterns_are_refused() {
        for pattern in ["(", "(?=a)", r"(a)\1"] {
            assert_eq!(compile(pattern).unwrap_err().code(), "bad-pattern", "{pattern:.20}");
        }
        for pattern in ["((a{1000}){1000}){1000}", &"a".repeat(2_000)] {
            assert_eq!(compile(pattern).unwrap_err().code(), "pattern-too-large", "{pattern:.20}");
        }
    }

    #[test]
    fn a_rule_for_names_is_an_ordinary_pattern() {
        let name = compile(r"^[\p{L} ]{2,30}$").unwrap();
        assert!(name.regex.is_match("王 小明") && !name.regex.is_match("王"));
    }

    #[test]
    fn patterns_of_a_form_have_one_bound_and_are_compiled_once() {
        let mut patterns = Patterns::default();
        let large = |n: usize| format!(r"\p{{L}}{{2{n}}}");
        assert!(patterns.get(&large(0)).is_ok());
        let once = patterns.bytes;
        assert!(patterns.get(&large(0)).is_ok());
        assert_eq!(patterns.bytes, once);
        let refused = (1..60).filter(|n| patterns.get(&large(*n)).is_err()).count();
        assert!(refused > 0 && patterns.bytes <= limits::PATTERNS_COMPILED_BYTES, "{refused}");
    }
}
