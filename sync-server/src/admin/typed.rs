//! What a person typed, as the value that a declared field keeps.

use rounds_model::scalar::Scalar;
use rounds_workflow::{Answer, Field};

/// Typed text as an answer of its field; nothing if it is none. The empty text is no answer.
pub fn value(field: &Field, text: &str) -> Option<Scalar> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Scalar::Null);
    }
    let number = || rounds_forms::half_width(text);
    let value = match field.answer {
        Answer::Integer => Scalar::Int(number().parse().ok()?),
        Answer::Decimal => Scalar::Float(number().parse().ok()?),
        Answer::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" | "１" | "是" => Scalar::Bool(true),
            "false" | "no" | "0" | "０" | "否" => Scalar::Bool(false),
            _ => return None,
        },
        _ => Scalar::from(text),
    };
    rounds_workflow::fits(field, &value).then_some(value)
}
