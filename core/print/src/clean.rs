//! What of a text may stand on paper: what cannot be drawn, and what would draw the rest elsewhere,
//! stands there as its code.

use crate::font::Face;
use std::collections::BTreeSet;
use std::fmt::Write;

/// The text with line ends as `\n`, and with codes in the place of what cannot be drawn.
pub(crate) fn clean(text: &str, faces: &[Face], lacking: &mut BTreeSet<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                chars.next_if_eq(&'\n');
                out.push('\n');
            }
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => out.push('\n'),
            '\t' => out.push(' '),
            c if turns(c) || c.is_control() || is_private(c) => coded(&mut out, c),
            c if is_unseen(c) || faces.iter().any(|face| face.has(c)) => out.push(c),
            c if c.is_whitespace() => out.push(' '),
            c => {
                lacking.insert(c);
                coded(&mut out, c);
            }
        }
    }
    out
}

/// Whether a signed paper cannot do without it: letters of the languages that people here read.
pub(crate) fn is_needed(c: char) -> bool {
    let latin = c.is_alphabetic() && c <= '\u{24f}';
    let chinese = matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{323af}');
    c.is_ascii_graphic() || latin || chinese
}

/// Joins, marks of direction and choices of a variant are not drawn themselves.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{e0100}'..='\u{e01ef}')
}

/// What turns the line around: on paper nobody could see that it does.
fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What each font means something else by, or nothing.
fn is_private(c: char) -> bool {
    matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{e00ff}' | '\u{f0000}'..='\u{10ffff}')
}

fn coded(out: &mut String, c: char) {
    // Writing to a String cannot fail.
    let _ = write!(out, "<U+{:04X}>", u32::from(c));
}
