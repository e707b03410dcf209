//! Names of sheets that are nearly one of XLSForm's.

use crate::workbook::KNOWN_SHEETS;

/// Letters that may be wrong, missing or too many.
const SLIPS: usize = 2;
/// A name that is longer is no slip.
const LONGEST: usize = 24;

/// The sheet that an author probably meant. A name with a `_` before it is put aside on purpose.
pub(super) fn meant(name: &str) -> Option<&'static str> {
    let plain: String = name.trim().to_lowercase().chars().map(|c| if c == ' ' { '_' } else { c }).collect();
    if plain.starts_with('_') || plain.chars().count() > LONGEST {
        return None;
    }
    // Of a short name such as osm two letters are nearly everything.
    let near = |known: &&&str| known.len() > 2 * SLIPS && distance(&plain, known) <= SLIPS;
    KNOWN_SHEETS.iter().find(near).copied()
}

/// How many letters have to be changed, added or left out.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let (mut last, mut here) = (above, above + 1);
        for (slot, have) in row.iter_mut().zip(std::iter::once(&'\0').chain(&other)) {
            if *have == '\0' {
                *slot = here;
                continue;
            }
            here = (last + usize::from(*have != letter)).min(*slot + 1).min(here + 1);
            last = std::mem::replace(slot, here);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_seen_and_other_names_are_not() {
        for (name, wanted) in [
            ("Suvey", "survey"),
            ("surveys", "survey"),
            ("choice", "choices"),
            ("Setting", "settings"),
            ("External choices", "external_choices"),
            ("entites", "entities"),
        ] {
            assert_eq!(meant(name), Some(wanted), "{name}");
        }
        for other in ["Sheet1", "_survey", "osn", "填写说明", "cascades", "", "versions"] {
            assert_eq!(meant(other), None, "{other}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
    }
}
