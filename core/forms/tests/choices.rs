//! Choices of large lists, of `search()`, and what the record before said.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rounds_forms::{Answers, Filling, ImportError, Imported, NoMedia, Severity, import};
use support::{MOMENT, open, session};

fn with(form: &str, files: &[(&str, &str)]) -> Result<Imported, ImportError> {
    let media: BTreeMap<String, Vec<u8>> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    import("f.md", form.as_bytes(), &media)
}

const SEARCH: &str = "
| survey | | | | | |
| | type | name | label::English (en) | label::中文 (zh) | appearance |
| | text | district | District | 区 | |
| | text | begins | Begins | 开头 | |
| | select_one stores | store | Store | 门店 | minimal search('stores', 'matches', 'district', ${district}) |
| | select_one stores | near | Near | 附近 | search('stores', 'contains', 'title', ${begins}, 'open', 'y') |
| | select_multiple stores | any | Any | 任何 | search('stores') |
| choices | | | |
| | list_name | name | label::English (en) | label::中文 (zh) |
| | stores | code | title, district | name_zh |
";

const STORES: &str = "code,title,name_zh,district,open\nS1,Central,中山店,Zhongshan,y\nS2,Harbour,港湾店,Zhongshan,n\nS3,Centre 3,三店,Shahekou,y\n";

fn offered(filling: &Filling, key: &str, language: &str) -> Vec<(String, String)> {
    let node = filling.node(key, language).unwrap();
    node.choices.into_iter().map(|choice| (choice.value, choice.label)).collect()
}

#[test]
fn search_takes_choices_from_the_columns_that_it_names() {
    let imported = with(SEARCH, &[("stores.csv", STORES)]).unwrap();
    assert_eq!(imported.report, []);
    let mut filling = open(&Arc::new(imported.form));
    assert_eq!(offered(&filling, "any", "en").len(), 3);
    filling.set("district", "Zhongshan").unwrap();
    let pair = |value: &str, label: &str| (value.to_owned(), label.to_owned());
    assert_eq!(
        offered(&filling, "store", "en"),
        [pair("S1", "Central, Zhongshan"), pair("S2", "Harbour, Zhongshan")]
    );
    assert_eq!(offered(&filling, "store", "zh-CN")[0], pair("S1", "中山店"));
    filling.set("begins", "Cent").unwrap();
    let values: Vec<_> = offered(&filling, "near", "en").into_iter().map(|(value, _)| value).collect();
    assert_eq!(values, ["S1", "S3"], "contains, and only those that are open");
    filling.set("store", "S1").unwrap();
    assert_eq!(filling.set("store", "code").unwrap_err().code(), "not-a-choice");
    filling.set("district", "Shahekou").unwrap();
    assert_eq!(filling.node("store", "en").unwrap().value, "", "what is not offered any more reads as empty");
    assert_eq!(filling.node("store", "en").unwrap().stored, "S1");
}

#[test]
fn search_that_cannot_be_followed_says_what_to_write() {
    let report = |form: &str, files: &[(&str, &str)]| match with(form, files) {
        Ok(imported) => imported.report,
        Err(error) => error.problems().to_vec(),
    };
    for (call, code) in [
        ("search()", "bad-search"),
        ("search('stores', 'like', 'district', 'x')", "bad-search"),
        ("search('stores', 'matches', 'district')", "bad-search"),
        ("search('stores', 'matches', 'district', ${nobody})", "unknown-reference"),
        ("search('nowhere')", "missing-media"),
    ] {
        let form = SEARCH.replace("minimal search('stores', 'matches', 'district', ${district})", call);
        let found = report(&form, &[("stores.csv", STORES)]);
        let found: Vec<_> = found.iter().map(|p| (p.code(), p.row)).collect();
        assert!(found.contains(&(code, 4)), "{call}: {found:?}");
    }
    let no_column = report(SEARCH, &[("stores.csv", "id,title\n1,x\n")]);
    assert!(no_column.iter().any(|p| p.code() == "bad-media"), "{no_column:?}");
    let further = SEARCH.replace(
        "| | stores | code | title, district | name_zh |",
        "| | stores | code | title | name_zh |\n| | stores | 99 | Other | 其他 |",
    );
    let found = report(&further, &[("stores.csv", STORES)]);
    let told = found.iter().find(|p| p.code() == "search-static").unwrap();
    assert_eq!((told.severity, told.row), (Severity::Unsupported, 4));
}

