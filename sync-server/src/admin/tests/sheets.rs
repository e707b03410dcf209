//! Rows from workbooks: as people keep them, and as somebody makes them who wants the server to fall.

use super::refused;
use crate::admin::by::By;
use crate::admin::import::{self, Change, Imported};
use crate::admin::sheets::csv_of;
use crate::admin::{Done, Trouble};
use crate::testing::{NOW, Office};
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::io::{Cursor, Write};

const STORES: &str = r#"
id = "stores"
version = 1
title = { zh = "门店", en = "Stores" }

[kinds.shop]
title = { zh = "门店", en = "Shop" }
plural = { zh = "门店", en = "Shops" }
scope = "team"
create = ["operator"]
initial = "open"
fields = [
    { name = "code", type = "text", title = { zh = "编号", en = "Code" }, required = true },
    { name = "name", type = "text", title = { zh = "店名", en = "Name" } },
    { name = "opened", type = "date", title = { zh = "开业", en = "Opened" } },
    { name = "opens", type = "time", title = { zh = "开门", en = "Opens" } },
    { name = "phone", type = "text", title = { zh = "电话", en = "Phone" } },
    { name = "size", type = "integer", title = { zh = "面积", en = "Size" } },
]
display = { title = { zh = "${name}", en = "${name}" } }
stages = { open = { title = { zh = "营业", en = "Open" } } }
write = [{ stages = ["*"], roles = ["operator"], who = "anyone", fields = ["*"] }]
"#;

/// What both workbooks of the tests say: leading zeros, Chinese, dates, a time alone, a number and a text.
const ROWS: &str = "code,name,opened,opens,phone,size\n\
    0007,中山广场店,2019-05-01,08:30:00,41182630001,3\n\
    0008,西安路店,2020-02-29,22:00:00,0411-82630002,12\n";

fn office() -> Office {
    let office = Office::new();
    office.publish(STORES);
    office
}

fn shops(office: &Office, bytes: &[u8], dry: bool) -> Done<Imported> {
    let what = ("shop", bytes, Some("code"));
    import::import_by(&office.db, office.team, By::server(), what, dry, NOW)
}

/// A workbook with one sheet.
fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

fn headed(sheet: &mut Worksheet, row: u32, columns: &[&str]) {
    for (column, name) in (0..).zip(columns) {
        sheet.write_string(row, column, *name).unwrap();
    }
}

fn said(bytes: Vec<u8>) -> String {
    refused(csv_of(bytes)).join("\n")
}

#[test]
fn a_workbook_as_people_keep_it_is_imported_as_its_cells_are_read() {
    let office = office();
    let xlsx = workbook(|sheet| {
        // A title and a blank row stay above nothing: only blank rows are passed over.
        headed(sheet, 1, &["code", "name", "opened", "opens", "phone", "size"]);
        let (day, time) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("hh:mm"));
        let rows = [
            ("0007", "中山广场店", (2019, 5, 1), (8, 30), None, "3"),
            ("0008", " 西安路店\u{a0}", (2020, 2, 29), (22, 0), Some("0411-82630002"), "12"),
        ];
        for (row, (code, name, date, clock, phone, size)) in (2..).zip(rows) {
            sheet.write_string(row, 0, code).unwrap();
            sheet.write_string(row, 1, name).unwrap();
            let date = ExcelDateTime::from_ymd(date.0, date.1, date.2).unwrap();
            sheet.write_with_format(row, 2, &date, &day).unwrap();
            let clock = ExcelDateTime::from_hms(clock.0, clock.1, 0).unwrap();
            sheet.write_with_format(row, 3, &clock, &time).unwrap();
            match phone {
                Some(phone) => sheet.write_string(row, 4, phone).unwrap(),
                None => sheet.write_number(row, 4, 41_182_630_001.0).unwrap(),
            };
            sheet.write_string(row, 5, size).unwrap();
        }
    });
    let xls = include_bytes!("stores.xls").to_vec();
    let done = shops(&office, &csv_of(xlsx).unwrap(), false).unwrap();
    assert_eq!((done.created, done.changed, done.same), (2, 0, 0));
    // The .xls and the CSV say the same, to the letter.
    for bytes in [xls, ROWS.as_bytes().to_vec()] {
        let done = shops(&office, &csv_of(bytes).unwrap(), false).unwrap();
        assert_eq!((done.created, done.changed, done.same), (0, 0, 2), "{:?}", done.changes);
    }
    // A problem names the row that its author sees, below the blank ones.
    let bad = workbook(|sheet| {
        headed(sheet, 3, &["code", "size"]);
        sheet.write_string(5, 0, "0007").unwrap();
        sheet.write_string(5, 1, "large\nvery").unwrap();
    });
    let told = refused(shops(&office, &csv_of(bad).unwrap(), true));
    assert_eq!(told, ["Row 6: large very in the column size is not a whole number."]);
}

