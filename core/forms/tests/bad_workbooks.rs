//! Workbooks that are refused, and with which code.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

mod support;

use rounds_forms::{NoMedia, import};
use support::{workbook, zip};

const HEADER: &[&str] = &["type", "name", "label", "relevant", "calculation", "constraint", "choice_filter"];

fn survey(rows: &[&[&str]]) -> Vec<u8> {
    let rows: Vec<&[&str]> = std::iter::once(HEADER).chain(rows.iter().copied()).collect();
    workbook(&[("survey", &rows), ("choices", &[&["list_name", "name", "label"], &["yn", "y", "Yes"]])])
}

#[test]
fn each_is_refused_with_its_code() {
    let fine = survey(&[&["text", "a", "A"]]);
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "empty-file"),
        ("random bytes", vec![7; 4_000], "not-a-workbook"),
        ("text", b"type,name\ntext,a".to_vec(), "text-without-sheets"),
        ("truncated", fine[..fine.len() / 2].to_vec(), "damaged-workbook"),
        ("some other zip", zip([("a.txt", &b"a"[..])].into_iter()), "not-a-workbook"),
        ("cut OLE2", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest".to_vec(), "damaged-workbook"),
        ("no survey", workbook(&[("choices", &[&["list_name", "name"]])]), "missing-sheet"),
        ("empty survey", workbook(&[("survey", &[&["type", "name"]])]), "no-questions"),
        ("no type column", workbook(&[("survey", &[&["name"], &["a"]])]), "missing-column"),
        ("unknown type", survey(&[&["txt", "a"]]), "unknown-type"),
        ("no name", survey(&[&["text", ""]]), "missing-name"),
        ("bad name", survey(&[&["text", "a b"]]), "bad-name"),
        ("name with a slash", survey(&[&["text", "a/@ord"]]), "bad-name"),
        ("unclosed", survey(&[&["begin_group", "g"], &["text", "a"]]), "unclosed-group"),
        ("crossed", survey(&[&["begin_group", "g"], &["text", "a"], &["end_repeat"]]), "unmatched-end"),
        ("duplicate", survey(&[&["text", "a"], &["text", "a"]]), "duplicate-name"),
        ("no list", survey(&[&["select_one nope", "a"]]), "unknown-list"),
        ("no file", survey(&[&["select_one_from_file x.csv", "a"]]), "missing-media"),
        ("syntax", survey(&[&["text", "a", "", "1 +"]]), "bad-expression"),
        ("unknown function", survey(&[&["text", "a", "", "frob()"]]), "unknown-function"),
        ("unknown name", survey(&[&["text", "a", "", "${b} = 1"]]), "unknown-reference"),
        ("unknown name in a label", survey(&[&["note", "a", "${b}"]]), "unknown-reference"),
        ("bare name", survey(&[&["text", "a", "", "b = 1"], &["text", "b"]]), "unknown-reference"),
        ("pattern", survey(&[&["text", "a", "", "", "", "regex(., '(?=x)')"]]), "bad-pattern"),
        ("no label", labelless(), "missing-label"),
        (
            "parameters",
            b"| survey |\n| | type | name | label | parameters |\n| | range | a | A | step=0 |\n".to_vec(),
            "bad-parameters",
        ),
        (
            "two headers",
            b"| survey |\n| | type | name | label | relevant | relevance |\n| | text | a | A | | |\n"
                .to_vec(),
            "duplicate-column",
        ),
        (
            "trigger",
            b"| survey |\n| | type | name | label | trigger |\n| | text | a | A | b |\n".to_vec(),
            "bad-trigger",
        ),
        (
            "cycle",
            survey(&[&["calculate", "a", "", "", "${b} + 1"], &["calculate", "b", "", "", "${a} + 1"]]),
            "cyclic-reference",
        ),
        ("cycle of one", survey(&[&["calculate", "a", "", "", "${a} + 1"]]), "cyclic-reference"),
        (
            "relevance on the inside",
            survey(&[&["begin_group", "g", "", "${a} = 1"], &["text", "a"], &["end_group"]]),
            "cyclic-reference",
        ),
        ("deep groups", survey(&vec![&["begin_group", "g"][..]; 60]), "groups-too-deep"),
    ];
    for (what, bytes, code) in cases {
        let error =
            import("form.xlsx", &bytes, &NoMedia).err().unwrap_or_else(|| panic!("{what} was accepted"));
        assert_eq!(error.code(), code, "{what}: {error} {:?}", error.problems());
        assert!(!error.text().zh.is_empty() && !error.remedy().en.is_empty());
    }
}

