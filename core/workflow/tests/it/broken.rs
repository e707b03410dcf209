//! Broken packs, and the code and line that each gets.

use rounds_workflow::{Bundle, Catalogue, Pack, Problem};

/// A whole small pack; each case breaks one thing in it.
pub const WHOLE: &str = r#"id = "small"
version = 1
title = { zh = "小", en = "Small" }

[kinds.ticket]
title = { zh = "单", en = "Ticket" }
plural = { zh = "单", en = "Tickets" }
scope = "owner"
rule = "D.3"
create = ["rep"]
initial = "new"
search = ["what"]
agenda = { on = "day", done = ["closed"] }
fields = [
    { name = "what", type = "text", title = { zh = "事", en = "What" }, required = true },
    { name = "day", type = "date", title = { zh = "日", en = "Day" }, constraint = ". >= today()", message = { zh = "晚", en = "late" } },
    { name = "size", type = "select_one", title = { zh = "大小", en = "Size" }, choices = [{ name = "s", title = { zh = "小", en = "S" } }] },
    { name = "parent", type = "record", link = "ticket", title = { zh = "上级", en = "Parent" } },
]
tabs = [
    { name = "main", title = { zh = "主", en = "Main" }, fields = ["what", "day"], acts = ["close"] },
    { name = "more", title = { zh = "其他", en = "More" }, fields = ["*"] },
]
display = { title = { zh = "${what}", en = "linked('parent', 'what')" } }

[kinds.ticket.stages]
new = { title = { zh = "新", en = "New" } }
closed = { title = { zh = "关", en = "Closed" }, tone = "good" }

[[kinds.ticket.write]]
stages = ["new"]
roles = ["rep"]
fields = ["*"]

[kinds.ticket.acts.close]
title = { zh = "关", en = "Close" }
from = ["new"]
to = "closed"
roles = ["rep"]
payload = [{ name = "why", type = "text", title = { zh = "因", en = "Why" } }]
facts.length = "string-length(payload('why'))"

[[kinds.ticket.acts.close.guards]]
require = "fact('length') > 3 or role() = 'rep'"
code = "too-short"
reason = { zh = "只有 {fact('length')} 字", en = "only {fact('length')}" }
remedy = { zh = "多写", en = "more" }

[[arbitration]]
type = "one_open"
name = "one-closed"
kind = "ticket"
key = "${what}"
open = ["closed"]
code = "one-closed"
reason = { zh = "有", en = "there" }
remedy = { zh = "看", en = "look" }

[kinds.ticket.prints.slip]
title = { zh = "小票", en = "Slip" }
act = "close"
since = "close"

[[kinds.ticket.prints.slip.guards]]
require = "role() = 'rep'"
code = "no-slip"
reason = { zh = "不行", en = "no" }
remedy = { zh = "请打印", en = "print" }

[[kinds.ticket.prints.slip.sections]]
fields = ["day"]
lines = [{ title = { zh = "谁", en = "Who" }, value = { zh = "{owner()}", en = "{stage()}" } }]
link = "parent"
records = "ticket"
columns = ["@title", "size"]

[kinds.ticket.reminders.slip]
title = { zh = "打印", en = "Print" }
when = "${size} = 's' and not(printed('slip'))"
due = "today()"
print = "slip"
"#;

/// A line of it in whose place something else can stand.
const SEARCH: &str = "search = [\"what\"]";

fn check(manifest: &str) -> Vec<Problem> {
    Pack::check(&Bundle::new([("pack.toml", manifest.as_bytes().to_vec())]).unwrap())
}

#[test]
fn the_whole_pack_has_no_problem() {
    assert_eq!(check(WHOLE), []);
}

