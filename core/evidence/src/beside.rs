//! What goes with an answer that is a file: other files that belong to it.

use crate::chain::Ending;
use rounds_model::document::BESIDE;
use rounds_model::ids::BlobHash;
use rounds_model::scalar::Scalar;
use serde::{Deserialize, Serialize};

/// The files that an answer stands on: the segments of a recording, the strokes of a signature. Kept as
/// JSON beside the answer, so that each of them is named by the record like the answer itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct With {
    /// The file that answers the question.
    pub kept: BlobHash,
    /// What belongs to it, in order.
    pub with: Vec<BlobHash>,
    /// How it ended, for a recording: one that was broken off answers its question, and is no complete
    /// one. The chain says it as well, and whoever verifies it compares the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
}

impl With {
    /// As it is written beside the answer to a question.
    pub fn beside(&self, key: &str) -> (String, Scalar) {
        let hashes: Vec<String> = self.with.iter().map(|hash| format!("\"{hash}\"")).collect();
        let ending = self.ending.map(|ending| format!(r#","ending":"{}""#, ending.name()));
        let ending = ending.unwrap_or_default();
        let json = format!(r#"{{"kept":"{}","with":[{}]{ending}}}"#, self.kept, hashes.join(","));
        (format!("{key}{BESIDE}"), json.into())
    }

    /// What an answer's text beside it says, if it says that.
    pub fn read(text: &str) -> Option<With> {
        serde_json::from_str(text).ok()
    }
}

/// What an answer says that goes with it; nothing if that is about another answer.
pub fn of<'v>(answer: Option<&'v Scalar>, beside: Option<&'v Scalar>) -> Option<With> {
    let answer = answer.and_then(Scalar::as_text)?;
    With::read(beside?.as_text()?).filter(|with| with.kept.to_string() == answer)
}

/// Whether a record that has this value says that it has this file.
pub fn names(key: &str, value: &Scalar, hash: &str) -> bool {
    let Some(text) = value.as_text() else { return false };
    text == hash || (key.ends_with(BESIDE) && text.contains(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_names_itself_and_what_goes_with_it() {
        let hash = |n| BlobHash([n; 32]);
        let with = With { kept: hash(1), with: vec![hash(2), hash(3)], ending: None };
        let (key, value) = with.beside("sign");
        assert_eq!(key, "sign/@taken");
        assert_eq!(With::read(value.as_text().unwrap()), Some(with.clone()));
        for ending in [Ending::Complete, Ending::BrokenOff] {
            let recorded = With { ending: Some(ending), ..with.clone() };
            let (_, value) = recorded.beside("sign");
            let answer = Scalar::from(hash(1).to_string());
            assert_eq!(of(Some(&answer), Some(&value)), Some(recorded));
            assert_eq!(of(Some(&hash(9).to_string().into()), Some(&value)), None, "about another answer");
        }
        for n in 1..=3 {
            assert!(names(&key, &value, &hash(n).to_string()));
        }
        assert!(!names(&key, &value, &hash(4).to_string()));
        assert!(names("sign", &hash(1).to_string().as_str().into(), &hash(1).to_string()));
        // A remark that mentions a file has none.
        assert!(!names("remark", &value, &hash(2).to_string()));
    }
}
