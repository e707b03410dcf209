//! Printing: a record as its pack's template says, in the reader's language, as the bytes of a PDF.
//!
//! Two steps, because a page that was made is not yet on paper: [`Rounds::print`] makes it and changes
//! nothing, and when the shell has printed or saved it, [`Rounds::printed`] states the act that the pack
//! names for it. That it was printed is so remembered as every other act: signed, sent and ruled.

use crate::Rounds;
use crate::acting::Made;
use crate::answers::Desk;
use crate::authoring::who;
use crate::error::{Fail, RoundsError};
use crate::projecting;
use crate::screens::cell::{cell, yes_or_no};
use crate::screens::papers::papers;
use crate::screens::questions::{Question, questions, title};
use crate::screens::say;
use crate::screens::status::clock;
use crate::store::{documents, records, sought};
use crate::world::Here;
use chrono::{Datelike, Timelike};
use rounds_model::document::Document;
use rounds_model::ids::DocId;
use rounds_model::refusal::Refusal;
use rounds_model::text::{Lang, Text};
use rounds_print::{Cell, Face, Part, PrintError, Sheet};
use rounds_workflow::{Catalogue, Kind, Lookup, Print, Record, Rows, Section, View, instances};
use rusqlite::Connection;
use serde::Serialize;

/// The most rows that a table of linked records has.
const ROWS: usize = 500;

/// A paper that was made, and is not on paper yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Paper {
    /// The record.
    pub record: DocId,
    /// Its name in the pack.
    pub print: String,
    /// What people read.
    pub title: String,
    /// The PDF.
    #[serde(skip)]
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that no font has; each stands on the paper as its code.
    pub lacking: Vec<char>,
}

/// What is read of a record to print it.
struct Reading<'a> {
    db: &'a Connection,
    catalogue: &'a Catalogue,
    kind: &'a Kind,
    record: &'a Record,
    view: View<'a>,
    questions: Vec<Question>,
    lang: Lang,
}

impl Rounds {
    /// Makes a paper of a record: the one of this name, or the first that its pack has. Nothing is
    /// changed, and nothing is printed yet.
    ///
    /// # Errors
    /// The pack's refusal, with what may be printed instead, or why its act will not hold; what is wrong with the fonts; too much for paper.
    pub fn print(
        &self,
        doc: DocId,
        name: Option<&str>,
        fonts: &[Face],
        lang: Lang,
    ) -> Result<Paper, RoundsError> {
        self.keep_links(doc)?;
        Ok(self.store.read(|db| print(self, db, doc, name, fonts, lang))?)
    }

    /// Keeps the links that tables of a record's papers are looked up by, where they are not kept yet.
    fn keep_links(&self, doc: DocId) -> Result<(), Fail> {
        let catalogue = self.catalogue();
        let unkept = self.store.read(|db| {
            let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
            let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
            let mut unkept = Vec::new();
            for (kind, link) in kind.prints.iter().flat_map(Print::linking) {
                unkept.extend(sought::unkept(db, kind, &[links(link, "")])?);
            }
            Ok::<_, Fail>(unkept)
        })?;
        if unkept.is_empty() {
            return Ok(());
        }
        self.store.write(|tx| unkept.iter().try_for_each(|(kind, key)| sought::keep(tx, kind, key)))
    }

    /// Remembers that a paper was printed, where its pack wants that and this person can say it; none if
    /// there is nothing to remember.
    pub fn printed(&self, doc: DocId, name: &str) -> Result<Option<Made>, RoundsError> {
        let act = self.store.read(|db| {
            self.reading(db, doc, Lang::default(), |reading, _| {
                let print = reading.chosen(Some(name))?;
                Ok(reading.stated(print)?.map(|choice| choice.act.to_owned()))
            })
        })?;
        act.map(|act| self.act(doc, &act, &[])).transpose()
    }

