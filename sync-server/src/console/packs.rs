//! The words of the team's real packs, as the console asks for them.

use super::figures::Figures;
use super::kinds::{
    ActWords, Ask, Exported, Exporting, KindWords, Lexicon, Library, ListWords, Name, Offer, Question,
    ReportWords, Scored, SectionScored, Sort, StageWords, Tabled, ToldRow, Within,
};
use super::view::Tone;
use crate::admin::reminders::{self, Due};
use crate::error::{Error, Result};
use crate::evidence::exceptions::{self, Exception as Doubtful};
use crate::evidence::watch::Watch;
use crate::exchange::open::judged;
use crate::exchange::rules::{Rules, RulesCache};
use crate::exchange::world::TeamWorld;
use crate::storage::Read;
use crate::storage::records::{ActRow, RecordRow};
use rounds_forms as forms;
use rounds_model::canonical;
use rounds_model::ids::{DocId, TeamId};
use rounds_model::people::Person;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::text::{Lang, Text};
use rounds_workflow::bundle::Bundle;
use rounds_workflow::field::{Answer, Field, Media};
use rounds_workflow::{
    Choice, Claim, Judged, Kind, Known, ListView, NumberRule, Pack, Projection, Record, Report, SCORE, View,
    World, WorldError, display, kind,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Records that are remembered; with more, all are forgotten: a file of any length takes bounded memory.
const REMEMBERED: usize = 5_000;

/// A world that reads each record once: a thousand visits are to a hundred stores.
struct Remembered<'a> {
    world: TeamWorld<'a>,
    known: RefCell<HashMap<DocId, Option<Known>>>,
}

impl World for Remembered<'_> {
    fn record(&self, id: DocId) -> std::result::Result<Option<Known>, WorldError> {
        if let Some(known) = self.known.borrow().get(&id) {
            return Ok(known.clone());
        }
        let found = self.world.record(id)?;
        let mut known = self.known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(id, found.clone());
        Ok(found)
    }

    fn claims(&self, rule: &str, key: &str) -> std::result::Result<Vec<(DocId, Claim)>, WorldError> {
        self.world.claims(rule, key)
    }

    fn history(&self, id: DocId) -> std::result::Result<Arc<Vec<Judged>>, WorldError> {
        self.world.history(id)
    }
}

/// The packs that teams have published. Their words are gathered once for each version.
#[derive(Default)]
pub struct PublishedPacks {
    rules: RulesCache,
    kept: Mutex<HashMap<TeamId, Arc<PackWords>>>,
    watch: Arc<Watch>,
    figures: Arc<Figures>,
}

/// The words of one team's packs.
struct PackWords {
    rules: Arc<Rules>,
    watch: Arc<Watch>,
    figures: Arc<Figures>,
    kinds: Vec<KindWords>,
    /// Of earlier versions, by kind and version.
    older: BTreeMap<(String, u32), KindWords>,
    /// Of all earlier versions, by kind, the newest first: gathered when somebody asks.
    earlier: Mutex<HashMap<String, Arc<Vec<KindWords>>>>,
}

impl Library for PublishedPacks {
    fn open(&self, tx: &dyn Read) -> Result<Arc<dyn Lexicon>> {
        let (team, rules) = (tx.team()?.id, self.rules.of(tx)?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(words) = kept.get(&team)
            && Arc::ptr_eq(&words.rules, &rules)
        {
            return Ok(Arc::clone(words) as Arc<dyn Lexicon>);
        }
        let pack = |kind: &Kind| {
            let title = rules.catalogue.pack(&kind.pack).map(|pack| pack.title.clone());
            KindWords { pack: title.unwrap_or_default(), ..kind_words(kind) }
        };
        let kinds = rules.catalogue.kinds().map(pack).collect();
        let of = |kind: &Kind| ((kind.name.clone(), kind.version), pack(kind));
        let older = rules.catalogue.older_kinds().map(of).collect();
        let (watch, figures) = (Arc::clone(&self.watch), Arc::clone(&self.figures));
        let words = Arc::new(PackWords { rules, watch, figures, kinds, older, earlier: Mutex::default() });
        kept.insert(team, Arc::clone(&words));
        Ok(words)
    }
}

impl Lexicon for PackWords {
    fn kinds(&self) -> &[KindWords] {
        &self.kinds
    }

    fn packs(&self) -> Vec<&Pack> {
        self.rules.catalogue.packs().collect()
    }