#[test]
fn each_broken_pack_gets_its_code_at_its_line() {
    let cases = [
        ("id = \"small\"", "id = \"small", "toml-syntax"),
        ("id = \"small\"", "id = \"Small Pack\"", "bad-name"),
        ("version = 1", "version = 0", "bad-number"),
        ("version = 1", "version = \"1\"", "wrong-shape"),
        ("version = 1", "version = 1\ncolour = 1", "unknown-key"),
        ("initial = \"new\"", "inital = \"new\"", "unknown-key"),
        ("initial = \"new\"", "", "wrong-shape"),
        ("initial = \"new\"", "initial = \"newish\"", "unknown-stage"),
        ("initial = \"new\"", "initial = \"closed\"", "claim-is-open-at-start"),
        ("plural = { zh = \"单\", en", "plural = { en", "missing-translation"),
        ("plural = { zh = \"单\", en", "plural = { zh = \" \", en", "missing-translation"),
        ("zh = \"单\", en = \"Tickets\"", "zh = \"单\", en = \"Tickets\", fr = \"x\"", "unknown-key"),
        ("scope = \"owner\"", "scope = \"mine\"", "unknown-choice"),
        ("create = [\"rep\"]", "create = [\"boss\"]", "unknown-role"),
        ("create = [\"rep\"]", "create = []", "empty-list"),
        ("search = [\"what\"]", "search = [\"wat\"]", "unknown-field"),
        ("search = [\"what\"]", "unique = [\"wat\"]", "unknown-field"),
        ("agenda = { on = \"day\"", "agenda = { on = \"date\"", "unknown-field"),
        (SEARCH, "stay = { stage = \"shut\", since = \"close\", minutes = \"5\" }", "unknown-stage"),
        (SEARCH, "stay = { stage = \"new\", since = \"shut\", minutes = \"5\" }", "unknown-field"),
        (SEARCH, "stay = { stage = \"new\", since = \"close\", minutes = \"fife()\" }", "unknown-function"),
        (SEARCH, "step = { of = \"nothing\" }", "unknown-field"),
        (SEARCH, "step = { of = \"day\" }", "not-a-link"),
        (SEARCH, "step = { of = \"parent\", must = true, skipped = \"nothing\" }", "unknown-field"),
        ("done = [\"closed\"]", "done = [\"shut\"]", "unknown-stage"),
        ("name = \"day\"", "name = \"Day\"", "bad-name"),
        ("name = \"day\"", "name = \"what\"", "name-taken"),
        ("type = \"date\"", "type = \"moon\"", "unknown-choice"),
        ("type = \"date\"", "type = \"select_one\"", "choices-do-not-fit"),
        ("link = \"ticket\"", "link = \"tickets\"", "unknown-kind-named"),
        ("type = \"record\", link = \"ticket\"", "type = \"record\"", "link-does-not-fit"),
        (", message = { zh = \"晚\", en = \"late\" }", "", "message-does-not-fit"),
        (". >= today()", ". >= todai()", "unknown-function"),
        (". >= today()", ". >= ", "expression-syntax"),
        (". >= today()", ". >= ${dai}", "unknown-reference"),
        (". >= today()", ". >= payload('why')", "unknown-function"),
        ("zh = \"${what}\"", "zh = \"role()\"", "unknown-function"),
        ("zh = \"${what}\"", "zh = \"today()\"", "bad-display"),
        ("display = { title = { zh = \"${what}\", en = \"linked('parent', 'what')\" } }\n", "", "no-title"),
        ("linked('parent', 'what')", "linked('parent', 'wat')", "unknown-field"),
        ("linked('parent', 'what')", "linked('parent', '@close/how')", "unknown-field"),
        ("linked('parent', 'what')", "linked('what', 'what')", "unknown-field"),
        ("linked('parent', 'what')", "act('open', 'at')", "unknown-field"),
        ("fields = [\"what\", \"day\"]", "fields = [\"wat\", \"day\"]", "unknown-field"),
        ("fields = [\"what\", \"day\"]", "fields = [\"what\", \"what\"]", "name-taken"),
        ("acts = [\"close\"]", "acts = [\"shut\"]", "unknown-field"),
        ("acts = [\"close\"]", "finders = [\"ticket.near\"]", "unknown-field"),
        ("acts = [\"close\"]", "checklists = [\"papers\"]", "unknown-field"),
        ("name = \"more\"", "name = \"main\"", "name-taken"),
        ("name = \"more\"", "name = \"More\"", "bad-name"),
        ("title = { zh = \"其他\", en", "title = { en", "missing-translation"),
        (", fields = [\"*\"] },", " },", "in-no-tab"),
        ("tone = \"good\"", "tone = \"loud\"", "unknown-choice"),
        // What is printed.
        ("act = \"close\"\n", "act = \"clothe\"\n", "unknown-field"),
        ("act = \"close\"\n", "", "print-not-remembered"),
        ("since = \"close\"", "since = \"clothe\"", "unknown-field"),
        (
            "{ name = \"why\", type = \"text\",",
            "{ name = \"why\", required = true, type = \"text\",",
            "print-act-asks",
        ),
        ("en = \"Slip\"", "de = \"Zettel\"", "unknown-key"),
        ("title = { zh = \"小票\", en = \"Slip\" }", "title = { zh = \"小票\" }", "missing-translation"),
        ("value = { zh = \"{owner()}\"", "value = { zh = \"{${wat}}\"", "unknown-reference"),
        ("value = { zh = \"{owner()}\"", "value = { zh = \"${what}\"", "dollar-brace"),
        ("fields = [\"day\"]", "fields = [\"days\"]", "unknown-field"),
        ("fields = [\"day\"]", "fields = [\"day\"]\nwhen = \"role()\"", "no-condition"),
        ("fields = [\"day\"]", "fields = [\"day\"]\ncheckliste = \"x\"", "unknown-key"),
        ("records = \"ticket\"", "records = \"tickets\"", "unknown-kind-named"),
        ("link = \"parent\"\nrecords", "link = \"parents\"\nrecords", "unknown-field"),
        ("link = \"parent\"\nrecords", "records", "empty-list"),
        ("columns = [\"@title\", \"size\"]", "columns = [\"@title\", \"sizes\"]", "unknown-field"),
        ("columns = [\"@title\", \"size\"]", "columns = []", "empty-list"),
        ("records = \"ticket\"", "records = \"ticket\"\nchecklist = \"papers\"", "print-table-twice"),
        ("records = \"ticket\"", "checklist = \"papers\"", "unknown-field"),
        ("records = \"ticket\"", "repeat = \"rows\"", "unknown-field"),
        (
            "records = \"ticket\"",
            "records = \"ticket\"\n[[kinds.ticket.prints.slip.sections]]",
            "print-section-empty",
        ),
        ("not(printed('slip'))", "not(printed('slips'))", "unknown-field"),
        ("not(printed('slip'))", "today() > ${day}", "print-by-clock"),
        ("print = \"slip\"", "print = \"slips\"", "unknown-field"),
        ("stages = [\"new\"]", "stages = [\"newer\"]", "unknown-stage"),
        ("fields = [\"*\"]", "fields = [\"wat\"]", "unknown-field"),
        ("fields = [\"*\"]", "fields = [\"what/*\"]", "unknown-field"),
        ("from = [\"new\"]", "from = [\"old\"]", "unknown-stage"),
        ("from = [\"new\"]", "from = []", "empty-list"),
        ("to = \"closed\"", "to = \"shut\"", "unknown-stage"),
        ("name = \"why\"", "name = \"by\"", "reserved-name"),
        ("facts.length", "facts.why", "name-taken"),
        (
            "name = \"why\", type = \"text\"",
            "name = \"parent\", link = \"ticket\", type = \"record\"",
            "name-taken",
        ),
        ("string-length(payload('why'))", "payload('who')", "unknown-field"),
        ("string-length(payload('why'))", "payload(concat('w', 'hy'))", "unknown-field"),
        ("fact('length') > 3", "fact('width') > 3", "unknown-field"),
        ("fact('length') > 3", "length() > 3", "unknown-function"),
        ("code = \"too-short\"", "code = \"too_short\"", "bad-name"),
        ("只有 {fact('length')} 字", "只有 {fact('length') 字", "bad-template"),
        ("只有 {fact('length')} 字", "只有 {fact('length'} 字", "expression-syntax"),
        ("type = \"one_open\"", "type = \"one\"", "unknown-choice"),
        ("kind = \"ticket\"", "kind = \"tickets\"", "unknown-kind-named"),
        ("key = \"${what}\"", "key = \"linked('parent', 'what')\"", "unknown-function"),
        ("key = \"${what}\"", "key = \"today()\"", "claim-key-not-own"),
        ("key = \"${what}\"", "key = \"act('close', 'why')\"", "unknown-function"),
        ("fact('length') > 3", "held('one-closd', 'x') > 3", "unknown-ledger"),
        ("fact('length') > 3", "holder() = ''", "unknown-function"),
        ("fact('length') > 3", "tally('ticket-unique', 'x') > 3", "unknown-ledger"),
        ("stages = [\"new\"]", "stages = [\"*\"]", "claim-key-changes"),
        ("fact('length') > 3", "payload('why') > 3", "no-number"),
        ("fact('length') > 3", "${what} + 1 = 2", "no-number"),
        ("fact('length') > 3", "${day} > today()", ""),
        ("fact('length') > 3", "pulldata('limits', 'value', 'name', 'min') = ''", "missing-file"),
        ("fact('length') > 3", "instance('limits')/root/item[name = 'min']/value = ''", "missing-file"),
        ("只有 {fact('length')} 字", "只有 ${fact('length')} 字", "dollar-brace"),
        ("只有 {fact('length')} 字", "只有 {${what}} 字", ""),
        (
            "stages = [\"new\"]\nroles = [\"rep\"]",
            "stages = [\"new\"]\nroles = [\"supervisor\"]",
            "nothing-writable",
        ),
        ("stages = [\"new\"]\nroles", "stages = [\"closed\"]\nroles", "nothing-writable"),
        ("[kinds.ticket.acts.close]", "[kinds.ticket.act.close]", "unknown-key"),
        ("[[kinds.ticket.acts.close.guards]]", "[kinds.ticket.acts.close.guards]", "wrong-shape"),
        ("roles = [\"rep\"]\npayload", "payload", "wrong-shape"),
        ("roles = [\"rep\"]\npayload", "roles = []\npayload", "empty-list"),
        ("required = true", "required = \"yes\"", "wrong-shape"),
        ("title = { zh = \"单\", en = \"Ticket\" }", "title = “单”", "toml-syntax"),
        ("{ name = \"what\", type", "{ name = \"what\"， type", "toml-syntax"),
        ("fact('length') > 3", "fact（'length'） > 3", "expression-syntax"),
        ("fact('length') > 3", "fact('length') == 3", "expression-syntax"),
        ("scope = \"owner\"", "scope = \"owner\"\nform = \"forms/x.xlsx\"", "missing-file"),
        ("scope = \"owner\"", "scope = \"owner\"\nrows = \"tables/x.csv\"", "missing-file"),
    ];
    for (from, to, code) in cases {
        assert!(WHOLE.contains(from), "{from}");
        let broken = WHOLE.replacen(from, to, 1);
        let problems = check(&broken);
        let found = problems.iter().find(|problem| problem.code == code);
        if code.is_empty() {
            assert_eq!(problems, [], "{to}");
            continue;
        }
        let Some(found) = found else { panic!("{to}: {problems:#?}") };
        let at = WHOLE.find(from).unwrap();
        let line = WHOLE[..at].matches('\n').count() as u32 + 1;
        // A missing key is told of its table, and some rules are told where they are written.
        let elsewhere =
            ["", "payload", "initial = \"closed\"", "stages = [\"*\"]", "name = \"by\"", "zh = \"role()\""]
                .contains(&to);
        let elsewhere = elsewhere || code == "nothing-writable";
        let near = found.line.is_some_and(|found| found.abs_diff(line) <= 1);
        assert!(near || elsewhere, "{to}: line {line}, told {:?}", found.line);
        for text in [&found.text, &found.remedy] {
            assert!(!text.zh.is_empty() && !text.en.is_empty() && !text.en.contains('{'), "{found:?}");
        }
    }
}

