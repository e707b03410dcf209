//! Finders: what is wrong with one in a pack, and what it refuses and finds; needs with a condition.

use crate::broken::WHOLE;
use crate::team::*;
use proptest::prelude::*;
use rounds_model::scalar::Scalar;
use rounds_workflow::{Alone, Answer, Bundle, Catalogue, Lookup, Pack, Record, find, looks_up, narrow};
use std::collections::BTreeMap;

const FINDER: &str = r#"
[kinds.ticket.finders.like]
title = { zh = "找", en = "Like" }
asks = [
    { name = "typed", type = "text", title = { zh = "内容", en = "Text" }, required = true },
    { name = "under", type = "record", link = "ticket", title = { zh = "上级", en = "Under" } },
]
matches = "contains(${what}, payload('typed')) and (payload('under') = '' or ${parent} = payload('under'))"

[[kinds.ticket.finders.like.guards]]
require = "string-length(payload('typed')) > 1"
code = "too-little"
field = "typed"
rule = "X.1"
reason = { zh = "“{payload('typed')}”太短", en = "'{payload('typed')}' is too short" }
remedy = { zh = "多写", en = "more" }

[[arbitration]]"#;

fn manifest() -> String {
    WHOLE.replacen("\n[[arbitration]]", FINDER, 1)
}

fn codes(manifest: &str) -> Vec<String> {
    let bundle = Bundle::new([("pack.toml", manifest.as_bytes().to_vec())]).unwrap();
    Pack::check(&bundle).into_iter().map(|problem| problem.code).collect()
}

#[test]
fn each_broken_finder_gets_its_code() {
    assert_eq!(codes(&manifest()), [] as [&str; 0]);
    for (from, to, code) in [
        ("finders.like", "finders.Like", "bad-name"),
        ("title = { zh = \"找\", en", "title = { en", "missing-translation"),
        ("contains(${what}", "contains(${wat}", "unknown-reference"),
        ("contains(${what}", "contents(${what}", "unknown-function"),
        ("> 1\"\ncode = \"too-little\"", "> \"\ncode = \"too-little\"", "expression-syntax"),
        ("length(payload('typed'))", "length(payload('tipped'))", "unknown-field"),
        ("name = \"under\", type", "name = \"parent\", type", "name-taken"),
        (
            "link = \"ticket\", title = { zh = \"上级\", en = \"Under\"",
            "link = \"tocket\", title = { zh = \"上级\", en = \"Under\"",
            "unknown-kind-named",
        ),
        ("field = \"typed\"", "field = \"tipped\"", "unknown-field"),
        ("matches = ", "matched = ", "unknown-key"),
    ] {
        let whole = manifest();
        assert!(whole.contains(from), "{from}");
        // From the finder on: some of these words stand before it too.
        let (before, after) = whole.split_at(whole.find("[kinds.ticket.finders").unwrap());
        let broken = format!("{before}{}", after.replace(from, to));
        let found = codes(&broken);
        assert!(found.iter().any(|found| found == code), "{to}: {found:?}");
    }
}

