//! `pack.toml` as it is written: the shapes and nothing else. Every part that another part can be
//! wrong about keeps its place in the file, so that a problem names a line.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A name or an expression, with its place.
pub(crate) type Word = Spanned<String>;
/// A list that must not be empty, with its place.
pub(crate) type List = Spanned<Vec<Word>>;
/// Named parts. The author's order is the order of their places.
pub(crate) type Named<T> = BTreeMap<Word, T>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Manifest {
    pub id: Word,
    pub version: Spanned<i64>,
    pub title: Spanned<Words>,
    #[serde(default)]
    pub uses: Vec<Word>,
    #[serde(default)]
    pub roles: Vec<Word>,
    #[serde(default)]
    pub kinds: Named<KindSource>,
    #[serde(default)]
    pub arbitration: Vec<ArbitrationSource>,
    #[serde(default)]
    pub schedules: Vec<ScheduleSource>,
    #[serde(default)]
    pub tables: Named<TableSource>,
}

/// What the cells of a table may hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableSource {
    pub key: Option<Word>,
    #[serde(default)]
    pub columns: Named<CellSource>,
    /// Of a row, by what it is called in the key's column.
    #[serde(default)]
    pub rows: Named<Named<CellSource>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CellSource {
    #[serde(rename = "type")]
    pub reads: Option<Word>,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub unique: bool,
    pub min: Option<Spanned<f64>>,
    pub max: Option<Spanned<f64>>,
    #[serde(default)]
    pub choices: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScheduleSource {
    pub name: Word,
    pub title: Spanned<Words>,
    pub note: Option<Spanned<Words>>,
    pub table: Word,
    #[serde(default)]
    pub roles: Vec<Word>,
    #[serde(default)]
    pub seasons: Vec<SeasonSource>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeasonSource {
    pub name: Word,
    pub title: Spanned<Words>,
    pub from: Word,
    pub to: Word,
}

/// A text: both languages, or a problem.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub zh: Option<Word>,
    pub en: Option<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindSource {
    pub title: Spanned<Words>,
    pub plural: Spanned<Words>,
    pub scope: Spanned<ScopeSource>,
    pub form: Option<Word>,
    pub rows: Option<Word>,
    #[serde(default)]
    pub fields: Vec<FieldSource>,
    pub create: List,
    #[serde(default)]
    pub assign: Vec<Word>,
    pub initial: Word,
    pub stages: Named<StageSource>,
    #[serde(default)]
    pub display: DisplaySource,
    #[serde(default)]
    pub search: Vec<Word>,
    pub subject: Option<Word>,
    #[serde(default)]
    pub unique: Vec<Word>,
    #[serde(default)]
    pub prefill: Named<Word>,
    pub agenda: Option<AgendaSource>,
    pub trend: Option<TrendSource>,
    pub stay: Option<StaySource>,
    pub step: Option<StepSource>,
    pub change_request: Option<Word>,
    #[serde(default)]
    pub write: Vec<WriteSource>,
    #[serde(default)]
    pub acts: Named<ActSource>,
    #[serde(default)]
    pub finders: Named<FinderSource>,
    #[serde(default)]
    pub checklists: Vec<ChecklistSource>,
    #[serde(default)]
    pub checks: Vec<CheckSource>,
    #[serde(default)]
    pub reminders: Named<ReminderSource>,
    #[serde(default)]
    pub tabs: Vec<TabSource>,
    #[serde(default)]
    pub prints: Named<PrintSource>,
    #[serde(default)]
    pub lists: Vec<ListSource>,
    #[serde(default)]
    pub recordings: Vec<RecordingSource>,
    pub photos: Option<PhotosSource>,
    #[serde(default)]
    pub exceptions: Named<ExceptionSource>,
    pub rule: Option<String>,
    #[serde(default)]
    pub reports: Named<ReportSource>,
}

/// What the records of a kind come to, group by group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReportSource {
    pub title: Spanned<Words>,
    pub hint: Option<Spanned<Words>>,
    pub when: Option<Word>,
    pub by: Word,
    pub groups: Spanned<Words>,
    pub labels: Option<Word>,
    pub on: Option<Word>,
    pub span: Option<Word>,
    pub everyone: Option<Spanned<bool>>,
    #[serde(default)]
    pub columns: Vec<ColumnSource>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ColumnSource {
    pub title: Spanned<Words>,
    #[serde(rename = "as")]
    pub how: Word,
    pub value: Option<Word>,
    pub of: Option<Word>,
}

/// A list of its records: which, in which order, with which columns.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListSource {
    pub name: Word,
    pub title: Spanned<Words>,
    #[serde(default)]
    pub columns: Vec<Word>,
    #[serde(default)]
    pub order: Vec<Word>,
    #[serde(default)]
    pub stages: Vec<Word>,
    pub when: Option<Word>,
    pub rule: Option<String>,
}

/// A recording by script.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecordingSource {
    pub field: Word,
    pub table: Word,
    pub script: Word,
    pub medium: Word,
    pub rule: Option<String>,
}

