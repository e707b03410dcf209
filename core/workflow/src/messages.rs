//! The crate's own texts: refusals that are the same in every system, and what can be wrong with a
//! pack. Each code has a message of its name and one of `<code>-remedy`.

use rounds_model::messages::Catalog;
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;
use std::sync::OnceLock;

const ZH: &str = include_str!("../messages/zh-CN.ftl");
const EN: &str = include_str!("../messages/en.ftl");

/// The codes of the standard refusals. Packs add their own for their guards and arbitrations.
pub const REFUSALS: [&str; 48] = [
    "act-not-now",
    "act-not-owner",
    "act-role",
    "act-unknown",
    "amount-unclear",
    "area-not-held",
    "content-moved",
    "content-undecided",
    "control-key",
    "create-for-others",
    "document-missing",
    "document-original",
    "document-too-new",
    "document-too-old",
    "document-undated",
    "documents-missing",
    "field-not-writable",
    "form-incomplete",
    "form-invalid",
    "link-other-kind",
    "never-enough",
    "no-identity",
    "not-owner",
    "numbers-used-up",
    "payload-invalid",
    "payload-missing",
    "payload-type",
    "payload-unknown",
    "print-not-now",
    "print-role",
    "proof-expired",
    "record-removed",
    "recording-only",
    "role-may-not-create",
    "role-may-not-write",
    "rule-failed",
    "settle-claims",
    "script-blank",
    "script-empty",
    "script-medium",
    "stage-frozen",
    "stage-moved",
    "taken-already",
    "unknown-kind",
    "version-claims",
    "version-stage-gone",
    "version-back",
    "version-unknown",
];

/// Texts that are no refusals.
#[cfg(test)]
const WORDS: [&str; 16] = [
    "document-dated",
    "document-original-seen",
    "shape-list",
    "shape-missing",
    "shape-number",
    "shape-other",
    "shape-sort",
    "shape-sort-of",
    "shape-syntax",
    "shape-table",
    "shape-text",
    "shape-truth",
    "shape-twice",
    "shape-unknown",
    "shape-unknown-known",
    "shape-whole",
];

/// A standard refusal.
pub(crate) fn refusal(code: &str, args: &[(&str, &Text)]) -> Refusal {
    Refusal::new(code, words(code, args), words(&format!("{code}-remedy"), args))
}

/// One message in both languages, its arguments each in the message's own language.
pub(crate) fn words(key: &str, args: &[(&str, &Text)]) -> Text {
    let Some(catalog) = catalog() else { return Text::new(key, key) };
    let zh: Vec<_> = args.iter().map(|(name, text)| (*name, text.zh.clone())).collect();
    let en: Vec<_> = args.iter().map(|(name, text)| (*name, text.en.clone())).collect();
    Text { zh: catalog.text(key, &zh).zh, en: catalog.text(key, &en).en }
}

/// The same words in both languages: names, numbers.
pub(crate) fn same(text: impl Into<String>) -> Text {
    let text = text.into();
    Text { zh: text.clone(), en: text }
}

fn catalog() -> Option<&'static Catalog> {
    static CATALOG: OnceLock<Option<Catalog>> = OnceLock::new();
    // The files are part of the build, and a test reads them: here a broken one only means keys
    // instead of texts.
    CATALOG.get_or_init(|| Catalog::new(ZH, EN).ok()).as_ref()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem;

    #[test]
    fn lesson_19_every_rejection_has_code_field_remedy() {
        let catalog = catalog().unwrap();
        assert_eq!(catalog.gaps(), [] as [&str; 0]);
        for code in REFUSALS.iter().chain(&problem::CODES) {
            assert!(catalog.has(code), "{code}");
            assert!(catalog.has(&format!("{code}-remedy")), "{code}-remedy");
        }
        assert!(WORDS.iter().all(|word| catalog.has(word)));
        let known = REFUSALS.len() + problem::CODES.len();
        let lines = EN.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())).count();
        assert_eq!(lines, 2 * known + WORDS.len(), "a message that no code uses");
    }

    #[test]
    fn each_language_gets_its_own_arguments() {
        let stage = Text::new("计划", "planned");
        let refusal = refusal("act-not-now", &[("stage", &stage), ("act", &stage)]);
        assert!(refusal.reason.zh.contains("计划") && refusal.reason.en.contains("planned"));
    }
}
