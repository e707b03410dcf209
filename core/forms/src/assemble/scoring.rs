//! Columns `bind::rounds:*`: what an answer counts for. SCORES.md says what they mean.

use std::collections::BTreeMap;

use super::Assembler;
use crate::expr::parse_number;
use crate::form::Scoring;
use crate::messages::Code;

impl Assembler<'_> {
    /// What the columns of a row say; none when it has none of them.
    pub(super) fn scoring(&mut self, row: u32, other: &BTreeMap<String, String>) -> Option<Scoring> {
        let mut scoring = Scoring::default();
        let mut any = false;
        for (title, cell) in other {
            let Some(name) = own(title) else { continue };
            let cell = cell.trim();
            let fine = match name.as_str() {
                "weight" => {
                    scoring.weight = parse_number(cell).filter(|weight| (0.0..=1e9).contains(weight));
                    scoring.weight.is_some()
                }
                "pass" => {
                    scoring.pass = parse_number(cell).filter(|mark| (0.0..=100.0).contains(mark));
                    scoring.pass.is_some()
                }
                "section" => {
                    scoring.section = Some(cell.to_owned());
                    true
                }
                "critical" => {
                    scoring.critical = matches!(cell.to_lowercase().as_str(), "yes" | "true" | "true()");
                    scoring.critical || matches!(cell.to_lowercase().as_str(), "no" | "false" | "false()")
                }
                "score" => {
                    scoring.share = self.parse(row, title, cell);
                    true
                }
                _ => {
                    self.report.note(row, title, Code::UnsupportedColumn, vec![title.clone()]);
                    continue;
                }
            };
            any = true;
            if !fine {
                self.report.error(row, title, Code::BadScore, vec![cell.to_owned()]);
            }
        }
        any.then_some(scoring)
    }

    /// The pass mark of the whole, in the settings.
    pub(super) fn pass_mark(&mut self) {
        let Some(cell) = self.form.settings.get("rounds_pass").cloned() else {
            return;
        };
        self.form.pass_mark = parse_number(&cell).filter(|mark| (0.0..=100.0).contains(mark));
        if self.form.pass_mark.is_none() {
            self.report.sheet("settings");
            let (row, column) = self.report.place_of("rounds_pass");
            self.report.error(row, &column, Code::BadScore, vec![cell]);
        }
    }
}

/// `bind::rounds:weight` is `weight`.
fn own(title: &str) -> Option<String> {
    let (head, name) = title.split_once(':')?;
    let name = name.trim_start_matches(':').trim();
    let name = name.to_lowercase();
    let name = name.strip_prefix("rounds:")?.trim();
    head.trim().eq_ignore_ascii_case("bind").then(|| name.to_owned())
}
