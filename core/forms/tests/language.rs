//! The expression language by itself, as packs use it.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use std::collections::BTreeMap;

use rounds_forms::Table;
use rounds_forms::expr::{EvalError, Moment, Scope, Value, parse};

struct Record {
    values: BTreeMap<&'static str, Value>,
    stores: Table,
    moment: Moment,
}

impl Scope for Record {
    fn reference(&self, name: &str) -> Result<Value, EvalError> {
        let unknown = || EvalError::UnknownReference(name.to_owned());
        self.values.get(name).cloned().ok_or_else(unknown)
    }
    fn moment(&self) -> &Moment {
        &self.moment
    }
    fn current(&self) -> Option<Value> {
        Some(Value::from("7"))
    }
    fn instance(&self, name: &str) -> Option<&Table> {
        (name == "stores").then_some(&self.stores)
    }
    fn call(&self, name: &str, args: &[Value]) -> Option<Result<Value, EvalError>> {
        match name {
            "stage" => Some(Ok(Value::from("draft"))),
            "role" => Some(Ok(Value::Bool(args.first()?.as_text() == "supervisor"))),
            _ => None,
        }
    }
}

fn record() -> Record {
    let nodes = |items: &[&str]| Value::Nodes(items.iter().map(|item| (*item).to_owned()).collect());
    Record {
        values: BTreeMap::from([
            ("a", Value::from("10")),
            ("empty", Value::from("")),
            ("multi", Value::from("x y z")),
            ("due", Value::from("2026-11-23")),
            ("prices", nodes(&["1", "", "5", "2.5"])),
            ("tags", nodes(&["ok", "bad"])),
            ("none", nodes(&[])),
            ("points", nodes(&["0 0 0 0", "1 0 0 0"])),
        ]),
        stores: Table::from_csv(
            b"name,label,region,fence\nS1,One,north,100\nS2,Two,south,80\nS3,Three,north,50\n",
        )
        .unwrap(),
        moment: Moment { now_ms: 1_795_424_400_000, offset_minutes: 480, seed: 1 },
    }
}

