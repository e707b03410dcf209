//! What is wrong with the shape of a pack's file, in plain words of both languages: what the parser says is for
//! programmers, and in English.

use crate::messages::{same, words};
use rounds_model::text::Text;

/// Whether the parser met a word that means nothing there.
pub(crate) fn is_unknown(said: &str) -> bool {
    said.starts_with("unknown field")
}

/// What is wrong, of a file that is well formed.
pub(crate) fn words_of(said: &str) -> Text {
    let quoted: Vec<&str> = said.split('`').skip(1).step_by(2).collect();
    match quoted.split_first() {
        Some((name, [])) if is_unknown(said) => words("shape-unknown", &[("name", &same(*name))]),
        Some((name, known)) if is_unknown(said) => {
            let known = same(known.join(", "));
            words("shape-unknown-known", &[("name", &same(*name)), ("known", &known)])
        }
        Some((name, _)) if said.starts_with("missing field") => {
            words("shape-missing", &[("name", &same(*name))])
        }
        _ => sort(said).unwrap_or_else(|| words("shape-other", &[])),
    }
}

/// What is wrong, of one that is not.
pub(crate) fn syntax(said: &str) -> Text {
    let twice = said.contains("duplicate key") || said.contains("redefin");
    words(if twice { "shape-twice" } else { "shape-syntax" }, &[])
}

/// `invalid type: string "yes", expected a boolean`: what stands there, and what should.
fn sort(said: &str) -> Option<Text> {
    let (found, wanted) = said.strip_prefix("invalid type: ")?.split_once(", expected ")?;
    let (found, value) = match found.split_once(' ') {
        Some((sort, value)) => (sort, value.trim_matches(['`', '"'])),
        None => (found, ""),
    };
    let args: [(&str, &Text); 3] =
        [("found", &called(found)), ("value", &same(value)), ("wanted", &called(wanted))];
    Some(words(if value.is_empty() { "shape-sort" } else { "shape-sort-of" }, &args))
}

fn called(sort: &str) -> Text {
    let key = match sort.trim_start_matches("a ") {
        "string" => "shape-text",
        "boolean" => "shape-truth",
        "integer" | "i64" | "u32" | "u64" => "shape-whole",
        "floating" | "f64" => "shape-number",
        "sequence" => "shape-list",
        _ => "shape-table",
    };
    words(key, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_parser_says_is_told_in_plain_words() {
        for (said, en, zh) in [
            ("missing field `initial`", "“initial” is missing", "缺少“initial”"),
            (
                "unknown field `colour`, expected `title` or `tone`",
                "“colour” means nothing here; what can stand here: title, tone",
                "“colour”在这里没有意义，这里可以写：title, tone",
            ),
            ("unknown field `x`, there are no fields", "“x” means nothing here", "“x”在这里没有意义"),
            (
                "invalid type: string \"yes\", expected a boolean",
                "a text (yes) stands where true or false belongs",
                "这里应该是true 或 false，却写了文字（yes）",
            ),
            (
                "invalid type: map, expected a sequence",
                "a table of names and values stands where a list […] belongs",
                "这里应该是列表 […]，却写了一组名称和值",
            ),
            (
                "invalid type: integer `4`, expected a string",
                "a whole number (4) stands where a text belongs",
                "这里应该是文字，却写了整数（4）",
            ),
            ("something else entirely", "the line does not fit here", "这一行不符合这里的写法"),
        ] {
            let text = words_of(said);
            assert_eq!((text.en.as_str(), text.zh.as_str()), (en, zh), "{said}");
        }
        assert_eq!(syntax("duplicate key").en, "the same word stands there twice");
        assert_eq!(syntax("invalid basic string").zh, "这一行写法不对");
    }
}
