//! Scores: sections, pass marks, critical questions.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::sync::Arc;

use rounds_forms::{NoMedia, import};
use support::open;

const AUDIT: &str = "
| survey | | | | | | | | |
| | type | name | label | relevant | bind::rounds:weight | bind::rounds:section | bind::rounds:pass | bind::rounds:critical | bind::rounds:score |
| | begin_group | shelf | Shelf | | 60 | shelf | 80 | | |
| | select_one grade | clean | Clean | | 3 | | | | |
| | integer | faces | Faces | | 1 | | | | . >= 4 |
| | text | why | Why | ${faces} < 4 | 1 | | | | |
| | end_group | | | | | | | | |
| | begin_group | safety | Safety | | 40 | safety | | | |
| | select_one grade | exit | Exit | | 1 | | | yes | |
| | end_group | | | | | | | | |
| choices | | | |
| | list_name | name | label | rounds_score |
| | grade | good | Good | 1 |
| | grade | fair | Fair | 0.5 |
| | grade | bad | Bad | 0 |
| | grade | none | Not here | na |
| settings | |
| | form_id | rounds_pass |
| | audit | 70 |
";

#[test]
fn an_audit() {
    let form = Arc::new(import("audit.md", AUDIT.as_bytes(), &NoMedia).unwrap().form);
    let mut filling = open(&form);
    let before = filling.score().unwrap();
    assert_eq!(
        (before.passed, before.critical_open.as_slice()),
        (Some(false), &["safety/exit".to_owned()][..])
    );
    for (key, value) in [("shelf/clean", "fair"), ("shelf/faces", "5"), ("safety/exit", "good")] {
        filling.set(key, value).unwrap();
    }
    let score = filling.score().unwrap();
    assert_eq!((score.points, score.possible), (3.5, 5.0));
    assert_eq!(score.sections[0].percent, Some(62.5));
    assert_eq!(score.sections[0].passed, Some(false));
    assert_eq!(score.percent, Some((62.5 * 60.0 + 100.0 * 40.0) / 100.0));
    assert_eq!(score.passed, Some(false), "a section misses its mark");
    filling.set("shelf/clean", "good").unwrap();
    let better = filling.score().unwrap();
    assert_eq!((better.percent, better.passed), (Some(100.0), Some(true)));
    assert_eq!(better.change_from(&score), Some(22.5));
    filling.set("safety/exit", "bad").unwrap();
    let failed = filling.score().unwrap();
    assert_eq!(
        (failed.passed, failed.critical_failed.as_slice()),
        (Some(false), &["safety/exit".to_owned()][..])
    );
    filling.set("safety/exit", "none").unwrap();
    let without = filling.score().unwrap();
    assert_eq!((without.percent, without.passed), (Some(100.0), Some(true)));
    filling.set("shelf/faces", "2").unwrap();
    assert_eq!(filling.score().unwrap().sections[0].possible, 5.0);
}

#[test]
fn marks_are_checked() {
    let bad = AUDIT.replace("| 80 |", "| 180 |");
    let error = import("audit.md", bad.as_bytes(), &NoMedia).unwrap_err();
    assert_eq!((error.code(), error.problems()[0].row), ("bad-score", 2));
}
