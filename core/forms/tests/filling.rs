//! Filling in: types, defaults, read-only, repeats, clocks, and forms without a workbook.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::sync::Arc;

use rounds_forms::expr::Moment;
use rounds_forms::{Answers, ChoiceSpec, Filling, Form, Kind, QuestionSpec};
use support::{MOMENT, form, open, session};

const HEADER: &[&str] =
    &["type", "name", "label", "calculation", "default", "read_only", "repeat_count", "parameters"];

fn survey(rows: &[&[&str]]) -> Arc<Form> {
    let rows: Vec<&[&str]> = std::iter::once(HEADER).chain(rows.iter().copied()).collect();
    form(&rows, &[&["list_name", "name"], &["yn", "y"], &["yn", "n"]])
}

#[test]
fn answers_are_checked_and_written_in_one_way() {
    let form = survey(&[
        &["integer", "i"],
        &["decimal", "d"],
        &["date", "day"],
        &["time", "clock"],
        &["dateTime", "at"],
        &["geopoint", "p"],
        &["select_one yn", "s"],
        &["select_multiple yn", "m"],
        &["acknowledge", "ok"],
        &["range", "r", "", "", "", "", "", "start=0 end=5 step=1"],
        &["text", "t"],
        &["note", "note"],
        &["calculate", "c", "", "1"],
        &["text", "ro", "", "", "", "yes"],
        &["deviceid", "dev"],
        &["begin_group", "g"],
        &["text", "in"],
        &["end_group"],
        &["geotrace", "line"],
    ]);
    let mut filling = open(&form);
    for (key, given, expected) in [
        ("i", " 007 ", Ok("7")),
        ("i", "3.0", Ok("3")),
        ("i", "3.7", Err("not-an-integer")),
        ("i", "99999999999999999999", Err("not-an-integer")),
        ("d", "1000.50", Ok("1000.5")),
        ("d", "1e3", Err("not-a-number")),
        ("day", "2026-02-28", Ok("2026-02-28")),
        ("day", "2026-02-29", Err("not-a-date")),
        ("clock", "09:30", Ok("09:30")),
        ("clock", "25:30", Err("not-a-time")),
        ("at", "2026-11-23 09:30", Ok("2026-11-23T09:30")),
        ("at", "2026-11-23", Err("not-a-date-time")),
        ("p", "38.90 121.6", Ok("38.9 121.6 0 0")),
        ("p", "138.9 121.6 0 5", Err("not-a-place")),
        ("s", "y", Ok("y")),
        ("s", "x", Err("not-a-choice")),
        ("m", "n  y n", Ok("y n")),
        ("m", "y x", Err("not-a-choice")),
        ("ok", "OK", Ok("OK")),
        ("ok", "no", Err("not-a-choice")),
        ("r", "5", Ok("5")),
        ("r", "6", Err("out-of-range")),
        ("t", " as typed ", Ok(" as typed ")),
        ("line", "1 2;3 4 5 6", Ok("1 2 0 0; 3 4 5 6")),
        ("note", "x", Err("calculated")),
        ("c", "x", Err("calculated")),
        ("dev", "x", Err("calculated")),
        ("ro", "x", Err("read-only")),
        ("g", "x", Err("not-a-question")),
        ("nope", "x", Err("no-such-question")),
        ("/data/nope", "x", Err("no-such-question")),
        ("/other/i", "x", Err("no-such-question")),
    ] {
        match expected {
            Ok(stored) => {
                filling.set(key, given).unwrap_or_else(|error| panic!("{key} {given}: {error}"));
                assert_eq!(filling.answers().get(key), Some(stored), "{key} {given}");
            }
            Err(code) => {
                let before = filling.answers().clone();
                let error = filling.set(key, given).unwrap_err();
                assert_eq!(error.code(), code, "{key} {given}");
                assert_eq!(error.field().trim_start_matches("/data/"), key.trim_start_matches("/data/"));
                assert!(!error.text().zh.is_empty() && !error.remedy().en.is_empty());
                assert_eq!(*filling.answers(), before);
            }
        }
    }
}

#[test]
fn defaults_come_once_and_a_cleared_answer_stays_clear() {
    let form = survey(&[
        &["text", "a", "", "", "hello"],
        &["date", "day", "", "", "today()"],
        &["text", "minus", "", "", "a-b"],
        &["begin_repeat", "r"],
        &["integer", "n", "", "", "position(..) * 10"],
        &["end_repeat"],
    ]);
    let mut filling = open(&form);
    assert_eq!(filling.prefilled()["a"], "hello");
    assert_eq!(filling.prefilled()["day"], "2026-11-23");
    assert_eq!(filling.prefilled()["minus"], "a-b");
    filling.set("a", "").unwrap();
    let again = Filling::new(form, filling.answers().clone(), MOMENT, session());
    assert_eq!(again.node("a", "en").unwrap().value, "");
    assert!(again.prefilled().is_empty());
    filling.add("r", "aaaaaaaaaaaaa", "a").unwrap();
    let changed = filling.add("r", "bbbbbbbbbbbbb", "b").unwrap();
    assert_eq!(changed.written["r/bbbbbbbbbbbbb/n"], "20");
    assert_eq!(changed.written["r/bbbbbbbbbbbbb/@ord"], "b");
}

