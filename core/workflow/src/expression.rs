//! An expression of a pack: parsed once, checked against the names and functions that it may use.
//!
//! The language is that of the forms. Packs add functions that look at the record and beyond it;
//! [`Use`] says which of them a place of the pack may call.

use crate::env::Env;
use crate::limits;
use crate::stop::Stop;
use rounds_forms::expr::{self, Expr, ParseError, Value};
use rounds_model::scalar::Scalar;

/// A parsed expression.
#[derive(Debug)]
pub struct Expression {
    expr: Expr,
}

/// Where an expression stands, and so which functions it may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    /// A guard, a fact, a reason, a payload field: everything.
    Act,
    /// What a ledger that is in the way says: everything but the payload, and the ledger.
    Ledger,
    /// A field of a record: everything but the payload and the facts of an act.
    Field,
    /// A row of a checklist: as a field, but without what is missing of a checklist.
    Listed,
    /// A display title: what does not depend on who looks and when.
    Display,
    /// The key of an arbitration rule: the record's own answers, whose it is, and nothing else.
    Key,
    /// When what is only counted ends by itself: as a key, and what the record's own acts said.
    End,
}

impl Use {
    pub(crate) fn functions(self) -> Vec<&'static str> {
        let mut functions = vec!["date-shift", "days-between", "week-start", "omits"];
        functions.push("owner");
        match self {
            Use::Key => return functions,
            Use::End => {
                functions.push("act");
                return functions;
            }
            _ => {}
        }
        functions.extend(["linked", "act", "stage", "record", "recorded", "printed", "tally", "waiting"]);
        if self == Use::Display {
            // No rule may go by it, or the two ends would rule differently.
            functions.push("whole");
            return functions;
        }
        functions.extend(["held", "role", "person", "slot", "season", "slot-start", "slot-end"]);
        match self {
            Use::Listed => {}
            Use::Act => functions.extend(["missing", "payload", "fact", "clock"]),
            Use::Ledger => functions.extend(["missing", "limit", "left", "kept", "holder"]),
            _ => functions.push("missing"),
        }
        functions
    }
}

impl Expression {
    pub(crate) fn parse(source: &str) -> Result<Expression, ParseError> {
        expr::parse(source).map(|expr| Expression { expr })
    }

    /// The text that was parsed.
    pub fn source(&self) -> &str {
        self.expr.source()
    }

    pub(crate) fn expr(&self) -> &Expr {
        &self.expr
    }

    pub(crate) fn value(&self, env: &Env<'_>) -> Result<Value, Stop> {
        let value = self.expr.eval(env);
        // A world that could not be read is not a value: nothing may be concluded from it.
        if let Some(error) = env.failure() {
            return Err(Stop::World(error));
        }
        value.map_err(|error| Stop::Eval(error.to_string()))
    }

    pub(crate) fn holds(&self, env: &Env<'_>) -> Result<bool, Stop> {
        self.value(env).map(|value| value.as_bool())
    }

    /// The value as text that people read, whole: for paper.
    pub(crate) fn printed(&self, env: &Env<'_>) -> Result<String, Stop> {
        self.value(env).map(|value| value.as_text())
    }

    /// The value as text that people read, cut to [`limits::SHOWN`] bytes.
    pub(crate) fn shown(&self, env: &Env<'_>) -> Result<String, Stop> {
        self.value(env).map(|value| cut(value.as_text()))
    }

    pub(crate) fn scalar(&self, env: &Env<'_>) -> Result<Scalar, Stop> {
        self.value(env).map(to_scalar)
    }

    /// The calls with texts as arguments, such as `linked('store', 'place')`: name and arguments.
    /// Arguments that are no plain text end the list of a call.
    pub(crate) fn calls(&self) -> Vec<(String, Vec<String>)> {
        calls(self.expr.source())
    }

    /// The calls with the source of each argument, whatever it is.
    pub(crate) fn arguments(&self) -> Vec<(String, Vec<String>)> {
        let chars: Vec<char> = self.expr.source().chars().collect();
        called(&chars).into_iter().map(|(name, at)| (name, sources(&chars, at))).collect()
    }
}

/// A value as a document keeps it: whole numbers as such, "no number" as nothing.
pub(crate) fn to_scalar(value: Value) -> Scalar {
    /// Up to here every whole number has its own float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(n) if !n.is_finite() => Scalar::Null,
        Value::Number(n) if n.fract() == 0.0 && n.abs() <= EXACT => Scalar::Int(n as i64),
        Value::Number(n) => Scalar::Float(n),
        Value::Bool(truth) => Scalar::Bool(truth),
        other => Scalar::Text(other.as_text()),
    }
}

