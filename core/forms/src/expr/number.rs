//! Functions on numbers.

use super::error::EvalError;
use super::eval::Run;
use super::functions::Function;
use super::syntax::Node;
use super::value::Value;

pub(super) fn call(run: &Run<'_>, function: Function, args: &[Node]) -> Result<Option<Value>, EvalError> {
    let number = match (function, args) {
        (Function::Number, [a]) => run.number(a)?,
        (Function::Number, []) => run.to_number(&run.current()?),
        (Function::Int, [a]) => run.number(a)?.trunc(),
        (Function::Floor, [a]) => run.number(a)?.floor(),
        (Function::Ceiling, [a]) => run.number(a)?.ceil(),
        (Function::Round, [a]) => round(run.number(a)?, 0.0),
        (Function::Round, [a, digits]) => round(run.number(a)?, run.number(digits)?),
        (Function::Abs, [a]) => run.number(a)?.abs(),
        (Function::Pow, [a, b]) => run.number(a)?.powf(run.number(b)?),
        (Function::Exp, [a]) => run.number(a)?.exp(),
        (Function::Exp10, [a]) => 10f64.powf(run.number(a)?),
        (Function::Log, [a]) => run.number(a)?.ln(),
        (Function::Log10, [a]) => run.number(a)?.log10(),
        (Function::Sqrt, [a]) => run.number(a)?.sqrt(),
        (Function::Sin, [a]) => run.number(a)?.sin(),
        (Function::Cos, [a]) => run.number(a)?.cos(),
        (Function::Tan, [a]) => run.number(a)?.tan(),
        (Function::Asin, [a]) => run.number(a)?.asin(),
        (Function::Acos, [a]) => run.number(a)?.acos(),
        (Function::Atan, [a]) => run.number(a)?.atan(),
        (Function::Atan2, [a, b]) => run.number(a)?.atan2(run.number(b)?),
        (Function::Pi, _) => std::f64::consts::PI,
        // 53 bits are what a double between 0 and 1 can hold.
        (Function::Random, _) => (run.draw() >> 11) as f64 / (1u64 << 53) as f64,
        _ => return Ok(None),
    };
    Ok(Some(Value::Number(number)))
}

/// Rounds the decimal number that a person sees, as JavaRosa does: 1.005 to two digits is 1.01.
/// Halves go up: 2.5 is 3, -2.5 is -2. Negative digits round to tens, hundreds..
pub(super) fn round(number: f64, digits: f64) -> f64 {
    if !number.is_finite() {
        return number;
    }
    if digits.is_nan() || digits.abs() > 30.0 {
        return f64::NAN;
    }
    let digits = digits.trunc() as i32;
    if digits < 0 {
        let scale = 10f64.powi(-digits);
        return (number / scale + 0.5).floor() * scale;
    }
    let shown = number.abs().to_string();
    let (whole, fraction) = shown.split_once('.').unwrap_or((&shown, ""));
    let digits = digits as usize;
    let (Some(kept), Some(dropped)) = (fraction.get(..digits), fraction.get(digits..)) else {
        return number;
    };
    if dropped.is_empty() {
        return number;
    }
    let up = match dropped.as_bytes() {
        [b'6'..=b'9', ..] => true,
        [b'5', rest @ ..] => number > 0.0 || rest.iter().any(|digit| *digit != b'0'),
        _ => false,
    };
    let mut result: Vec<u8> = [whole, kept].concat().into_bytes();
    if up {
        let mut carry = true;
        for digit in result.iter_mut().rev() {
            if *digit == b'9' {
                *digit = b'0';
            } else {
                *digit += 1;
                carry = false;
                break;
            }
        }
        if carry {
            result.insert(0, b'1');
        }
    }
    let point = result.len() - digits;
    let text: String = result.into_iter().map(char::from).collect();
    let (whole, kept) = text.split_at(point);
    let value: f64 = format!("{whole}.{kept}0").parse().unwrap_or(f64::NAN);
    if number < 0.0 { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::round;

    #[test]
    fn rounds_what_a_person_sees() {
        for (number, digits, expected) in [
            (2.5, 0.0, 3.0),
            (-2.5, 0.0, -2.0),
            (-2.6, 0.0, -3.0),
            (1.005, 2.0, 1.01),
            (9.995, 2.0, 10.0),
            (33.33, -1.0, 30.0),
            (12.0, 3.0, 12.0),
            (99.9, 0.0, 100.0),
            (0.4, 0.0, 0.0),
        ] {
            assert_eq!(round(number, digits), expected, "{number} {digits}");
        }
        assert!(round(1.0, 31.0).is_nan());
        assert!(round(f64::NAN, 0.0).is_nan());
    }
}