/// The line and the code of the problem of a table, if it has one.
type Refused = Option<(Option<u32>, &'static str)>;

/// What stands beside the manifest, as editors and spreadsheets leave it.
#[test]
fn files_of_a_newcomer_get_their_code_at_their_line() {
    let rows = WHOLE.replace("initial = \"new\"", "initial = \"new\"\nrows = \"tables/t.csv\"");
    let looked = WHOLE.replace("fact('length') > 3", "pulldata('t', 'value', 'name', 'min') = '1'");
    let gbk: &[u8] = b"what,day\n\xd5\xc5\xc8\xfd,2026-11-23\n";
    let utf16: Vec<u8> = "\u{feff}what\n张\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bom = "\u{feff}what,day\n张三,2026-11-23\n";
    let cases: [(&str, &[u8], Refused); 14] = [
        (&rows, bom.as_bytes(), None),
        (&rows, "what,day\r\n张三,2026-11-23\r\n".as_bytes(), None),
        (&rows, gbk, Some((None, "bad-table"))),
        (&rows, &utf16, Some((None, "bad-table"))),
        (&rows, b"", Some((None, "bad-table"))),
        (&rows, b"what;day\nx;2026-11-23\n", Some((Some(1), "unknown-field"))),
        (&rows, b"What,day\nx,2026-11-23\n", Some((Some(1), "unknown-field"))),
        (&rows, b"what,what\nx,y\n", Some((Some(1), "name-taken"))),
        (&rows, b"day\n2026-11-23\n", Some((Some(1), "wrong-column"))),
        (&rows, b"what,day\nx,2026/11/23\n", Some((Some(2), "bad-rows"))),
        (&looked, b"name,value\nmin,1\n", None),
        (&looked, b"name,value\n", None),
        (&looked, b"name,value\nmax,1\n", Some((Some(44), "unknown-row"))),
        (&looked, b"name,valeu\nmin,1\n", Some((Some(44), "wrong-column"))),
    ];
    for (manifest, table, told) in cases {
        let files = [("pack.toml", manifest.as_bytes().to_vec()), ("tables/t.csv", table.to_vec())];
        let problems = Pack::check(&Bundle::new(files).unwrap());
        let found = problems.first().map(|problem| (problem.line, problem.code.as_str()));
        assert_eq!(found, told, "{table:?}: {problems:#?}");
        for text in problems.iter().flat_map(|problem| [&problem.text, &problem.remedy]) {
            assert!(!text.zh.is_empty() && !text.en.is_empty(), "{problems:?}");
        }
    }
    let encoded: Vec<u8> = WHOLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let told = Pack::check(&Bundle::new([("pack.toml", encoded)]).unwrap());
    assert_eq!(told[0].code, "not-utf8");
    assert_eq!(check(&format!("\u{feff}{}", WHOLE.replace('\n', "\r\n"))), []);
}

/// The same for what only the larger pack has.
#[test]
fn each_broken_rule_gets_its_code_at_its_line() {
    let rules = crate::team::rules();
    let rules = std::str::from_utf8(rules.file("pack.toml").unwrap()).unwrap();
    assert_eq!(check(rules), []);
    let cases = [
        ("otherwise = \"wait\"", "otherwise = \"weight\"", "unknown-field"),
        ("otherwise = \"wait\"", "otherwise = \"ask\"", "unknown-field"),
        (
            "otherwise = \"wait\"",
            "otherwise = \"more\"\n[kinds.draw.acts.more]\ntitle = { zh = \"x\", en = \"x\" }\nfrom = [\"draft\"]\nto = \"waits\"\nroles = [\"rep\"]\npayload = [{ name = \"why\", type = \"text\", title = { zh = \"x\", en = \"x\" } }]",
            "otherwise-asks-more",
        ),
        ("tally('pool', ${pool})", "tally('pol', ${pool})", "unknown-ledger"),
        ("tally('pool', ${pool})", "tally(${pool}, 'pool')", "unknown-field"),
        ("knows = \"phone\"", "knows = \"nobody\"", "unknown-choice"),
        ("limit = \"linked('pool', 'size')\"\n", "", "rule-does-not-fit"),
        ("limit = \"linked('pool', 'size')\"\n", "limit = \"payload('x')\"\n", "unknown-function"),
        ("limit = \"linked('pool', 'size')\"\n", "limit = \"linked('pool', 'sise')\"\n", "unknown-field"),
        ("code = \"exceeds-remaining\"\n", "", "rule-does-not-fit"),
        ("type = \"quota\"", "type = \"one_open\"", "rule-does-not-fit"),
        ("amount = \"${pieces}\"", "amount = \"${peaces}\"", "unknown-reference"),
        ("amount = \"${pieces}\"", "amount = \"linked('pool', 'size')\"", "unknown-function"),
        ("waits = [\"waits\"]", "waits = [\"drawn\"]", "name-taken"),
        ("waits = [\"waits\"]", "waits = [\"draft\"]", "claim-is-open-at-start"),
        ("spends = \"lease\"", "spends = \"pieces\"", "unknown-field"),
        ("until = \"${end}\"", "until = \"now()\"", "claim-key-not-own"),
        ("name = \"pool-leases\"", "name = \"pool\"", "name-taken"),
        ("until = \"${end}\"", "until = \"act('hold', 'at')\"", "unknown-function"),
        ("{left()}（", "{lefd()}（", "unknown-function"),
        ("act = \"approve\"", "act = \"aprove\"", "unknown-field"),
        ("until = \"good_until\"", "until = \"good_till\"", "unknown-field"),
        ("stages = [\"approved\"]", "stages = [\"aproved\"]", "unknown-field"),
        ("record = \"plan\"", "record = \"plans\"", "unknown-field"),
        ("key = \"${shop}\"", "key = \"${shop}\"\ncode = \"x\"", "rule-does-not-fit"),
        ("change_request = \"request\"", "change_request = \"requests\"", "unknown-field"),
        (
            "fields = [\"*\"]\n# Beyond",
            "fields = [\"*\"]\n[[kinds.draw.write]]\nstages = [\"waits\"]\nroles = [\"rep\"]\nfields = [\"lease\"]\n# Beyond",
            "claim-key-changes",
        ),
        (
            "fields = [\"*\"]\n# Beyond",
            "fields = [\"*\"]\n[[kinds.draw.write]]\nstages = [\"drawn\"]\nroles = [\"rep\"]\nfields = [\"pieces\"]\n# Beyond",
            "claim-key-changes",
        ),
    ];
    for (from, to, code) in cases {
        assert!(rules.contains(from), "{from}");
        let problems = check(&rules.replacen(from, to, 1));
        let found = problems.iter().find(|problem| problem.code == code);
        let Some(found) = found else { panic!("{to}: {problems:#?}") };
        assert!(found.line.is_some(), "{found:?}");
        for text in [&found.text, &found.remedy] {
            assert!(!text.zh.is_empty() && !text.en.is_empty() && !text.en.contains('{'), "{found:?}");
        }
    }
}

#[test]
fn deep_nesting_is_a_problem_and_no_overflow() {
    for deep in ["[".repeat(100_000), "{a=".repeat(100_000)] {
        assert_eq!(check(&format!("id = {deep}"))[0].code, "toml-syntax");
    }
    let deep = format!("{}1{}", "(".repeat(9_000), ")".repeat(9_000));
    assert_eq!(check(&WHOLE.replace(". >= today()", &deep))[0].code, "expression-too-deep");
    assert_eq!(check(&WHOLE.replace(". >= today()", &"1+".repeat(40_000)))[0].code, "expression-too-long");
    assert_eq!(
        check(&WHOLE.replace("zh = \"只有", &format!("zh = \"{}", "只".repeat(9_000))))[0].code,
        "too-many"
    );
}

#[test]
fn the_example_in_the_readme_is_a_whole_pack() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../packs/README.md")).unwrap();
    let example = readme.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(check(example), []);
}

