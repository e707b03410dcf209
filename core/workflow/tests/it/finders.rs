//! Finders: what is wrong with one in a pack, and what it refuses and finds; needs with a condition.

use crate::broken::WHOLE;
use crate::team::*;
use rounds_model::scalar::Scalar;
use rounds_workflow::{Alone, Bundle, Catalogue, Pack, find};

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
