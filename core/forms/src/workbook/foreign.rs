//! What a file is that is no form: named, so that its author sees at once what was mixed up.

/// Beginnings of files that people give by mistake.
const BEGINNINGS: &[(&[u8], &str)] = &[
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a Word document"),
    (b"\x1F\x8B", "an archive"),
    (b"7z\xBC\xAF", "an archive"),
    (b"Rar!", "an archive"),
];

/// A file by its first bytes.
pub(super) fn by_signature(bytes: &[u8]) -> Option<&'static str> {
    BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning)).map(|(_, name)| *name)
}

/// A text that is no table.
pub(super) fn by_text(text: &str) -> Option<&'static str> {
    let beginning: String = text.trim_start().chars().take(64).flat_map(char::to_lowercase).collect();
    let begins = |with: &[&str]| with.iter().any(|with| beginning.starts_with(with));
    if begins(&["<!doctype html", "<html", "<table"]) {
        return Some("a web page (HTML)");
    }
    if begins(&["<?xml", "<"]) {
        return Some("XML");
    }
    begins(&["{", "["]).then_some("JSON")
}

/// A ZIP archive without a workbook in it, by the names of its parts.
pub(super) fn by_parts<'p>(parts: impl Iterator<Item = &'p str>) -> &'static str {
    let mut found = "a ZIP archive";
    for part in parts {
        found = match part {
            "xl/workbook.bin" => return "an Excel binary workbook (.xlsb)",
            "content.xml" => return "an OpenDocument file (.ods)",
            part if part.starts_with("word/") => return "a Word document",
            part if part.starts_with("ppt/") => return "a presentation",
            _ => found,
        };
    }
    found
}