fn labelless() -> Vec<u8> {
    b"survey,,\n,type,name\n,text,a\n".to_vec()
}

#[test]
fn bombs_are_refused_before_they_are_read() {
    let zeros = vec![b' '; 120 << 20];
    let bomb = zip([("xl/workbook.xml", zeros.as_slice())].into_iter());
    assert!(bomb.len() < 1 << 20);
    assert_eq!(import("b.xlsx", &bomb, &NoMedia).unwrap_err().code(), "inflated-too-large");
    let big = [b"PK\x03\x04".to_vec(), vec![0; 17 << 20]].concat();
    assert_eq!(import("b.xlsx", &big, &NoMedia).unwrap_err().code(), "workbook-too-large");
}

#[test]
fn a_rectangle_of_an_old_workbook_is_bounded() {
    // A cell that was somewhere near the top says now that it is in the last corner.
    let mut bytes = include_bytes!("fixtures/old.xls").to_vec();
    let text = [0xFD, 0x00, 0x0A, 0x00];
    let found: Vec<usize> = (0..bytes.len() - 8).filter(|at| bytes[*at..].starts_with(&text)).collect();
    bytes[found[1] + 4..found[1] + 8].copy_from_slice(&[0xFF, 0xFF, 0xFF, 0x00]);
    assert_eq!(import("f.xls", &bytes, &NoMedia).unwrap_err().code(), "workbook-too-large");
}

#[test]
fn wide_rows_are_bounded_together() {
    let row = format!(",{}\n", ",".repeat(390)).replace("\n", "x\n");
    let text = format!("survey\n,type,name,label\n{}", row.repeat(20_000));
    assert_eq!(import("f.csv", text.as_bytes(), &NoMedia).unwrap_err().code(), "workbook-too-large");
}

#[test]
fn a_cell_in_the_last_corner_is_no_full_sheet() {
    let mut bytes = survey(&[&["text", "a"]]);
    // The part is stored compressed, so a sheet is built by hand instead.
    let sheet = r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>"#;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).unwrap();
    let mut parts = Vec::new();
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        let name = part.name().unwrap().into_owned();
        if name.ends_with("sheet1.xml") {
            content = sheet.as_bytes().to_vec();
        }
        parts.push((name, content));
    }
    bytes = zip(parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())));
    assert_eq!(import("b.xlsx", &bytes, &NoMedia).unwrap_err().code(), "workbook-too-large");
}

#[test]
fn all_problems_are_listed_with_their_cells() {
    let bytes = survey(&[&["txt", "a"], &["text", "b b"], &["text", "c", "", "1 +"]]);
    let error = import("form.xlsx", &bytes, &NoMedia).unwrap_err();
    let found: Vec<_> =
        error.problems().iter().map(|p| (p.sheet.as_str(), p.row, p.column.as_str(), p.code())).collect();
    assert_eq!(
        found,
        [
            ("survey", 2, "type", "unknown-type"),
            ("survey", 3, "name", "bad-name"),
            ("survey", 4, "relevant", "bad-expression"),
        ]
    );
}

