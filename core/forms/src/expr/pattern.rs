//! Patterns of `regex()`: Java's meaning in Rust's engine, which never backtracks.

use regex::{Regex, RegexBuilder};

use super::error::EvalError;
use crate::limits;

/// Compiles a pattern that has to match the whole text, as JavaRosa's `Pattern.matches` does.
/// Look-around and back-references are refused.
pub(super) fn compile(pattern: &str) -> Result<Regex, EvalError> {
    if pattern.len() > limits::PATTERN_BYTES {
        return Err(EvalError::Pattern("too long".to_owned()));
    }
    RegexBuilder::new(&format!(r"\A(?:{})\z", ascii_classes(pattern)))
        .size_limit(limits::PATTERN_COMPILED_BYTES)
        .dfa_size_limit(limits::PATTERN_COMPILED_BYTES)
        .build()
        .map_err(|error| {
            let detail = error.to_string();
            let last = detail.lines().last().unwrap_or("").trim();
            let last = last.strip_prefix("error: ").unwrap_or(last);
            EvalError::Pattern(last.chars().take(120).collect())
        })
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
    use super::compile;

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
            assert_eq!(compile(pattern).unwrap().is_match(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn hostile_patterns_are_refused() {
        for pattern in ["(", "(?=a)", r"(a)\1", "((a{1000}){1000}){1000}", &"a".repeat(2_000)] {
            assert_eq!(compile(pattern).unwrap_err().code(), "bad-pattern", "{pattern:.20}");
        }
    }
}
