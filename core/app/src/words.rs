//! This crate's texts for people, in both languages.

use rounds_device::{Class, RoundsError};
use rounds_model::messages::Catalog;
use rounds_model::text::Lang;
use std::sync::OnceLock;

pub(crate) fn messages() -> &'static Catalog {
    static MESSAGES: OnceLock<Catalog> = OnceLock::new();
    MESSAGES.get_or_init(|| {
        let made = Catalog::new(include_str!("../messages/zh-CN.ftl"), include_str!("../messages/en.ftl"));
        // A test sees to it that the files are well formed.
        made.unwrap_or_else(|_| empty())
    })
}

fn empty() -> Catalog {
    match Catalog::new("", "") {
        Ok(catalog) => catalog,
        Err(_) => std::process::abort(),
    }
}

/// A message with arguments.
pub(crate) fn say(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    messages().get(lang, key, args)
}

/// A message without arguments.
pub(crate) fn plain(lang: Lang, key: &str) -> String {
    say(lang, key, &[])
}

/// An error of this crate's: its text under its code, what to do under `<code>-remedy`.
pub(crate) fn wrong(code: &str, class: Class, args: &[(&str, String)]) -> RoundsError {
    RoundsError {
        code: code.to_owned(),
        class,
        text: messages().text(code, args),
        remedy: messages().text(&format!("{code}-remedy"), args),
        field: None,
        rule: None,
        retry_s: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_message() {
        let catalog = Catalog::new(include_str!("../messages/zh-CN.ftl"), include_str!("../messages/en.ftl"));
        assert_eq!(catalog.unwrap().gaps(), Vec::<String>::new());
    }

    /// What the sources ask for by name is there.
    #[test]
    fn every_message_that_is_said_is_there() {
        let mut asked = 0;
        let mut missing = Vec::new();
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                for call in ["plain(lang, \"", "say(lang, \"", "wrong(\"", "words(\"", "said(\""] {
                    for rest in text.split(call).skip(1) {
                        let key = rest.split('"').next().unwrap();
                        asked += 1;
                        if !messages().has(key) {
                            missing.push(format!("{key} in {}", path.display()));
                        }
                        if call == "wrong(\"" && !messages().has(&format!("{key}-remedy")) {
                            missing.push(format!("{key}-remedy in {}", path.display()));
                        }
                    }
                }
            }
        }
        assert!(asked > 50 && missing.is_empty(), "{asked} asked, missing {missing:?}");
    }
}
