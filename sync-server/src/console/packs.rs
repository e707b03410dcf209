//! The words of the team's real packs, as the console asks for them.

use super::kinds::{
    ActWords, KindWords, Lexicon, Library, Name, Question, Scored, SectionScored, Sort, StageWords,
};
use super::view::Tone;
use crate::admin::reminders::{self, Due};
use crate::error::{Error, Result};
use crate::exchange::rules::{Rules, RulesCache};
use crate::exchange::world::TeamWorld;
use crate::storage::Read;
use crate::storage::records::RecordRow;
use rounds_forms as forms;
use rounds_model::canonical;
use rounds_model::ids::TeamId;
use rounds_model::scalar::Scalar;
use rounds_model::scope::Scope;
use rounds_model::text::{Lang, Text};
use rounds_workflow::field::{Answer, Field, Media};
use rounds_workflow::{Kind, NumberRule, Projection, SCORE, display, kind};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// The packs that teams have published. Their words are gathered once for each version.
#[derive(Default)]
pub struct PublishedPacks {
    rules: RulesCache,
    kept: Mutex<HashMap<TeamId, Arc<PackWords>>>,
}

/// The words of one team's packs.
struct PackWords {
    rules: Arc<Rules>,
    kinds: Vec<KindWords>,
    /// Of earlier versions, by kind and version.
    older: BTreeMap<(String, u32), KindWords>,
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
        let kinds = rules.catalogue.kinds().map(kind_words).collect();
        let of = |kind: &Kind| ((kind.name.clone(), kind.version), kind_words(kind));
        let older = rules.catalogue.older_kinds().map(of).collect();
        let words = Arc::new(PackWords { rules, kinds, older });
        kept.insert(team, Arc::clone(&words));
        Ok(words)
    }
}

impl Lexicon for PackWords {
    fn kinds(&self) -> &[KindWords] {
        &self.kinds
    }

    fn name(&self, tx: &dyn Read, row: &RecordRow, lang: Lang) -> Result<Name> {
        let projection: Projection = canonical::decode(&row.projection)?;
        let Some(kind) = self.rules.catalogue.kind_at(&row.kind, projection.pack) else {
            return Ok(Name { title: row.kind.clone(), subtitle: None, words: String::new() });
        };
        let record = projection.record(row.doc);
        let world = TeamWorld { view: tx, open: &HashMap::new(), now_ms: None };
        let shown = display(kind, &record, &world, lang).map_err(|e| Error::Packs(e.to_string()))?;
        Ok(Name { title: shown.title, subtitle: shown.subtitle, words: projection.search })
    }

    fn kind_of(&self, row: &RecordRow) -> Option<&KindWords> {
        let version = canonical::decode::<Projection>(&row.projection).ok().map(|p| p.pack);
        // The very version that the rules take: one that is not here, or is not pinned, is the newest.
        let at = version.and_then(|version| self.rules.catalogue.kind_at(&row.kind, version));
        let older = at.and_then(|kind| self.older.get(&(kind.name.clone(), kind.version)));
        older.or_else(|| self.kind(&row.kind))
    }

    fn reminds(&self) -> bool {
        reminders::has_any(&self.rules)
    }

    fn reminders(&self, tx: &dyn Read, scope: &Scope, now_ms: i64) -> Result<Vec<Due>> {
        reminders::due_in(tx, &self.rules, Some(scope), now_ms)
    }

    fn score(
        &self,
        row: &RecordRow,
        fields: &BTreeMap<String, Scalar>,
        at_ms: i64,
    ) -> Result<Option<Scored>> {
        let projection: Projection = canonical::decode(&row.projection)?;
        let kind = self.rules.catalogue.kind_at(&row.kind, projection.pack);
        let moment = rounds_workflow::moment(at_ms, self.rules.zone);
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
        if kind.is_none_or(|kind| kind.initial == row.stage) {
            return Ok(None);
        }
        Ok(match projection.data.get(SCORE) {
            Some(Scalar::Float(percent)) => Some(*percent),
            Some(Scalar::Int(percent)) => Some(*percent as f64),
            _ => None,
        })
    }

    fn worked_out(&self, row: &RecordRow) -> Result<BTreeMap<String, Scalar>> {
        let projection: Projection = canonical::decode(&row.projection)?;
        Ok(projection.data.into_iter().filter(|(key, _)| !key.starts_with('@')).collect())
    }
}

fn kind_words(kind: &Kind) -> KindWords {
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
    }
}

fn stage(stage: &kind::Stage) -> StageWords {
    StageWords { name: stage.name.clone(), title: stage.title.clone(), tone: tone(stage.tone) }
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
    ActWords { name: act.name.clone(), title: act.title.clone(), payload }
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