#[test]
fn instances_are_added_sorted_removed_and_restored() {
    let form = survey(&[
        &["integer", "many"],
        &["begin_repeat", "r", "", "", "", "", "${many}"],
        &["text", "x"],
        &["end_repeat"],
    ]);
    let mut filling = open(&form);
    filling.add("/data/r", "bbbbbbbbbbbbb", "2").unwrap();
    filling.add("r", "aaaaaaaaaaaaa", "3").unwrap();
    filling.add("r", "ccccccccccccc", "1").unwrap();
    filling.set("many", "2").unwrap();
    let repeat = filling.node("r", "en").unwrap();
    assert_eq!(repeat.instances, ["ccccccccccccc", "bbbbbbbbbbbbb", "aaaaaaaaaaaaa"]);
    assert_eq!(repeat.wanted, Some(2));
    filling.set("/data/r[2]/x", "kept").unwrap();
    filling.remove("r", "bbbbbbbbbbbbb").unwrap();
    assert_eq!(filling.set("r/bbbbbbbbbbbbb/x", "y").unwrap_err().code(), "no-such-question");
    filling.add("r", "bbbbbbbbbbbbb", "9").unwrap();
    // It sorts last now, beyond the count: its answer is kept but does not count until there is room.
    let beyond = filling.node("/data/r[3]/x", "en").unwrap();
    assert_eq!((beyond.relevant, beyond.value.as_str(), beyond.stored.as_str()), (false, "", "kept"));
    filling.set("many", "3").unwrap();
    assert_eq!(filling.node("/data/r[3]/x", "en").unwrap().value, "kept");
    for (id, code) in [("bbbbbbbbbbbbb", "row-exists"), ("SHORT", "bad-instance-id")] {
        assert_eq!(filling.add("r", id, "1").unwrap_err().code(), code);
    }
    assert_eq!(filling.remove("r", "zzzzzzzzzzzzz").unwrap_err().code(), "no-such-row");
    assert_eq!(filling.add("many", "zzzzzzzzzzzzz", "1").unwrap_err().code(), "not-a-question");
}

#[test]
fn the_clock_moves_what_reads_it() {
    let form = survey(&[
        &["calculate", "day", "", "today()"],
        &["calculate", "fixed", "", "once(now())"],
        &["end", "end"],
    ]);
    let mut filling = open(&form);
    let fixed = filling.node("fixed", "en").unwrap().value;
    let later = Moment { now_ms: MOMENT.now_ms + 86_400_000, ..MOMENT };
    let changed = filling.advance(later);
    assert_eq!(changed.touched, ["day"]);
    assert_eq!(filling.node("day", "en").unwrap().value, "2026-11-24");
    assert_eq!(filling.node("fixed", "en").unwrap().value, fixed);
    assert_eq!(filling.submission()["end"], "2026-11-24T17:00:00.000+08:00");
}

#[test]
fn a_pack_declares_its_fields_without_a_workbook() {
    let question = |kind: &str, name: &str| QuestionSpec {
        kind: kind.to_owned(),
        name: name.to_owned(),
        label: [("zh", format!("{name}（中）")), ("en", name.to_owned())].into_iter().collect(),
        ..QuestionSpec::default()
    };
    let choice = |value: &str, zh: &str| ChoiceSpec {
        value: value.to_owned(),
        label: [("zh", zh)].into_iter().collect(),
    };
    let plain =
        Form::from_questions("store", [question("text", "title"), question("geopoint", "place")]).unwrap();
    assert!(plain.form.is_plain());

    let form = Form::from_questions(
        "task",
        [
            question("text", "title"),
            QuestionSpec {
                choices: vec![choice("high", "高"), choice("low", "低")],
                ..question("select_one", "priority")
            },
            QuestionSpec {
                relevant: "${priority} = 'high'".to_owned(),
                required: "yes".to_owned(),
                ..question("text", "why")
            },
            QuestionSpec {
                questions: vec![
                    question("integer", "count"),
                    QuestionSpec {
                        calculation: "${count} * 2".to_owned(),
                        ..question("calculate", "double")
                    },
                ],
                ..question("begin_repeat", "items")
            },
        ],
    )
    .unwrap()
    .form;
    assert_eq!(form.question("/data/items").unwrap().kind, Kind::Repeat);
    let mut filling = Filling::new(form, Answers::new(), MOMENT, session());
    filling.set("priority", "high").unwrap();
    let node = filling.node("priority", "zh-CN").unwrap();
    assert_eq!((node.label.as_str(), node.choices[0].label.as_str()), ("priority（中）", "高"));
    assert_eq!(filling.first_problem("en").unwrap().path, "/data/why");
    filling.add("items", "aaaaaaaaaaaaa", "a").unwrap();
    filling.set("items/aaaaaaaaaaaaa/count", "4").unwrap();
    assert_eq!(filling.calculated()["items/aaaaaaaaaaaaa/double"], "8");

    let refused = Form::from_questions("bad", [question("txt", "a")]).unwrap_err();
    assert_eq!((refused[0].row, refused[0].code()), (1, "unknown-type"));
}