#[test]
fn all_problems_are_told_at_once() {
    let broken = WHOLE.replace("\"rep\"", "\"boss\"").replace("to = \"closed\"", "to = \"shut\"");
    let codes: Vec<_> = check(&broken).into_iter().map(|problem| problem.code).collect();
    assert_eq!(codes, ["unknown-role", "unknown-role", "unknown-stage", "unknown-role"]);
}

#[test]
fn files_beside_the_manifest_are_checked() {
    let check = |manifest: &str, files: &[(&str, &[u8])]| {
        let files = files.iter().map(|(path, bytes)| (*path, bytes.to_vec()));
        let all = files.chain([("pack.toml", manifest.as_bytes().to_vec())]);
        let problems = Pack::check(&Bundle::new(all).unwrap());
        problems.into_iter().map(|p| (p.file, p.line, p.code)).collect::<Vec<_>>()
    };
    let told = |file: &str, line: Option<u32>, code: &str| vec![(file.to_owned(), line, code.to_owned())];
    let rows = WHOLE.replace("initial = \"new\"", "initial = \"new\"\nrows = \"tables/t.csv\"");
    assert_eq!(check(&rows, &[("tables/t.csv", b"what,day\nx,2026-11-23\n")]), []);
    assert_eq!(
        check(&rows, &[("tables/t.csv", b"what,day\nx,today\n")]),
        told("tables/t.csv", Some(2), "bad-rows")
    );
    assert_eq!(
        check(&rows, &[("tables/t.csv", b"wat,what\nx,y\n")]),
        told("tables/t.csv", Some(1), "unknown-field")
    );
    assert_eq!(check(WHOLE, &[("tables/t.csv", b"a\n\xff\n")]), told("tables/t.csv", None, "bad-table"));
    let twice: [(&str, &[u8]); 2] = [("forms/t.csv", b"a\n"), ("tables/t.csv", b"a\n")];
    assert_eq!(check(WHOLE, &twice), told("tables/t.csv", None, "name-taken"));
    let form = WHOLE.replace("initial = \"new\"", "initial = \"new\"\nform = \"forms/f.xlsx\"");
    let codes: Vec<_> =
        check(&form, &[("forms/f.xlsx", b"no workbook")]).into_iter().map(|(_, _, code)| code).collect();
    assert!(
        codes.contains(&"text-without-sheets".to_owned()) && codes.contains(&"reserved-name".to_owned()),
        "{codes:?}"
    );
    assert_eq!(check("", &[]).len(), 1);
    let problems = Pack::check(&Bundle::default());
    assert_eq!(problems[0].code, "missing-file");
}

#[test]
fn a_catalogue_can_be_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Catalogue>();
}

#[test]
fn packs_must_fit_together() {
    let load = |manifest: &str| {
        Pack::load(&Bundle::new([("pack.toml", manifest.as_bytes().to_vec())]).unwrap()).unwrap()
    };
    let codes = |packs: Vec<Pack>| {
        let problems = Catalogue::new(packs).unwrap_err();
        problems.into_iter().map(|problem| (problem.file, problem.code)).collect::<Vec<_>>()
    };
    let told = |code: &str| ("other/pack.toml".to_owned(), code.to_owned());
    let other = WHOLE
        .replace("id = \"small\"", "id = \"other\"\nuses = [\"small\"]")
        .replace("kinds.ticket", "kinds.slip")
        .replace("kind = \"ticket\"", "kind = \"slip\"")
        .replace("one-closed", "one-slip");
    assert!(Catalogue::new([load(WHOLE), load(&other)]).is_ok());
    assert_eq!(codes(vec![load(&other)])[0], told("pack-missing"));
    let wrong = other.replace("linked('parent', 'what')", "linked('parent', 'wat')");
    assert_eq!(codes(vec![load(WHOLE), load(&wrong)]), [told("unknown-field")]);
    let wrong = other.replace("link = \"ticket\"", "link = \"tickets\"");
    assert!(codes(vec![load(WHOLE), load(&wrong)]).contains(&told("unknown-kind-named")));
    let same = other.replace("one-slip", "one-closed");
    assert_eq!(codes(vec![load(WHOLE), load(&same)]).len(), 1);
    assert_eq!(codes(vec![load(WHOLE), load(WHOLE)])[0].1, "name-taken");
}

/// The files of the pack with every mechanism, one of them changed.
fn mechanisms(file: &str, from: &str, to: &str) -> (Vec<Problem>, u32) {
    let mut files = crate::team::for_tests("mechanisms");
    let bytes = files.files.get_mut(file).unwrap();
    let text = std::str::from_utf8(bytes).unwrap().to_owned();
    let at = text.find(from).unwrap_or_else(|| panic!("{from}"));
    *bytes = text.replacen(from, to, 1).into_bytes().into();
    (Pack::check(&files), text[..at].matches('\n').count() as u32 + 1)
}

