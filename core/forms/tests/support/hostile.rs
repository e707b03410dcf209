//! Hostile workbooks, for the test that they are refused and the benchmark of what that costs.

use super::{workbook, zip};

/// A file that must be refused.
pub struct Hostile {
    pub what: &'static str,
    pub bytes: Vec<u8>,
    pub code: &'static str,
    /// Sheet, row and column of the problem; none for a file that cannot be read at all.
    pub place: Option<(&'static str, u32, &'static str)>,
}

const HEADER: &[&str] =
    &["type", "name", "label", "relevant", "calculation", "constraint", "choice_filter", "appearance"];

fn survey(rows: &[Vec<String>]) -> Vec<u8> {
    let cells: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let mut sheet: Vec<&[&str]> = vec![HEADER];
    sheet.extend(cells.iter().map(Vec::as_slice));
    workbook(&[("survey", &sheet), ("choices", &[&["list_name", "name", "label"], &["yn", "y", "Yes"]])])
}

fn row(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

/// An .xlsx whose first sheet is this XML.
fn sheet(data: &str) -> Vec<u8> {
    parts(&survey(&[row(&["text", "a"])]), |name, content| {
        if name.ends_with("sheet1.xml") {
            *content = format!(
                r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{data}</sheetData></worksheet>"#
            )
            .into_bytes();
        }
    })
}

/// The same archive with other parts.
fn parts(whole: &[u8], mut change: impl FnMut(&str, &mut Vec<u8>)) -> Vec<u8> {
    let mut parts = unpacked(whole);
    parts.iter_mut().for_each(|(name, content)| change(name, content));
    zip(parts.iter().map(|(name, content)| (name.as_str(), content.as_slice())))
}

fn unpacked(whole: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
    let mut parts = Vec::new();
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).unwrap();
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut content).unwrap();
        parts.push((part.name().unwrap().into_owned(), content));
    }
    parts
}

fn letters(mut column: usize) -> String {
    let mut out = String::new();
    loop {
        out.insert(0, char::from(b'A' + (column % 26) as u8));
        column /= 26;
        match column {
            0 => return out,
            _ => column -= 1,
        }
    }
}