fn text(source: &str) -> String {
    let expr = parse(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    match expr.eval(&record()) {
        Ok(value) => value.as_text(),
        Err(error) => format!("! {}", error.code()),
    }
}

#[test]
fn expressions_and_their_values() {
    for (source, expected) in [
        // Arithmetic and precedence.
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 div 4", "2.5"),
        ("1 div 0", "Infinity"),
        ("-7 mod 3", "-1"),
        ("7 - 2 - 1", "4"),
        ("--2", "2"),
        ("${a} * 2", "20"),
        ("${empty} + 1", "NaN"),
        ("0.1 + 0.2", "0.30000000000000004"),
        // Comparison and logic.
        ("1 < 2 and 2 < 3", "true"),
        ("'a' = 'a' or frob()", "true"),
        ("true() != false()", "true"),
        ("'10' = 10", "true"),
        ("${tags} = 'bad'", "true"),
        ("${tags} != 'bad'", "true"),
        ("${none} = 'bad'", "false"),
        ("${empty} = ''", "true"),
        ("not(${empty})", "true"),
        ("“a” = 'a'", "true"),
        // Choosing.
        ("if(${a} > 5, 'big', 'small')", "big"),
        ("coalesce(${empty}, 'x')", "x"),
        ("once('x')", "x"),
        // Selections.
        ("selected(${multi}, 'y')", "true"),
        ("selected(${multi}, 'xy')", "false"),
        ("selected-at(${multi}, 1)", "y"),
        ("selected-at(${multi}, 9)", ""),
        ("count-selected(${multi})", "3"),
        ("count-selected('')", "0"),
        // Node-sets.
        ("count(${prices})", "4"),
        ("count-non-empty(${prices})", "3"),
        ("sum(${prices})", "8.5"),
        ("sum(${none})", "0"),
        ("min(${prices})", "1"),
        ("max(1, -5, '3')", "3"),
        ("max(-1, -5)", "-1"),
        ("max(${none})", "NaN"),
        ("join(', ', ${tags})", "ok, bad"),
        ("join('-', 1, 'b', true())", "1-b-true"),
        ("concat('a', 1, ${tags})", "a1okbad"),
        ("checklist(1, 2, true(), false(), 1)", "true"),
        ("weighted-checklist(3, 9, true(), 2, true(), 1)", "true"),
        // Numbers.
        ("round(2.567, 1)", "2.6"),
        ("round((number('y'='y') + number('n'='y')) * 50, 0)", "50"),
        ("int(-2.7)", "-2"),
        ("int('3.9')", "3"),
        ("number('1e3')", "NaN"),
        ("number(true())", "1"),
        ("abs(-2) + pow(2, 3) + sqrt(9)", "13"),
        ("round(pi(), 4)", "3.1416"),
        ("log10(1000)", "3"),
        ("round(sin(pi() div 2), 6)", "1"),
        // Texts.
        ("string-length('中文')", "2"),
        ("string-length()", "1"),
        ("substr('abcdef', 1, 3)", "bc"),
        ("substr('abcdef', -2)", "ef"),
        ("substr('abc', 2, 1)", ""),
        ("substring-before('a-b-c', '-')", "a"),
        ("substring-after('a-b-c', '-')", "b-c"),
        ("contains('abc', 'b')", "true"),
        ("starts-with('abc', 'ab') and ends-with('abc', 'bc')", "true"),
        ("normalize-space('  a   b ')", "a b"),
        ("translate('abc', 'ac', 'x')", "xb"),
        ("regex('abc', 'b')", "false"),
        ("regex('abc', '.b.')", "true"),
        ("regex(., concat('[0-', '9]'))", "true"),
        ("regex('a', concat('(', ''))", "! bad-pattern"),
        ("boolean-from-string('TRUE')", "true"),
        // Dates.
        ("today()", "2026-11-23"),
        ("now()", "2026-11-23T17:00:00.000+08:00"),
        ("${due} >= today()", "true"),
        ("'2026-11-22' < today()", "true"),
        ("date(today() + 7)", "2026-11-30"),
        ("'2026-11-30' - today()", "7"),
        ("date('nonsense')", "! wrong-value"),
        ("date('')", ""),
        ("format-date('2026-01-05', '%d/%m/%y %e %n %b %a')", "05/01/26 5 1 Jan Mon"),
        (
            "format-date-time('2026-01-05T09:08:07.006+08:00', '%Y-%m-%d %H:%M:%S.%3')",
            "2026-01-05 09:08:07.006",
        ),
        ("decimal-date-time('1970-01-02T00:00:00.000Z')", "1"),
        ("decimal-time('06:00:00.000+08:00')", "0.25"),
        ("date-time('2026-01-05T00:00:00Z')", "2026-01-05T08:00:00.000+08:00"),
        // Places.
        ("round(distance(${points}))", "111319"),
        ("round(distance('0 0', '1 0'))", "111319"),
        ("distance('x')", "! wrong-value"),
        // Tables.
        ("pulldata('stores', 'label', 'name', 'S2')", "Two"),
        ("pulldata('stores', 'label', 'name', 'S9')", ""),
        ("pulldata('stores', 'nope', 'name', 'S2')", "! unknown-column"),
        ("instance('stores')/root/item[name = 'S3']/label", "Three"),
        ("count(instance('stores')/root/item[region = 'north' and fence > 60])", "1"),
        ("instance('stores')/root/item[region = 'north'][2]/name", "S3"),
        ("instance('stores')/root/item[position() = 2]/name", "S2"),
        ("sum(instance('stores')/root/item/fence)", "230"),
        ("instance('nope')/root/item/x", "! unknown-table"),
        // The scope's own.
        ("stage() = 'draft' and role('supervisor')", "true"),
        ("frob()", "! unknown-function"),
        ("${nope}", "! unknown-reference"),
        (".", "7"),
        (". + 1", "8"),
    ] {
        assert_eq!(text(source), expected, "{source}");
    }
}

#[test]
fn chance_is_seeded() {
    assert_eq!(text("uuid()"), text("uuid()"));
    assert_ne!(
        text("concat(random(), ' ', random())").split(' ').collect::<std::collections::BTreeSet<_>>().len(),
        1
    );
    let uuid = text("uuid()");
    assert_eq!((uuid.len(), uuid.as_bytes()[14]), (36, b'4'));
    assert_eq!(text("string-length(uuid(12))"), "12");
}

#[test]
fn work_is_bounded() {
    let big = "x".repeat(30_000);
    let source = format!("concat('{big}', '')");
    assert_eq!(text(&source), big);
    let mut record = record();
    record.values.insert("a", Value::Text("y".repeat(40_000)));
    let error = parse("concat(${a}, ${a})").unwrap().eval(&record).unwrap_err();
    assert_eq!(error.code(), "text-too-long");
    record.values.insert("prices", Value::Nodes(vec!["1".to_owned(); 100_000]));
    let many = vec!["sum(${prices})"; 60].join(" + ");
    let error = parse(&many).unwrap().eval(&record).unwrap_err();
    assert_eq!(error.code(), "too-many-steps");
}

#[test]
fn a_guard_is_checked_without_running_it() {
    let expr = parse("${a} = 1 and ${zz} = 2 and role('x') and frob() and regex(., '(?=a)')").unwrap();
    let found: Vec<_> =
        expr.check(&["a"], &["role"]).into_iter().map(|p| (p.code(), p.args().to_vec())).collect();
    assert_eq!(found.len(), 3);
    assert!(found.contains(&("unknown-reference", vec!["zz".to_owned()])));
    assert!(found.contains(&("unknown-function", vec!["frob".to_owned()])));
    assert!(found.contains(&("bad-pattern", vec!["(?=a)".to_owned()])));
}
