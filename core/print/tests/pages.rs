//! Pages that are made and read back by somebody else's reader (poppler).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use rounds_print::{Cell, Face, Part, PrintError, Printed, Sheet, render};
use std::path::Path;
use std::process::Command;

const NOTO: &str = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc";

fn noto() -> Face {
    let bytes = std::fs::read(NOTO).expect("./test installs fonts-noto-cjk");
    Face::read(bytes, "zh-CN").unwrap()
}

fn poppler(tool: &str, args: &[&str], pdf: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("x.pdf");
    std::fs::write(&file, pdf).unwrap();
    let done = Command::new(tool)
        .args(args)
        .arg(&file)
        .args(if tool == "pdftotext" { &["-"][..] } else { &[] })
        .output();
    let done = done.expect("./test installs poppler-utils");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn text(pdf: &[u8]) -> String {
    poppler("pdftotext", &["-layout"], pdf)
}

/// The text without what the lines of the page put between its letters.
fn run_together(pdf: &[u8]) -> String {
    poppler("pdftotext", &["-raw"], pdf).split_whitespace().collect()
}

fn cell(label: &str, value: &str) -> Cell {
    Cell { label: label.to_owned(), value: value.to_owned() }
}

fn sheet(parts: Vec<Part>) -> Sheet {
    Sheet {
        title: "电子申请书".to_owned(),
        subtitle: "受理号 SL202611240001".to_owned(),
        language: "zh-CN".to_owned(),
        parts,
        footer: "记录 0192 · 李娜".to_owned(),
        page: "第 {n} 页，共 {m} 页".to_owned(),
        id: "0192".to_owned(),
        at: (2026, 11, 24, 3, 4, 5),
    }
}

fn form() -> Sheet {
    sheet(vec![
        Part::Heading("申请内容".to_owned()),
        Part::Fields(vec![
            cell("保单号", "P10000000123"),
            cell("投保人", "张三"),
            cell(
                "申请说明",
                "客户要求将联系电话变更为 0411-82630001，并同意今后通过短信接收保单信息。".repeat(4).as_str(),
            ),
        ]),
        Part::Heading("应备资料".to_owned()),
        Part::Table {
            columns: vec!["资料".to_owned(), "状态".to_owned(), "说明 Note".to_owned()],
            rows: vec![
                vec!["身份证复印件".to_owned(), "已收".to_owned(), "Copy of the identity card".to_owned()],
                vec!["银行卡复印件".to_owned(), "未收".to_owned(), String::new()],
            ],
            none: "无".to_owned(),
        },
        Part::Text("本人声明以上内容属实。\nI declare that the above is true.".to_owned()),
        Part::Signatures(vec!["申请人签字".to_owned(), "日期".to_owned(), "服务人员签字".to_owned()]),
    ])
}

fn printed(parts: Vec<Part>) -> Printed {
    render(&sheet(parts), &[noto()]).unwrap()
}

#[test]
fn what_is_printed_can_be_read_back() {
    let printed = render(&form(), &[noto()]).unwrap();
    if let Some(folder) = std::env::var_os("ROUNDS_LOOK_AT") {
        std::fs::write(Path::new(&folder).join("form.pdf"), &printed.pdf).unwrap();
    }
    let read = text(&printed.pdf);
    for said in [
        "电子申请书",
        "SL202611240001",
        "P10000000123",
        "张三",
        "身份证复印件",
        "申请人签字",
        "第 1 页，共 1 页",
    ] {
        assert!(read.contains(said), "{said}\n{read}");
    }
    let about = poppler("pdfinfo", &[], &printed.pdf);
    assert!(about.contains("电子申请书") && about.contains("A4"), "{about}");
    let fonts = poppler("pdffonts", &[], &printed.pdf);
    assert!(fonts.contains("NotoSansCJKsc"), "the Chinese face of the collection: {fonts}");
    assert!(printed.pdf.len() < 100_000, "the font is cut down: {}", printed.pdf.len());
    assert_eq!((printed.pages, printed.lacking), (1, vec![]));
}

#[test]
fn the_same_sheet_gives_the_same_bytes() {
    assert_eq!(render(&form(), &[noto()]).unwrap(), render(&form(), &[noto()]).unwrap());
}

#[test]
fn a_long_answer_goes_on_on_the_next_page_and_loses_nothing() {
    let long: String = (0..4_000).map(|n| format!("第{n}句。")).collect();
    let word = "x".repeat(3_000);
    let printed = printed(vec![Part::Fields(vec![cell("说明", &long), cell("词", &word)])]);
    assert!(printed.pages > 5, "{}", printed.pages);
    let read = run_together(&printed.pdf);
    for n in [0, 1, 1_999, 3_999] {
        assert!(read.contains(&format!("第{n}句。")), "{n}");
    }
    assert_eq!(read.matches("句。").count(), 4_000);
    assert_eq!(read.matches('x').count(), 3_000);
    let last = format!("第{0}页，共{0}页", printed.pages);
    assert!(read.contains(&last), "{last}");
}

#[test]
fn five_hundred_rows_have_their_columns_on_every_page() {
    let rows = (0..500).map(|n| vec![format!("商品{n}"), format!("{n}.50"), "有货".to_owned()]).collect();
    let columns = ["商品名称", "价格", "状态"].map(str::to_owned).to_vec();
    let printed = printed(vec![Part::Table { columns, rows, none: String::new() }]);
    let read = run_together(&printed.pdf);
    assert_eq!(read.matches("商品名称").count(), printed.pages);
    assert!((0..500).all(|n| read.contains(&format!("商品{n}"))));
    assert!(printed.pages > 10 && printed.pdf.len() < 1_000_000);
}

#[test]
fn what_no_font_has_stands_there_as_its_code_and_is_told() {
    let printed = printed(vec![Part::Text("张三 😀 مرحبا a\u{7}b\u{202e}c\u{e000}".to_owned())]);
    let read = run_together(&printed.pdf);
    for said in ["张三", "<U+1F600>", "<U+0645>", "a<U+0007>b<U+202E>c<U+E000>"] {
        assert!(read.contains(said), "{said}: {read}");
    }
    assert!(printed.lacking.contains(&'😀') && printed.lacking.contains(&'م'), "{:?}", printed.lacking);
}

#[test]
fn a_second_font_draws_what_the_first_has_not_and_right_to_left_stands_so() {
    let bytes = std::fs::read("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf");
    let dejavu = Face::read(bytes.expect("./test installs fonts-dejavu-core"), "zh-CN").unwrap();
    let sheet =
        sheet(vec![Part::Text("姓名 مرحبا بالعالم 2026".to_owned()), Part::Text("مرحبا بالعالم".to_owned())]);
    let printed = render(&sheet, &[noto(), dejavu]).unwrap();
    assert_eq!(printed.lacking, []);
    if let Some(folder) = std::env::var_os("ROUNDS_LOOK_AT") {
        std::fs::write(Path::new(&folder).join("right.pdf"), &printed.pdf).unwrap();
    }
    let read = poppler("pdftotext", &["-raw"], &printed.pdf);
    assert!(read.contains("مرحبا"), "{read}");
}

#[test]
fn letters_that_a_form_cannot_be_without_refuse_it() {
    let bytes = std::fs::read("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").unwrap();
    let dejavu = Face::read(bytes, "zh-CN").unwrap();
    let Err(PrintError::Lacks(lacking)) = render(&form(), &[dejavu]) else {
        panic!("printed without Chinese")
    };
    assert!(lacking.contains(&'张'));
    assert_eq!(render(&form(), &[]), Err(PrintError::Lacks(vec![])));
}

#[test]
fn nothing_and_too_much() {
    let empty = render(&Sheet::default(), &[noto()]).unwrap();
    assert_eq!((empty.pages, text(&empty.pdf).trim()), (1, ""));
    let long =
        Sheet { subtitle: "长".repeat(3_000), ..sheet(vec![Part::Signatures(vec!["签".repeat(500)])]) };
    let long = render(&long, &[noto()]).unwrap();
    let read = run_together(&long.pdf);
    assert_eq!((read.matches('长').count(), read.matches('签').count()), (3_000, 500), "nothing is left out");
    let nothing = printed(vec![
        Part::Fields(vec![cell("", "")]),
        Part::Table { columns: vec![], rows: vec![vec![]], none: String::new() },
        Part::Signatures(vec![]),
        Part::Text("\n\n\n".to_owned()),
    ]);
    assert_eq!(nothing.pages, 1);
    let huge = sheet(vec![Part::Text("字".repeat(400_001))]);
    assert_eq!(render(&huge, &[noto()]), Err(PrintError::TooMuch));
    let pages = sheet(vec![Part::Text("\n字".repeat(100_000))]);
    assert_eq!(render(&pages, &[noto()]), Err(PrintError::TooMuch));
    let columns = (0..200).map(|n| format!("列{n}")).collect();
    let wide =
        printed(vec![Part::Table { columns, rows: vec![vec!["值".repeat(200); 200]], none: String::new() }]);
    assert!(wide.pages >= 1);
}

/// A font with only these tables, of those that the given one has, and some changed.
fn with_tables(font: &[u8], keep: impl Fn(&[u8]) -> bool, change: impl Fn(&[u8], &mut Vec<u8>)) -> Vec<u8> {
    let at = |place: usize| u32::from_be_bytes(font[place..place + 4].try_into().unwrap()) as usize;
    let count = usize::from(u16::from_be_bytes(font[4..6].try_into().unwrap()));
    let records = (0..count).map(|n| 12 + 16 * n).filter(|record| keep(&font[*record..*record + 4]));
    let records: Vec<usize> = records.collect();
    let mut out = font[..4].to_vec();
    out.extend((records.len() as u16).to_be_bytes());
    out.extend([0; 6]);
    let mut body = Vec::new();
    for record in &records {
        let (tag, start, length) = (&font[*record..*record + 4], at(record + 8), at(record + 12));
        let mut table = font[start..start + length].to_vec();
        change(tag, &mut table);
        out.extend(tag);
        out.extend([0; 4]);
        out.extend((12 + 16 * records.len() as u32 + body.len() as u32).to_be_bytes());
        out.extend((table.len() as u32).to_be_bytes());
        body.extend(table);
        body.resize(body.len().next_multiple_of(4), 0);
    }
    out.extend(body);
    out
}

#[test]
fn bad_fonts_and_what_is_said_of_each() {
    let good = std::fs::read("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").unwrap();
    let all = |_: &[u8]| true;
    let same = |_: &[u8], _: &mut Vec<u8>| {};
    let restricted = |tag: &[u8], table: &mut Vec<u8>| {
        if tag == b"OS/2" {
            table[8..10].copy_from_slice(&2_u16.to_be_bytes());
        }
    };
    assert!(Face::read(with_tables(&good, all, same), "en").is_ok(), "the test's own fonts are whole");
    for (what, bytes, error) in [
        ("nothing", vec![], PrintError::NotAFont),
        ("a text", b"This is a text, and no font.".to_vec(), PrintError::NotAFont),
        ("a web font", b"wOF2\0\x01\0\0 and so on".to_vec(), PrintError::NotAFont),
        ("a beginning", good[..100].to_vec(), PrintError::Damaged),
        ("half of one", good[..good.len() / 2].to_vec(), PrintError::Damaged),
        ("an empty collection", b"ttcf\0\x01\0\0\0\0\0\0".to_vec(), PrintError::Damaged),
        ("no head", with_tables(&good, |tag| tag != b"head", same), PrintError::Damaged),
        (
            "pictures only",
            with_tables(&good, |tag| tag != b"glyf" && tag != b"loca", same),
            PrintError::NoOutlines,
        ),
        ("no letters", with_tables(&good, |tag| tag != b"cmap", same), PrintError::NoLetters),
        ("a licence that forbids it", with_tables(&good, all, restricted), PrintError::Forbidden),
    ] {
        assert_eq!(Face::read(bytes, "en").unwrap_err(), error, "{what}");
    }
}

/// A font that is damaged where nobody looks before may print badly or be refused; it never ends the app.
#[test]
fn damage_inside_a_font_ends_nothing() {
    let good = std::fs::read("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf").unwrap();
    let sheet = Sheet { title: "Hello".to_owned(), page: "{n}/{m}".to_owned(), ..Sheet::default() };
    let mut seed = 7_u64;
    let mut random = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (seed >> 33) as usize % below
    };
    let mut read = 0;
    for _ in 0..150 {
        let mut bytes = good.clone();
        for _ in 0..20 {
            let at = random(bytes.len());
            bytes[at] = random(256) as u8;
        }
        if let Ok(face) = Face::read(bytes, "en") {
            read += 1;
            let _ = render(&sheet, &[face]);
        }
    }
    assert!(read > 10, "{read}");
}
