//! The texts of this crate, in both languages.

use rounds_model::admit::Inadmissible;
use rounds_model::messages::Catalog;
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;
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

/// What a system says of a file, in our words; what is rare as the system says it.
pub fn file_trouble(error: &std::io::Error) -> Text {
    use std::io::ErrorKind;
    let key = match error.kind() {
        ErrorKind::NotFound => "io-not-found",
        ErrorKind::PermissionDenied => "io-permission",
        ErrorKind::IsADirectory => "io-folder",
        ErrorKind::NotADirectory => "io-no-folder",
        ErrorKind::AlreadyExists => "io-exists",
        ErrorKind::StorageFull => "io-full",
        _ => "io-other",
    };
    messages().text(key, &[("detail", error.to_string())])
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

    /// Every code that the source holds something with: a new one without a text fails here.
    fn codes() -> Vec<String> {
        let mut out = vec![];
        let mut folders = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|e| e == "rs")
                    && !path.to_string_lossy().contains("test")
                {
                    let text = std::fs::read_to_string(path).unwrap();
                    let calls = text.split("held(\"").skip(1).filter_map(|rest| rest.split('"').next());
                    out.extend(calls.map(str::to_owned));
                }
            }
        }
        out
    }

    #[test]
    fn lesson_19_every_rejection_has_code_field_remedy() {
        let codes = codes();
        assert!(codes.len() > 10 && codes.iter().any(|code| code == "record-unknown"), "{codes:?}");
        for code in codes {
            let refusal = held(&code);
            for lang in rounds_model::text::Lang::ALL {
                assert_ne!(refusal.reason.get(lang), code, "{code} has no text");
                assert!(!refusal.remedy.get(lang).ends_with("-remedy"), "{code} has no remedy");
            }
        }
    }

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
            I::Crowded,
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
