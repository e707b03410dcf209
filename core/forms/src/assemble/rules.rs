//! What a row must and must not have, as pyxform demands it.

use std::collections::BTreeMap;

use super::Assembler;
use crate::expr;
use crate::form::{Question, Unresolved};
use crate::kind::{Kind, Source};
use crate::language::Texts;
use crate::messages::Code;
use crate::parameters;
use crate::spec::QuestionSpec;
use crate::template::Template;

impl Assembler<'_> {
    /// Columns that a type needs or cannot have.
    pub(super) fn rules(&mut self, row: u32, spec: &QuestionSpec, kind: Kind) {
        let calculated = !spec.calculation.is_empty();
        match kind {
            Kind::Calculate if !calculated && !is_dynamic(&spec.default) => {
                self.report.error(row, "calculation", Code::MissingCalculation, vec![spec.name.clone()]);
            }
            Kind::BackgroundGeopoint if spec.trigger.is_empty() => {
                self.report.error(row, "trigger", Code::MissingTrigger, vec![spec.name.clone()]);
            }
            Kind::BackgroundGeopoint if calculated => {
                self.report.error(row, "calculation", Code::NeedlessCalculation, vec![spec.name.clone()]);
            }
            Kind::Audit if !matches!(spec.name.trim(), "" | "audit") => {
                self.report.error(row, "name", Code::AuditName, vec![spec.name.clone()]);
            }
            _ => {}
        }
        let shown = !kind.is_container()
            && !kind.is_metadata()
            && !matches!(
                kind,
                Kind::Calculate
                    | Kind::Hidden
                    | Kind::StartGeopoint
                    | Kind::BackgroundGeopoint
                    | Kind::BackgroundAudio
            );
        let said = !(spec.label.is_empty() && spec.hint.is_empty() && spec.media.is_empty());
        let named = !spec.name.is_empty() || kind == Kind::Note;
        if self.labelled && named && shown && !said && !calculated && spec.trigger.is_empty() {
            self.report.error(row, "label", Code::MissingLabel, vec![spec.name.clone()]);
        }
        if spec.media.contains_key("big-image") && !spec.media.contains_key("image") {
            self.report.error(row, "big-image", Code::BigImageAlone, vec![spec.name.clone()]);
        }
    }

    /// Names in the trigger column; whether they lead anywhere is checked once all are known.
    pub(super) fn trigger(&mut self, row: u32, cell: &str) -> Vec<String> {
        let mut names = Vec::new();
        for part in cell.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            match part.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if expr::is_name(name.trim()) => names.push(name.trim().to_owned()),
                _ => self.report.error(row, "trigger", Code::BadTrigger, vec![part.to_owned()]),
            }
        }
        names
    }

    pub(super) fn parameters(
        &mut self,
        row: u32,
        kind: Kind,
        source: Option<&Source>,
        cell: &str,
    ) -> BTreeMap<String, String> {
        let from_file = matches!(source, Some(Source::File(_)));
        let read = parameters::read(cell)
            .and_then(|pairs| parameters::check(kind, from_file, &pairs).map(|()| pairs));
        read.unwrap_or_else(|wrong| {
            self.report.error(row, "parameters", Code::BadParameters, vec![wrong]);
            BTreeMap::new()
        })
    }

    /// What an audit asks for that is not recorded. Who answered, from what to what, and how long it took always
    /// is.
    pub(super) fn audit_settings(&mut self, row: u32, cell: &str) {
        for (key, value) in parameters::read(cell).unwrap_or_default() {
            if key.starts_with("location-") || key == "track-changes-reasons" {
                let args = vec![format!("{key}={value}")];
                self.report.unsupported(row, "parameters", Code::AuditSetting, args);
            }
        }
    }

    pub(super) fn slider(&mut self, row: u32, pairs: &BTreeMap<String, String>) -> Kind {
        parameters::range(pairs).unwrap_or_else(|wrong| {
            self.report.error(row, "parameters", Code::BadParameters, vec![wrong]);
            Kind::Range { start: 1.0, end: 10.0, step: 1.0 }
        })
    }

    pub(super) fn media_templates(
        &mut self,
        row: u32,
        media: &BTreeMap<String, Texts>,
    ) -> BTreeMap<String, Texts<Template>> {
        let templates = media.iter().map(|(kind, texts)| (kind.clone(), self.templates(row, kind, texts)));
        templates.collect()
    }

    /// Connects triggers and choices from answers with the questions that they name.
    pub(super) fn link(&mut self) {
        let mut links = Vec::new();
        let mut sources = Vec::new();
        for (id, question) in self.form.questions.iter().enumerate() {
            links.extend(question.trigger.iter().map(|name| (id, name.clone())));
            sources.extend(question.answers_of.iter().map(|name| (id, name.clone())));
        }
        for (id, name) in links {
            let row = self.row_of(id);
            match self.form.resolve(None, &name) {
                Ok(source) if self.form.node(source).is_some_and(is_answered) => {
                    self.form.triggered.entry(source).or_default().push(id);
                }
                Ok(_) => self.report.error(row, "trigger", Code::HiddenTrigger, vec![name]),
                Err(_) => self.report.error(row, "trigger", Code::UnknownReference, vec![name]),
            }
        }
        for (id, cell) in sources {
            let row = self.row_of(id);
            let name = cell.trim_start_matches("${").trim_end_matches('}');
            let found = self.form.resolve(None, name);
            let inside = found.is_ok_and(|source| {
                self.form.node(source).is_some_and(|node| node.repeat.is_some() && !node.kind.is_container())
            });
            match found {
                Ok(source) if inside => {
                    if let Some(question) = self.form.questions.get_mut(id) {
                        question.choices_from = Some(source);
                    }
                }
                Err(Unresolved::Ambiguous) => {
                    self.report.error(row, "type", Code::AmbiguousReference, vec![name.to_owned()]);
                }
                _ => self.report.error(row, "type", Code::NotInRepeat, vec![name.to_owned()]),
            }
        }
    }
}

/// Whether a person can change it, so that it can set others.
fn is_answered(question: &Question) -> bool {
    !question.unseen
        && !question.kind.is_container()
        && !question.kind.is_metadata()
        && !matches!(question.kind, Kind::Calculate | Kind::Hidden)
}

/// Whether a default is evaluated rather than taken as it is: it calls or refers to something, or
/// it is arithmetic on its own, as pyxform has it.
pub(super) fn is_dynamic(text: &str) -> bool {
    if text.is_empty() {
        return false;
    }
    let arithmetic = [" + ", " - ", " * ", "*", " div ", " mod "];
    expr::parse(text).is_ok_and(|expr| {
        expr.is_dynamic()
            || (arithmetic.iter().any(|operator| text.contains(operator)) && expr.references().is_empty())
    })
}
