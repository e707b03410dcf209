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
