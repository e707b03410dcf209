//! Values of records as people read them, and as a file has them.

use super::sink::Cell;
use crate::console::kinds::{Lexicon, Question, Sort};
use crate::console::names::{Names, other_record};
use crate::console::viewer::Viewer;
use crate::console::words::Words;
use crate::error::Result;
use crate::storage::Read;
use rounds_model::ids::DocId;
use rounds_model::scalar::Scalar;
use std::collections::HashMap;

/// Titles that are remembered.
const TITLES: usize = 5_000;

/// Writes values down for one reader.
pub struct Values<'a> {
    tx: &'a dyn Read,
    lexicon: &'a dyn Lexicon,
    viewer: &'a Viewer,
    words: &'a Words,
    /// Everybody's names.
    pub names: Names,
    /// The titles of what records link to: a thousand visits are to a hundred stores.
    titles: HashMap<DocId, String>,
}

impl<'a> Values<'a> {
    /// For whoever looks.
    pub fn new(
        tx: &'a dyn Read,
        lexicon: &'a dyn Lexicon,
        viewer: &'a Viewer,
        words: &'a Words,
    ) -> Result<Values<'a>> {
        let (names, titles) = (Names::read(tx, words)?, HashMap::new());
        Ok(Values { tx, lexicon, viewer, words, names, titles })
    }

    /// What stands in a cell.
    pub fn cell(&mut self, question: &Question, value: &Scalar) -> Result<Cell> {
        let words = self.words;
        let text = match (question.sort, value) {
            (_, Scalar::Int(number)) => return Ok(Cell::Number(*number as f64)),
            (_, Scalar::Float(number)) => return Ok(Cell::Number(*number)),
            (_, Scalar::Bool(yes)) => words.t(if *yes { "yes" } else { "no" }),
            (Sort::Date, value) => return Ok(Cell::day(&value.to_string())),
            (Sort::DateTime, value) => return Ok(Cell::moment(&words.here(&value.to_string()))),
            (Sort::Choices, value) => {
                let text = value.to_string();
                let label = |name: &str| {
                    let found = question.choices.iter().find(|(choice, _)| choice == name);
                    found.map_or_else(|| name.to_owned(), |(_, text)| words.of(text).to_owned())
                };
                text.split_whitespace().map(label).collect::<Vec<_>>().join(", ")
            }
            (Sort::Person, value) => {
                let id = value.to_string();
                id.parse().map_or(id, |person| self.names.person(person))
            }
            (Sort::Record, value) => {
                let id = value.to_string();
                match id.parse::<DocId>() {
                    Ok(doc) => self.title(doc)?,
                    Err(_) => id,
                }
            }
            (_, value) => value.to_string(),
        };
        Ok(Cell::Text(text))
    }

    fn title(&mut self, doc: DocId) -> Result<String> {
        if let Some(known) = self.titles.get(&doc) {
            return Ok(known.clone());
        }
        let found = other_record(self.tx, self.lexicon, self.viewer, self.words, doc)?;
        let title = found.map_or_else(|| self.words.t("elsewhere"), |other| other.title);
        if self.titles.len() >= TITLES {
            self.titles.clear();
        }
        self.titles.insert(doc, title.clone());
        Ok(title)
    }
}
