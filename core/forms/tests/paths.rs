//! Paths with predicates, triggers, counts, and choices that are answers.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::sync::Arc;

use rounds_forms::{Filling, NoMedia, import};
use support::open;

const FORM: &str = "
| survey | |
| | type | name | label | calculation | repeat_count | trigger | choice_filter |
| | integer | n | N | | | | |
| | begin_repeat | r | R | | ${n} | | |
| | text | name | Name | | | | |
| | integer | age | Age | | | | |
| | end_repeat | | | | | | |
| | calculate | named | | count(/data/r[name = 'x']) | | | |
| | calculate | second | | ${r}[position() = 2]/name | | | |
| | calculate | last | | /data/r[last()]/name | | | |
| | calculate | all | | join(',', ${r}[age > 17]/name, 'end') | | | |
| | calculate | either | | count(/data/r/name \\| /data/r/age) | | | |
| | select_one ${name} | who | Who | | | | ${age} > 17 |
| | text | stamp | Stamp | concat(${n}, '!') | | ${n} | |
";

fn value(filling: &Filling, key: &str) -> String {
    filling.node(key, "").unwrap().value
}

#[test]
fn all_of_them() {
    let form = Arc::new(import("f.md", FORM.as_bytes(), &NoMedia).unwrap().form);
    let mut filling = open(&form);
    filling.set("n", "2").unwrap();
    assert_eq!(filling.rows_due()[0].missing, 2);
    for (at, id) in ["aaaaaaaaaaaaa", "bbbbbbbbbbbbb"].into_iter().enumerate() {
        filling.add("r", id, &at.to_string()).unwrap();
    }
    assert!(filling.rows_due().is_empty());
    for (path, answer) in [("r[1]/name", "x"), ("r[1]/age", "9"), ("r[2]/name", "y"), ("r[2]/age", "30")] {
        filling.set(&format!("/data/{path}"), answer).unwrap();
    }
    for (key, expected) in
        [("named", "1"), ("second", "y"), ("last", "y"), ("all", "y,end"), ("either", "4"), ("stamp", "2!")]
    {
        assert_eq!(value(&filling, key), expected, "{key}");
    }
    filling.set("who", "x").unwrap();
    assert_eq!(value(&filling, "who"), "", "too young to be offered");
    filling.set("who", "y").unwrap();
    filling.set("stamp", "by hand").unwrap();
    // The second row is beyond the count now: kept, not relevant, and nobody's choice.
    filling.set("n", "1").unwrap();
    assert_eq!((value(&filling, "second"), value(&filling, "who")), (String::new(), String::new()));
    assert_eq!(value(&filling, "stamp"), "1!");
    assert!(!filling.node("/data/r[2]/name", "").unwrap().relevant);
    assert!(!filling.submission().keys().any(|key| key.contains("bbbbbbbbbbbbb/name")));
    filling.set("n", "2").unwrap();
    assert_eq!((value(&filling, "second"), value(&filling, "who")), ("y".to_owned(), "y".to_owned()));
}

#[test]
fn near_axes_and_stars_are_other_spellings_and_far_ones_are_reported() {
    let form = "
| survey | | | |
| | type | name | label | calculation |
| | begin_group | g | G | |
| | text | a | A | |
| | integer | b | B | |
| | end_group | | | |
| | begin_repeat | r | R | |
| | text | x | X | |
| | text | y | Y | |
| | calculate | own | | parent::node()/child::x |
| | end_repeat | | | |
| | calculate | given | | count-non-empty(/data/g/*) |
| | calculate | kids | | count(/data/child::r/*) |
| | calculate | filled | | count-non-empty(/data/r[x != '']/*) |
| | calculate | same | | concat(self::node(), /data/g/child::a) |
";
    let imported = import("f.md", form.as_bytes(), &NoMedia).unwrap();
    assert_eq!(imported.report, []);
    let mut filling = open(&Arc::new(imported.form));
    assert_eq!(value(&filling, "given"), "0");
    filling.set("g/a", "hello").unwrap();
    assert_eq!((value(&filling, "given"), value(&filling, "same")), ("1".to_owned(), "hello".to_owned()));
    filling.set("g/b", "2").unwrap();
    assert_eq!(value(&filling, "given"), "2", "each question inside is a dependency");
    filling.add("r", "aaaaaaaaaaaaa", "1").unwrap();
    filling.add("r", "bbbbbbbbbbbbb", "2").unwrap();
    filling.set("/data/r[1]/x", "one").unwrap();
    assert_eq!(value(&filling, "kids"), "6");
    assert_eq!(value(&filling, "r/aaaaaaaaaaaaa/own"), "one");
    assert_eq!(value(&filling, "filled"), "2", "x and what is worked out from it");

    for path in ["//x", "/data//x", "/data/g/@id", "ancestor::g/a", "following-sibling::x", "parent::g"] {
        let form = format!(
            "| survey | | | |\n| | type | name | label | relevant |\n| | text | t | T | count({path}) = 0 |\n"
        );
        let imported = import("f.md", form.as_bytes(), &NoMedia).unwrap();
        let told = &imported.report[0];
        assert_eq!(
            (told.code(), told.row, told.column.as_str()),
            ("unsupported-expression", 2, "relevant"),
            "{path}"
        );
        assert!(told.remedy().en.contains("indexed-repeat"), "{path}");
        let again = import("f.xlsx", &imported.workbook.to_xlsx().unwrap(), &NoMedia).unwrap();
        assert!(again.workbook.sheets[0].rows[1][3].contains(path), "kept verbatim");
        let filling = open(&Arc::new(again.form));
        assert!(filling.node("t", "").unwrap().relevant, "a condition that is not run hides nothing");
    }
    let bad =
        "| survey | | | |\n| | type | name | label | relevant |\n| | text | t | T | child::text() = 0 |\n";
    assert_eq!(import("f.md", bad.as_bytes(), &NoMedia).unwrap_err().problems()[0].code(), "bad-expression");
    let circle =
        "| survey | | | |\n| | type | name | label | calculation |\n| | calculate | t | | count(/data/*) |\n";
    assert_eq!(
        import("f.md", circle.as_bytes(), &NoMedia).unwrap_err().problems()[0].code(),
        "cyclic-reference"
    );
}

/// That a question comes or goes is no answer to it, as in JavaRosa: what its answer triggered stays.
#[test]
fn a_trigger_is_pulled_by_answers_and_not_by_relevance() {
    let text = "| survey | | | | | |\n\
                | | type | name | label | relevant | calculation | trigger |\n\
                | | integer | n | N | | | |\n\
                | | text | a | A | ${n} < 5 | | |\n\
                | | text | told | Told | | concat('n was ', ${n}) | ${a} |\n";
    let form = Arc::new(import("f.md", text.as_bytes(), &NoMedia).unwrap().form);
    let mut filling = open(&form);
    let told = |filling: &Filling| filling.node("told", "").unwrap().value;
    filling.set("n", "1").unwrap();
    filling.set("n", "7").unwrap();
    assert_eq!(told(&filling), "", "nobody has answered it");
    filling.set("n", "2").unwrap();
    filling.set("a", "x").unwrap();
    assert_eq!(told(&filling), "n was 2");
    filling.set("n", "8").unwrap();
    filling.set("n", "3").unwrap();
    assert_eq!(told(&filling), "n was 2", "it went and came back as it was");
    filling.set("a", "y").unwrap();
    assert_eq!(told(&filling), "n was 3");
}
