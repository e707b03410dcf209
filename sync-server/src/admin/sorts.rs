//! The sorts of answers, in words.

use crate::texts::messages;
use rounds_model::text::Text;
use rounds_workflow::Answer;

/// What a cell should have been.
pub fn text(answer: &Answer) -> Text {
    let key = match answer {
        Answer::Text => "sort-text",
        Answer::Barcode => "sort-barcode",
        Answer::Integer => "sort-integer",
        Answer::Decimal => "sort-decimal",
        Answer::Boolean => "sort-boolean",
        Answer::Date => "sort-date",
        Answer::Time => "sort-time",
        Answer::DateTime => "sort-datetime",
        Answer::Place => "sort-place",
        Answer::One => "sort-one",
        Answer::Several => "sort-several",
        Answer::Blob(_) => "sort-blob",
        Answer::Person => "sort-person",
        Answer::Record => "sort-record",
    };
    messages().text(key, &[])
}