#[test]
fn each_mechanism_gets_its_code_at_its_line() {
    let papers = "tables/papers.csv";
    let day = "tables/day.csv";
    let manifest = "pack.toml";
    let cases = [
        // Numbers.
        (manifest, "digits = 4", "digits = 0", "number-does-not-fit"),
        (manifest, "digits = 4", "digits = 4\nrestarts = \"day\"", "number-does-not-fit"),
        (manifest, "digits = 4", "digits = \"4\"", "wrong-shape"),
        (manifest, "date = \"year\"", "date = \"week\"", "unknown-choice"),
        (manifest, "prefix = \"YS-{${unit}}-\"", "prefix = \"YS?\"", "number-does-not-fit"),
        (manifest, "prefix = \"YS-{${unit}}-\"", "prefix = \"YS-{${unt}}-\"", "unknown-reference"),
        (manifest, "prefix = \"YS-{${unit}}-\"", "prefix = \"YS-{${unit}-\"", "bad-template"),
        (manifest, "\"@accept/acceptance_no\"]", "\"@accept/acceptance\"]", "unknown-field"),
        (manifest, "numbers.slip]", "numbers.by]", "reserved-name"),
        // Checklists.
        (manifest, "table = \"tables/papers.csv\"", "table = \"tables/paper.csv\"", "missing-file"),
        (manifest, "documents = [\"papers\"]", "documents = [\"paper\"]", "unknown-field"),
        (manifest, "on = \"${applied_on}\"", "on = \"missing('papers')\"", "unknown-function"),
        (manifest, "missing('papers')", "missing('paper')", "unknown-field"),
        (manifest, "name = \"papers\"", "name = \"special\"", "name-taken"),
        (papers, "name,zh,en,when", "name,zh,en,wen", "wrong-column"),
        (papers, "name,zh,en,when", "nom,zh,en,when", "wrong-column"),
        (papers, "power,", "licence,", "name-taken"),
        (papers, "power,近3个月用电发票", "power,", "missing-translation"),
        (papers, "power,", "Power,", "bad-name"),
        (papers, "3,months", "3,moons", "unknown-choice"),
        (papers, "3,months", "some,months", "bad-number"),
        (papers, "yes,file", "maybe,file", "unknown-choice"),
        (papers, "tick,disburse", "tock,disburse", "unknown-choice"),
        (papers, "tick,disburse", "tick,disbourse", "unknown-field"),
        (papers, "${special}", "${speciel}", "unknown-reference"),
        (papers, "${special}", "${applied_on}", "no-condition"),
        // Schedules.
        (manifest, "to = \"09-30\"", "to = \"09-29\"", "seasons-do-not-fit"),
        (manifest, "to = \"09-30\"", "to = \"10-01\"", "seasons-do-not-fit"),
        (manifest, "to = \"09-30\"", "to = \"13-30\"", "bad-time"),
        (manifest, "facts.slot = \"slot('day')\"", "facts.slot = \"slot('dai')\"", "unknown-schedule"),
        (manifest, "slot-start('day', 'late', '2026", "slot-start('day', 'lat', '2026", "unknown-schedule"),
        (day, "summer,late", "spring,late", "unknown-season"),
        (day, "08:50,09:00", "08:49,09:00", "slots-overlap"),
        (day, "08:50,09:00", "08:50,9:00", "bad-time"),
        (day, "08:50,09:00", "08:50,08:50", "bad-time"),
        (day, ",reading", ",briefing", "name-taken"),
        // Reminders.
        (manifest, "act = \"print\"", "act = \"prince\"", "unknown-field"),
        (manifest, "soon = 2", "soon = -1", "bad-number"),
        (manifest, "to = \"supervisor\"", "to = \"boss\"", "unknown-role"),
        (manifest, "stages = [\"submitted\"]\ndue", "stages = [\"submited\"]\ndue", "unknown-stage"),
        (
            manifest,
            "when = \"act('submit', 'at') != '' and act",
            "when = \"act('submt', 'at') != '' and act",
            "unknown-field",
        ),
        // Checks.
        (manifest, "field = \"contract\"", "field = \"contracts\"", "unknown-field"),
        (manifest, "code = \"contract-blocked\"", "code = \"Blocked\"", "bad-name"),
        (
            manifest,
            "require = \"linked('contract', 'blocked')",
            "require = \"linked('contract', 'bloked')",
            "unknown-field",
        ),
        (
            manifest,
            "require = \"linked('contract', 'blocked') != 'true'\"",
            "require = \"role()\"",
            "no-condition",
        ),
        // What can never be meant.
        (
            manifest,
            "require = \"linked('contract', 'blocked') != 'true'\"",
            "require = \"stage() = 'drafd'\"",
            "never-is",
        ),
        (
            manifest,
            "require = \"linked('contract', 'blocked') != 'true'\"",
            "require = \"linked('contract', '@stage') = 'opn'\"",
            "never-is",
        ),
        (manifest, ". != slot('day')", "slot('day') = 'nap'", "never-is"),
        (manifest, ". != slot('day')", "${special} = 'no'", "yes-or-no"),
        (manifest, ". != slot('day')", "missing('papers') > 'none'", "no-number"),
        (manifest, "from = [\"accepted\"]", "from = [\"draft\"]", ""),
        (
            manifest,
            "from = [\"draft\"]\nto = \"accepted\"",
            "from = [\"accepted\"]\nto = \"accepted\"",
            "unreachable-stage",
        ),
    ];
    for (file, from, to, code) in cases {
        let (problems, line) = mechanisms(file, from, to);
        if code.is_empty() {
            assert_eq!(problems, [], "{to}");
            continue;
        }
        let found = problems.iter().find(|problem| problem.code == code);
        let Some(found) = found else { panic!("{to}: {problems:#?}") };
        if code != "unreachable-stage" {
            assert!(found.line.is_some_and(|found| found.abs_diff(line) <= 8), "{to}: {line}, {found:?}");
        }
        assert_eq!(found.file, file, "{to}");
        for text in [&found.text, &found.remedy] {
            assert!(!text.zh.is_empty() && !text.en.is_empty() && !text.en.contains("{ $"), "{found:?}");
        }
    }
}

#[test]
fn numbers_that_begin_alike_must_go_on_alike() {
    let files = crate::team::for_tests("mechanisms");
    let text = std::str::from_utf8(files.file("pack.toml").unwrap()).unwrap();
    let second = "[kinds.asset.acts.modify.numbers.other]\ntitle = { zh = \"x\", en = \"x\" }\ndigits = 2\n\n# ---------------------------------------------------------------- D.7";
    let clashing =
        text.replacen("\n# ---------------------------------------------------------------- D.7", second, 1);
    assert_ne!(clashing, text);
    let mut files = files.clone();
    files.files.insert("pack.toml".into(), clashing.into_bytes().into());
    let problems = Catalogue::new([Pack::load(&files).unwrap()]).unwrap_err();
    assert_eq!(problems[0].code, "number-clash");
}

/// What is read through a link has the sort that it has there. A version that was published before such a
/// comparison was told stays usable.
#[test]
fn what_is_compared_through_links_is_checked_and_stays_usable_where_it_was_published() {
    let with = |condition: &str| {
        let mut bundle = crate::team::for_tests("mechanisms");
        let toml = bundle.files.get_mut("pack.toml").unwrap();
        let text = String::from_utf8(toml.to_vec()).unwrap();
        assert!(text.contains("linked('contract', 'blocked') != 'true'"));
        *toml = text.replace("linked('contract', 'blocked') != 'true'", condition).into_bytes().into();
        bundle
    };
    for (condition, code) in [
        ("linked('contract', 'blocked') != 'no'", "yes-or-no"),
        ("linked('contract', 'number') > 3", "no-number"),
        ("linked('contract', '@stage') = 'nowhere'", "never-is"),
    ] {
        let bundle = with(condition);
        let found = Pack::check(&bundle);
        assert!(
            found.iter().any(|problem| problem.code == code && problem.line.is_some()),
            "{condition}: {found:?}"
        );
    }
    assert_eq!(Pack::check(&with("linked('contract', 'number') != ''")), []);
    let doubtful = Pack::load(&with("linked('contract', 'number') > 3")).unwrap();
    assert_eq!(doubtful.doubts.len(), 1);
    // Through a link to another pack it is told when all are together.
    let look = r#"
[kinds.ticket.acts.look]
title = { zh = "看", en = "Look" }
from = ["new"]
to = "closed"
roles = ["rep"]
payload = [{ name = "asset", type = "record", link = "asset", title = { zh = "资产", en = "Asset" } }]
[[kinds.ticket.acts.look.guards]]
require = "linked('asset', '@stage') = 'nowhere'"
code = "x"
reason = { zh = "x", en = "x" }
remedy = { zh = "x", en = "x" }
"#;
    let ticket = WHOLE.replace("\nversion = 1", "\nversion = 1\nuses = [\"mechanisms\"]") + look;
    let ticket = Pack::load(&Bundle::new([("pack.toml", ticket.into_bytes())]).unwrap()).unwrap();
    let id = ticket.id.clone();
    let others = Pack::load(&crate::team::for_tests("mechanisms")).unwrap();
    let doubts = Catalogue::new([ticket, others]).unwrap().doubts(&id);
    assert!(
        doubts.len() == 1 && doubts[0].code == "never-is" && doubts[0].file.starts_with(&id),
        "{doubts:?}"
    );
}