fn compound(inside: &str) -> Vec<u8> {
    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.resize(1024, 0);
    bytes.extend(inside.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(4096, 0);
    bytes
}

/// All that must be refused.
pub fn all() -> Vec<Hostile> {
    let file = |what, bytes, code| Hostile { what, bytes, code, place: None };
    let form = |what, bytes, code, place| Hostile { what, bytes, code, place: Some(place) };
    let zeros = vec![b' '; 120 << 20];
    let many: Vec<(String, Vec<u8>)> =
        (0..3_000).map(|n| (format!("xl/part{n}.xml"), vec![b'a'; 10])).collect();
    let rows: String =
        (1..=1_000_000).map(|n| format!(r#"<row r="{n}"><c r="A{n}"><v>1</v></c></row>"#)).collect();
    let columns: String = (0..16_384)
        .map(|n| format!(r#"<c r="{}1" t="inlineStr"><is><t>x</t></is></c>"#, letters(n)))
        .collect();
    let wide_text = format!("survey{}\n", ",x".repeat(1_000_000));
    // A circle through all of 9,000 questions, and one among questions that all depend on each other.
    let ring: Vec<_> = (0..9_000)
        .map(|n| row(&["calculate", &format!("q{n}"), "", "", &format!("${{q{}}} + 1", (n + 1) % 9_000)]))
        .collect();
    let all_of_all: Vec<_> = (0..300)
        .map(|n| {
            let sum: Vec<String> = (0..300).filter(|m| *m != n).map(|m| format!("${{q{m}}}")).collect();
            row(&["calculate", &format!("q{n}"), "", "", &sum.join("+")])
        })
        .collect();
    let sums: Vec<_> = (0..9_000)
        .map(|n| row(&["calculate", &format!("q{n}"), "", "", &vec!["sum(${t})"; 100].join("+")]))
        .chain([row(&["text", "t"])])
        .collect();
    let wrong: Vec<_> = (0..9_000).map(|n| row(&["frobnicate", &format!("q{n}")])).collect();
    let deep = format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000));
    let pattern = format!("regex(., '{}')", "(a{1,99}){1,99}".repeat(40));
    let groups: Vec<_> = (0..9_000).map(|n| row(&["begin_group", &format!("g{n}")])).collect();
    let mut claims = unpacked(&survey(&[row(&["text", "a"])]));
    let texts = br#"<?xml version="1.0"?><sst xmlns="u" count="1" uniqueCount="100000000000"></sst>"#;
    claims.push(("xl/sharedStrings.xml".to_owned(), texts.to_vec()));
    let claims = zip(claims.iter().map(|(name, content)| (name.as_str(), content.as_slice())));
    let mut old = include_bytes!("../fixtures/old.xls").to_vec();
    let size = old.windows(4).position(|bytes| bytes == [0x00, 0x02, 0x0E, 0x00]).unwrap();
    old[size + 8..size + 12].copy_from_slice(&0x2000_0000u32.to_le_bytes());
    let tables = format!(
        "survey,,\n,type,name,label\n,text,a,A\nchoices,,\n,list_name,name,{}\n{}",
        (0..190).map(|n| format!("c{n}")).collect::<Vec<_>>().join(","),
        (0..100_000).map(|n| format!(",l{n},a\n")).collect::<String>()
    );
    let header = format!(
        "survey,,,\n,type,name,label,{}\n{}",
        "x".repeat(120_000),
        (0..9_000).map(|n| format!(",text,q{n},Q,1\n")).collect::<String>()
    );
    let patterns: Vec<String> = (0..600).map(|n| format!(r"regex(., '\p{{L}}{{{}}}')", 20 + n)).collect();
    let everyone: Vec<_> = [row(&["begin_group", "g", "G"])]
        .into_iter()
        .chain((0..1_500).map(|n| row(&["text", &format!("t{n}"), "T"])))
        .chain([row(&["end_group"])])
        .chain((0..1_500).map(|n| row(&["calculate", &format!("c{n}"), "", "", "count(/data/g/*)"])))
        .collect();
    let loops: Vec<_> = (0..4_900).map(|n| row(&["begin loop over yn", &format!("g{n}"), "G"])).collect();
    let same = parts(&survey(&[row(&["text", "a"])]), |name, content| {
        if name == "xl/workbook.xml" {
            let text = String::from_utf8(std::mem::take(content)).unwrap();
            *content = text.replace("name=\"choices\"", "name=\"Survey\"").into_bytes();
        }
    });
    vec![
        file("a hundred billion texts", claims, "workbook-too-large"),
        file("an old workbook of half a billion rows", old, "workbook-too-large"),
        file("one sheet twice", same, "damaged-workbook"),
        form(
            "100,000 lists of 190 columns",
            tables.into_bytes(),
            "workbook-too-large",
            ("choices", 1_043, ""),
        ),
        form("a header of 120 KB", header.into_bytes(), "workbook-too-large", ("survey", 281, "")),
        form(
            "600 large patterns",
            survey(&[row(&["text", "a", "", "", "", &patterns.join(" or ")])]),
            "pattern-too-large",
            ("survey", 2, "constraint"),
        ),
        form("all count all", survey(&everyone), "form-too-complex", ("survey", 2_169, "")),
        form("loops in loops", survey(&loops), "groups-too-deep", ("survey", 2, "")),
        form(
            "a type that looks like messages",
            survey(&[row(&[&format!("x{}", " bytes".repeat(5_000)), "a"])]),
            "unknown-type",
            ("survey", 2, "type"),
        ),
        file("nothing", vec![], "empty-file"),
        file("no zip", b"%PDF-1.7 and so on".to_vec(), "not-a-workbook"),
        file("bytes of no text", vec![0xFF; 5_000], "text-not-utf8"),
        file("a password", compound("EncryptedPackage"), "encrypted-workbook"),
        file("a compound file of something else", compound("WordDocument"), "damaged-workbook"),
        file("a zip bomb", zip([("xl/workbook.xml", zeros.as_slice())].into_iter()), "inflated-too-large"),
        file(
            "thousands of parts",
            zip(many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))),
            "workbook-too-large",
        ),
        file("half a workbook", survey(&[row(&["text", "a"])])[..700].to_vec(), "damaged-workbook"),
        file("a million rows", sheet(&rows), "workbook-too-large"),
        file("all columns", sheet(&format!(r#"<row r="1">{columns}</row>"#)), "workbook-too-large"),
        file("a million columns of text", wide_text.into_bytes(), "workbook-too-large"),
        form("no survey", workbook(&[("choices", &[&["list_name", "name"]])]), "missing-sheet", ("", 0, "")),
        form(
            "one name twice",
            survey(&[row(&["text", "a"]), row(&["text", "a"])]),
            "duplicate-name",
            ("survey", 3, "name"),
        ),
        form("an unknown type", survey(&[row(&["txt", "a"])]), "unknown-type", ("survey", 2, "type")),
        form(
            "a broken expression",
            survey(&[row(&["text", "a", "", "1 +"])]),
            "bad-expression",
            ("survey", 2, "relevant"),
        ),
        form("a circle of thousands", survey(&ring), "cyclic-reference", ("survey", 2, "calculation")),
        form("all of all", survey(&all_of_all), "cyclic-reference", ("survey", 300, "calculation")),
        form("900,000 sums", survey(&sums), "form-too-complex", ("survey", 1_245, "")),
        form("9,000 mistakes", survey(&wrong), "unknown-type", ("survey", 2, "type")),
        form(
            "parentheses",
            survey(&[row(&["text", "a", "", &deep])]),
            "bad-expression",
            ("survey", 2, "relevant"),
        ),
        form(
            "a catastrophic pattern",
            survey(&[row(&["text", "a", "", "", "", &pattern])]),
            "pattern-too-large",
            ("survey", 2, "constraint"),
        ),
        form("groups in groups", survey(&groups), "groups-too-deep", ("survey", 34, "")),
    ]
}

/// Forms that are accepted, with a question to answer that sets off whatever they can set off.
pub fn endless() -> Vec<(&'static str, Vec<u8>, &'static str, &'static str)> {
    let power: Vec<_> = [row(&["integer", "n"])]
        .into_iter()
        .chain((0..60).map(|n| {
            let before = if n == 0 { "n".to_owned() } else { format!("t{}", n - 1) };
            row(&["calculate", &format!("t{n}"), "", "", &format!("concat(${{{before}}}, ${{{before}}})")])
        }))
        .collect();
    let chain: Vec<_> = [row(&["integer", "n"])]
        .into_iter()
        .chain((0..9_000).map(|n| {
            let before = if n == 0 { "n".to_owned() } else { format!("t{}", n - 1) };
            row(&["calculate", &format!("t{n}"), "", "", &format!("${{{before}}} + 1")])
        }))
        .collect();
    let everything: Vec<_> = [row(&["integer", "n"])]
        .into_iter()
        .chain((0..200).map(|n| {
            let inner = vec!["${n}"; 500].join(" + ");
            row(&["calculate", &format!("t{n}"), "", "", &format!("regex({inner}, '(a+)+$')")])
        }))
        .collect();
    let long = "x".repeat(60_000);
    let translated = format!(
        "survey,,,,\n,type,name,label,calculation,default\n,integer,n,N,,\n,text,a,A,,{long}\n,text,b,B,,{long}y\n,calculate,c,,\"translate(${{a}}, ${{b}}, string(${{n}}))\",\n"
    );
    let dynamic = format!(
        "survey,,,,\n,type,name,label,choice_filter\n,integer,n,N,\n,select_one l,s,S,\"regex(name, concat('\\p{{L}}{{20}}', ${{n}}, name))\"\nchoices,,,\n,list_name,name,label\n{}",
        (0..2_000).map(|n| format!(",l,n{n},L\n")).collect::<String>()
    );
    vec![
        ("texts that double", survey(&power), "n", "12"),
        ("a chain of 9,000", survey(&chain), "n", "1"),
        ("100,000 names and patterns", survey(&everything), "n", "7"),
        ("a translation of everything", translated.into_bytes(), "n", "1"),
        ("patterns that are worked out", dynamic.into_bytes(), "n", "1"),
    ]
}