    fn name(&self, tx: &dyn Read, row: &RecordRow, lang: Lang) -> Result<Name> {
        let projection: Projection = canonical::decode(&row.projection)?;
        let Some(kind) = self.rules.catalogue.kind_at(&row.kind, projection.pack) else {
            return Ok(Name { title: row.kind.clone(), subtitle: None, words: String::new() });
        };
        let record = projection.record(row.doc);
        let world = TeamWorld {
            view: tx,
            open: &HashMap::new(),
            now_ms: None,
            damaged: Default::default(),
            histories: &Default::default(),
        };
        let shown = display(kind, &record, &world, lang).map_err(|e| Error::Packs(e.to_string()))?;
        Ok(Name { title: shown.title, subtitle: shown.subtitle, words: projection.search })
    }

    fn exporting<'a>(&'a self, tx: &'a dyn Read, lang: Lang) -> Exporting<'a> {
        let (nothing_open, histories) = (HashMap::new(), Default::default());
        let known: RefCell<HashMap<DocId, Option<Known>>> = RefCell::default();
        Box::new(move |row| {
            let projection: Projection = canonical::decode(&row.projection)?;
            let Some(kind) = self.rules.catalogue.kind_at(&row.kind, projection.pack) else {
                return Ok(Exported { title: row.kind.clone(), data: projection.data, score: None });
            };
            let world = TeamWorld {
                view: tx,
                open: &nothing_open,
                now_ms: None,
                damaged: Default::default(),
                histories: &histories,
            };
            let world = Remembered { world, known: RefCell::new(known.take()) };
            let shown = display(kind, &projection.record(row.doc), &world, lang);
            known.replace(world.known.take());
            let title = shown.map_err(|e| Error::Packs(e.to_string()))?.title;
            let score = final_score(kind, &row.stage, &projection.data);
            Ok(Exported { title, data: projection.data, score })
        })
    }

    fn older(&self, tx: &dyn Read, name: &str) -> Result<Arc<Vec<KindWords>>> {
        let Some(kind) = self.rules.catalogue.kind(name) else { return Ok(Arc::default()) };
        let mut kept = self.earlier.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get(name) {
            return Ok(Arc::clone(known));
        }
        let mut versions = tx.pack_versions(&kind.pack)?;
        versions.retain(|version| *version < kind.version);
        versions.sort_unstable_by(|a, b| b.cmp(a));
        let mut earlier = vec![];
        for version in versions {
            let row = tx.pack(&kind.pack, version)?;
            // One that this build cannot read any more says nothing.
            let bundle = row.and_then(|row| Bundle::decode(&row.bundle).ok());
            let pack = bundle.and_then(|bundle| Pack::load(&bundle).ok());
            earlier.extend(pack.as_ref().and_then(|pack| pack.kind(name)).map(kind_words));
        }
        let earlier = Arc::new(earlier);
        kept.insert(name.to_owned(), Arc::clone(&earlier));
        Ok(earlier)
    }

    fn kind_of(&self, row: &RecordRow) -> Option<&KindWords> {
        let version = canonical::decode::<Projection>(&row.projection).ok().map(|p| p.pack);
        // The very version that the rules take: one that is not here, or is not pinned, is the newest.
        let at = version.and_then(|version| self.rules.catalogue.kind_at(&row.kind, version));
        let older = at.and_then(|kind| self.older.get(&(kind.name.clone(), kind.version)));
        older.or_else(|| self.kind(&row.kind))
    }

    fn offers(
        &self,
        tx: &dyn Read,
        row: &RecordRow,
        fields: &BTreeMap<String, Scalar>,
        acts: &[ActRow],
        who: &Person,
        now_ms: i64,
    ) -> Result<Vec<Offer>> {
        let projection: Projection = canonical::decode(&row.projection)?;
        let Some(kind) = self.rules.catalogue.kind_at(&row.kind, projection.pack) else { return Ok(vec![]) };
        let history = acts.iter().map(judged).collect::<Result<Vec<_>>>()?;
        let Ok(record) = Record::after(kind, row.doc, fields.clone(), &history) else { return Ok(vec![]) };
        let world = TeamWorld {
            view: tx,
            open: &HashMap::new(),
            now_ms: Some(now_ms),
            damaged: Default::default(),
            histories: &Default::default(),
        };
        let moment = rounds_workflow::moment(now_ms, self.rules.zone);
        let view = View::new(rounds_workflow::Person { id: who.id, role: &who.role }, &world, moment);
        let choices = rounds_workflow::available(&self.rules.catalogue, &record, &view);
        Ok(choices.map_err(|e| Error::Packs(e.to_string()))?.into_iter().map(offer).collect())
    }