/// A pack whose questions are a workbook's.
const SHEET: &str = r#"id = "wb"
version = 1
title = { zh = "表", en = "Form" }
[kinds.sheet]
title = { zh = "表", en = "Sheet" }
plural = { zh = "表", en = "Sheets" }
scope = "owner"
create = ["rep"]
initial = "new"
form = "forms/a.md"
display = { title = { zh = "${what}", en = "${what}" } }
stages = { new = { title = { zh = "新", en = "New" } } }
write = [{ stages = ["new"], roles = ["rep"], fields = ["*"] }]
"#;

/// What is odd about a workbook, or not translated, is told although it can be used.
#[test]
fn a_workbook_that_lacks_a_language_is_told_of() {
    let form = "| survey | | | |\n| | type | name | label::中文 (zh) |\n| | text | what | 什么 |\n";
    let files = [("pack.toml", SHEET.as_bytes().to_vec()), ("forms/a.md", form.as_bytes().to_vec())];
    let pack = Pack::load(&Bundle::new(files).unwrap()).unwrap();
    let notes = pack.notes();
    let told = |note: &Problem| note.code == "workbook-untranslated" && note.text.en.contains("/data/what");
    assert!(notes.iter().any(told), "{notes:?}");
}

#[test]
fn a_list_names_what_there_is() {
    let list = |columns: &str, more: &str| {
        let list = format!(
            "lists = [{{ name = \"all\", title = {{ zh = \"全部\", en = \"All\" }}, columns = [{columns}] {more} }}]\ndisplay ="
        );
        Pack::check(
            &Bundle::new([("pack.toml", WHOLE.replacen("display =", &list, 1).into_bytes())]).unwrap(),
        )
    };
    assert_eq!(
        list(
            "\"what\", \"@stage\", \"@close/why\"",
            ", order = [\"-day\"], stages = [\"new\"], when = \"${what} != ''\""
        ),
        []
    );
    for (columns, more, code) in [
        ("\"colour\"", "", "unknown-field"),
        ("\"@close/colour\"", "", "unknown-field"),
        ("\"what\"", ", order = [\"-colour\"]", "unknown-field"),
        ("\"what\"", ", stages = [\"lost\"]", "unknown-stage"),
        ("\"what\"", ", when = \"'x'\"", "no-condition"),
        ("\"what\"", ", when = \"${colour} = ''\"", "unknown-name"),
    ] {
        let found = list(columns, more);
        assert!(!found.is_empty() && found.iter().all(|p| p.line.is_some()), "{columns} {more}: {found:?}");
        assert!(
            found.iter().any(|problem| problem.code == code) || code == "unknown-name",
            "{code}: {found:?}"
        );
    }
}

/// D.6: a report counts by a date of the record, and says who is missing where that can be said.
#[test]
fn d6_a_report_by_a_question_that_is_no_date_or_of_nobody_is_told() {
    let report = |more: &str| {
        let report = format!(
            "[kinds.ticket.reports.all]\ntitle = {{ zh = \"全\", en = \"All\" }}\nby = \"owner()\"\n{more}\ngroups = {{ zh = \"人\", en = \"Who\" }}\ncolumns = [{{ title = {{ zh = \"数\", en = \"Count\" }}, as = \"count\" }}]\n"
        );
        check(&format!("{WHOLE}\n{report}"))
    };
    assert_eq!(report("on = \"day\"\nspan = \"week\"\nlabels = \"@person\"\neveryone = true"), []);
    let first = WHOLE.lines().count() as u32 + 5;
    for (more, code) in [
        ("on = \"colour\"", "unknown-field"),
        ("on = \"what\"", "not-a-date"),
        ("span = \"year\"", "unknown-choice"),
        ("everyone = true", "everyone-of-whom"),
    ] {
        let told: Vec<_> = report(more).into_iter().map(|problem| (problem.code, problem.line)).collect();
        assert_eq!(told, [(code.to_owned(), Some(first))], "{more}");
    }
}

/// D.6: nor does a report count by a text of a workbook.
#[test]
fn d6_a_report_by_a_workbooks_question_that_is_no_date_is_told() {
    let form = "| survey | | | | |\n| | type | name | label | calculation |\n| | date | seen | Seen | |\n\
                | | dateTime | begun | Begun | |\n| | text | said | Said | |\n\
                | | calculate | worked | | ${seen} |\n| | today | today | | |\n";
    let told = |on: &str| {
        let report = format!(
            "[kinds.sheet.reports.all]\ntitle = {{ zh = \"全\", en = \"All\" }}\nby = \"owner()\"\non = \"{on}\"\ngroups = {{ zh = \"人\", en = \"Who\" }}\ncolumns = [{{ title = {{ zh = \"数\", en = \"Count\" }}, as = \"count\" }}]\n"
        );
        let manifest = SHEET.replace("${what}", "${said}") + &report;
        let files = [("pack.toml", manifest.into_bytes()), ("forms/a.md", form.as_bytes().to_vec())];
        let found = Pack::load(&Bundle::new(files).unwrap()).err().unwrap_or_default();
        found.into_iter().map(|problem| problem.code).collect::<Vec<_>>()
    };
    for on in ["said", "begun"] {
        assert_eq!(told(on), ["not-a-date"], "{on}");
    }
    // What is worked out may be a day.
    for on in ["seen", "worked", "today"] {
        assert_eq!(told(on), [""; 0], "{on}");
    }
}

/// A guard that rests on records of which a phone holds a part says who knows all of them; also through a fact.
#[test]
fn q2_l1_a_guard_on_a_ledger_that_phones_hold_in_part_says_who_knows() {
    let rules = crate::team::rules();
    let rules = std::str::from_utf8(rules.file("pack.toml").unwrap()).unwrap();
    let direct = rules.replacen("knows = \"phone\"\n", "", 1);
    let told = check(&direct);
    let told: Vec<_> = told.iter().map(|problem| problem.code.as_str()).collect();
    assert_eq!(told, ["ledger-held-in-part"]);
    let guard = "require = \"tally('pool', ${pool}) > 0 or stage() = 'waits'\"";
    let through = direct.replacen(
        "[[kinds.draw.acts.give_back.guards]]\n",
        "facts.held = \"tally('pool', ${pool})\"\n[[kinds.draw.acts.give_back.guards]]\n",
        1,
    );
    let through = through.replacen(guard, "require = \"fact('held') > 0 or stage() = 'waits'\"", 1);
    let told = check(&through);
    assert_eq!(told.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(), ["ledger-held-in-part"]);
    // One that is published already is used all the same.
    let bundle = Bundle::new([("pack.toml".to_owned(), direct.into_bytes())]);
    assert!(bundle.is_ok_and(|bundle| Pack::load(&bundle).is_ok()));
}