#[test]
fn or_other_asks_what_it_is() {
    let form = survey(&[&["select_one yn or_other", "s"]]);
    let mut filling = open(&form);
    assert_eq!(filling.node("s", "en").unwrap().choices.len(), 3);
    assert!(!filling.node("s_other", "en").unwrap().relevant);
    filling.set("s", "other").unwrap();
    assert!(filling.node("s_other", "en").unwrap().relevant);
}

#[test]
fn values_with_spaces_are_for_single_choices_only() {
    let choices: &[&[&str]] = &[&["list_name", "name"], &["l", "two words"]];
    let single: &[&[&str]] = &[&["type", "name", "choice_filter"], &["select_one l", "s", "name != 'x'"]];
    let mut filling = open(&form(single, choices));
    filling.set("s", "two words").unwrap();
    assert_eq!(filling.node("s", "en").unwrap().value, "two words");
    let several: &[&[&str]] = &[&["type", "name"], &["select_multiple l", "s"]];
    let bytes = support::workbook(&[("survey", several), ("choices", choices)]);
    let error = rounds_forms::import("f.xlsx", &bytes, &rounds_forms::NoMedia).unwrap_err();
    assert_eq!(error.code(), "bad-choice-name");
}

#[test]
fn what_is_not_evaluated_is_listed_and_faults() {
    let survey: &[&[&str]] = &[
        &["type", "name", "calculation"],
        &["begin_repeat", "r"],
        &["integer", "n"],
        &["end_repeat"],
        &["calculate", "c", "count(//n)"],
    ];
    let bytes = support::workbook(&[("survey", survey)]);
    let imported = rounds_forms::import("f.xlsx", &bytes, &rounds_forms::NoMedia).unwrap();
    assert_eq!(imported.report[0].code(), "unsupported-expression");
    let filling = Filling::new(imported.form, Answers::new(), MOMENT, session());
    assert_eq!(filling.faults()["c"].code(), "unsupported-expression");
}

#[test]
fn a_form_that_never_ends_its_sums_is_stopped() {
    let rows: Vec<[String; 3]> = (0..100)
        .map(|n| {
            let sums = vec!["sum(${x})"; 400].join(" + ");
            ["calculate".to_owned(), format!("c{n}"), sums]
        })
        .collect();
    let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let mut survey: Vec<&[&str]> =
        vec![&["type", "name", "calculation"], &["begin_repeat", "r"], &["integer", "x"], &["end_repeat"]];
    survey.extend(cells.iter().map(Vec::as_slice));
    let form = form(&survey, &[]);
    let items = (0..2_000).map(|n| (format!("r/{n:013}/@ord"), format!("{n:05}")));
    let answers = Answers::collect(items).unwrap();
    let filling = Filling::new(form, answers, MOMENT, session());
    assert_eq!(filling.faults()["c99"].code(), "too-many-steps");
}

fn shared_between_threads<T: Send + Sync>() {}

#[test]
fn forms_and_fillings_can_be_shared() {
    shared_between_threads::<Form>();
    shared_between_threads::<Filling>();
}

#[test]
fn fields_are_read_from_toml() {
    #[derive(serde::Deserialize)]
    struct Pack {
        field: Vec<QuestionSpec>,
    }
    let pack: Pack = toml::from_str(
        r#"
        [[field]]
        type = "select_one"
        name = "priority"
        label = { zh = "优先级", en = "Priority" }
        required = true
        choices = [{ value = "high", label = { zh = "高" } }, { value = "low", label = "Low" }]

        [[field]]
        type = "text"
        name = "why"
        label = "Why"
        relevant = "${priority} = 'high'"
        "#,
    )
    .unwrap();
    let form = Form::from_questions("task", pack.field).unwrap().form;
    let filling = Filling::new(form, Answers::new(), MOMENT, session());
    let priority = filling.node("priority", "zh-CN").unwrap();
    assert!(priority.required);
    assert_eq!(priority.label, "优先级");
    assert_eq!(priority.choices[0].label, "高");
    assert_eq!(priority.choices[1].label, "Low");
    assert_eq!(filling.node("why", "zh").unwrap().label, "Why");
}
