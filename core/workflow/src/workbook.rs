//! A kind's workbook: the form that it asks, and what this crate needs to know of its answers.

use crate::bundle::Bundle;
use crate::kept::Kept;
use crate::messages::refusal;
use crate::problem::Problem;
use crate::stop::Stop;
use rounds_forms::expr::Moment;
use rounds_forms::{
    Answers, Bilingual, Filling, Form, Kind, Media, Question, Score, Session, Severity, Texts, Thing, Which,
};
use rounds_model::scalar::Scalar;
use rounds_model::text::{Lang, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A form that was read from a workbook of the pack.
#[derive(Debug, Clone)]
pub struct Workbook {
    form: Arc<Form>,
    /// Something in it is worked out rather than answered.
    calculates: bool,
    /// Its answers say everything: nothing is worked out, hidden, chosen from a filter or scored.
    plain: bool,
    /// What its author should know although it can be used: what is odd, not carried out, or not
    /// translated.
    notes: Vec<Problem>,
    /// The records that were looked at last, as they were filled.
    kept: Arc<Kept>,
}

/// What becomes of the answers of a form.
pub(crate) struct Outcome {
    /// What the form asks for as things stand, by key: not what is irrelevant, nor what is left of
    /// another version of the form.
    pub submitted: BTreeMap<String, String>,
    /// What the record is called; empty when the form does not say.
    pub name: String,
    /// What it works out.
    pub calculated: BTreeMap<String, Scalar>,
    /// What they come to.
    pub score: Option<Score>,
}

/// The tables (CSV, XML, GeoJSON) beside a workbook and among those of the pack, by the name that the workbook
/// uses; `.csv` may be left out.
struct Beside<'a>(&'a Bundle);

impl Media for Beside<'_> {
    fn file(&self, name: &str) -> Option<&[u8]> {
        let csv = name.strip_suffix(".csv").unwrap_or(name);
        let places = [
            format!("forms/{name}"),
            format!("tables/{name}"),
            format!("forms/{csv}.csv"),
            format!("tables/{csv}.csv"),
        ];
        places.iter().find_map(|path| self.0.file(path))
    }
}

impl Workbook {
    /// Reads a workbook, or says what is wrong with it.
    pub(crate) fn import(path: &str, bytes: &[u8], bundle: &Bundle) -> Result<Workbook, Vec<Problem>> {
        let name = path.rsplit('/').next().unwrap_or(path);
        match rounds_forms::import(name, bytes, &Beside(bundle)) {
            Ok(imported) => {
                let questions = imported.form.questions();
                let calculates = questions.iter().any(|question| question.calculation.is_some());
                let plain = imported.form.is_plain() && !imported.form.has_scores();
                let line = |row: u32| (row > 0).then_some(row);
                let told =
                    imported.report.iter().map(|p| told(path, line(p.row), p.code(), p.text(), p.remedy()));
                let notes = told.chain(untranslated(path, &imported.form)).collect();
                let (form, kept) = (Arc::new(imported.form), Arc::default());
                Ok(Workbook { form, calculates, plain, notes, kept })
            }
            Err(error) if error.problems().is_empty() => {
                Err(vec![told(path, None, error.code(), error.text(), error.remedy())])
            }
            Err(error) => {
                let errors = error.problems().iter().filter(|problem| problem.severity == Severity::Error);
                let line = |row: u32| (row > 0).then_some(row);
                Err(errors.map(|p| told(path, line(p.row), p.code(), p.text(), p.remedy())).collect())
            }
        }
    }

    /// What its author should know, although it can be used.
    pub fn notes(&self) -> &[Problem] {
        &self.notes
    }

    /// The form, for a `Filling` or an export.
    pub fn form(&self) -> &Arc<Form> {
        &self.form
    }

    /// A record's answers as the form takes them: everything but the control keys, as text.
    /// `None` when there is more than a form can hold.
    pub fn answers(fields: &BTreeMap<String, Scalar>) -> Option<Answers> {
        let answers = fields.iter().filter(|(key, _)| !crate::record::is_control(key));
        Answers::collect(answers.map(|(key, value)| (key.clone(), value.to_string()))).ok()
    }

    /// Where its answers are: the parts of each key, and which of them are repeats.
    pub(crate) fn places(&self) -> Vec<Vec<(String, bool)>> {
        let place = |question: &Question| -> Vec<(String, bool)> {
            let mut path = String::from("/data");
            let parts = question.path.split('/').skip(2);
            let part = parts.map(|part| {
                path = format!("{path}/{part}");
                let repeats = self.form.question(&path).is_some_and(|q| q.kind == Kind::Repeat);
                (part.to_owned(), repeats)
            });
            part.collect()
        };
        self.form.questions().iter().filter(|q| !q.kind.is_container()).map(place).collect()
    }