#[test]
fn a_finder_refuses_what_may_not_be_asked_and_gives_what_fits() {
    let bundle = Bundle::new([("pack.toml", manifest().into_bytes())]).unwrap();
    let catalogue = Catalogue::new([Pack::load(&bundle).unwrap()]).unwrap();
    let kind = catalogue.kind("ticket").unwrap();
    let finder = kind.finders.first().unwrap();
    let record = |n: u8, what: &str, parent: Option<u8>| {
        let mut all = fields(&[
            ("@kind", "ticket".into()),
            ("@owner", LI.to_string().into()),
            ("@pack", Scalar::Int(1)),
            ("what", what.into()),
        ]);
        all.extend(parent.map(|parent| ("parent".to_owned(), doc(parent).to_string().into())));
        rounds_workflow::Record::new(kind, doc(n), all).unwrap()
    };
    let records = [record(1, "换海报", None), record(2, "换货架", Some(1)), record(3, "盘点", Some(1))];
    let ask = |asked: &[(&str, Scalar)]| {
        find(kind, finder, &fields(asked), &who(LI), &Alone, now(), records.clone()).unwrap()
    };
    assert_eq!(ask(&[("typed", "换货".into())]), Ok(vec![doc(2)]));
    assert_eq!(ask(&[("typed", "没有".into())]), Ok(vec![]));
    let under = ("under", doc(1).to_string().into());
    assert_eq!(ask(&[("typed", "盘点".into()), under.clone()]), Ok(vec![doc(3)]));
    assert_eq!(ask(&[("typed", "换海".into()), under]), Ok(vec![]));
    let no = ask(&[("typed", "换".into())]).unwrap_err();
    assert_eq!(
        (no.code.as_str(), no.field.as_deref(), no.rule.as_deref()),
        ("too-little", Some("typed"), Some("X.1"))
    );
    assert_eq!(no.reason.zh, "“换”太短");
    assert_eq!(ask(&[]).unwrap_err().code, "payload-missing");
    assert_eq!(ask(&[("typed", 3.into())]).unwrap_err().code, "payload-type");
    assert_eq!(ask(&[("typed", "换货".into()), ("other", "x".into())]).unwrap_err().code, "payload-unknown");
}

#[test]
fn a_need_may_say_when_and_one_that_cannot_be_read_is_told() {
    let rules = rules();
    let rules = std::str::from_utf8(rules.file("pack.toml").unwrap()).unwrap().to_owned();
    let with = |when: &str| {
        rules.replacen("record = \"plan\"\n", &format!("record = \"plan\"\nwhen = \"{when}\"\n"), 1)
    };
    assert_eq!(codes(&with("${plan} != ''")), [] as [&str; 0]);
    assert_eq!(codes(&with("${plans} != ''")), ["unknown-reference"]);
}

/// Texts that mean something to the finders of the packs, and some that mean nothing.
const WORDS: [&str; 12] = [
    "P10000000123",
    "P1000123",
    "p1000123",
    " P10000000123 ",
    "2188",
    "21000088",
    "孙敏",
    "female",
    "8001",
    "x",
    "12",
    "",
];
const DAYS: [&str; 5] = ["2026-11-23", "2026-11-20", "2026-10-01", "2026-12-31", "2026-11-23T17:00:00+08:00"];
const KINDS: [&str; 5] = ["policy", "application", "package", "task", "premium"];

fn link(at: usize) -> String {
    doc(at as u8 + 1).to_string()
}

/// Records of the kinds that have finders: each answer one of a few.
fn records(picks: &[usize]) -> Server {
    let mut server = Server::default();
    let mut picks = picks.iter().cycle();
    for n in 0..15_u8 {
        let kind = catalogue().kind(KINDS[usize::from(n) % KINDS.len()]).unwrap();
        let mut answers = BTreeMap::new();
        for field in &kind.fields {
            let pick = *picks.next().unwrap();
            let value = match field.answer {
                Answer::Date | Answer::DateTime => DAYS[pick % DAYS.len()].to_owned(),
                Answer::Record => link(pick % 16),
                _ => WORDS[pick % WORDS.len()].to_owned(),
            };
            answers.insert(field.name.clone(), Scalar::from(value));
        }
        answers.insert("@kind".into(), kind.name.as_str().into());
        answers.insert("@owner".into(), LI.to_string().into());
        answers.insert("@pack".into(), Scalar::Int(i64::from(kind.version)));
        server.fields.insert(doc(n + 1), answers);
    }
    server
}

