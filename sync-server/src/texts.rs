//! The texts of this crate, in both languages.

use rounds_model::admit::Inadmissible;
use rounds_model::messages::Catalog;
use rounds_model::refusal::Refusal;
use std::sync::OnceLock;

/// The messages of this crate.
///
/// # Panics
/// Never: the files are part of the build, and a test loads them.
#[allow(clippy::expect_used)]
pub fn messages() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        Catalog::new(include_str!("../messages/zh-CN.ftl"), include_str!("../messages/en.ftl"))
            .expect("the message files are tested")
    })
}

/// A count for a message. Arguments are texts, so the form that goes with it is chosen here:
/// `{ $form -> [one] device *[other] devices }`.
pub fn counted(count: u64) -> [(&'static str, String); 2] {
    [("count", count.to_string()), ("form", if count == 1 { "one" } else { "other" }.to_owned())]
}

/// Why an item is held, by its code.
pub fn held(code: &str) -> Refusal {
    let remedy = messages().text(&format!("{code}-remedy"), &[]);
    Refusal::new(code, messages().text(code, &[]), remedy)
}

/// Why an edit is held.
pub fn inadmissible(why: Inadmissible) -> Refusal {
    held(why.code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rounds_model::ids::ChangeHash;

    #[test]
    fn every_reason_has_text_and_remedy_in_both_languages() {
        assert_eq!(messages().gaps(), Vec::<String>::new());
        use Inadmissible as I;
        let all = [
            I::OutOfBounds,
            I::MissingDeps,
            I::NumberUsed(ChangeHash([0; 32])),
            I::NumberGap,
            I::Counter,
            I::Replaces,
            I::Twice,
            I::Damaged,
            I::Refused,
        ];
        for why in all {
            let refusal = inadmissible(why);
            assert_ne!(refusal.reason.en, refusal.code);
            assert!(messages().has(&format!("{}-remedy", refusal.code)));
        }
    }
}