    /// Whether the question of this name or key is worked out rather than answered.
    pub(crate) fn calculates(&self, name: &str) -> bool {
        let question = self.form.question_named(name).or_else(|| self.question(name));
        question.is_some_and(|question| question.calculation.is_some())
    }

    /// Whether the answer to the question with this key is a day, or, where it is worked out, may be one.
    pub(crate) fn tells_a_day(&self, key: &str) -> bool {
        let day = |question: &Question| {
            matches!(question.kind, Kind::Date | Kind::Today) || question.calculation.is_some()
        };
        self.question(key).is_some_and(day)
    }

    /// What people read of the question with this key.
    pub(crate) fn title(&self, key: &str) -> Option<Text> {
        let question = self.question(key)?;
        let label = |lang: Lang| self.form.label(question, lang.tag()).unwrap_or(&question.name).to_owned();
        Some(Text { zh: label(Lang::Zh), en: label(Lang::En) })
    }

    /// What people read of a choice.
    pub(crate) fn choice_label(&self, name: &str, value: &str, lang: Lang) -> Option<String> {
        let question = self.form.question_named(name).or_else(|| self.question(name))?;
        let list = self.form.list_of(question)?;
        let row = list.table().find(list.table().column("name")?, value).first()?;
        Some(list.choice(*row, lang.tag(), &self.form.default_language).label)
    }

    /// Refused with the first question that is not answered rightly.
    pub(crate) fn demand(&self, fields: &BTreeMap<String, Scalar>, moment: Moment) -> Result<(), Stop> {
        let first = |filling: &Filling| {
            (filling.first_problem(Lang::Zh.tag()), filling.first_problem(Lang::En.tag()))
        };
        let Some((zh, en)) = self.filled(fields, moment, first) else {
            return Err(Stop::Eval("too many answers".to_owned()));
        };
        let (Some(zh), Some(en)) = (zh, en) else { return Ok(()) };
        let key = zh.key.clone();
        let label = Text { zh: zh.label, en: en.label };
        let mut refused = match zh.fault.which {
            Which::Required => refusal("form-incomplete", &[("field", &label)]),
            Which::Constraint => refusal("form-invalid", &[("field", &label)]),
        };
        if zh.fault.which == Which::Constraint {
            refused.reason = Text {
                zh: format!("{}：{}", label.zh, zh.fault.message),
                en: format!("{}: {}", label.en, en.fault.message),
            };
        }
        Err(refused.on(key).into())
    }

    /// What becomes of the answers. None for a form of which its answers say everything: then
    /// nothing is evaluated.
    pub(crate) fn outcome(&self, fields: &BTreeMap<String, Scalar>, moment: Moment) -> Option<Outcome> {
        if self.plain {
            return None;
        }
        self.filled(fields, moment, |filling| Outcome {
            calculated: self.calculated_in(filling),
            submitted: filling.submission(),
            score: filling.score(),
            name: filling.instance_name().trim().to_owned(),
        })
    }

    /// Whether it says what a record is called.
    pub(crate) fn names(&self) -> bool {
        self.form.names_records()
    }

    /// What its sheet `entities` makes of the answers as they stand.
    pub fn things(&self, fields: &BTreeMap<String, Scalar>, moment: Moment) -> Vec<Thing> {
        if self.form.entities().is_empty() {
            return Vec::new();
        }
        self.filled(fields, moment, Filling::things).unwrap_or_default()
    }

    /// The keys of its questions outside repeats, in the order of the form.
    pub fn keys(&self) -> Vec<String> {
        let form = self.form();
        let path = |path: &str| path.split('/').skip(2).collect::<Vec<_>>().join("/");
        let repeats: Vec<String> = form
            .questions()
            .iter()
            .filter(|q| q.kind == rounds_forms::Kind::Repeat)
            .map(|q| format!("{}/", q.path))
            .collect();
        let asked = form.questions().iter().filter(|q| {
            !matches!(
                q.kind,
                rounds_forms::Kind::Group | rounds_forms::Kind::Repeat | rounds_forms::Kind::Note
            ) && !repeats.iter().any(|repeat| q.path.starts_with(repeat))
        });
        asked.map(|q| path(&q.path)).collect()
    }

