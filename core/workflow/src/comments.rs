//! What an act says about single questions of its record: "returned, and this is what to change there".
//!
//! It is a part of the act's payload, so that it is signed, ruled, sent and remembered like the rest: the
//! key is [`COMMENT`] and the key of the answer.

use crate::kind::Kind;
use crate::limits;
use rounds_model::scalar::Scalar;
use std::collections::BTreeMap;

/// What stands before an answer's key for what is said about it.
pub const COMMENT: &str = "on/";

/// Whether something can be said like this: a text that is not too long.
pub(crate) fn fits(text: &Scalar) -> bool {
    text.as_text().is_some_and(|text| text.len() <= limits::COMMENT)
}

impl Kind {
    /// The key of the answer that this part of a payload is about; none if it is about no question of
    /// this kind.
    pub fn commented<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(COMMENT).filter(|key| self.questions.has(key))
    }

    /// What is said about the questions of a record that stands in this stage, by the acts that brought
    /// it there; `said` is what its acts say, as a projection has it.
    pub fn comments<'d>(
        &self,
        stage: &str,
        said: &'d BTreeMap<String, Scalar>,
    ) -> BTreeMap<&'d str, &'d str> {
        let mut found = BTreeMap::new();
        for act in self.acts.iter().filter(|act| act.comments && act.to == stage) {
            let prefix = format!("@{}/{COMMENT}", act.name);
            let below = said.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix));
            let about = below.filter_map(|(key, text)| Some((key.get(prefix.len()..)?, text.as_text()?)));
            found.extend(about);
        }
        found
    }
}
