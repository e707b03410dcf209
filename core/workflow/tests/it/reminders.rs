//! Reminders: O.10 (must be printed), due soon, overdue, and who hears of it then.

use crate::team::*;
use rounds_model::scalar::Scalar;
use rounds_workflow::{Reminder, moment, reminders};

const DAY: i64 = 24 * 3_600_000;

fn submitted() -> Server {
    let mut server = Server::default();
    let file = || Scalar::from("0".repeat(64));
    let ready = [
        ("papers/licence", file()),
        ("papers/licence_original", true.into()),
        ("papers/power", file()),
        ("papers/power_dated", "2026-11-01".into()),
    ];
    server.create(doc(1), "loan", LI, LI, &ready);
    accepted(&server.act(doc(1), "submit", LI, &[]));
    server
}

fn at_day(server: &Server, days: i64) -> Option<Reminder> {
    let kind = catalogue().kind("loan").unwrap();
    // As lists know it.
    let record = server.project(doc(1)).record(doc(1));
    let mut found = reminders(kind, &record, server, moment(MORNING + days * DAY, ZONE)).unwrap();
    assert!(found.len() <= 1);
    found.pop()
}

#[test]
fn o10_what_must_be_printed_is_reminded_of_until_it_is_and_escalated() {
    let mut server = submitted();
    // Submitted on the 23rd, due by the end of the 24th.
    let soon = at_day(&server, 0).unwrap();
    assert_eq!((soon.overdue, soon.days, soon.act.as_deref()), (false, 1, Some("print")));
    assert_eq!((soon.rule.as_deref(), soon.title.zh.as_str()), (Some("O.10"), "请打印申请书（缺 0 份资料）"));
    assert!(soon.concerns(&who(LI), LI) && !soon.concerns(&who(WANG), LI) && !soon.concerns(&who(BOSS), LI));
    let late = at_day(&server, 2).unwrap();
    assert_eq!((late.overdue, late.days), (true, 0));
    assert!(!late.concerns(&who(BOSS), LI));
    // Three whole days after the end of the 24th.
    assert!(!at_day(&server, 4).unwrap().concerns(&who(BOSS), LI));
    let later = at_day(&server, 5).unwrap();
    assert_eq!(later.days, -3);
    assert!(later.concerns(&who(BOSS), LI) && later.concerns(&who(LI), LI));
    assert!(!later.is_first(&who(BOSS), LI) && later.is_first(&who(LI), LI), "it has come up to her");
    assert!(!later.concerns(&who(OPERATOR), LI) && at_day(&server, 9).unwrap().concerns(&who(OPERATOR), LI));
    accepted(&server.act(doc(1), "print", LI, &[]));
    assert_eq!(at_day(&server, 9), None);
}

/// At half past seven in the morning of the 24th it is still the 23rd in UTC.
#[test]
fn q9_what_is_due_a_day_later_counts_from_the_teams_day() {
    let mut server = submitted();
    let early = MORNING - 102 * 60_000 + DAY;
    for judged in server.history.get_mut(&doc(1)).unwrap() {
        judged.act.time = at(early);
    }
    let kind = catalogue().kind("loan").unwrap();
    let record = server.project(doc(1)).record(doc(1));
    let found = reminders(kind, &record, &server, moment(early, ZONE)).unwrap();
    // 2026-11-25, to its end.
    assert_eq!(found[0].due_ms, 1_795_449_600_000 + 2 * DAY);
}

#[test]
fn a_reminder_waits_for_its_stage() {
    let kind = catalogue().kind("loan").unwrap();
    assert!(kind.reminds("submitted") && !kind.reminds("draft") && !kind.reminds("disbursed"));
}
