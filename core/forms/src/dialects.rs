//! Words that only one maker's forms know: whose they are, and what says the same in every XLSForm.

/// A word, its maker, and what to use instead, in English; `details.rs` has it in Chinese.
type Word = (&'static str, &'static str, &'static str);

/// Whose question type this is, and what to use instead.
pub(crate) fn of_type(cell: &str) -> Option<(&'static str, &'static str)> {
    let cell = cell.trim().to_lowercase().replace('_', " ");
    let cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
    find(TYPES, &cell)
}

/// Whose function this is, and what to use instead.
pub(crate) fn of_function(name: &str) -> Option<(&'static str, &'static str)> {
    find(FUNCTIONS, name)
}

fn find(words: &[Word], word: &str) -> Option<(&'static str, &'static str)> {
    words.iter().find(|(have, ..)| *have == word).map(|(_, maker, instead)| (*maker, *instead))
}

const KOBO: &str = "KoboToolbox";
const CTO: &str = "SurveyCTO";
const MATRIX: &str = "a group with the appearance field-list and one question for each cell";
const RATING: &str = "a group with the appearance table-list and one select_one for each row";
const RANKING: &str = "one question of the type rank";
const AUDIT: &str = "the type audit, named audit";
const SOUND: &str = "the type background-audio";
const HIDDEN: &str = "the type hidden, or a calculate";
const NOTES: &str = "a text question";
const SENSOR: &str = "nothing: no sensor is read";
const FILTER: &str =
    "a calculate in the repeat that is empty or a number, and sum() or count-non-empty() of it";

const TYPES: &[Word] = &[
    ("begin score", KOBO, RATING),
    ("score row", KOBO, RATING),
    ("end score", KOBO, RATING),
    ("begin rank", KOBO, RANKING),
    ("rank level", KOBO, RANKING),
    ("end rank", KOBO, RANKING),
    ("begin kobomatrix", KOBO, MATRIX),
    ("end kobomatrix", KOBO, MATRIX),
    ("caseid", CTO, HIDDEN),
    ("text audit", CTO, AUDIT),
    ("speed violations audit", CTO, AUDIT),
    ("speed violations count", CTO, AUDIT),
    ("speed violations list", CTO, AUDIT),
    ("audio audit", CTO, SOUND),
    ("comments", CTO, NOTES),
    ("calculate here", CTO, "a calculate with a trigger"),
    ("enumerator", CTO, "the type username"),
    ("sensor statistic", CTO, SENSOR),
    ("sensor stream", CTO, SENSOR),
];

const FUNCTIONS: &[Word] = &[
    ("index", CTO, "position(..)"),
    ("duration", CTO, "the audit, which has the time at each question"),
    ("count-if", CTO, FILTER),
    ("sum-if", CTO, FILTER),
    ("min-if", CTO, FILTER),
    ("max-if", CTO, FILTER),
    ("join-if", CTO, FILTER),
    ("rank-index", CTO, FILTER),
    ("rank-index-if", CTO, FILTER),
    ("item-index", CTO, FILTER),
    ("choice-label", CTO, "jr:choice-name()"),
    ("item-at", CTO, "selected-at()"),
    ("item-present", CTO, "selected()"),
    ("number-of-items", CTO, "count-selected()"),
    ("format-number", CTO, "round()"),
    ("hash", CTO, "digest()"),
    ("device-info", CTO, "the type deviceid"),
    ("username", CTO, "the type username"),
    ("version", CTO, "nothing: the record has its version"),
    ("linebreak", CTO, "a line break in the label"),
    ("geo-scatter", CTO, "nothing: no such chart is drawn"),
    ("plug-in-metadata", CTO, "nothing: no plug-ins are run"),
    ("distance-between", CTO, "distance()"),
    ("short-geopoint", CTO, "the geopoint itself"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_advice_is_there_in_chinese() {
        for (word, _, instead) in TYPES.iter().chain(FUNCTIONS) {
            let plain = instead.ends_with(')') && !instead.contains(' ');
            assert!(plain || crate::details::chinese(instead) != *instead, "{word}: {instead}");
        }
        assert_eq!(of_type("text_audit"), Some((CTO, AUDIT)));
        assert_eq!(of_type("rank__level").map(|(maker, _)| maker), Some(KOBO));
        assert_eq!((of_type("text"), of_function("sum")), (None, None));
    }
}