/// A display that sums up what a phone holds in part says so: seats are not promised by a number that is too small.
#[test]
fn l1_q2_j4_a_display_that_sums_up_what_phones_hold_in_part_says_so() {
    let counted = |shown: &str, scope: &str| {
        let ledger = "[[arbitration]]\ntype = \"tally\"\nname = \"closed-of\"\nkind = \"ticket\"\nkey = \"${parent}\"\nopen = [\"closed\"]\n";
        let shown = format!("zh = \"${{what}}\", en = \"{shown}\"");
        let pack = WHOLE.replacen("zh = \"${what}\", en = \"linked('parent', 'what')\"", &shown, 1);
        assert!(pack.contains(&shown));
        let pack = pack.replacen("scope = \"owner\"", &format!("scope = \"{scope}\""), 1);
        let told = check(&format!("{pack}\n{ledger}"));
        told.into_iter().map(|problem| (problem.code, problem.line.is_some())).collect::<Vec<_>>()
    };
    let part = [("sum-held-in-part".to_owned(), true)];
    assert_eq!(counted("concat('of it: ', tally('closed-of', ${parent}))", "owner"), part);
    assert_eq!(counted("concat(if(whole(), '', 'here: '), tally('closed-of', ${parent}))", "owner"), []);
    // Of the record's own, whoever holds it holds them; and everybody holds what is the team's.
    assert_eq!(counted("concat('of it: ', tally('closed-of', record()))", "owner"), []);
    assert_eq!(counted("concat('of it: ', tally('closed-of', ${parent}))", "team"), []);
    // What is the record's own says nothing of what is summed up beside it, by another key or of another ledger.
    let beside = "concat(tally('closed-of', record()), ' of ', tally('closed-of', ${parent}))";
    assert_eq!(counted(beside, "owner"), part);
    assert_eq!(counted("concat(record(), ' of ', tally('closed-of', ${parent}))", "owner"), part);
    assert_eq!(counted("concat('of it: ', tally('closed-of', concat(record(), ' ', owner())))", "owner"), []);
    // No rule goes by where it is judged.
    let ruled = WHOLE.replacen("fact('length') > 3 or", "whole() or", 1);
    assert!(check(&ruled).iter().any(|problem| problem.code == "unknown-function"), "{:?}", check(&ruled));
}

/// What refuses says which requirement it comes from, or what it belongs to does. It is no reason against a pack
/// that is used, or that has no manual behind it.
#[test]
fn a_refusal_without_a_requirement_is_told() {
    let lines = |manifest: &str| {
        let told = check(manifest);
        for problem in &told {
            assert!(problem.code == "no-requirement" && problem.remedy.en.contains("rule = "), "{problem:?}");
        }
        told.into_iter().map(|problem| problem.line.unwrap()).collect::<Vec<_>>()
    };
    let of = |manifest: &str, code: &str| {
        let at = manifest.find(&format!("code = \"{code}\"")).unwrap();
        manifest[..at].matches('\n').count() as u32 + 1
    };
    let without = WHOLE.replacen("rule = \"D.3\"\n", "", 1);
    let codes = ["too-short", "one-closed", "no-slip"];
    assert_eq!(lines(&without), codes.map(|code| of(&without, code)));
    let guard = without.replacen("code = \"too-short\"", "code = \"too-short\"\nrule = \"D.3\"", 1);
    assert_eq!(lines(&guard), ["one-closed", "no-slip"].map(|code| of(&guard, code)));
    let act = without.replacen("to = \"closed\"", "to = \"closed\"\nrule = \"D.3\"", 1);
    assert_eq!(lines(&act), ["one-closed", "no-slip"].map(|code| of(&act, code)));
    let pack = Pack::load(&Bundle::new([("pack.toml", without.into_bytes())]).unwrap()).unwrap();
    assert_eq!(pack.unfounded().len(), 3);
    let id = pack.id.clone();
    assert_eq!(Catalogue::new([pack]).unwrap().doubts(&id), [], "it can be published");
}

/// A limit that somebody wrote out in words would refuse everything, and only when it is asked.
#[test]
fn p_a_cell_that_is_read_as_a_number_is_one() {
    let told = |condition: &str, cell: &str| {
        let manifest = WHOLE.replace("fact('length') > 3", condition);
        let table = format!("name,value\nmax,1\nmin,{cell}\n");
        let files = [("pack.toml", manifest.into_bytes()), ("tables/t.csv", table.into_bytes())];
        let bundle = Bundle::new(files).unwrap();
        assert!(Pack::load(&bundle).is_ok(), "one that is published already is used all the same");
        let told = Pack::check(&bundle).into_iter();
        told.map(|p| (p.file, p.line, p.code)).collect::<Vec<_>>()
    };
    let cell = "pulldata('t', 'value', 'name', 'min')";
    let wrong = vec![("tables/t.csv".to_owned(), Some(3), "cell-no-number".to_owned())];
    for condition in [
        format!("fact('length') > number({cell})"),
        format!("fact('length') > {cell}"),
        format!("date-shift(today(), {cell}, 'days') != ''"),
        format!("number(coalesce(payload('why'), {cell})) > 3"),
    ] {
        assert_eq!(told(&condition, "sixty"), wrong, "{condition}");
        assert_eq!(told(&condition, "60"), [], "{condition}");
        assert_eq!(told(&condition, "0.5"), [], "{condition}");
    }
    assert_eq!(told(&format!("{cell} = 'yes'"), "sixty"), []);
    assert_eq!(told(&format!("today() > {cell}"), "2026-11-23"), []);
    // As the limit of a quota, in a pack of this repository.
    let mut bundle = crate::team::bundle("family-event");
    let table = bundle.files.get_mut("tables/numbers.csv").unwrap();
    let text = std::str::from_utf8(table).unwrap().replace("max_families,20", "max_families,twenty");
    *table = text.into_bytes().into();
    let told = Pack::check(&bundle);
    assert_eq!((told[0].code.as_str(), told[0].line), ("cell-no-number", Some(3)), "{told:?}");
}

