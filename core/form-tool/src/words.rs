//! The texts of this tool, in both languages; and what a system says, in our words.

use std::io::ErrorKind;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::anyhow;
use rounds_model::messages::Catalog;
use rounds_model::text::Lang;

/// The messages of this tool.
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

/// A message in one language.
pub fn say(lang: Lang, key: &str, args: &[(&str, String)]) -> String {
    messages().get(lang, key, args)
}

/// What went wrong with a file, as an error for `main` to print.
pub fn file_error(lang: Lang, path: &Path, error: &std::io::Error) -> anyhow::Error {
    let key = match error.kind() {
        ErrorKind::NotFound => "no-file",
        ErrorKind::PermissionDenied => "no-permission",
        ErrorKind::IsADirectory => "is-folder",
        ErrorKind::NotADirectory => "no-folder",
        ErrorKind::StorageFull => "disk-full",
        ErrorKind::InvalidData => "not-text",
        _ => "file-failed",
    };
    anyhow!("{}: {}", path.display(), say(lang, key, &[("detail", error.to_string())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_message() {
        assert_eq!(messages().gaps(), Vec::<String>::new());
    }
}