    /// What the answers come to; none for a form without scores.
    pub fn score(&self, fields: &BTreeMap<String, Scalar>, moment: Moment) -> Option<Score> {
        self.filled(fields, moment, Filling::score)?
    }

    /// The answers as conditions read them: what is not relevant reads as empty, and what the form
    /// works out is there.
    pub(crate) fn read(&self, fields: &BTreeMap<String, Scalar>, moment: Moment) -> BTreeMap<String, Scalar> {
        let Some(out) = self.outcome(fields, moment) else { return BTreeMap::new() };
        let asked = fields.iter().filter(|(key, value)| !value.is_blank() && self.question(key).is_some());
        let hidden = asked.filter(|(key, _)| !out.submitted.contains_key(*key));
        let mut read: BTreeMap<_, _> = hidden.map(|(key, _)| (key.clone(), Scalar::Null)).collect();
        read.extend(out.calculated);
        read
    }

    fn calculated_in(&self, filling: &Filling) -> BTreeMap<String, Scalar> {
        if !self.calculates {
            return BTreeMap::new();
        }
        let values = filling.calculated();
        // Metadata is the phone's to fill in and part of the answers.
        let calculated = |key: &String| self.question(key).is_some_and(|q| q.calculation.is_some());
        values
            .into_iter()
            .filter(|(key, _)| calculated(key))
            .map(|(key, value)| (key, to_scalar(value)))
            .collect()
    }

    /// Runs `work` on the form as it is filled with these answers. Of a record that was looked at just before,
    /// only what depends on the difference is evaluated.
    fn filled<T>(
        &self,
        fields: &BTreeMap<String, Scalar>,
        moment: Moment,
        work: impl FnOnce(&Filling) -> T,
    ) -> Option<T> {
        let answers = Workbook::answers(fields)?;
        let filling = match self.kept.take(moment.seed) {
            Some(mut filling) => {
                filling.adopt(answers, moment);
                filling
            }
            None => Filling::new(Arc::clone(&self.form), answers, moment, Session::default()),
        };
        let out = work(&filling);
        self.kept.put(moment.seed, filling);
        Some(out)
    }

    /// The question of a key: `sku/<id>/price` is `/data/sku/price`.
    fn question(&self, key: &str) -> Option<&Question> {
        let mut path = String::from("/data");
        let mut parts = key.split('/');
        while let Some(part) = parts.next() {
            path = format!("{path}/{part}");
            if self.form.question(&path)?.kind == Kind::Repeat {
                parts.next();
            }
        }
        self.form.question(&path)
    }
}

/// Numbers as numbers, so that reports can add them up.
fn to_scalar(text: String) -> Scalar {
    if let Ok(whole) = text.parse::<i64>()
        && whole.to_string() == text
    {
        return Scalar::Int(whole);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() && number.to_string() == text => Scalar::Float(number),
        _ => Scalar::Text(text),
    }
}

/// The texts that are there in one of the two languages and not in the other: readers of that one see the
/// form's first language instead.
fn untranslated(path: &str, form: &Form) -> Vec<Problem> {
    fn lacks<T>(texts: &Texts<T>) -> impl Iterator<Item = &'static str> {
        let tags: Vec<String> = texts.iter().map(|(language, _)| language.tag.clone()).collect();
        let there = !tags.is_empty();
        [Lang::Zh, Lang::En].into_iter().filter_map(move |lang| {
            let tag = lang.tag().split('-').next().unwrap_or_default();
            let has = tags.iter().any(|known| known.split('-').next() == Some(tag));
            (there && !has).then(|| if lang == Lang::Zh { "zh" } else { "en" })
        })
    }
    let mut found = Vec::new();
    for question in form.questions() {
        let (label, hint) = (lacks(&question.label), lacks(&question.hint));
        let messages = lacks(&question.constraint_message).chain(lacks(&question.required_message));
        let mut languages: Vec<&str> = label.chain(hint).chain(messages).collect();
        languages.sort_unstable();
        languages.dedup();
        for language in languages {
            let args = [("name", language), ("question", question.path.as_str())];
            found.push(Problem::new(path, None, "workbook-untranslated", &args));
        }
    }
    found
}

fn told(path: &str, line: Option<u32>, code: &str, text: Bilingual, remedy: Bilingual) -> Problem {
    Problem {
        file: path.to_owned(),
        line,
        code: code.to_owned(),
        text: Text { zh: text.zh, en: text.en },
        remedy: Text { zh: remedy.zh, en: remedy.en },
    }
}
