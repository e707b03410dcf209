//! Numbers of a record over time, as its pack wants them shown: at the record that they are about.

use super::{Look, belongs};
use crate::screen::{Block, Point, Screen, Trend};
use chrono::TimeZone;
use rounds_device::RoundsError;
use rounds_model::ids::DocId;
use rounds_workflow::Kind;

/// Records that are looked at.
const LOOKED_AT: usize = 12;

impl Look<'_> {
    pub(super) fn trends(&self, kind: &Kind, doc: DocId, screen: &mut Screen) -> Result<(), RoundsError> {
        let (packs, zone) = (self.packs(), self.rounds.identity()?.zone());
        for other in packs.kinds() {
            let Some(rule) = &other.trend else { continue };
            if belongs::links(other, &kind.name).is_none_or(|field| field.name != rule.at) {
                continue;
            }
            let mut told = self.rounds.linking_told(doc, &other.name, &rule.at, LOOKED_AT, self.lang)?;
            told.reverse();
            // What was recorded late stands where it belongs.
            if let Some(on) = &rule.on {
                told.sort_by(|a, b| a.data.get(on).cmp(&b.data.get(on)));
            }
            let mut points: Vec<Point> = Vec::new();
            for one in &told {
                let number = |key: &String| one.data.get(key).and_then(|value| value.parse::<f64>().ok());
                let values: Vec<f64> = rule.values.iter().filter_map(number).collect();
                let ms = i64::try_from(one.made_ms).unwrap_or(0);
                let at = chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default();
                let made = || zone.from_utc_datetime(&at.naive_utc()).format("%m-%d").to_string();
                let said = rule.on.as_ref().and_then(|on| one.data.get(on)?.get(5..10)).map(str::to_owned);
                let label = said.unwrap_or_else(made);
                // What was before the first record is in it alone.
                let before = (points.is_empty() && values.len() > 1).then(|| values.first()).flatten();
                if let Some(before) = before {
                    points.push(Point { label: self.plain("trend-before"), value: *before });
                }
                points.extend(values.last().map(|value| Point { label, value: *value }));
            }
            let text = match points.as_slice() {
                [.., before, now] => self.change(before.value, now.value),
                _ => continue,
            };
            let title = rule.title.get(self.lang).to_owned();
            screen.blocks.push(Block::Trend { trend: Trend { title, text, points } });
        }
        Ok(())
    }

    fn change(&self, before: f64, now: f64) -> String {
        let args =
            |by: f64| [("n", format!("{by:.0}")), ("before", before.to_string()), ("now", now.to_string())];
        if before == now {
            return self.words("trend-same", &args(0.0));
        }
        if before <= 0.0 {
            return self.words("trend-new", &args(0.0));
        }
        let by = (now - before) / before * 100.0;
        self.words(if by > 0.0 { "trend-up" } else { "trend-down" }, &args(by.abs()))
    }
}