/// Found by a reviewer: an error was taken for an empty cell, which clears what is there.
#[test]
fn an_error_in_a_cell_is_a_problem_of_its_row_and_clears_nothing() {
    let office = office();
    shops(&office, ROWS.as_bytes(), false).unwrap();
    let bytes = workbook(|sheet| {
        headed(sheet, 0, &["code", "name", "", "size"]);
        headed(sheet, 1, &["0007"]);
        sheet.write_formula(1, 3, Formula::new("=NA()").set_result("#N/A")).unwrap();
        headed(sheet, 2, &["0008"]);
        sheet.write_formula(2, 2, Formula::new("=#REF!").set_result("#REF!")).unwrap();
    });
    assert_eq!(
        refused(csv_of(bytes)),
        [
            "Row 2: #N/A in the column size is an error of the workbook and no value. Mend its formula, or clear the cell.",
            "Row 3: #REF! in the column C is an error of the workbook and no value. Mend its formula, or clear the cell.",
        ]
    );
}

#[test]
fn a_dry_run_tells_what_known_records_would_have_instead() {
    let office = office();
    shops(&office, ROWS.as_bytes(), false).unwrap();
    let rows = "code,name,phone,size\n0007,中山广场店,,3\n0009,新店,1,1\n0008,西安路店,0411-82630009,\n";
    let change = |line, column: &str, from: &str, to: &str| Change {
        line,
        column: column.into(),
        from: from.into(),
        to: to.into(),
    };
    let done = shops(&office, rows.as_bytes(), true).unwrap();
    assert_eq!((done.created, done.changed, done.same), (1, 2, 0));
    assert_eq!(
        done.changes,
        [
            change(2, "phone", "41182630001", ""),
            change(4, "phone", "0411-82630002", "0411-82630009"),
            change(4, "size", "12", ""),
        ]
    );
    let many: String = (0..60).map(|n| format!("N{n},1\n")).collect();
    shops(&office, format!("code,size\n{many}").as_bytes(), false).unwrap();
    let done =
        shops(&office, format!("code,size\n{}", many.replace(",1\n", ",2\n")).as_bytes(), true).unwrap();
    assert_eq!((done.changed, done.changes.len()), (60, 50));
}

/// Found by a reviewer: two cells in the corners of a sheet ended the whole server.
#[test]
fn a_workbook_made_to_fell_the_server_is_refused_with_what_to_do() {
    let corners = workbook(|sheet| {
        sheet.write_string(0, 0, "code").unwrap();
        sheet.write_string(1_048_575, 16_383, "far").unwrap();
    });
    assert!(said(corners).contains("up to 200000 rows and 400 columns"), "two cells");
    let zip = |parts: &[(&str, &[u8])]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(vec![]));
        for (name, content) in parts {
            zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let bomb = vec![b' '; 65 << 20];
    let bomb = zip(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &bomb)]);
    assert!(said(bomb).contains("64 MB once it is unpacked"));
    let ods = zip(&[("content.xml", b"<office:document-content/>")]);
    let told = said(ods);
    assert!(told.contains("an OpenDocument file (.ods)") && told.contains("Save it as .xlsx"), "{told}");
    let mut xls = include_bytes!("stores.xls").to_vec();
    xls.truncate(2_000);
    for damaged in [xls, b"PK\x03\x04 and nothing more".to_vec(), zip(&[("xl/workbook.xml", b"<")])] {
        assert!(said(damaged).contains("damaged"), "cut off");
    }
    assert!(said(b"%PDF-1.7".to_vec()).contains("This is a PDF"));
    // Every file that the reader of forms knows how to refuse is refused here too, or read within its bounds.
    let mut whole = workbook(|sheet| headed(sheet, 0, &["code", "name"]));
    for at in (0..whole.len()).step_by(7) {
        let byte = std::mem::replace(&mut whole[at], 0xff);
        assert!(!matches!(csv_of(whole.clone()), Err(Trouble::Failed(_))), "byte {at}");
        whole[at] = byte;
    }
}
