//! Message catalogues: Fluent files in zh-CN and en, looked up together.
//!
//! A catalogue is made from the two files of one crate (`messages/zh-CN.ftl`, `messages/en.ftl`).
//! A message that lacks one of its languages is an error of the build's tests ([`Catalog::gaps`]),
//! never of a user's screen: there the key itself stands in.

use crate::text::{Lang, Text};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::collections::BTreeSet;
use thiserror::Error;
use unic_langid::LanguageIdentifier;

/// A catalogue file that is not Fluent.
#[derive(Debug, Error)]
#[error("the {lang:?} message file is not well formed: {what}")]
pub struct BadCatalog {
    /// Which file.
    pub lang: Lang,
    /// What the parser said.
    pub what: String,
}

/// The messages of one crate in both languages.
pub struct Catalog {
    zh: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
    keys: (BTreeSet<String>, BTreeSet<String>),
}

impl Catalog {
    /// From the text of both files.
    pub fn new(zh: &str, en: &str) -> Result<Self, BadCatalog> {
        Ok(Catalog { keys: (keys(zh), keys(en)), zh: bundle(Lang::Zh, zh)?, en: bundle(Lang::En, en)? })
    }

    /// A message in both languages.
    pub fn text(&self, key: &str, args: &[(&str, String)]) -> Text {
        Text { zh: self.get(Lang::Zh, key, args), en: self.get(Lang::En, key, args) }
    }

    /// A message in one language; the key itself where there is none. Beside each argument `n` the
    /// message can choose by `n-number`: `one` or `other`.
    pub fn get(&self, lang: Lang, key: &str, args: &[(&str, String)]) -> String {
        let bundle = match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) else { return key.to_owned() };
        let mut given: FluentArgs = args.iter().map(|(k, v)| (*k, v.clone())).collect();
        for (name, value) in args {
            let number = if value == "1" { "one" } else { "other" };
            given.set(format!("{name}-number"), number);
        }
        let args = given;
        bundle.format_pattern(pattern, Some(&args), &mut vec![]).into_owned()
    }

    /// Keys that one language has and the other lacks.
    pub fn gaps(&self) -> Vec<String> {
        self.keys.0.symmetric_difference(&self.keys.1).cloned().collect()
    }

    /// True if both languages have the message.
    pub fn has(&self, key: &str) -> bool {
        self.keys.0.contains(key) && self.keys.1.contains(key)
    }
}

fn bundle(lang: Lang, source: &str) -> Result<FluentBundle<FluentResource>, BadCatalog> {
    let bad = |what: String| BadCatalog { lang, what };
    let resource = FluentResource::try_new(source.to_owned()).map_err(|(_, e)| bad(format!("{e:?}")))?;
    let id = match lang {
        Lang::Zh => "zh-CN",
        Lang::En => "en",
    };
    let id: LanguageIdentifier = id.parse().map_err(|e| bad(format!("{e:?}")))?;
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The isolation marks around arguments are meant for mixed directions; in a log or a JSON
    // answer they are invisible noise.
    bundle.set_use_isolating(false);
    bundle.add_resource(resource).map_err(|e| bad(format!("{e:?}")))?;
    Ok(bundle)
}

fn keys(source: &str) -> BTreeSet<String> {
    source
        .lines()
        .filter(|l| l.starts_with(|c: char| c.is_ascii_alphabetic()))
        .filter_map(|l| l.split_once('=').map(|(k, _)| k.trim().to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_of_one_message() {
        let c =
            Catalog::new("late = 晚了 { $n } 天\n", "late = { $n } days late\nextra = only here\n").unwrap();
        assert_eq!(c.text("late", &[("n", "3".into())]), Text::new("晚了 3 天", "3 days late"));
        assert_eq!(c.get(Lang::Zh, "nothing", &[]), "nothing");
        assert_eq!(c.gaps(), ["extra"]);
    }

    #[test]
    fn one_of_something_is_singular() {
        let en = "n = { $n-number ->\n    [one] 1 photo\n   *[other] { $n } photos\n }\n";
        let c = Catalog::new("n = { $n } 张照片\n", en).unwrap();
        let said = |n: &str| c.text("n", &[("n", n.into())]);
        assert_eq!(said("1"), Text::new("1 张照片", "1 photo"));
        assert_eq!(said("0").en, "0 photos");
    }

    #[test]
    fn a_broken_file_is_an_error() {
        assert!(Catalog::new("= nothing", "a = b").is_err());
    }
}
