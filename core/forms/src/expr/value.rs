//! Values and XPath's conversions between them.

use super::date;

/// What an expression comes to.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A text; dates and geopoints are texts too.
    Text(String),
    /// A number; NaN stands for "no number".
    Number(f64),
    /// True or false.
    Bool(bool),
    /// The texts of the nodes of a node-set, in document order.
    Nodes(Vec<String>),
}

impl Value {
    /// XPath `boolean()` as JavaRosa has it: a non-zero number, a non-empty text; a node-set is
    /// the text of its first node.
    pub fn as_bool(&self) -> bool {
        match self {
            Value::Text(text) => !text.is_empty(),
            Value::Number(number) => number.abs() > 1e-12 && !number.is_nan(),
            Value::Bool(truth) => *truth,
            Value::Nodes(nodes) => nodes.first().is_some_and(|text| !text.is_empty()),
        }
    }

    /// XPath `number()`: NaN when the text is no number. ISO dates are days since 1970-01-01 and
    /// times are fractions of a day, both by the clock that they are written in.
    pub fn as_number(&self) -> f64 {
        match self {
            Value::Text(text) => text_number(text),
            Value::Number(number) => *number,
            Value::Bool(truth) => f64::from(u8::from(*truth)),
            Value::Nodes(nodes) => nodes.first().map_or(f64::NAN, |text| text_number(text)),
        }
    }

    /// XPath `string()`: integers without a fraction, `NaN`, `true`; the first node of a node-set.
    pub fn as_text(&self) -> String {
        match self {
            Value::Text(text) => text.clone(),
            Value::Number(number) => format_number(*number),
            Value::Bool(truth) => truth.to_string(),
            Value::Nodes(nodes) => nodes.first().cloned().unwrap_or_default(),
        }
    }

    pub(crate) fn into_text(self) -> String {
        match self {
            Value::Text(text) => text,
            other => other.as_text(),
        }
    }

    /// The texts of all nodes; one for a value that is no node-set.
    pub fn into_nodes(self) -> Vec<String> {
        match self {
            Value::Nodes(nodes) => nodes,
            other => vec![other.into_text()],
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Number(number)
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Value {
        Value::Bool(truth)
    }
}

/// A number as XPath 1.0 writes it.
pub(crate) fn format_number(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned()
    } else if number == 0.0 {
        "0".to_owned()
    } else {
        number.to_string()
    }
}

/// The number that expressions read in a text; none where they read none.
pub fn read_number(text: &str) -> Option<f64> {
    parse_number(text).filter(|number| number.is_finite())
}

/// XPath's grammar for numbers: `-? digits (. digits?)? | -? . digits`; no exponent, no `+`.
pub(crate) fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (mut seen, mut dots) = (false, 0);
    for byte in digits.bytes() {
        match byte {
            b'0'..=b'9' => seen = true,
            b'.' if dots == 0 => dots += 1,
            _ => return None,
        }
    }
    if !seen {
        return None;
    }
    text.parse().ok()
}

fn text_number(text: &str) -> f64 {
    parse_number(text).or_else(|| date::wall_days(text)).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_xpath_does() {
        for (number, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (10.5, "10.5"),
            (1e21, "1000000000000000000000"),
            (0.1 + 0.2, "0.30000000000000004"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(format_number(number), text);
        }
    }

    #[test]
    fn numbers_are_read_as_xpath_does() {
        for (text, number) in [
            (" 10 ", Some(10.0)),
            ("-1.5", Some(-1.5)),
            (".5", Some(0.5)),
            ("5.", Some(5.0)),
            ("1e3", None),
            ("+1", None),
            ("", None),
            ("-", None),
            (".", None),
            ("inf", None),
            ("1.2.3", None),
        ] {
            assert_eq!(parse_number(text), number, "{text}");
        }
    }

    #[test]
    fn conversions() {
        assert!(!Value::Number(f64::NAN).as_bool());
        assert!(Value::Text("false".to_owned()).as_bool());
        assert!(!Value::Nodes(vec![]).as_bool());
        assert!(!Value::Nodes(vec![String::new()]).as_bool());
        assert_eq!(Value::from("1970-01-11").as_number(), 10.0);
        assert!(Value::from("x").as_number().is_nan());
        assert_eq!(Value::Bool(true).as_number(), 1.0);
        assert_eq!(Value::Number(50.0).as_text(), "50");
    }
}
