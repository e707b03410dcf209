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
}

const HEAD: [&str; 11] = [
    "load",
    "who",
    "push, records/s",
    "new phone, records/s",
    "unchanged phone",
    "up, bytes/record",
    "down, bytes/record",
    "unchanged, bytes up + down",
    "at rest, × JSON",
    "server, MB",
    "phone, MB",
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

fn cells(row: &Row, ours: &Figures) -> Result<[String; 11]> {
    let (f, all) = (&row.figures, row.shape.all());
    let json = load::weight(row.shape.phones * row.shape.records)?;
    let per_record = |step: Option<Step>, bytes: fn(&Step) -> u64| {
        step.filter(|s| s.records > 0.0)
            .map_or("–".into(), |s| format!("{:.0}", bytes(&s) as f64 / s.records))
    };
    let whole = |step: Option<Step>| step.filter(|s| s.records >= all);
    Ok([
        row.shape.to_string(),
        row.peer.name().to_owned(),
        rate(f.push, ours.push, all),
        rate(f.fresh, ours.fresh, all),
        time(whole(f.unchanged), ours.unchanged),
        per_record(f.push, |s| s.up),
        per_record(f.fresh, |s| s.down),
        whole(f.unchanged).map_or("–".into(), |s| format!("{} + {}", s.up, s.down)),
        f.rest
            .filter(|_| whole(f.push).is_some())
            .map_or("–".into(), |rest| format!("{:.2}", rest as f64 / json.plain as f64)),
        format!("{:.0}", f.server_mb),
        format!("{:.0}", f.phone_mb),
    ])
}

fn rate(step: Option<Step>, ours: Option<Step>, all: f64) -> String {
    let Some(step) = step else { return "–".to_owned() };
    let rate = |s: &Step| s.records / s.seconds;
    let ratio = ours.map_or(1.0, |ours| rate(&ours) / rate(&step));
    let short = if step.records < all { format!(", gave up at {:.0}", step.records) } else { String::new() };
    if (ratio - 1.0).abs() < 0.005 {
        return format!("**{:.0}**{short}", rate(&step));
    }
    format!("{:.0} (ours {ratio:.1} ×{short})", rate(&step))
}

fn time(step: Option<Step>, ours: Option<Step>) -> String {
    let Some(step) = step else { return "–".to_owned() };
    let ratio = ours.map_or(1.0, |ours| step.seconds / ours.seconds);
    if (ratio - 1.0).abs() < 0.005 {
        return format!("**{:.1} ms**", step.seconds * 1e3);
    }
    format!("{:.0} ms (ours {ratio:.0} × faster)", step.seconds * 1e3)
}