/// Found by users: a company's table passed with numbers that make no sense, the same key twice, and any word where
/// yes or no is read.
#[test]
fn r6_a_table_holds_what_its_pack_says_row_by_row() {
    const TABLES: &str = r#"
[tables.t]
key = "name"
columns.value = { type = "integer", required = true, min = 1, max = 9 }
columns.code = { unique = true }
rows.whole.value = { required = true, choices = ["yes", "no"] }
rows.day.value = { type = "date" }
rows.part.value = { type = "decimal", min = 0.5 }
"#;
    let told_of = |manifest: String, table: &str| {
        let files = [("pack.toml", manifest.into_bytes()), ("tables/t.csv", table.as_bytes().to_vec())];
        Pack::check(&Bundle::new(files).unwrap())
    };
    let told = |table: &str| told_of(format!("{WHOLE}{TABLES}"), table);
    let fine = "name,value,code\nmax,9,a\nmin,1,\nwhole,no,\nday,2026-11-30,b\npart,0.5,\n";
    assert_eq!(told(fine), []);
    assert_eq!(told("name,value,code\n"), [], "a template that somebody fills in");
    for (from, to, line, code, en) in [
        (
            "max,9",
            "max,10",
            2,
            "cell-too-large",
            "\"10\" in the column \"value\" of \"max\" is too large: at most 9.",
        ),
        (
            "min,1",
            "min,-1",
            3,
            "cell-too-small",
            "\"-1\" in the column \"value\" of \"min\" is too small: at least 1.",
        ),
        (
            "min,1",
            "min,1.5",
            3,
            "cell-not-whole",
            "\"1.5\" in the column \"value\" of \"min\" is no whole number.",
        ),
        (
            "min,1",
            "min,one",
            3,
            "cell-no-number",
            "\"one\" in the column \"value\" of \"min\" is read as a number, and is none.",
        ),
        ("min,1", "min,", 3, "cell-blank", "The column \"value\" is empty in a row of \"min\"."),
        ("min,1", ",1", 3, "cell-blank", "The column \"name\" is empty in a row of \"t\"."),
        (
            "min,1",
            "max,1",
            3,
            "cell-twice",
            "\"max\" stands twice in the column \"name\"; it stands in line 2 already.",
        ),
        (
            "30,b",
            "30,a",
            5,
            "cell-twice",
            "\"a\" stands twice in the column \"code\"; it stands in line 2 already.",
        ),
        (
            "whole,no",
            "whole,maybe",
            4,
            "cell-not-among",
            "\"maybe\" in the column \"value\" of \"whole\" is not one of: yes, no.",
        ),
        (
            "2026-11-30",
            "2026-11-31",
            5,
            "cell-no-date",
            "\"2026-11-31\" in the column \"value\" of \"day\" is no date.",
        ),
        // What expressions, which work with it, read in another way or not at all.
        (
            "min,1",
            "min,+2",
            3,
            "cell-no-number",
            "\"+2\" in the column \"value\" of \"min\" is read as a number, and is none.",
        ),
        (
            "part,0.5",
            "part,1e2",
            6,
            "cell-no-number",
            "\"1e2\" in the column \"value\" of \"part\" is read as a number, and is none.",
        ),
        (
            "2026-11-30",
            "2026-1-5",
            5,
            "cell-no-date",
            "\"2026-1-5\" in the column \"value\" of \"day\" is no date.",
        ),
        (
            "part,0.5",
            "part,0.4",
            6,
            "cell-too-small",
            "\"0.4\" in the column \"value\" of \"part\" is too small: at least 0.5.",
        ),
    ] {
        let problems = told(&fine.replacen(from, to, 1));
        let [problem] = &problems[..] else { panic!("{to}: {problems:?}") };
        assert_eq!(
            (problem.file.as_str(), problem.line, problem.code.as_str()),
            ("tables/t.csv", Some(line), code)
        );
        assert_eq!(problem.text.en, en);
        assert!(
            !problem.text.zh.is_empty() && !problem.remedy.zh.is_empty() && !problem.remedy.en.is_empty()
        );
    }
    let codes = |manifest: String, table: &str| -> Vec<String> {
        told_of(manifest, table).into_iter().map(|problem| problem.code).collect()
    };
    assert_eq!(codes(format!("{WHOLE}{TABLES}"), &fine.replace("whole,no,\n", "")), ["unknown-row"]);
    assert_eq!(codes(format!("{WHOLE}{TABLES}"), &fine.replace(",code", ",other")), ["wrong-column"]);
    assert_eq!(codes(format!("{WHOLE}{}", TABLES.replace("tables.t", "tables.u")), fine), ["missing-file"]);
    let keyless = TABLES.replace("key = \"name\"\n", "");
    assert_eq!(codes(format!("{WHOLE}{keyless}"), "name,value,code\n"), ["rows-without-key"]);
    let odd = TABLES.replace("type = \"date\"", "type = \"day\"");
    assert_eq!(codes(format!("{WHOLE}{odd}"), fine), ["unknown-choice"]);
    for said in ["{ min = 1 }", "{ max = 1 }", "{ type = \"date\", min = 1 }"] {
        let unheld = TABLES.replace("{ unique = true }", said);
        assert_eq!(
            codes(format!("{WHOLE}{unheld}"), "name,value,code\n"),
            ["bound-without-number"],
            "{said}"
        );
    }
    let crossed = TABLES.replace("min = 1, max = 9", "min = 9, max = 1");
    assert_eq!(codes(format!("{WHOLE}{crossed}"), "name,value,code\n"), ["bounds-crossed"]);
    // In a pack of this repository.
    let mut bundle = crate::team::bundle("family-event");
    let table = bundle.files.get_mut("tables/numbers.csv").unwrap();
    let text = std::str::from_utf8(table).unwrap().replace("children_inclusive,yes", "children_inclusive,ja");
    *table = text.replace("max_adults,2", "max_adults,-2").into_bytes().into();
    let told: Vec<_> = Pack::check(&bundle).into_iter().map(|p| (p.code, p.line)).collect();
    assert_eq!(told, [("cell-not-among".to_owned(), Some(5)), ("cell-too-small".to_owned(), Some(6))]);
}

/// Found by users: each of these passed the check and failed, or told wrong figures, when somebody worked by it.
#[test]
fn p_amounts_days_units_and_partial_figures_are_looked_at() {
    let rules = crate::team::rules();
    let rules = std::str::from_utf8(rules.file("pack.toml").unwrap()).unwrap();
    let codes = |from: &str, to: &str| -> Vec<String> {
        assert!(rules.contains(from), "{from}");
        check(&rules.replacen(from, to, 1)).into_iter().map(|problem| problem.code).collect()
    };
    let limit = "limit = \"linked('pool', 'size')\"";
    assert_eq!(codes(limit, "limit = \"'twenty'\""), ["amount-no-number"]);
    assert_eq!(codes(limit, "limit = \"concat('1', '0')\""), ["amount-no-number"]);
    assert_eq!(codes(limit, "limit = \"number('10')\""), [] as [&str; 0]);
    assert_eq!(codes(limit, "limit = \"20\""), [] as [&str; 0]);
    assert_eq!(codes("amount = \"${pieces}\"", "amount = \"${pool}\""), ["amount-no-number"]);
    // What a fact that people read rests on is held by its owner and whoever leads them.
    let fact = "facts.so_far = \"tally('pool', ${pool})\"\n";
    let told = |labels: &str| {
        let act = "[kinds.draw.acts.check]\n";
        codes(act, &format!("{act}told.so_far = {{ {labels}title = {{ zh = \"x\", en = \"x\" }} }}\n{fact}"))
    };
    assert_eq!(told(""), ["ledger-held-in-part"]);
    assert_eq!(told("knows = \"server\", "), [] as [&str; 0]);
    assert_eq!(told("knows = \"phone\", "), [] as [&str; 0]);

    let small = |from: &str, to: &str| -> Vec<String> {
        assert!(WHOLE.contains(from), "{from}");
        check(&WHOLE.replacen(from, to, 1)).into_iter().map(|problem| problem.code).collect()
    };
    let reminder = |due: &str| {
        let text = "{ zh = \"x\", en = \"x\" }";
        let stages = "[kinds.ticket.stages]\n";
        let one = format!(
            "[kinds.ticket.reminders.r]\ntitle = {text}\nwhen = \"true()\"\nstages = [\"new\"]\ndue = \"{due}\"\n"
        );
        small(stages, &format!("{one}{stages}"))
    };
    assert_eq!(reminder("${what}"), ["due-no-date"]);
    assert_eq!(reminder("'soon'"), ["due-no-date"]);
    assert_eq!(reminder("3"), ["due-no-date"]);
    for fine in [
        "${day}",
        "date-shift(${day}, 3, 'days')",
        "'2026-11-30'",
        "today()",
        "if(${what} = 'x', ${day}, '')",
    ] {
        assert_eq!(reminder(fine), [] as [&str; 0], "{fine}");
    }
    assert_eq!(reminder("date-shift(${day}, 3, 'weeks')"), ["unknown-choice"]);
    assert_eq!(reminder("date-shift(${day}, 3, concat('day', 's'))"), [] as [&str; 0]);
    // All that is wrong with one text, not the first thing alone.
    let reason = "en = \"only {fact('length')}\"";
    let told = small(reason, "en = \"{1 +} {fact('lenght')} {nonsense()} {2 *}\"");
    assert_eq!(told, ["unknown-field", "unknown-function", "expression-syntax"]);
}
