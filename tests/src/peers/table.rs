//! What was measured, as a table in Markdown.

use super::run::{Figures, Peer, Shape, Step};
use crate::load;
use anyhow::Result;

/// One peer's figures under one load.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// How much.
    pub shape: Shape,
    /// Who.
    pub peer: Peer,
    /// What.
    pub figures: Figures,
    /// It failed, rather than being slow: what is there is from before.
    pub failed: bool,
}

const HEAD: [&str; 13] = [
    "load",
    "who",
    "push, records/s",
    "new phone, records/s",
    "unchanged phone",
    "up, bytes/record",
    "down, bytes/record",
    "unchanged, bytes up + down",
    "server at rest, × JSON",
    "phone at rest, × JSON",
    "server, MB",
    "phones that push, MB",
    "new phone, MB",
];

/// The table: each row in absolute figures and, where we are faster, how many times.
pub fn print(rows: &[Row]) -> Result<String> {
    let mut out = format!("| {} |\n|{}\n", HEAD.join(" | "), "---|".repeat(HEAD.len()));
    for row in rows {
        let ours = rows.iter().find(|r| r.shape == row.shape && r.peer == Peer::Rounds);
        let ours = ours.map(|r| r.figures).unwrap_or_default();
        out.push_str(&format!("| {} |\n", cells(row, &ours)?.join(" | ")));
    }
    Ok(out)
}

fn cells(row: &Row, ours: &Figures) -> Result<[String; 13]> {
    let (f, all) = (&row.figures, row.shape.all());
    let json = load::weight(row.shape.phones * row.shape.records)?;
    let whole = |step: Option<Step>| step.filter(|s| s.is_whole(all));
    let per_record = |step: Option<Step>, bytes: fn(&Step) -> u64| {
        whole(step).map_or("–".into(), |s| format!("{:.0}", bytes(&s) as f64 / s.records))
    };
    let times = |bytes: Option<u64>| {
        bytes.map_or("–".to_owned(), |bytes| format!("{:.2}", bytes as f64 / json.plain as f64))
    };
    Ok([
        row.shape.to_string(),
        format!("{}{}", row.peer.name(), if row.failed { ", failed" } else { "" }),
        rate(f.push, ours.push, all),
        rate(f.fresh, ours.fresh, all),
        time(whole(f.unchanged), ours.unchanged),
        per_record(f.push, |s| s.up),
        per_record(f.fresh, |s| s.down),
        whole(f.unchanged).map_or("–".into(), |s| format!("{} + {}", s.up, s.down)),
        times(f.rest.filter(|_| whole(f.push).is_some())),
        times(f.phone_rest.filter(|_| whole(f.fresh).is_some())),
        format!("{:.0}", f.server_mb),
        format!("{:.0}", f.phones_mb),
        if f.fresh.is_some() { format!("{:.0}", f.phone_mb) } else { "–".to_owned() },
    ])
}

/// Records a second, and how many times ours is more. Who was not through in time is said to have at
/// most the rate that would just have missed it.
fn rate(step: Option<Step>, ours: Option<Step>, all: f64) -> String {
    let Some(step) = step else { return "–".to_owned() };
    let ours = ours.map_or(0.0, |ours| ours.records / ours.seconds);
    if step.is_whole(all) {
        let theirs = step.records / step.seconds;
        return match ours / theirs {
            same if (same - 1.0).abs() < 0.000_5 => format!("**{theirs:.0}**"),
            times => format!("{theirs:.0} (ours {times:.1} ×)"),
        };
    }
    let most = all / step.seconds;
    let came = if step.records > 0.0 { format!("{:.0} records", step.records) } else { "not through".into() };
    format!("{came} in {:.0} s (ours > {:.0} ×)", step.seconds, ours / most)
}

fn time(step: Option<Step>, ours: Option<Step>) -> String {
    let Some(step) = step else { return "–".to_owned() };
    let times = ours.map_or(1.0, |ours| step.seconds / ours.seconds);
    if (times - 1.0).abs() < 0.000_5 {
        return format!("**{:.1} ms**", step.seconds * 1e3);
    }
    format!("{:.0} ms (ours {times:.0} × faster)", step.seconds * 1e3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(seconds: f64, records: f64) -> Option<Step> {
        Some(Step { seconds, records, up: 0, down: 0 })
    }

    #[test]
    fn a_ratio_is_said_of_whoever_ended_and_a_bound_of_the_others() {
        let ours = step(1.0, 1_000.0);
        assert_eq!(rate(ours, ours, 1_000.0), "**1000**");
        assert_eq!(rate(step(4.0, 1_000.0), ours, 1_000.0), "250 (ours 4.0 ×)");
        assert_eq!(rate(step(10.0, 30.0), ours, 1_000.0), "30 records in 10 s (ours > 10 ×)");
        assert_eq!(rate(step(10.0, 0.0), ours, 1_000.0), "not through in 10 s (ours > 10 ×)");
        assert_eq!(rate(None, ours, 1_000.0), "–");
    }
}
