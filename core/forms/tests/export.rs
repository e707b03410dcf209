//! What is read is written again: import, export and import give the same form.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::collections::BTreeMap;

use proptest::prelude::*;
use rounds_forms::{FormBuilder, NoMedia, QuestionSpec, Texts, compare, import};
use support::workbook;

const FOREIGN: &[&[&str]] = &[&["a", "b"], &["=1+1", "两"]];

#[test]
fn unknown_columns_and_sheets_survive() {
    let bytes = workbook(&[
        (
            "survey",
            &[
                &["type", "name", "label", "bind::rounds:dwell", "备注", "compact_tag"],
                &["text", "a", "A", "2", "记住", "x"],
                &["", "", "", "", "comment"],
                &["osm tags", "o", "O", "", "", ""],
            ],
        ),
        ("choices", &[&["list_name", "name", "label", "colour"], &["l", "1", "One", "red"]]),
        ("osm", &[&["list_name", "name", "label"], &["tags", "building", "B"]]),
        ("my notes", FOREIGN),
    ]);
    let first = import("f.xlsx", &bytes, &NoMedia).unwrap();
    let again = import("f.xlsx", &first.workbook.to_xlsx().unwrap(), &NoMedia).unwrap();
    assert_eq!(first.workbook, again.workbook);
    assert_eq!(first.report, again.report);
    assert!(compare(&first.form, &again.form).is_empty());
    let notes = again.workbook.sheets.iter().find(|sheet| sheet.name == "my notes").unwrap();
    assert_eq!(notes.rows, FOREIGN);
    let codes: Vec<_> = first.report.iter().map(|problem| problem.code()).collect();
    assert!(codes.contains(&"unsupported-column") && codes.contains(&"unsupported-sheet"), "{codes:?}");
}

#[test]
fn a_table_becomes_a_workbook() {
    let table = "| survey |\n| | type | name | label |\n| | integer | age | Age |\n";
    let first = import("f.md", table.as_bytes(), &NoMedia).unwrap();
    let bytes = first.workbook.to_xlsx().unwrap();
    let again = import("f.xlsx", &bytes, &NoMedia).unwrap();
    assert!(compare(&first.form, &again.form).is_empty());
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-zA-Z ]{1,8}".prop_map(|text| text.trim().to_owned()),
        Just("门店 ${q0}".to_owned())
    ]
}

fn texts() -> impl Strategy<Value = Texts> {
    ("[A-Z][a-z]{0,6}", text()).prop_map(|(first, second)| {
        let mut texts: Texts = [("English (en)", first)].into_iter().collect();
        if !second.is_empty() {
            texts.insert("中文 (zh)", second);
        }
        texts
    })
}

fn question() -> impl Strategy<Value = QuestionSpec> {
    let kind = prop_oneof![
        Just("text"),
        Just("integer"),
        Just("select_one yn"),
        Just("select_multiple yn"),
        Just("note"),
        Just("geopoint"),
        Just("image"),
        Just("range"),
        Just("date"),
        Just("barcode"),
    ];
    let rule = prop_oneof![Just(""), Just("${q0} != ''"), Just("true()"), Just("string-length(${q0}) > 2")];
    (kind, texts(), texts(), rule, prop_oneof![Just(""), Just("yes")], text()).prop_map(
        |(kind, label, hint, relevant, required, foreign)| QuestionSpec {
            kind: kind.to_owned(),
            label,
            hint,
            relevant: relevant.to_owned(),
            required: required.to_owned(),
            parameters: if kind == "range" { "start=0 end=4".to_owned() } else { String::new() },
            other: BTreeMap::from([
                ("bind::rounds:weight".to_owned(), "2".to_owned()),
                ("mine".to_owned(), foreign),
            ]),
            ..QuestionSpec::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn import_after_export_is_the_same_form(questions in proptest::collection::vec(question(), 1..12)) {
        let named = questions.into_iter().enumerate().map(|(at, question)| {
            let relevant = if at == 0 { String::new() } else { question.relevant.clone() };
            let other = question.other.iter().filter(|(_, cell)| !cell.is_empty());
            let other = other.map(|(key, cell)| (key.clone(), cell.clone())).collect();
            QuestionSpec { name: format!("q{at}"), relevant, other, ..question }
        });
        let group = QuestionSpec {
            kind: "begin_repeat".to_owned(),
            name: "rows".to_owned(),
            label: [("English (en)", "Rows")].into_iter().collect(),
            repeat_count: "2".to_owned(),
            questions: vec![QuestionSpec {
                kind: "text".to_owned(),
                name: "inner".to_owned(),
                label: [("English (en)", "Inner")].into_iter().collect(),
                ..QuestionSpec::default()
            }],
            ..QuestionSpec::default()
        };
        let yn = rounds_forms::ChoiceSpec { value: "y".to_owned(), label: [("English (en)", "Yes")].into_iter().collect() };
        let built = FormBuilder::new("f")
            .questions(named)
            .question(group)
            .list("yn", vec![yn])
            .build(&NoMedia)
            .unwrap();
        let bytes = built.workbook.to_xlsx().unwrap();
        let again = import("f.xlsx", &bytes, &NoMedia).unwrap();
        prop_assert_eq!(compare(&built.form, &again.form), vec![]);
        let third = import("f.xlsx", &again.workbook.to_xlsx().unwrap(), &NoMedia).unwrap();
        prop_assert_eq!(again.workbook, third.workbook);
    }
}