    fn comments(&self, row: &RecordRow) -> Result<BTreeMap<String, String>> {
        let projection: Projection = canonical::decode(&row.projection)?;
        let kind = self.rules.catalogue.kind_at(&row.kind, projection.pack);
        let said = kind.map(|kind| kind.comments(&row.stage, &projection.data)).unwrap_or_default();
        Ok(said.into_iter().map(|(key, text)| (key.to_owned(), text.to_owned())).collect())
    }

    fn told(&self, row: &RecordRow) -> Result<ToldRow> {
        let projection: Projection = canonical::decode(&row.projection)?;
        Ok(ToldRow { data: projection.data, order: projection.order })
    }

    fn tabulate(&self, tx: &dyn Read, kind: &str, report: &str, within: &Within) -> Result<Option<Tabled>> {
        self.figures.tabulate(tx, &self.rules, kind, report, within)
    }

    fn listed(
        &self,
        tx: &dyn Read,
        kind: &str,
        list: &str,
        who: &Person,
        rows: Vec<RecordRow>,
        now_ms: i64,
    ) -> Result<Vec<RecordRow>> {
        let found = self.rules.catalogue.kind(kind).and_then(|kind| Some((kind, kind.list(list)?)));
        let Some((kind, list)) = found else { return Ok(rows) };
        let (nothing_open, histories) = (HashMap::new(), Default::default());
        let world = TeamWorld {
            view: tx,
            open: &nothing_open,
            now_ms: None,
            damaged: Default::default(),
            histories: &histories,
        };
        let world = Remembered { world, known: RefCell::default() };
        let moment = rounds_workflow::moment(now_ms, self.rules.zone);
        let who = rounds_workflow::Person { id: who.id, role: &who.role };
        let mut placed = vec![];
        for row in rows {
            let projection: Projection = canonical::decode(&row.projection)?;
            let record = projection.record(row.doc);
            let is_there = list.has(kind, &record, &who, &world, moment);
            if is_there.map_err(|e| Error::Packs(e.to_string()))? {
                placed.push((list.place(&record), row));
            }
        }
        placed.sort_by(|(a, one), (b, other)| list.compare(a, b).then_with(|| other.doc.cmp(&one.doc)));
        Ok(placed.into_iter().map(|(_, row)| row).collect())
    }

    fn reminds(&self) -> bool {
        reminders::has_any(&self.rules)
    }

    fn reminders(&self, tx: &dyn Read, scopes: Option<&[Scope]>, now_ms: i64) -> Result<Vec<Due>> {
        reminders::due_in(tx, &self.rules, scopes, now_ms)
    }

    fn evidence(&self, tx: &dyn Read, scopes: Option<&[Scope]>, now_ms: i64) -> Result<Vec<Doubtful>> {
        exceptions::exceptions_of(tx, (&self.watch, &self.rules), scopes, now_ms)
    }

    fn evidence_of(&self, tx: &dyn Read, doc: DocId, now_ms: i64) -> Result<Vec<Doubtful>> {
        exceptions::of(tx, &self.rules, doc, now_ms)
    }

    fn warnings(&self, tx: &dyn Read, doc: DocId) -> Result<Vec<Text>> {
        crate::evidence::sealed::warnings(tx, &self.rules, doc)
    }

    fn is_recorded(&self, record: &RecordRow) -> bool {
        self.rules.catalogue.kind(&record.kind).is_some_and(|kind| !kind.recordings.is_empty())
    }

    fn score(
        &self,
        row: &RecordRow,
        fields: &BTreeMap<String, Scalar>,
        at_ms: i64,
    ) -> Result<Option<Scored>> {
        let projection: Projection = canonical::decode(&row.projection)?;
        let kind = self.rules.catalogue.kind_at(&row.kind, projection.pack);
        let moment = rounds_workflow::moment_of(row.doc, rounds_workflow::moment(at_ms, self.rules.zone));
        let score = kind.and_then(|kind| kind.workbook.as_ref()?.score(fields, moment));
        Ok(score.map(|score| Scored {
            points: score.points,
            possible: score.possible,
            percent: score.percent,
            passed: score.passed,
            sections: score
                .sections
                .into_iter()
                .map(|s| SectionScored { name: s.name, percent: s.percent, passed: s.passed })
                .collect(),
            critical_failed: score.critical_failed,
            critical_open: score.critical_open,
        }))
    }

    fn final_score(&self, row: &RecordRow) -> Result<Option<f64>> {
        let projection: Projection = canonical::decode(&row.projection)?;
        let kind = self.rules.catalogue.kind_at(&row.kind, projection.pack);
        Ok(kind.and_then(|kind| final_score(kind, &row.stage, &projection.data)))
    }

