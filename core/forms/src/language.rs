//! Texts in several languages, and which of them a reader gets.
//!
//! A workbook names a language freely (`中文 (zh)`, `English (en)`, `French`); a caller asks by a
//! BCP-47 tag (`zh-CN`). The tag in the parentheses, or the name itself, is what the two meet on.

/// The name of texts in a column without a language, as XLSForm itself calls it.
pub const DEFAULT_LANGUAGE: &str = "default";

/// One language of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language {
    /// As the workbook writes it, such as `中文 (zh)`.
    pub name: String,
    /// The BCP-47 tag, such as `zh`; the lower-cased name when the workbook gives none.
    pub tag: String,
}

impl Language {
    /// Reads the name of a language column.
    pub fn new(name: &str) -> Language {
        Language { name: name.trim().to_owned(), tag: tag_of(name) }
    }
}

/// One text in the languages it exists in. The first language is the fallback of last resort.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts<T = String> {
    entries: Vec<(Language, T)>,
}

impl<T> Texts<T> {
    /// No text in any language.
    pub fn new() -> Texts<T> {
        Texts { entries: Vec::new() }
    }

    /// Adds or replaces the text of a language.
    pub fn insert(&mut self, language: &str, text: T) {
        let language = Language::new(language);
        match self.entries.iter_mut().find(|(have, _)| *have == language) {
            Some((_, old)) => *old = text,
            None => self.entries.push((language, text)),
        }
    }

    /// The text for a reader: exact tag or name, then the same language in any region, then the
    /// form's default language, then the column without a language, then whatever exists.
    pub fn get(&self, wanted: &str, default: &str) -> Option<&T> {
        self.exact(wanted)
            .or_else(|| self.same_language(wanted))
            .or_else(|| self.exact(default))
            .or_else(|| self.same_language(default))
            .or_else(|| self.exact(DEFAULT_LANGUAGE))
            .or_else(|| self.entries.first().map(|(_, text)| text))
    }

    /// Languages and texts in the order of the workbook's columns.
    pub fn iter(&self) -> impl Iterator<Item = (&Language, &T)> {
        self.entries.iter().map(|(language, text)| (language, text))
    }

    /// Whether there is no text in any language.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn exact(&self, wanted: &str) -> Option<&T> {
        self.entries
            .iter()
            .find(|(have, _)| have.name == wanted || have.tag.eq_ignore_ascii_case(wanted))
            .map(|(_, text)| text)
    }

    fn same_language(&self, wanted: &str) -> Option<&T> {
        let wanted = primary(wanted);
        self.entries
            .iter()
            .find(|(have, _)| primary(&have.tag).eq_ignore_ascii_case(wanted))
            .map(|(_, text)| text)
    }
}

impl<S: Into<String>, N: AsRef<str>> FromIterator<(N, S)> for Texts<String> {
    fn from_iter<I: IntoIterator<Item = (N, S)>>(items: I) -> Texts<String> {
        let mut texts = Texts::new();
        for (language, text) in items {
            texts.insert(language.as_ref(), text.into());
        }
        texts
    }
}

/// `中文 (zh)` is `zh`; `French` is `french`; `zh_CN` is `zh-cn`.
fn tag_of(name: &str) -> String {
    let name = name.trim();
    let inside = name
        .rfind(['(', '（'])
        .and_then(|open| name.get(open..))
        .map(|rest| rest.trim_matches(['(', ')', '（', '）', ' ']))
        .filter(|tag| !tag.is_empty() && tag.is_ascii());
    inside.unwrap_or(name).to_lowercase().replace('_', "-")
}

fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_gets_the_nearest_language() {
        let texts: Texts = [("English (en)", "Store"), ("中文 (zh)", "门店")].into_iter().collect();
        for (wanted, expected) in [
            ("zh", "门店"),
            ("zh-CN", "门店"),
            ("中文 (zh)", "门店"),
            ("en-GB", "Store"),
            ("EN", "Store"),
            ("fr", "门店"),
        ] {
            assert_eq!(texts.get(wanted, "zh").map(String::as_str), Some(expected), "{wanted}");
        }
        assert_eq!(texts.get("fr", "default").map(String::as_str), Some("Store"));
    }

    #[test]
    fn names_without_a_tag_are_their_own_tag() {
        assert_eq!(Language::new(" French ").tag, "french");
        assert_eq!(Language::new("中文（zh_TW）").tag, "zh-tw");
    }
}