    fn reading<T>(
        &self,
        db: &Connection,
        doc: DocId,
        lang: Lang,
        work: impl FnOnce(&Reading<'_>, &Document) -> Result<T, Fail>,
    ) -> Result<T, Fail> {
        let (me, catalogue) = (self.identity()?, self.catalogue());
        let row = records::get(db, doc)?.ok_or(Fail::UnknownRecord)?.projection;
        let kind = catalogue.kind_at(&row.kind, row.pack).ok_or(Fail::UnknownRecord)?;
        let document = documents::load(db, doc)?.ok_or(Fail::UnknownRecord)?;
        let record = projecting::stand(db, &catalogue, &me, doc, &document)?;
        let desk = Desk::new(doc, kind, &me, self.now(db)?);
        let questions = questions(db, &catalogue, &desk, &record, &document, lang)?;
        let here = Here(db);
        let moment = rounds_workflow::moment(desk.now.at_ms, me.zone());
        let view = View::new(who(&me), &here, moment);
        let reading = Reading { db, catalogue: &catalogue, kind, record: &record, view, questions, lang };
        work(&reading, &document)
    }
}

/// The records whose answer `link` is this one.
fn links(link: &str, to: &str) -> Lookup {
    Lookup::Among { key: link.to_owned(), words: vec![Lookup::word(to)] }
}

fn print(
    rounds: &Rounds,
    db: &Connection,
    doc: DocId,
    name: Option<&str>,
    fonts: &[Face],
    lang: Lang,
) -> Result<Paper, Fail> {
    let (me, now) = (rounds.identity()?, rounds.now(db)?);
    rounds.reading(db, doc, lang, |reading, document| {
        let print = reading.chosen(name)?;
        if let Err(no) = reading.may(print)? {
            return Err(reading.with_others(print, no)?.into());
        }
        // What would not be remembered afterwards is told before.
        if let Some(choice) = reading.stated(print)? {
            choice.possible?;
        }
        let mut sheet = reading.sheet(print)?;
        let content: Vec<String> = document.heads().iter().map(ToString::to_string).collect();
        let content = content.concat();
        let short = content.get(..8).unwrap_or(&content).to_owned();
        let args = [
            ("id", doc.to_string()),
            ("version", reading.kind.version.to_string()),
            ("content", short),
            ("at", clock(me.zone(), now.at_ms)),
            ("by", me.person.name.clone()),
        ];
        sheet.footer = say(lang, "paper-footer", &args);
        sheet.page = say(lang, "paper-page", &[("n", "{n}".to_owned()), ("m", "{m}".to_owned())]);
        sheet.id = format!("{doc} {} {content}", print.name);
        let at = chrono::DateTime::from_timestamp_millis(now.at_ms).unwrap_or_default();
        let small = |part: u32| u8::try_from(part).unwrap_or_default();
        let year = u16::try_from(at.year()).unwrap_or_default();
        let (month, day) = (small(at.month()), small(at.day()));
        sheet.at = (year, month, day, small(at.hour()), small(at.minute()), small(at.second()));
        let made = rounds_print::render(&sheet, fonts)?;
        Ok(Paper {
            record: doc,
            print: print.name.clone(),
            title: sheet.title,
            pdf: made.pdf,
            pages: made.pages,
            lacking: made.lacking,
        })
    })
}

impl<'a> Reading<'a> {
    /// The paper of this name or title; without one the first. Another one in its place would be taken for it.
    fn chosen(&self, name: Option<&str>) -> Result<&'a Print, Fail> {
        let prints = &self.kind.prints;
        let called = |print: &&Print, name: &str| {
            print.name == name || print.title.zh == name || print.title.en == name
        };
        let found = match name {
            Some(name) => prints.iter().find(|print| called(print, name)),
            None => prints.first(),
        };
        found.ok_or_else(|| {
            let known: Vec<&str> = prints.iter().map(|print| print.name.as_str()).collect();
            Fail::UnknownPrint(name.unwrap_or_default().to_owned(), known.join(", "))
        })
    }