pub(crate) fn to_value(scalar: &Scalar) -> Value {
    match scalar {
        Scalar::Null => Value::Text(String::new()),
        Scalar::Bool(truth) => Value::Bool(*truth),
        Scalar::Int(i) => Value::Number(*i as f64),
        Scalar::Float(f) => Value::Number(*f),
        Scalar::Text(text) => Value::Text(text.clone()),
    }
}

fn cut(mut text: String) -> String {
    if text.len() > limits::SHOWN {
        let end = (0..=limits::SHOWN).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

/// Reads calls off the source itself, because the parsed tree is not ours to walk. Quoted text is
/// skipped; there are no escapes in the language.
fn calls(source: &str) -> Vec<(String, Vec<String>)> {
    let chars: Vec<char> = source.chars().collect();
    called(&chars).into_iter().map(|(name, at)| (name, literals(&chars, at))).collect()
}

/// The names of the calls, each with where its arguments begin.
fn called(chars: &[char]) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        at += 1;
        match c {
            '\'' | '"' => {
                word.clear();
                at = chars.iter().skip(at).position(|d| d == c).map_or(chars.len(), |len| at + len + 1);
            }
            '(' if !word.is_empty() => found.push((std::mem::take(&mut word), at)),
            c if c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.') => word.push(*c),
            c if c.is_whitespace() => {}
            _ => word.clear(),
        }
    }
    found
}

/// The arguments of a call as they are written, up to the bracket that ends it.
fn sources(chars: &[char], at: usize) -> Vec<String> {
    let (mut found, mut one) = (Vec::new(), String::new());
    let (mut depth, mut quote) = (0_usize, None);
    for c in chars.iter().skip(at) {
        match (quote, c) {
            (Some(open), c) if open == *c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(*c),
            (None, '(' | '[') => depth += 1,
            (None, ')') if depth == 0 => break,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, ',') if depth == 0 => {
                found.push(std::mem::take(&mut one).trim().to_owned());
                continue;
            }
            (None, _) => {}
        }
        one.push(*c);
    }
    if !one.trim().is_empty() {
        found.push(one.trim().to_owned());
    }
    found
}

fn literals(chars: &[char], mut at: usize) -> Vec<String> {
    let mut found = Vec::new();
    let blank = |at: &mut usize| {
        while chars.get(*at).is_some_and(|c| c.is_whitespace()) {
            *at += 1;
        }
    };
    loop {
        blank(&mut at);
        let Some(quote @ ('\'' | '"')) = chars.get(at) else { return found };
        let rest = chars.get(at + 1..).unwrap_or(&[]);
        let Some(length) = rest.iter().position(|c| c == quote) else { return found };
        found.push(rest.iter().take(length).collect());
        at += length + 2;
        blank(&mut at);
        if chars.get(at) != Some(&',') {
            return found;
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_read_off_the_source() {
        let source = "if(linked('store', \"place\") = 'linked(x)', payload( 'a' ), linked(${s}, 'b'))";
        let calls: Vec<_> = calls(source).into_iter().filter(|(name, _)| name != "if").collect();
        let expected = [("linked", vec!["store", "place"]), ("payload", vec!["a"]), ("linked", vec![])];
        let found: Vec<_> =
            calls.iter().map(|(n, a)| (n.as_str(), a.iter().map(String::as_str).collect())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn arguments_are_read_as_they_are_written() {
        let read =
            Expression::parse("concat(tally('a, (b', concat(record(), ' ')), ${x}, fact('f'))").unwrap();
        let of = |name: &str| read.arguments().into_iter().find(|(called, _)| called == name).unwrap().1;
        assert_eq!(of("tally"), ["'a, (b'", "concat(record(), ' ')"]);
        assert_eq!(of("concat"), ["tally('a, (b', concat(record(), ' '))", "${x}", "fact('f')"]);
        assert_eq!((of("record"), of("fact")), (vec![], vec!["'f'".to_owned()]));
    }

    #[test]
    fn values_become_scalars_that_documents_can_keep() {
        assert_eq!(to_scalar(Value::Number(3.0)), Scalar::Int(3));
        assert_eq!(to_scalar(Value::Number(0.5)), Scalar::Float(0.5));
        assert_eq!(to_scalar(Value::Number(f64::NAN)), Scalar::Null);
        assert_eq!(to_scalar(Value::Nodes(vec!["a".into()])), Scalar::from("a"));
    }

    #[test]
    fn shown_text_is_cut_between_characters() {
        assert_eq!(cut("字".repeat(400)).len(), 510);
    }
}