/// What is asked of photos.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PhotosSource {
    #[serde(default)]
    pub camera_only: bool,
    #[serde(default)]
    pub place: bool,
    pub max_pixels: Option<Spanned<i64>>,
    pub watermark: Option<Spanned<Words>>,
    pub rule: Option<String>,
}

/// What a supervisor should look at.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExceptionSource {
    pub title: Spanned<Words>,
    pub when: Word,
    #[serde(default)]
    pub stages: Vec<Word>,
    pub reason: Spanned<Words>,
    #[serde(default)]
    pub evidence: Vec<Word>,
    pub rule: Option<String>,
}

/// What can be printed of a record.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrintSource {
    pub title: Spanned<Words>,
    pub subtitle: Option<Spanned<Words>>,
    #[serde(default)]
    pub stages: Vec<Word>,
    #[serde(default)]
    pub roles: Vec<Word>,
    pub act: Option<Word>,
    pub since: Option<Word>,
    #[serde(default)]
    pub guards: Vec<GuardSource>,
    #[serde(default)]
    pub sections: Vec<Spanned<SectionSource>>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SectionSource {
    pub title: Option<Spanned<Words>>,
    pub when: Option<Word>,
    pub text: Option<Spanned<Words>>,
    #[serde(default)]
    pub fields: Vec<Word>,
    #[serde(default)]
    pub lines: Vec<LineSource>,
    pub repeat: Option<Word>,
    pub checklist: Option<Word>,
    pub records: Option<Word>,
    pub link: Option<Word>,
    #[serde(default)]
    pub columns: Vec<Word>,
    #[serde(default)]
    pub signatures: Vec<Spanned<Words>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LineSource {
    pub title: Spanned<Words>,
    pub value: Spanned<Words>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TabSource {
    pub name: Word,
    pub title: Spanned<Words>,
    #[serde(default)]
    pub fields: Vec<Word>,
    #[serde(default)]
    pub checklists: Vec<Word>,
    #[serde(default)]
    pub acts: Vec<Word>,
    #[serde(default)]
    pub finders: Vec<Word>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChecklistSource {
    pub name: Word,
    pub title: Spanned<Words>,
    pub table: Word,
    pub when: Option<Word>,
    pub on: Option<Word>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CheckSource {
    pub field: Word,
    pub require: Word,
    pub code: Word,
    pub rule: Option<String>,
    pub reason: Spanned<Words>,
    pub remedy: Spanned<Words>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReminderSource {
    pub title: Spanned<Words>,
    pub when: Word,
    #[serde(default)]
    pub stages: Vec<Word>,
    pub due: Word,
    pub soon: Option<Spanned<i64>>,
    pub act: Option<Word>,
    pub print: Option<Word>,
    pub person: Option<Word>,
    #[serde(default)]
    pub roles: Vec<Word>,
    #[serde(default)]
    pub escalate: Vec<EscalationSource>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EscalationSource {
    pub after: Spanned<i64>,
    pub to: Word,
}

/// `"team"`, `"owner"` or `{ area = "field" }`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum ScopeSource {
    Word(String),
    Area(AreaSource),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AreaSource {
    pub area: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldSource {
    pub name: Word,
    #[serde(rename = "type")]
    pub kind: Word,
    pub title: Spanned<Words>,
    pub hint: Option<Spanned<Words>>,
    #[serde(default)]
    pub required: bool,
    pub relevant: Option<Word>,
    pub constraint: Option<Word>,
    pub message: Option<Spanned<Words>>,
    pub link: Option<Word>,
    #[serde(default)]
    pub choices: Vec<ChoiceSource>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChoiceSource {
    pub name: Word,
    pub title: Spanned<Words>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StageSource {
    pub title: Spanned<Words>,
    pub tone: Option<Word>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DisplaySource {
    pub title: Option<Spanned<Words>>,
    pub subtitle: Option<Spanned<Words>>,
}

/// Numbers over time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TrendSource {
    pub at: Word,
    pub on: Option<Word>,
    pub title: Spanned<Words>,
    pub values: List,
    pub rule: Option<String>,
}

/// How long a record stays in a stage at least.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StaySource {
    pub stage: Word,
    pub since: Word,
    pub minutes: Word,
}

/// Of which record this kind's are steps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepSource {
    pub of: Word,
    #[serde(default)]
    pub must: bool,
    pub skipped: Option<Word>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgendaSource {
    pub on: Word,
    pub order: Option<Word>,
    #[serde(default)]
    pub done: Vec<Word>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WriteSource {
    pub stages: Vec<Word>,
    pub roles: Vec<Word>,
    pub who: Option<Word>,
    pub fields: Vec<Word>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActSource {
    pub title: Spanned<Words>,
    pub tone: Option<Word>,
    pub from: List,
    pub to: Word,
    pub roles: List,
    pub who: Option<Word>,
    pub rule: Option<String>,
    #[serde(default)]
    pub complete: bool,
    #[serde(default)]
    pub same_stage: bool,
    #[serde(default)]
    pub exact: bool,
    #[serde(default)]
    pub removes: bool,
    #[serde(default)]
    pub comments: bool,
    pub assigns: Option<Word>,
    pub otherwise: Option<Word>,
    #[serde(default)]
    pub needs: Vec<NeedSource>,
    #[serde(default)]
    pub payload: Vec<FieldSource>,
    #[serde(default)]
    pub facts: Named<Word>,
    #[serde(default)]
    pub told: Named<ToldSource>,
    #[serde(default)]
    pub guards: Vec<GuardSource>,
    #[serde(default)]
    pub numbers: Named<NumberSource>,
    #[serde(default)]
    pub documents: Vec<Word>,
    #[serde(default)]
    pub seals: Vec<Word>,
}

/// How people read a fact.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToldSource {
    pub title: Spanned<Words>,
    pub knows: Option<Word>,
    #[serde(default)]
    pub choices: Vec<ChoiceSource>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NumberSource {
    pub title: Spanned<Words>,
    pub prefix: Option<Word>,
    pub date: Option<Word>,
    pub restarts: Option<Word>,
    pub digits: Spanned<i64>,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GuardSource {
    pub require: Word,
    pub knows: Option<Word>,
    pub code: Word,
    pub field: Option<Word>,
    pub rule: Option<String>,
    pub reason: Spanned<Words>,
    pub remedy: Spanned<Words>,
}

/// A question that finds records: what it asks, when it may be asked, and whom it means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FinderSource {
    pub title: Spanned<Words>,
    #[serde(default)]
    pub asks: Vec<FieldSource>,
    #[serde(default)]
    pub guards: Vec<GuardSource>,
    pub matches: Word,
    pub rule: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NeedSource {
    pub record: Option<Word>,
    pub when: Option<Word>,
    pub act: Word,
    pub until: Option<Word>,
    #[serde(default)]
    pub latest: bool,
    #[serde(default)]
    pub stages: Vec<Word>,
    pub code: Word,
    pub field: Option<Word>,
    pub rule: Option<String>,
    pub reason: Spanned<Words>,
    pub remedy: Spanned<Words>,
}

/// Flat, because a tagged enum would lose the places; `compile` makes the enum of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArbitrationSource {
    #[serde(rename = "type")]
    pub kind_of_rule: Word,
    pub name: Word,
    pub kind: Word,
    pub ledger: Option<Word>,
    pub key: Word,
    pub amount: Option<Word>,
    pub limit: Option<Word>,
    pub open: List,
    #[serde(default)]
    pub waits: Vec<Word>,
    pub until: Option<Word>,
    pub spends: Option<Word>,
    pub code: Option<Word>,
    pub field: Option<Word>,
    pub rule: Option<String>,
    pub reason: Option<Spanned<Words>>,
    pub remedy: Option<Spanned<Words>>,
}

/// The parts of a map in the order in which the author wrote them.
pub(crate) fn in_order<T>(named: &Named<T>) -> Vec<(&Word, &T)> {
    let mut parts: Vec<_> = named.iter().collect();
    parts.sort_by_key(|(name, _)| name.span().start);
    parts
}