proptest! {
    /// Whatever is asked of whichever finder: what fits is among what the index gives.
    #[test]
    fn o3_o6_what_an_index_leaves_out_does_not_fit(
        picks in prop::collection::vec(0..60_usize, 40),
        asked in prop::collection::vec(0..60_usize, 3),
        submitted in prop::collection::vec(0..5_usize, 15),
    ) {
        let server = records(&picks);
        let mut all: Vec<Record> = server.fields.keys().map(|id| server.project(*id).record(*id)).collect();
        for (record, day) in all.iter_mut().zip(&submitted) {
            record.acts.insert("@submit/day".into(), DAYS[*day].into());
            record.acts.insert("@submit/channel".into(), "e_form".into());
            record.acts.insert("@submit/acceptance_no".into(), WORDS[*day].into());
        }
        let of = |id| all.iter().find(|record| record.id == id).map(|r| (r.kind.clone(), r.clone()));
        for kind in KINDS.map(|kind| catalogue().kind(kind).unwrap()) {
            let mine: Vec<Record> = all.iter().filter(|record| record.kind == kind.name).cloned().collect();
            for finder in &kind.finders {
                let mut payload = BTreeMap::new();
                for (field, pick) in finder.asks.iter().zip(&asked) {
                    let value = match field.answer {
                        Answer::Date => DAYS[pick % 4].to_owned(),
                        Answer::Record => link(pick % 16),
                        _ => WORDS[pick % WORDS.len()].to_owned(),
                    };
                    if !value.is_empty() && (field.required || pick % 3 > 0) {
                        payload.insert(field.name.clone(), Scalar::from(value));
                    }
                }
                let Ok(found) = find(kind, finder, &payload, &who(LI), &server, now(), mine.clone()).unwrap() else {
                    continue;
                };
                let Some(lookups) = narrow(kind, finder, &payload, &who(LI), &server, now()) else { continue };
                for id in found {
                    let record = mine.iter().find(|record| record.id == id).unwrap();
                    let given = lookups.iter().any(|lookup| looks_up(lookup, record, &of));
                    prop_assert!(given, "{} {payload:?} {lookups:?} {record:?}", finder.name);
                }
            }
        }
    }
}

#[test]
fn o3_o4_o6_every_question_with_something_to_hold_on_to_is_looked_up() {
    let lookups = |kind: &str, finder: &str, asked: &[(&str, Scalar)]| {
        let kind = catalogue().kind(kind).unwrap();
        let finder = kind.finders.iter().find(|known| known.name == finder).unwrap();
        narrow(kind, finder, &fields(asked), &who(LI), &Alone, now())
    };
    let by_number = lookups("policy", "by_number", &[("typed", "p12".into())]).unwrap();
    let spelt = ["P000012", "P100002", "P12"].map(str::to_owned).to_vec();
    let among = |key: &str| Lookup::Among { key: key.into(), words: spelt.clone() };
    assert_eq!(by_number, [among("number"), among("old_number")]);
    let days = [("from", "2026-11-01".into()), ("to", "2026-11-30".into())];
    // A day more on both sides: a time could be written as it is in another zone.
    let span = Lookup::Days {
        key: "@submit/day".into(),
        from: Some("2026-10-31".into()),
        before: Some("2026-12-02".into()),
    };
    assert_eq!(lookups("application", "results", &days).unwrap(), [span]);
    let by_policy = lookups("application", "results", &[("typed", "P12".into())]).unwrap();
    assert!(
        matches!(&by_policy[0], Lookup::Through { key, kind, .. } if key == "policy" && kind == "policy")
    );
    assert_eq!(by_policy.len(), 2, "by the number and by the old one");
    for (kind, finder, asked) in [
        (
            "policy",
            "by_customer",
            vec![("name", "孙敏".into()), ("born", "1980-03-01".into()), ("is", "female".into())],
        ),
        ("application", "by_acceptance", vec![("typed", "SL1".into())]),
        ("application", "in_package", vec![("of", link(3).into())]),
        ("task", "left_over", vec![("at", link(3).into())]),
    ] {
        let found = lookups(kind, finder, &asked).unwrap();
        assert!(matches!(found[..], [Lookup::Among { .. }]), "{finder}: {found:?}");
    }
}
