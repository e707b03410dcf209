//! What a person enters, checked against the question's type and written in one way.

use super::error::FillError;
use crate::expr::{format_number, parse_date, parse_date_time, parse_number, parse_point, parse_time};
use crate::form::{Form, Question};
use crate::kind::Kind;
use crate::limits;
use crate::messages::Code;

/// The answer as it is stored; empty stays empty.
pub(super) fn normalised(form: &Form, question: &Question, value: &str) -> Result<String, FillError> {
    let field = || question.path.clone();
    if value.len() > limits::ANSWER_BYTES {
        return Err(FillError::TooLong { field: field() });
    }
    let text = value.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let malformed = |code: Code| FillError::Malformed {
        field: field(),
        value: text.chars().take(80).collect(),
        code: code.as_str(),
    };
    // Chinese input methods type numbers, dates and times in full width; a text stays as it was typed.
    let narrow = half_width(text);
    let text = match question.kind {
        Kind::Integer | Kind::Decimal | Kind::Range { .. } | Kind::Date | Kind::Time | Kind::DateTime => {
            narrow.as_str()
        }
        _ => text,
    };
    match question.kind {
        Kind::Integer => integer(text).ok_or_else(|| malformed(Code::NotInteger)),
        Kind::Decimal => {
            let number = parse_number(text).filter(|number| number.is_finite());
            number.map(format_number).ok_or_else(|| malformed(Code::NotDecimal))
        }
        Kind::Range { start, end, .. } => {
            let number = parse_number(text).ok_or_else(|| malformed(Code::NotDecimal))?;
            if number < start.min(end) || number > start.max(end) {
                return Err(FillError::OutOfRange {
                    field: field(),
                    value: text.to_owned(),
                    start: format_number(start),
                    end: format_number(end),
                });
            }
            Ok(format_number(number))
        }
        Kind::Date => match parse_date(text) {
            Some(_) => Ok(text.to_owned()),
            None => Err(malformed(Code::NotDate)),
        },
        Kind::Time => match parse_time(text) {
            Some(_) => Ok(text.to_owned()),
            None => Err(malformed(Code::NotTime)),
        },
        Kind::DateTime => match parse_date_time(text) {
            Some(_) => Ok(text.replacen(' ', "T", 1)),
            None => Err(malformed(Code::NotDateTime)),
        },
        Kind::Geopoint | Kind::StartGeopoint | Kind::BackgroundGeopoint => {
            point(text).ok_or_else(|| malformed(Code::NotPoint))
        }
        Kind::Geotrace | Kind::Geoshape => {
            let points = text.split(';').filter(|part| !part.trim().is_empty()).map(point);
            let points: Option<Vec<String>> = points.collect();
            points.map(|points| points.join("; ")).ok_or_else(|| malformed(Code::NotPoint))
        }
        Kind::SelectOne => match form.list_of(question) {
            Some(list) if !list.has(text) => Err(malformed(Code::NotAChoice)),
            _ => Ok(text.to_owned()),
        },
        Kind::SelectMultiple | Kind::Rank => {
            let mut chosen: Vec<&str> = Vec::new();
            for choice in text.split_whitespace() {
                if form.list_of(question).is_some_and(|list| !list.has(choice)) {
                    return Err(malformed(Code::NotAChoice));
                }
                if !chosen.contains(&choice) {
                    chosen.push(choice);
                }
            }
            // The order of a rank is its answer; of a multiple choice it is the list's.
            if let (Kind::SelectMultiple, Some(list)) = (question.kind, form.list_of(question)) {
                chosen.sort_by_key(|choice| list.table.find(list.value, choice).first().copied());
            }
            Ok(chosen.join(" "))
        }
        Kind::Acknowledge if text != "OK" => Err(malformed(Code::NotAChoice)),
        // Texts keep their inner and outer spaces: they are what was typed.
        Kind::Text => Ok(value.to_owned()),
        _ => Ok(text.to_owned()),
    }
}

/// Digits, signs and points of a number, and the marks of dates and times, as they are typed with a
/// Chinese input method: １２３．５ is 123.5. Everything else stays.
pub fn half_width(text: &str) -> String {
    let narrow = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        '．' | '。' => '.',
        '－' | '−' => '-',
        '＋' => '+',
        '：' => ':',
        '／' => '/',
        '\u{3000}' => ' ',
        other => other,
    };
    text.chars().map(narrow).collect()
}

/// Whole numbers of up to 18 digits; a fraction of zeros is none.
fn integer(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte == b'0') {
        return None;
    }
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    if digits.is_empty() || digits.len() > 18 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    whole.parse::<i64>().ok().map(|number| number.to_string())
}

/// Four numbers: latitude, longitude, altitude and accuracy, the last two 0 when unknown.
fn point(text: &str) -> Option<String> {
    parse_point(text)?;
    let mut parts: Vec<String> =
        text.split_whitespace().map(|part| parse_number(part).map(format_number)).collect::<Option<_>>()?;
    parts.resize(4, "0".to_owned());
    Some(parts.join(" "))
}