#[test]
fn what_has_no_effect_is_listed_and_kept() {
    let bytes = workbook(&[
        (
            "survey",
            &[
                &[
                    "type",
                    "name",
                    "label",
                    "media::image",
                    "bind::rounds:dwell",
                    "备注",
                    "bind::jr:preload",
                    "choice_filter",
                ],
                &["text", "a", "A", "a.png", "2", "x", "uid"],
                &["select_one yn", "b", "B", "", "", "", "", "nope = 1"],
            ],
        ),
        ("settings", &[&["form_id", "public_key"], &["f", "k"]]),
        ("choices", &[&["list_name", "name", "label"], &["yn", "y", "Yes"]]),
        ("entities", &[&["list_name", "label"], &["stores", "${a}"]]),
        ("osm", &[&["list_name", "name", "label"], &["t", "x", "X"]]),
    ]);
    let imported = import("form.xlsx", &bytes, &NoMedia).unwrap();
    let found: Vec<_> =
        imported.report.iter().map(|p| (p.sheet.as_str(), p.column.as_str(), p.severity, p.code())).collect();
    use rounds_forms::Severity::{Note, Unsupported};
    assert_eq!(
        found,
        [
            ("osm", "", Unsupported, "unsupported-sheet"),
            ("settings", "public_key", Unsupported, "unsupported-setting"),
            ("survey", "备注", Note, "unsupported-column"),
            ("survey", "bind::jr:preload", Unsupported, "unsupported-column"),
            ("survey", "bind::rounds:dwell", Note, "unsupported-column"),
            ("entities", "list_name", Unsupported, "entities-not-stored"),
            ("survey", "choice_filter", Unsupported, "unknown-column"),
        ]
    );
    let other = &imported.form.question("/data/a").unwrap().other;
    assert_eq!(other["bind::rounds:dwell"], "2");
    assert_eq!(other["备注"], "x");
    let question = imported.form.question("/data/a").unwrap();
    assert_eq!(question.media["image"].get("en", "en").unwrap().source(), "a.png");
    assert_eq!(imported.form.entities()[0].list, "stores");
    assert_eq!(imported.form.settings["public_key"], "k");
}

/// Problems are where their author finds them: sheets by their own names, settings in their own row and column.
#[test]
fn problems_of_settings_and_sheets_say_where_they_are() {
    let bytes = workbook(&[
        ("Survey", &[&["type", "name", "label::English (en)"], &["text", "a", "A ${none}"]]),
        (
            "Settings",
            &[&[], &["title", "instance_name", "rounds_pass"], &[], &["T", "concat(${nobody})", "200"]],
        ),
        ("Entities", &[&["list_name", "label"], &["stores", "concat("]]),
        ("choice", &[&["list_name", "name", "label"], &["l", "1", "One"]]),
    ]);
    let error = import("f.xlsx", &bytes, &NoMedia).unwrap_err();
    let found: Vec<_> =
        error.problems().iter().map(|p| (p.sheet.as_str(), p.row, p.column.as_str(), p.code())).collect();
    for expected in [
        ("choice", 0, "", "misspelled-sheet"),
        ("Survey", 2, "label::English (en)", "unknown-reference"),
        ("Settings", 4, "instance_name", "unknown-reference"),
        ("Settings", 4, "rounds_pass", "bad-score"),
        ("Entities", 2, "label", "bad-expression"),
    ] {
        assert!(found.contains(&expected), "{expected:?} in {found:?}");
    }
    let audited = "| survey | | | |\n| | type | name | label | parameters |\n| | text | a | A | |\n\
        | | audit | audit | | location-priority=balanced location-min-interval=60 location-max-age=120 track-changes=true |\n";
    let report = import("f.md", audited.as_bytes(), &NoMedia).unwrap().report;
    let settings = report.iter().filter(|p| p.code() == "audit-setting").map(|p| p.args[0].as_str());
    let expected = ["location-max-age=120", "location-min-interval=60", "location-priority=balanced"];
    assert_eq!(settings.collect::<Vec<_>>(), expected);
}

#[test]
fn an_old_workbook_is_known_by_its_content() {
    let old = include_bytes!("fixtures/old.xls");
    let imported = import("form.xlsx", old, &NoMedia).unwrap();
    let codes: Vec<_> = imported.report.iter().map(|p| p.code()).collect();
    assert_eq!(codes, ["old-format-wrong-suffix"]);
    assert!(imported.report[0].remedy().zh.contains(".xlsx"));
    assert_eq!(imported.form.version, "2026112301");
    let count = imported.form.question("/data/count").unwrap();
    assert!(matches!(&count.default, Some(rounds_forms::FirstValue::Static(ten)) if ten == "10"));
    assert!(imported.form.list("yn").unwrap().has("2"));
    assert_eq!(import("form.xls", old, &NoMedia).unwrap().report, []);
    for cut in [9, 600, 2_000, 5_000] {
        assert_eq!(import("f.xls", &old[..cut], &NoMedia).unwrap_err().code(), "damaged-workbook", "{cut}");
    }
}
