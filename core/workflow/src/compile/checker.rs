//! The small checks that every part of a pack needs: names, texts, lists of names.

use crate::bundle::Bundle;
use crate::limits;
use crate::manifest::{List, Manifest, Word, Words};
use crate::problem::Problems;
use crate::schedule::Schedule;
use rounds_forms::Table;
use rounds_model::people::Role;
use rounds_model::text::Text;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use toml::Spanned;

/// What is being checked, and what was found so far.
pub(super) struct Checker<'a, 'p> {
    pub manifest: &'a Manifest,
    pub bundle: &'a Bundle,
    pub tables: Arc<BTreeMap<String, Table>>,
    pub schedules: Arc<BTreeMap<String, Schedule>>,
    pub problems: &'a mut Problems<'p>,
    roles: BTreeSet<&'a str>,
}

impl<'a, 'p> Checker<'a, 'p> {
    pub fn new(
        manifest: &'a Manifest,
        bundle: &'a Bundle,
        tables: Arc<BTreeMap<String, Table>>,
        problems: &'a mut Problems<'p>,
    ) -> Checker<'a, 'p> {
        let own = manifest.roles.iter().map(|role| role.get_ref().as_str());
        let roles = own.chain([Role::REP, Role::SUPERVISOR, Role::OPERATOR]).collect();
        let mut checker = Checker { manifest, bundle, tables, schedules: Arc::default(), problems, roles };
        for role in &manifest.roles {
            checker.snake(role);
        }
        checker
    }

    /// Both languages, neither empty nor too long.
    pub fn text(&mut self, words: &Spanned<Words>) -> Option<Text> {
        let Words { zh, en } = words.get_ref();
        let zh = self.words(zh.as_ref(), "zh", words.span());
        let en = self.words(en.as_ref(), "en", words.span());
        Some(Text { zh: zh?, en: en? })
    }

    fn words(&mut self, word: Option<&Word>, language: &str, span: Range<usize>) -> Option<String> {
        match word {
            Some(word) if !word.get_ref().trim().is_empty() => {
                let fits = self.at_most(word.get_ref().len(), limits::TEXT, word.span(), language);
                fits.then(|| word.get_ref().clone())
            }
            _ => {
                self.problems.add(span, "missing-translation", &[("name", language)]);
                None
            }
        }
    }

    /// `one-open-application`: the ids of packs and the codes of refusals.
    pub fn kebab(&mut self, name: &Word) -> Option<String> {
        self.name(name, |c| c == '-')
    }

    /// `check_in`: kinds, stages, acts, fields, roles. A field may start with `_`.
    pub fn snake(&mut self, name: &Word) -> Option<String> {
        self.name(name, |c| c == '_')
    }

    fn name(&mut self, name: &Word, joint: impl Fn(char) -> bool) -> Option<String> {
        let text = name.get_ref();
        let fine = text.len() <= limits::NAME
            && text.starts_with(|c: char| c.is_ascii_lowercase() || (c == '_' && joint('_')))
            && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || joint(c));
        if !fine {
            self.problems.add(name.span(), "bad-name", &[("name", text)]);
        }
        fine.then(|| text.clone())
    }

    /// Every role that this pack may name.
    pub fn known_roles(&self) -> Vec<String> {
        self.roles.iter().map(|role| (*role).to_owned()).collect()
    }

    pub fn roles(&mut self, names: &[Word]) -> Vec<Role> {
        for name in names {
            if !self.roles.contains(name.get_ref().as_str()) {
                self.problems.add(name.span(), "unknown-role", &[("name", name.get_ref())]);
            }
        }
        names.iter().map(|name| Role(name.get_ref().clone())).collect()
    }

    /// Names that must all be among the known ones.
    pub fn among(&mut self, names: &[Word], known: &BTreeSet<String>, code: &str) -> Vec<String> {
        names.iter().filter_map(|name| self.one_of(name, known, code)).collect()
    }

    pub fn one_of(&mut self, name: &Word, known: &BTreeSet<String>, code: &str) -> Option<String> {
        if known.contains(name.get_ref()) {
            return Some(name.get_ref().clone());
        }
        self.problems.add(name.span(), code, &[("name", name.get_ref()), ("kind", "")]);
        None
    }

    /// One of a few fixed words.
    pub fn choice<T: Copy>(&mut self, word: &Word, choices: &[(&str, T)]) -> Option<T> {
        let found = choices.iter().find(|(name, _)| name == word.get_ref()).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
            let args = [("name", word.get_ref().as_str()), ("choices", &names.join(", "))];
            self.problems.add(word.span(), "unknown-choice", &args);
        }
        found
    }

    pub fn at_most(&mut self, count: usize, limit: usize, span: Range<usize>, name: &str) -> bool {
        if count > limit {
            let args = [("name", name), ("limit", &limit.to_string())];
            self.problems.add(span, "too-many", &args);
        }
        count <= limit
    }

    pub fn not_empty(&mut self, list: &List, name: &str) {
        if list.get_ref().is_empty() {
            self.problems.add(list.span(), "empty-list", &[("name", name)]);
        }
    }

    pub fn line(&self, span: Range<usize>) -> u32 {
        self.problems.line(span.start)
    }
}
