//! Schedules: D.7 and D.8, by the season, in trusted time and the team's zone.

use crate::team::*;
use chrono::NaiveDate;
use rounds_model::scalar::Scalar;
use std::collections::BTreeMap;

#[test]
fn d7_r1_the_day_has_other_slots_in_winter_and_expressions_know_them() {
    let mut server = Server::default();
    let ready: BTreeMap<&str, Scalar> = [
        ("papers/licence", Scalar::from("0".repeat(64))),
        ("papers/licence_original", true.into()),
        ("papers/power", "0".repeat(64).into()),
        ("papers/power_dated", "2026-11-01".into()),
    ]
    .into();
    server.create(doc(1), "loan", LI, LI, &ready.into_iter().collect::<Vec<_>>());
    // 09:12 is after the reading; at 08:59 it is still going on.
    let mut act = server.statement(doc(1), "submit", LI, &[]);
    act.time = at(MORNING - 13 * 60_000);
    let ruling = server.judge(act);
    accepted(&ruling);
    let facts: Vec<_> = ruling.facts.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
    let expected = [("slot", "reading"), ("start", "13:30"), ("winter", "winter 13:00")];
    assert_eq!(facts, expected.map(|(name, value)| (name, value.to_owned())));
}

#[test]
fn d7_seasons_cover_the_year() {
    let schedule = &catalogue().pack("mechanisms").unwrap().schedules["day"];
    let season = |text: &str| {
        let date: NaiveDate = text.parse().unwrap();
        let late = schedule.slots(date).last().unwrap().to.format("%H:%M").to_string();
        (schedule.season(date).unwrap().name.as_str(), late)
    };
    for (date, name, end) in [
        ("2026-04-30", "winter", "17:00"),
        ("2026-05-01", "summer", "17:30"),
        ("2026-09-30", "summer", "17:30"),
        ("2026-10-01", "winter", "17:00"),
        ("2028-02-29", "winter", "17:00"),
    ] {
        assert_eq!(season(date), (name, end.to_owned()), "{date}");
    }
    let at = |text: &str| schedule.slot(text.parse().unwrap()).map(|slot| slot.name.as_str());
    assert_eq!(at("2026-11-23T08:50:00"), Some("reading"), "a slot ends before the next begins");
    assert_eq!(at("2026-11-23T09:00:00"), None);
    assert!(schedule.concerns(role(LI)) && !schedule.concerns(role(BOSS)));
}
