//! Scores: points, sections, pass marks and critical questions. SCORES.md has the rules.

use super::Filling;
use super::frames::{FrameId, ROOT_FRAME};
use super::place::Place;
use crate::expr::{Value, parse_number};
use crate::form::{NodeId, Question};

/// What the answers of a form come to. Computed from the answers as they stand, every time.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Points earned.
    pub points: f64,
    /// Points that could be earned: the weights of all relevant questions.
    pub possible: f64,
    /// From 0 to 100; none when nothing counts.
    pub percent: Option<f64>,
    /// The mark to reach, from the settings.
    pub pass_mark: Option<f64>,
    /// Whether it is passed: marks reached, in all sections too, no critical question failed or
    /// open. None when nothing counts.
    pub passed: Option<bool>,
    /// In the order of the form.
    pub sections: Vec<SectionScore>,
    /// Keys of critical questions whose answers do not earn all.
    pub critical_failed: Vec<String>,
    /// Keys of critical questions that are not answered yet.
    pub critical_open: Vec<String>,
}

/// What one section comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct SectionScore {
    /// As the column names it; empty for questions outside all sections.
    pub name: String,
    /// Points earned.
    pub points: f64,
    /// Points that could be earned.
    pub possible: f64,
    /// From 0 to 100; none when nothing in it counts.
    pub percent: Option<f64>,
    /// How much it counts in the whole: its own weight, or its possible points.
    pub weight: f64,
    /// The mark to reach.
    pub pass_mark: Option<f64>,
    /// Whether the mark is reached; none without a mark, or when nothing in it counts.
    pub passed: Option<bool>,
}

impl Score {
    /// How many percent points more than an earlier score; none when either counts nothing.
    pub fn change_from(&self, earlier: &Score) -> Option<f64> {
        Some(self.percent? - earlier.percent?)
    }
}

impl Filling {
    /// The score, or none for a form without columns of scores.
    pub fn score(&self) -> Option<Score> {
        let form = &self.form;
        if !form.has_scores() {
            return None;
        }
        let mut tally = Tally::default();
        self.walk(ROOT_FRAME, 0, form.questions().len(), &mut |node, frame| {
            if let Some(question) = form.node(node) {
                self.count(node, question, frame, &mut tally);
            }
        });
        Some(tally.finish(form.pass_mark))
    }

    fn count(&self, node: NodeId, question: &Question, frame: FrameId, tally: &mut Tally) {
        let Some(scoring) = &question.scoring else { return };
        if question.kind.is_container() {
            if let Some(name) = &scoring.section {
                let section = tally.section(name);
                section.own_weight = scoring.weight.or(section.own_weight);
                section.pass_mark = scoring.pass.or(section.pass_mark);
            }
            return;
        }
        let cell = self.cell(node, frame);
        if !cell.is_some_and(|cell| cell.relevant) {
            return;
        }
        let answered = cell.is_some_and(|cell| !cell.effective().is_empty());
        let Some(share) = self.share(node, question, frame, answered) else {
            return;
        };
        if scoring.critical {
            let key = self.key(node, frame);
            if !answered {
                tally.open.push(key);
            } else if share < 1.0 {
                tally.failed.push(key);
            }
        }
        let weight = scoring.weight.unwrap_or(0.0);
        let section = tally.section(self.section_of(question));
        section.possible += weight;
        section.points += weight * share;
    }

    /// How much of its weight an answer earns; none when it does not count at all.
    fn share(&self, node: NodeId, question: &Question, frame: FrameId, answered: bool) -> Option<f64> {
        if !answered {
            return Some(0.0);
        }
        if let Some(expr) = question.scoring.as_ref().and_then(|scoring| scoring.share.as_ref()) {
            let place = Place { filling: self, node: Some(node), frame, row: None };
            let value = expr.eval(&place).unwrap_or(Value::Number(0.0));
            let share = value.as_number();
            return Some(if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) });
        }
        let cell = self.cell(node, frame)?;
        let column =
            self.form.list_of(question).and_then(|list| Some((list, list.table.column("rounds_score")?)));
        let Some((list, column)) = column else {
            return Some(f64::from(u8::from(!cell.broken)));
        };
        let mut sum = 0.0;
        for value in cell.effective().split_whitespace() {
            let row = list.table.find(list.value, value).first()?;
            let text = list.table.cell(*row as usize, column);
            if text.eq_ignore_ascii_case("na") {
                return None;
            }
            sum += parse_number(text).unwrap_or(0.0);
        }
        Some(sum.clamp(0.0, 1.0))
    }

    /// Its own section, or that of the nearest group around it.
    fn section_of<'a>(&'a self, question: &'a Question) -> &'a str {
        let mut at = Some(question);
        while let Some(question) = at {
            if let Some(name) = question.scoring.as_ref().and_then(|scoring| scoring.section.as_deref()) {
                return name;
            }
            at = question.parent.and_then(|parent| self.form.node(parent));
        }
        ""
    }
}

#[derive(Default)]
struct Tally {
    sections: Vec<Section>,
    failed: Vec<String>,
    open: Vec<String>,
}

#[derive(Default)]
struct Section {
    name: String,
    points: f64,
    possible: f64,
    own_weight: Option<f64>,
    pass_mark: Option<f64>,
}

impl Tally {
    fn section(&mut self, name: &str) -> &mut Section {
        let at = self.sections.iter().position(|section| section.name == name);
        let at = at.unwrap_or_else(|| {
            self.sections.push(Section { name: name.to_owned(), ..Section::default() });
            self.sections.len() - 1
        });
        let last = self.sections.len() - 1;
        &mut self.sections[at.min(last)]
    }

    fn finish(self, pass_mark: Option<f64>) -> Score {
        let sections: Vec<SectionScore> = self.sections.into_iter().map(Section::finish).collect();
        let (mut weight, mut earned) = (0.0, 0.0);
        for section in &sections {
            if let Some(percent) = section.percent {
                weight += section.weight;
                earned += section.weight * percent;
            }
        }
        let percent = (weight > 0.0).then(|| earned / weight);
        let critical = self.failed.is_empty() && self.open.is_empty();
        let reached = |mark: Option<f64>, percent: Option<f64>| match (mark, percent) {
            (Some(mark), Some(percent)) => percent + 1e-9 >= mark,
            _ => true,
        };
        let passed = critical
            && reached(pass_mark, percent)
            && sections.iter().all(|section| section.passed != Some(false));
        Score {
            points: sections.iter().map(|section| section.points).sum(),
            possible: sections.iter().map(|section| section.possible).sum(),
            percent,
            pass_mark,
            passed: (percent.is_some() || !critical).then_some(passed),
            sections,
            critical_failed: self.failed,
            critical_open: self.open,
        }
    }
}

impl Section {
    fn finish(self) -> SectionScore {
        let percent = (self.possible > 0.0).then(|| self.points / self.possible * 100.0);
        let passed = self.pass_mark.zip(percent).map(|(mark, percent)| percent + 1e-9 >= mark);
        SectionScore {
            weight: self.own_weight.unwrap_or(self.possible),
            name: self.name,
            points: self.points,
            possible: self.possible,
            percent,
            pass_mark: self.pass_mark,
            passed,
        }
    }
}
