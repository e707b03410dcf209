//! Where the choices of a question come from.

use std::collections::BTreeMap;

use super::Assembler;
use crate::choices::List;
use crate::import::EXTERNAL;
use crate::kind::{Kind, Source, is_file};
use crate::language::{DEFAULT_LANGUAGE, Texts};
use crate::messages::Code;
use crate::spec::QuestionSpec;
use crate::table::Table;

impl Assembler<'_> {
    pub(super) fn list(
        &mut self,
        row: u32,
        kind: Kind,
        source: Option<Source>,
        parameters: &BTreeMap<String, String>,
    ) -> Option<usize> {
        if !kind.has_choices() {
            return None;
        }
        match source? {
            Source::Answers(_) => None,
            Source::External(name) => {
                let key = format!("{EXTERNAL}{name}");
                let found = self.form.list_by_name.get(&key).copied();
                if found.is_none() {
                    self.report.error(row, "type", Code::UnknownList, vec![name]);
                }
                found
            }
            Source::List(name) => {
                let found = self.form.list_by_name.get(&name).copied();
                if found.is_none() {
                    self.report.error(row, "type", Code::UnknownList, vec![name]);
                }
                found
            }
            Source::File(file) => {
                let shapes = file.ends_with(".geojson");
                let own = if shapes { ("id", "title") } else { ("name", "label") };
                let value = parameters.get("value").map_or(own.0, String::as_str);
                let label = parameters.get("label").map_or(own.1, String::as_str);
                if !is_file(&file) || file.matches('.').count() != 1 {
                    self.report.error(row, "type", Code::BadFileName, vec![file]);
                    return None;
                }
                self.file_list(row, &file, value, label)
            }
        }
    }

    /// A CSV of the media as a list; read once for all questions that name it.
    pub(super) fn file_list(&mut self, row: u32, file: &str, value: &str, label: &str) -> Option<usize> {
        let name = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
        if let Some(list) = self.form.list_by_name.get(&name) {
            return Some(*list);
        }
        if self.missing.contains(file) {
            return None;
        }
        let table = match self.table_of(row, "type", file)? {
            Some(table) => table,
            None => return self.empty_list(name, value, label),
        };
        match List::new(&name, table, value, label, &self.form.languages) {
            Some(list) => Some(self.add_list(name, list)),
            None => {
                self.missing.insert(file.to_owned());
                let args = vec![file.to_owned(), format!("no column “{value}”")];
                self.report.error(row, "type", Code::BadMedia, args);
                None
            }
        }
    }

    /// A file of the media as a table. The outer none is an error that was reported; the inner one a
    /// file that is not there and may be missing.
    pub(super) fn table_of(&mut self, row: u32, column: &str, file: &str) -> Option<Option<Table>> {
        let args = vec![file.to_owned()];
        let Some(bytes) = self.media.file(file) else {
            self.missing.insert(file.to_owned());
            if self.media.is_complete() {
                self.report.error(row, column, Code::MissingMedia, args);
                return None;
            }
            self.report.unsupported(row, column, Code::MissingMedia, args);
            return Some(None);
        };
        let read = match file.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
            "xml" => Table::from_xml(bytes),
            "geojson" => Table::from_geojson(bytes),
            _ => Table::from_csv(bytes),
        };
        match read {
            Ok(table) => Some(Some(table)),
            Err(error) => {
                self.missing.insert(file.to_owned());
                let args = vec![file.to_owned(), error.to_string()];
                self.report.error(row, column, Code::BadMedia, args);
                None
            }
        }
    }

    pub(super) fn add_list(&mut self, name: String, list: List) -> usize {
        self.form.lists.push(list);
        let number = self.form.lists.len() - 1;
        self.form.list_by_name.insert(name, number);
        number
    }

    /// What stands for a file that may be missing.
    fn empty_list(&mut self, name: String, value: &str, label: &str) -> Option<usize> {
        let table = Table::absent([value.to_owned(), label.to_owned()]).ok()?;
        let list = List::new(&name, table, value, label, &self.form.languages)?;
        self.form.lists.push(list);
        let number = self.form.lists.len() - 1;
        self.form.list_by_name.insert(name, number);
        Some(number)
    }

    /// `or_other`: a last choice, and a text for what it is, as pyxform makes them.
    pub(super) fn or_other(&mut self, row: u32, name: &str) {
        let list = self.form.questions.last().and_then(|node| node.list);
        if let Some(list) = list.and_then(|list| self.form.lists.get_mut(list)) {
            list.add_other();
        }
        let mut label: Texts = [(DEFAULT_LANGUAGE, "Specify other.")].into_iter().collect();
        for language in &self.form.languages {
            if language.tag.starts_with("zh") {
                label.insert(&language.name, "请说明其他".to_owned());
            }
        }
        let spec = QuestionSpec {
            kind: "text".to_owned(),
            name: format!("{name}_other"),
            label,
            relevant: format!("selected(../{name}, 'other')"),
            ..QuestionSpec::default()
        };
        self.question(row, spec, Kind::Text, None);
    }
}
