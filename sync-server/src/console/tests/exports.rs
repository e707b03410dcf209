//! Files of lists, read back as somebody's spreadsheet would.

use super::browser::Browser;
use super::real::{publish_folder, supervisor, visited};
use crate::testing::{Office, PACK, act, doc, edit, words};
use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use std::io::Cursor;

/// The rows of a workbook.
async fn sheet(browser: &mut Browser, path: &str) -> Vec<Vec<Data>> {
    let (status, bytes) = browser.file(path).await;
    assert_eq!(status, StatusCode::OK, "{path}");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let range = book.worksheet_range_at(0).unwrap().unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

/// What stands in the first row below the heads, by head.
fn at<'s>(rows: &'s [Vec<Data>], row: usize, head: &str) -> &'s Data {
    let place = rows[0].iter().position(|cell| *cell == head);
    let place = place.unwrap_or_else(|| panic!("no {head} in {:?}", rows[0]));
    &rows[row][place]
}

#[tokio::test]
async fn e1_a_file_has_what_acts_say_and_days_and_times_are_days_and_times() {
    let office = Office::new();
    let mut li = visited(&office);
    let far = [("place", "38.92012 121.64431 0 12"), ("reason", "The satellites are blocked")];
    let stated = li.act_with(doc(1), "check_in", "planned", &far);
    assert_eq!(words(&li.push(&office, vec![act(&stated)])), ["stored"]);
    let stated = li.act_with(doc(1), "check_out", "in_store", &[]);
    assert_eq!(words(&li.push(&office, vec![act(&stated)])), ["stored"]);
    let mut boss = supervisor(&office).await;
    let rows = sheet(&mut boss, "/kinds/visit/export.xlsx?stage=done").await;
    assert_eq!(rows.len(), 2, "a head and one visit");
    let text = |head: &str| at(&rows, 1, head).to_string();
    assert_eq!(text("Check in · Position"), "38.92012 121.64431 0 12");
    assert_eq!(
        text("Check in · Why not near the store, or without a position"),
        "The satellites are blocked"
    );
    assert_eq!(text("Check in · By"), "李娜");
    assert_eq!(text("Check out · Minutes in the store"), "0");
    assert!(matches!(at(&rows, 1, "Check out · Minutes in the store"), Data::Float(_)));
    for head in ["Check in · When", "Check out · When"] {
        let Data::DateTime(when) = at(&rows, 1, head) else { panic!("{head}: {:?}", at(&rows, 1, head)) };
        // As the team's clocks showed it: NOW is 10:13:20 in Dalian.
        assert_eq!(when.to_ymd_hms_milli(), (2026, 11, 23, 10, 13, 20, 0), "{head}");
    }
    let Data::DateTime(day) = at(&rows, 1, "Day") else { panic!("{:?}", at(&rows, 1, "Day")) };
    assert_eq!(day.to_ymd_hms_milli(), (2026, 11, 23, 0, 0, 0, 0));
    let csv = boss.get("/kinds/visit/export.csv?stage=done").await.body;
    assert!(csv.contains(",2026-11-23,") && csv.contains("2026-11-23T10:13:20+08:00"), "{csv}");
}

#[tokio::test]
async fn a_file_keeps_the_answers_to_questions_that_a_newer_version_does_not_ask() {
    let office = Office::new();
    let mut li = office.phone("李娜");
    let made = [edit(&li.ticket(1, "Window seat")), edit(&li.set(doc(1), "seat", "12A"))];
    assert_eq!(words(&li.push(&office, made.into())), ["stored", "stored"]);
    let seat = PACK.lines().find(|line| line.contains("{ name = \"seat\"")).unwrap();
    let newer = PACK.replace("version = 1", "version = 2").replace(seat, "").replace(", \"seat\"", "");
    let newer = newer.replace("${seat}", "${title}").replace("field = \"seat\"", "field = \"title\"");
    office.publish(&newer);
    let mut boss = supervisor(&office).await;
    let csv = boss.get("/kinds/ticket/export.csv").await.body;
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let (head, row) = (lines.next().unwrap(), lines.next().unwrap());
    let place =
        head.iter().position(|cell| *cell == "Seat (earlier version)").unwrap_or_else(|| panic!("{head:?}"));
    assert_eq!(row[place], "12A");
}

#[tokio::test]
async fn reports_exceptions_people_and_the_log_are_files_too() {
    let office = Office::new();
    let mut li = visited(&office);
    publish_folder(&office, "shelf-audit");
    let far = [("place", "38.92012 121.64431 0 12"), ("reason", "The satellites are blocked")];
    let stated = li.act_with(doc(1), "check_in", "planned", &far);
    assert_eq!(words(&li.push(&office, vec![act(&stated)])), ["stored"]);
    let mut boss = supervisor(&office).await;
    let rows = sheet(&mut boss, "/reports/visit/coverage/export.xlsx").await;
    assert_eq!(at(&rows, 1, "Rep").to_string(), "李娜");
    for (head, value) in [("Done %", 0.0), ("Done: of these", 0.0), ("Done: of", 2.0), ("Visits", 2.0)] {
        assert_eq!(*at(&rows, 1, head), Data::Float(value), "{head}");
    }
    let week = boss.get("/reports/week_plan/goal_sheet/export.csv").await.body;
    assert!(week.contains("李娜,Nothing handed in"), "{week}");
    let doubts = boss.get("/exceptions/export.csv?sort=doubt").await.body;
    let lines: Vec<&str> = doubts.lines().collect();
    assert_eq!(lines.len(), 3, "{doubts}");
    assert!(lines[1].contains("Checked in far away") && lines[1].contains(&doc(1).to_string()), "{doubts}");
    let none = boss.get("/exceptions/export.csv?sort=blocked").await.body;
    assert!(!none.contains(&doc(1).to_string()), "{none}");
    let team = sheet(&mut boss, "/team/export.xlsx").await;
    let named = team.iter().position(|row| row[0] == "李娜").unwrap();
    let Data::DateTime(last) = at(&team, named, "Last sync") else { panic!("{team:?}") };
    assert_eq!(last.to_ymd_hms_milli().0, 2026);
    let log = boss.get("/team/log/export.csv").await;
    assert_eq!(log.status, StatusCode::OK);
    assert!(log.body.lines().count() > 1 && log.body.contains("李娜"), "{}", log.body);
    assert_eq!(boss.get("/reports/visit/nothing/export.csv").await.status, StatusCode::NOT_FOUND);
}
