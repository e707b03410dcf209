//! The check digits under the bars: EAN-8, EAN-13, UPC-A and ITF-14 share one rule (GS1).

use super::barcode::{Code, Symbology};

/// What is wrong with the number of a barcode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadNumber {
    /// Not so many digits, or something else than digits.
    Shape,
    /// The last digit does not fit the others: misread or mistyped.
    Check {
        /// The digit that would fit.
        expected: u8,
    },
}

impl BadNumber {
    /// Stable, kebab-case: the message that says it.
    pub fn code(self) -> &'static str {
        match self {
            BadNumber::Shape => "barcode-shape",
            BadNumber::Check { .. } => "barcode-check",
        }
    }
}

/// Checks a code that was read. Kinds without a check digit of their own are only bounded.
pub fn check(code: &Code) -> Result<(), BadNumber> {
    let length = match code.symbology {
        Symbology::Ean13 => 13,
        Symbology::Ean8 => 8,
        Symbology::UpcA => 12,
        Symbology::Itf14 => 14,
        _ if code.text.is_empty() || code.text.len() > 4_096 => return Err(BadNumber::Shape),
        _ => return Ok(()),
    };
    if code.text.len() == length { number(&code.text) } else { Err(BadNumber::Shape) }
}

/// Checks a number that was typed: 8, 12, 13 or 14 digits.
pub fn number(text: &str) -> Result<(), BadNumber> {
    let digits: Option<Vec<u8>> = text.bytes().map(|b| b.is_ascii_digit().then(|| b - b'0')).collect();
    match digits.as_deref() {
        Some([body @ .., last]) if matches!(body.len(), 7 | 11 | 12 | 13) => {
            let expected = check_digit(body);
            if *last == expected { Ok(()) } else { Err(BadNumber::Check { expected }) }
        }
        _ => Err(BadNumber::Shape),
    }
}

/// The digit that belongs behind these: from the right, every other one counts three times.
pub fn check_digit(body: &[u8]) -> u8 {
    let weigh = |(i, digit): (usize, &u8)| u32::from(*digit) * if i % 2 == 0 { 3 } else { 1 };
    let sum: u32 = body.iter().rev().enumerate().map(weigh).sum();
    u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_of_real_goods_are_right() {
        for good in ["4006381333931", "96385074", "036000291452", "15400141288763", "6901028075886"] {
            assert_eq!(number(good), Ok(()), "{good}");
        }
        assert_eq!(number("4006381333932"), Err(BadNumber::Check { expected: 1 }));
        for bad in ["", "1", "400638133393", "４006381333931", "400638133393x", "154001412887631"] {
            assert!(number(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_code_must_have_the_length_of_its_kind() {
        let code = |symbology, text: &str| Code { symbology, text: text.to_owned() };
        assert_eq!(check(&code(Symbology::Ean13, "4006381333931")), Ok(()));
        assert_eq!(check(&code(Symbology::Ean8, "4006381333931")), Err(BadNumber::Shape));
        assert_eq!(check(&code(Symbology::Qr, "anything")), Ok(()));
        assert_eq!(check(&code(Symbology::Qr, "")), Err(BadNumber::Shape));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(
            mut body in prop_oneof![Just(7), Just(11), Just(12), Just(13)]
                .prop_flat_map(|n: usize| proptest::collection::vec(0u8..10, n)),
            at in 0usize..14,
            by in 1u8..10,
        ) {
            body.push(check_digit(&body));
            let text = |digits: &[u8]| digits.iter().map(|d| char::from(b'0' + d)).collect::<String>();
            prop_assert_eq!(number(&text(&body)), Ok(()));
            let at = at % body.len();
            body[at] = (body[at] + by) % 10;
            prop_assert!(number(&text(&body)).is_err());
        }
    }
}