#[test]
fn lesson_12_a_list_of_fifty_thousand_is_shown_by_pages_and_searched_letter_by_letter() {
    let mut csv = String::from("name,label,district\n");
    for n in 0..50_000 {
        csv.push_str(&format!("V{n},Village {n},D{}\n", n % 500));
    }
    let form = "
| survey | | | |
| | type | name | label | choice_filter |
| | text | d | District | |
| | select_one_from_file v.csv | v | Village | district = ${d} |
| | select_one_from_file v.csv | w | Village | |
| | select_one_from_file v.csv | x | Village | starts-with(name, ${d}) |
";
    let imported = with(form, &[("v.csv", &csv)]).unwrap();
    let mut filling = open(&Arc::new(imported.form));
    filling.set("d", "D7").unwrap();
    let listed = filling.listed("en");
    let of = |key: &str| listed.iter().find(|node| node.key == key).unwrap();
    assert_eq!((of("w").choices.len(), of("w").more_choices), (100, true));
    assert_eq!((of("v").choices.len(), of("v").more_choices), (100, false), "every five hundredth");
    assert_eq!(filling.node("w", "en").unwrap().choices.len(), 50_000);
    let (page, more) = filling.offer("w", "en", "", 100, 50);
    assert_eq!((page[0].value.as_str(), page.len(), more), ("V100", 50, true));
    let (page, more) = filling.offer("w", "en", "village 4999", 0, 50);
    let values: Vec<_> = page.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!((values.len(), values[0], more), (11, "V4999", false));
    let (page, _) = filling.offer("v", "en", "49507", 0, 50);
    assert_eq!(page.len(), 1);
    assert_eq!(filling.offer("nothing", "en", "", 0, 9), (vec![], false));

    // By ratio, not by time: a look-up by the index against a look at every row.
    let best = |work: &dyn Fn()| {
        let runs = (0..5).map(|_| {
            let start = Instant::now();
            work();
            start.elapsed()
        });
        runs.min().unwrap()
    };
    let indexed = best(&|| assert_eq!(filling.node("v", "en").unwrap().choices.len(), 100));
    let scanned = best(&|| assert!(filling.node("x", "en").unwrap().choices.is_empty()));
    assert!(scanned > indexed * 3, "indexed {indexed:?}, row by row {scanned:?}");
}

#[test]
fn a_default_may_be_what_the_record_before_said() {
    let form = "
| survey | | | | | |
| | type | name | label | default | calculation |
| | text | manager | Manager of ${last-saved#manager} | ${last-saved#manager} | |
| | calculate | c | | | ${last-saved#manager} |
| | begin_group | g | G | | |
| | integer | n | N | ${last-saved#n} + 1 | |
| | end_group | | | | |
| | begin_repeat | r | R | | |
| | text | x | X | ${last-saved#x} | |
| | end_repeat | | | | |
";
    let imported = import("f.md", form.as_bytes(), &NoMedia).unwrap();
    let told: Vec<_> = imported.report.iter().map(|p| (p.code(), p.row, p.column.as_str())).collect();
    assert_eq!(
        told,
        [("last-saved-elsewhere", 3, "calculation"), ("last-saved-elsewhere", 2, "label")],
        "everywhere else it is empty, which is said"
    );
    let form = Arc::new(imported.form);
    let first = open(&form);
    assert_eq!(first.answers().get("manager"), Some(""));
    assert_eq!(first.answers().get("g/n"), None, "1 more than nothing is nothing");
    let before = Answers::collect([("manager", "王芳"), ("g/n", "4"), ("r/aaaaaaaaaaaaa/x", "?")]).unwrap();
    let mut session = session();
    session.last_saved = Some(Arc::new(before));
    let mut next = Filling::new(Arc::clone(&form), Answers::new(), MOMENT, session);
    assert_eq!(next.answers().get("manager"), Some("王芳"));
    assert_eq!(next.answers().get("g/n"), Some("5"));
    assert_eq!(next.node("c", "").unwrap().value, "", "no device but this one could work it out");
    next.add("r", "bbbbbbbbbbbbb", "1").unwrap();
    assert_eq!(next.node("r/bbbbbbbbbbbbb/x", "").unwrap().value, "", "of which instance?");
    let unknown = "
| survey | | | |
| | type | name | label | default |
| | text | a | A | ${last-saved#nobody} |
";
    assert_eq!(
        import("f.md", unknown.as_bytes(), &NoMedia).unwrap_err().problems()[0].code(),
        "unknown-reference"
    );
}

#[test]
fn what_is_not_run_of_osm_and_flat_groups_is_said_and_kept() {
    let form = "
| survey | | | | |
| | type | name | label | flat |
| | begin_group | g | G | yes |
| | osm building | house | House | |
| | end_group | | | |
| osm | | | |
| | list_name | name | label |
| | building | height | Height |
";
    let imported = import("f.md", form.as_bytes(), &NoMedia).unwrap();
    let told: Vec<_> = imported.report.iter().map(|p| (p.code(), p.severity)).collect();
    assert!(told.contains(&("osm-tags", Severity::Unsupported)), "{told:?}");
    assert!(told.contains(&("flat-group", Severity::Unsupported)), "{told:?}");
    let again = import("f.xlsx", &imported.workbook.to_xlsx().unwrap(), &NoMedia).unwrap();
    assert_eq!(again.workbook.sheets.iter().find(|s| s.name == "osm").unwrap().rows[1][1], "height");
    let mut filling = open(&Arc::new(again.form));
    filling.set("g/house", "building=yes").unwrap();
}
