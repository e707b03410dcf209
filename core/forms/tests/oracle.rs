//! The states of the shelf check, node by node, against those that ODK's own engine computed.
//!
//! The steps are those of the oracle's example. Documented differences are evened out: the first
//! instance is added by hand, and numbers are compared without their `.0`.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::sync::Arc;

use rounds_forms::{Answers, Filling, Session};
use support::{MOMENT, shelf_check};

const EXPECTED: &str = include_str!("fixtures/shelf-check.oracle.tsv");

#[test]
fn every_snapshot_agrees() {
    let form = Arc::new(shelf_check().form);
    let mut filling = Filling::new(form, Answers::new(), MOMENT, Session::default());
    let mut compared = 0;
    filling.add("sku", "aaaaaaaaaaaaa", "a").unwrap();
    compared += compare(&filling, "fresh");
    set(&mut filling, &[("region", "中山区")]);
    compared += compare(&filling, "region-1");
    set(&mut filling, &[("store", "S0002"), ("region", "甘井子区")]);
    compared += compare(&filling, "region-2-store-filtered-out");
    set(
        &mut filling,
        &[
            ("region", "中山区"),
            ("checkin", "38.9178 121.6339 0 12"),
            ("step2/fix_owner", "typed while not relevant"),
            ("step2/visible", "n"),
            ("step2/traffic", "y"),
        ],
    );
    compared += compare(&filling, "fix_owner-relevant");
    filling.add("sku", "bbbbbbbbbbbbb", "b").unwrap();
    filling.add("sku", "ccccccccccccc", "c").unwrap();
    set(
        &mut filling,
        &[
            ("step2/fix_owner", "李雷"),
            ("step2/fix_due", "2026-11-22"),
            ("step2/shelf_photo", "photo.jpg"),
            ("/data/sku[1]/code", "6901234567892"),
            ("/data/sku[1]/price", "10"),
            ("/data/sku[1]/tag", "ok"),
            ("/data/sku[2]/code", "12AB"),
            ("/data/sku[2]/price", "12.01"),
            ("/data/sku[3]/price", "-1"),
        ],
    );
    compared += compare(&filling, "three-skus");
    filling.remove("sku", "aaaaaaaaaaaaa").unwrap();
    compared += compare(&filling, "end");
    set(&mut filling, &[("step2/visible", "y")]);
    compared += compare(&filling, "irrelevant-again");
    assert_eq!(compared, EXPECTED.lines().count() - 1);
}

fn set(filling: &mut Filling, answers: &[(&str, &str)]) {
    for (target, value) in answers {
        filling.set(target, value).unwrap();
    }
}

fn compare(filling: &Filling, snapshot: &str) -> usize {
    let mut compared = 0;
    for line in EXPECTED.lines().filter(|line| line.starts_with(&format!("{snapshot}\t"))) {
        let cells: Vec<&str> = line.split('\t').collect();
        let node = filling.node(cells[1], "zh").unwrap_or_else(|| panic!("{line}"));
        let choices: Vec<&str> = node.choices.iter().map(|choice| choice.value.as_str()).collect();
        let ours = [
            node.relevant.to_string(),
            node.required.to_string(),
            node.valid.to_string(),
            without_fraction(&node.value),
            choices.join(","),
        ];
        let theirs = [cells[2], cells[3], cells[4], &without_fraction(cells[5]), cells[6]];
        assert_eq!(ours.each_ref().map(String::as_str), theirs, "{snapshot} {}", cells[1]);
        compared += 1;
    }
    compared
}

fn without_fraction(text: &str) -> String {
    let words = text.split(' ').map(|word| word.strip_suffix(".0").unwrap_or(word));
    words.collect::<Vec<_>>().join(" ")
}