    fn may(&self, print: &Print) -> Result<Result<(), Refusal>, Fail> {
        Ok(rounds_workflow::may_print(self.kind, print, self.record, &self.view)?)
    }

    /// Why a paper cannot be printed now, and which others can.
    fn with_others(&self, print: &Print, mut no: Refusal) -> Result<Refusal, Fail> {
        let mut now = Vec::new();
        for other in self.kind.prints.iter().filter(|other| other.name != print.name) {
            if self.may(other)?.is_ok() {
                now.push(other);
            }
        }
        if now.is_empty() {
            return Ok(no);
        }
        let others = |lang| {
            let named = now.iter().map(|other| format!("{} ({})", other.title.get(lang), other.name));
            say(lang, "paper-others", &[("papers", named.collect::<Vec<_>>().join(", "))])
        };
        no.remedy.zh = format!("{}{}", no.remedy.zh, others(Lang::Zh));
        no.remedy.en = format!("{} {}", no.remedy.en, others(Lang::En));
        Ok(no)
    }

    /// The act that says that it was printed, if that is still to be said and this person's role has it in
    /// this stage: a colleague's copy, or one of a later stage, says nothing.
    fn stated(&self, print: &Print) -> Result<Option<rounds_workflow::Choice<'a>>, Fail> {
        if print.is_printed(self.record) {
            return Ok(None);
        }
        let acts = rounds_workflow::available(self.catalogue, self.record, &self.view)?;
        Ok(acts.into_iter().find(|choice| print.act.as_deref() == Some(choice.act)))
    }

    fn say(&self, text: &Text) -> String {
        text.get(self.lang).to_owned()
    }

    fn sheet(&self, print: &Print) -> Result<Sheet, Fail> {
        let paper = rounds_workflow::paper(self.kind, print, self.record, &self.view)?;
        let mut parts = Vec::new();
        for section in &paper.sections {
            parts.extend(section.title.iter().map(|title| Part::Heading(self.say(title))));
            parts.extend(section.text.iter().map(|text| Part::Text(self.say(text))));
            let cells = self.cells(section);
            if !cells.is_empty() {
                parts.push(Part::Fields(cells));
            }
            if let Some(rows) = &section.table {
                parts.push(self.table(rows)?);
            }
            if !section.signatures.is_empty() {
                parts
                    .push(Part::Signatures(section.signatures.iter().map(|label| self.say(label)).collect()));
            }
        }
        Ok(Sheet {
            title: self.say(&print.title),
            subtitle: paper.subtitle.map(|text| self.say(&text)).unwrap_or_default(),
            language: self.lang.tag().to_owned(),
            parts,
            ..Sheet::default()
        })
    }

    /// The answers of a section in its order, then what is worked out.
    fn cells(&self, section: &Section) -> Vec<Cell> {
        let asked = self.questions.iter().filter(|q| !matches!(q.kind.as_str(), "group" | "repeat"));
        let mut asked: Vec<_> = asked.filter_map(|q| Some((section.place(&q.key)?, q))).collect();
        asked.sort_by_key(|(place, _)| *place);
        let answers = asked.into_iter().map(|(_, q)| {
            let last = q.key.rsplit('/').next().unwrap_or_default();
            let label = if q.label.is_empty() { last } else { &q.label };
            Cell { label: label.to_owned(), value: self.answer(q) }
        });
        let lines = section.lines.iter();
        let lines = lines.map(|(label, value)| Cell { label: self.say(label), value: self.say(value) });
        answers.chain(lines).collect()
    }

    fn answer(&self, q: &Question) -> String {
        match q.kind.as_str() {
            // A name of 64 digits says nothing to a reader; its beginning still tells two apart.
            "image" | "audio" | "video" | "file" if !q.value.is_empty() => {
                let short = q.value.get(..8).unwrap_or(&q.value).to_owned();
                say(self.lang, "paper-file", &[("name", short)])
            }
            "boolean" => yes_or_no(&q.value, self.lang),
            _ => q.shown.clone(),
        }
    }

    fn table(&self, rows: &Rows) -> Result<Part, Fail> {
        // A list that nobody has filled in yet does not say that nothing is needed.
        let unfilled =
            |list: &String| self.kind.checklists.iter().any(|c| c.name == *list && c.documents.is_empty());
        let none = match rows {
            Rows::Checklist(list) if unfilled(list) => "paper-list-unfilled",
            _ => "paper-none",
        };
        let none = say(self.lang, none, &[]);
        let (columns, rows) = match rows {
            Rows::Repeat { repeat, columns } => self.repeated(repeat, columns),
            Rows::Checklist(list) => self.listed(list)?,
            Rows::Records { kind, link, columns } => self.linking(kind, link, columns)?,
        };
        Ok(Part::Table { columns, rows, none })
    }

    fn repeated(&self, repeat: &str, columns: &[String]) -> (Vec<String>, Vec<Vec<String>>) {
        // The title of a question is the same in each row.
        let head = columns.iter().map(|name| title(self.kind, &format!("{repeat}/-/{name}"), self.lang));
        let value = |key: &str| self.questions.iter().find(|q| q.key == key).map(|q| self.answer(q));
        let row = |instance: String| {
            let cells = columns.iter().map(|name| value(&format!("{instance}/{name}")).unwrap_or_default());
            cells.collect::<Vec<_>>()
        };
        let rows = instances(repeat, &self.record.fields).into_iter().map(row);
        (head.collect(), rows.collect())
    }

    fn listed(&self, list: &str) -> Result<(Vec<String>, Vec<Vec<String>>), Fail> {
        let checked = rounds_workflow::checklists(self.kind, self.record, &self.view)?;
        let lists = papers(self.kind, &checked, self.lang);
        let items = lists.into_iter().filter(|found| found.name == list).flat_map(|found| found.items);
        let state = |lacks: Option<crate::screens::record::Reason>| match lacks {
            None => say(self.lang, "paper-there", &[]),
            Some(why) => why.reason,
        };
        let rows = items.map(|item| vec![item.title, state(item.lacks)]).collect();
        Ok((["paper-document", "paper-state"].map(|key| say(self.lang, key, &[])).to_vec(), rows))
    }

    /// The records that link to this one, the oldest first.
    fn linking(
        &self,
        kind: &str,
        link: &str,
        columns: &[String],
    ) -> Result<(Vec<String>, Vec<Vec<String>>), Fail> {
        let here = self.record.id.to_string();
        let places = sought::look_up(self.db, kind, &[links(link, &here)])?;
        // Rows that are not on the paper must not look as if they were not there.
        if places.len() > ROWS {
            return Err(PrintError::TooMuch.into());
        }
        let places: Vec<i64> = places.into_iter().collect();
        let found = records::at(self.db, kind, &places)?;
        let to_here = |record: &&records::Record| {
            record.projection.data.get(link).is_some_and(|to| to.to_string() == here)
        };
        let cells = |record: &records::Record| {
            columns
                .iter()
                .map(|column| cell(self.db, self.catalogue, record, column, self.lang))
                .collect::<Result<Vec<_>, _>>()
        };
        let rows = found.iter().filter(to_here).map(cells).collect::<Result<Vec<_>, _>>()?;
        let known = self.catalogue.kind(kind);
        let head = columns.iter().map(|column| match (column.as_str(), known) {
            ("@title", Some(kind)) => self.say(&kind.title),
            ("@stage", _) => say(self.lang, "paper-stage", &[]),
            (key, Some(kind)) => title(kind, key, self.lang),
            (key, None) => key.to_owned(),
        });
        Ok((head.collect(), rows))
    }
}
