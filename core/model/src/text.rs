//! Text that people read: always in both languages, so that a ruling made on the server can be
//! read by whoever opens the record.

use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// The languages of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    #[serde(rename = "zh-CN")]
    Zh,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Lang {
    /// Both, in the order in which they are offered.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The best match for an `Accept-Language` header or a system setting; Chinese if none.
    pub fn best(accept: &str) -> Lang {
        accept.split(',').find_map(|part| part.split(';').next()?.trim().parse().ok()).unwrap_or_default()
    }
}

impl FromStr for Lang {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        match s.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "zh" => Ok(Lang::Zh),
            "en" => Ok(Lang::En),
            _ => Err(()),
        }
    }
}

/// One text in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// zh-CN.
    pub zh: String,
    /// en.
    pub en: String,
}

impl Text {
    /// From both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Text { zh: zh.into(), en: en.into() }
    }

    /// The text in one language.
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }

    /// The same change made to both.
    pub fn map(&self, f: impl Fn(&str) -> String) -> Text {
        Text { zh: f(&self.zh), en: f(&self.en) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_language_of_a_header() {
        assert_eq!(Lang::best("en-GB,en;q=0.9"), Lang::En);
        assert_eq!(Lang::best("fr, zh-Hans-CN;q=0.8"), Lang::Zh);
        assert_eq!(Lang::best(""), Lang::Zh);
    }
}