    fn worked_out(&self, row: &RecordRow) -> Result<BTreeMap<String, Scalar>> {
        let projection: Projection = canonical::decode(&row.projection)?;
        Ok(projection.data.into_iter().filter(|(key, _)| !key.starts_with('@')).collect())
    }
}

/// The percent of a record that is no draft any more.
fn final_score(kind: &Kind, stage: &str, data: &BTreeMap<String, Scalar>) -> Option<f64> {
    match data.get(SCORE).filter(|_| kind.initial != stage) {
        Some(Scalar::Float(percent)) => Some(*percent),
        Some(Scalar::Int(percent)) => Some(*percent as f64),
        _ => None,
    }
}

/// The words of a kind, without the title of its pack.
pub fn kind_words(kind: &Kind) -> KindWords {
    let mut questions: Vec<Question> = kind.fields.iter().map(field).collect();
    let mut groups = vec![];
    if let Some(workbook) = &kind.workbook {
        let form = workbook.form();
        for asked in form.questions() {
            match asked.kind {
                forms::Kind::Group | forms::Kind::Repeat => {
                    let path: Vec<_> = parts(form, asked).into_iter().map(|(part, _)| part).collect();
                    groups.push((path.join("/"), label(form, asked)));
                }
                forms::Kind::Note => {}
                _ => questions.push(form_question(form, asked)),
            }
        }
    }
    KindWords {
        tabs: kind.tabs.clone(),
        name: kind.name.clone(),
        title: kind.title.clone(),
        plural: kind.plural.clone(),
        stages: kind.stages.iter().map(stage).collect(),
        acts: kind.acts.iter().map(act).collect(),
        agenda: kind.agenda.as_ref().map(|agenda| agenda.done.clone()),
        questions,
        groups,
        reports: kind.reports.iter().map(report).collect(),
        lists: kind.lists.iter().map(list).collect(),
        links: kind.fields.iter().filter_map(|field| field.link.clone()).collect(),
        pack: Text::default(),
        create: kind.create.clone(),
        scored: kind.workbook.as_ref().is_some_and(|workbook| workbook.form().has_scores()),
        about: kind.subject.is_some(),
        shared: kind.sharing != kind::Sharing::Owner,
    }
}

fn list(list: &ListView) -> ListWords {
    // The stage has a column of its own in every list.
    let columns = list.columns.iter().filter(|column| column.key != "@stage");
    ListWords {
        name: list.name.clone(),
        title: list.title.clone(),
        stages: list.stages.clone(),
        columns: columns.filter_map(|column| Some((column.key.clone(), column.title.clone()?))).collect(),
    }
}

fn report(report: &Report) -> ReportWords {
    ReportWords {
        name: report.name.clone(),
        title: report.title.clone(),
        hint: report.hint.clone(),
        rule: report.rule.clone(),
        groups: report.groups.clone(),
        span: report.span,
        everyone: report.everyone,
        columns: report.columns.iter().map(|column| (column.title.clone(), column.how)).collect(),
    }
}

fn offer(choice: Choice<'_>) -> Offer {
    let ask = |field: &Field| Ask {
        name: field.name.clone(),
        label: field.title.clone(),
        hint: field.hint.clone(),
        answer: field.answer,
        required: field.required,
        choices: field.choices.iter().map(|c| (c.name.clone(), c.title.clone())).collect(),
        link: field.link.clone(),
    };
    Offer {
        act: choice.act.to_owned(),
        title: choice.title.clone(),
        tone: tone(choice.rule.tone),
        asks: choice.payload.iter().map(ask).collect(),
        comments: choice.rule.comments,
        assigns: choice.rule.assigns.clone(),
        refusal: choice.possible.err(),
        turns: choice.turns.map(|(rule, why)| (rule.title.clone(), why.reason)),
    }
}

fn stage(stage: &kind::Stage) -> StageWords {
    StageWords {
        name: stage.name.clone(),
        title: stage.title.clone(),
        tone: tone(stage.tone),
        removed: stage.removed,
    }
}

fn act(act: &kind::ActRule) -> ActWords {
    // A number that it gives is shown like what its author said.
    let number = |number: &NumberRule| Question {
        parts: vec![(number.name.clone(), false)],
        label: number.title.clone(),
        sort: Sort::Plain,
        choices: vec![],
    };
    let payload = act.payload.iter().map(field).chain(act.numbers.iter().map(number)).collect();
    let told = |told: &kind::Told| Question {
        parts: vec![(told.name.clone(), false)],
        label: told.title.clone(),
        sort: if told.choices.is_empty() { Sort::Plain } else { Sort::Choices },
        choices: told.choices.iter().map(|c| (c.name.clone(), c.title.clone())).collect(),
    };
    ActWords {
        name: act.name.clone(),
        title: act.title.clone(),
        payload,
        told: act.told.clone(),
        comes_to: act.told.iter().map(told).collect(),
        from: act.from.clone(),
        to: act.to.clone(),
        roles: act.roles.clone(),
        anyone: act.who == kind::Who::Anyone,
        assigns: act.assigns.clone(),
        tone: tone(act.tone),
    }
}

fn tone(tone: kind::Tone) -> Tone {
    match tone {
        kind::Tone::Neutral => Tone::Neutral,
        kind::Tone::Active => Tone::Active,
        kind::Tone::Good => Tone::Good,
        kind::Tone::Warning => Tone::Warning,
        kind::Tone::Bad => Tone::Bad,
    }
}

/// A question that the pack asks itself.
fn field(field: &Field) -> Question {
    let sort = match field.answer {
        Answer::Text | Answer::Barcode | Answer::Integer | Answer::Decimal | Answer::Time => Sort::Plain,
        Answer::Boolean => Sort::Boolean,
        Answer::Date => Sort::Date,
        Answer::DateTime => Sort::DateTime,
        Answer::Place => Sort::Place,
        Answer::One | Answer::Several => Sort::Choices,
        Answer::Blob(Media::Image) => Sort::Blob("blob-image"),
        Answer::Blob(Media::Audio) => Sort::Blob("blob-audio"),
        Answer::Blob(Media::Video) => Sort::Blob("blob-video"),
        Answer::Blob(Media::File) => Sort::Blob("blob-file"),
        Answer::Person => Sort::Person,
        Answer::Record => Sort::Record,
    };
    Question {
        parts: field.name.split('/').map(|part| (part.to_owned(), false)).collect(),
        label: field.title.clone(),
        sort,
        choices: field.choices.iter().map(|c| (c.name.clone(), c.title.clone())).collect(),
    }
}

/// A question of the pack's workbook.
fn form_question(form: &forms::Form, asked: &forms::Question) -> Question {
    use forms::Kind as K;
    let sort = match asked.kind {
        K::Date | K::Today => Sort::Date,
        K::DateTime | K::Start | K::End => Sort::DateTime,
        K::Geopoint | K::StartGeopoint => Sort::Place,
        K::SelectOne | K::SelectMultiple | K::Rank => Sort::Choices,
        K::Image => Sort::Blob("blob-image"),
        K::Audio | K::BackgroundAudio => Sort::Blob("blob-audio"),
        K::Video => Sort::Blob("blob-video"),
        K::File => Sort::Blob("blob-file"),
        _ => Sort::Plain,
    };
    let choices = form.list_of(asked).map(|list| {
        let rows = 0..u32::try_from(list.table().rows()).unwrap_or(u32::MAX);
        rows.map(|row| {
            let one = |lang: Lang| list.choice(row, lang.tag(), &form.default_language);
            let (zh, en) = (one(Lang::Zh), one(Lang::En));
            (zh.value, Text::new(zh.label, en.label))
        })
    });
    let choices = choices.map(Iterator::collect).unwrap_or_default();
    Question { parts: parts(form, asked), label: label(form, asked), sort, choices }
}

/// The parts of a question's key: its path without the root.
fn parts(form: &forms::Form, asked: &forms::Question) -> Vec<(String, bool)> {
    let mut path = format!("/{}", forms::ROOT);
    let names = asked.path.split('/').skip(2);
    let part = names.map(|name| {
        path = format!("{path}/{name}");
        let repeats = form.question(&path).is_some_and(|q| q.kind == forms::Kind::Repeat);
        (name.to_owned(), repeats)
    });
    part.collect()
}

fn label(form: &forms::Form, asked: &forms::Question) -> Text {
    let one = |lang: Lang| form.label(asked, lang.tag()).map(plain).filter(|label| !label.is_empty());
    Text::new(one(Lang::Zh).unwrap_or_default(), one(Lang::En).unwrap_or_default())
}

/// A label may quote answers (`${name}`); which, depends on the record. Here it is left open.
fn plain(label: &str) -> String {
    let mut out = String::new();
    let mut rest = label;
    while let Some((before, after)) = rest.split_once("${") {
        out.push_str(before);
        out.push('…');
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    out.trim().to_owned()
}
