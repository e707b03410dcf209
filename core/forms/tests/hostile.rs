//! Workbooks that are made to break whoever reads them: each ends in its error, which names the place
//! and what to do. What they cost is measured by `cargo bench -p rounds-forms --bench hostile`.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::sync::Arc;

use rounds_forms::{Answers, Filling, NoMedia, import};
use support::hostile::{self, Hostile};
use support::{MOMENT, session};

/// Every file that cannot be a form: its code, where it is, and a remedy in both languages.
#[test]
fn every_hostile_workbook_ends_in_its_error_with_place_and_remedy() {
    for Hostile { what, bytes, code, place } in hostile::all() {
        let error = match import("form.xlsx", &bytes, &NoMedia) {
            Ok(_) => panic!("{what} was accepted"),
            Err(error) => error,
        };
        assert_eq!(error.code(), code, "{what}: {error}");
        for text in [error.text(), error.remedy()] {
            assert!(!text.zh.is_empty() && !text.en.is_empty() && text.zh != text.en, "{what}");
        }
        let Some((sheet, row, column)) = place else {
            assert!(error.problems().is_empty(), "{what}: {:?}", error.problems());
            continue;
        };
        let problems = error.problems();
        let found = problems.iter().find(|problem| problem.code() == code).unwrap();
        assert_eq!((found.sheet.as_str(), found.row, found.column.as_str()), (sheet, row, column), "{what}");
        assert!(!found.remedy().zh.is_empty() && !found.remedy().en.is_empty(), "{what}");
        assert!(problems.len() <= rounds_forms::limits::PROBLEMS + 1, "{what}: {} problems", problems.len());
    }
}

/// Forms that are accepted and would keep whoever runs them busy: they are stopped and go on.
#[test]
fn an_endless_form_is_stopped_and_goes_on() {
    for (what, bytes, key, value) in hostile::endless() {
        let form = match import("form.xlsx", &bytes, &NoMedia) {
            Ok(imported) => Arc::new(imported.form),
            Err(error) => panic!("{what}: {error} {:?}", error.problems()),
        };
        let mut filling = Filling::new(form, Answers::new(), MOMENT, session());
        filling.set(key, value).unwrap();
        assert_eq!(filling.node(key, "").unwrap().value, value, "{what}");
    }
}
