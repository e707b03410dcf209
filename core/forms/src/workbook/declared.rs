//! Sizes that a file says of itself, and that its reader reserves memory for before it has seen one cell.

use super::ImportError;
use crate::limits;

const COUNT: &[u8] = b"uniqueCount";
/// The longest `uniqueCount  =  "123…"` that is looked at as one.
const WINDOW: usize = 512;

/// Looks through the shared texts of an .xlsx as they are unpacked.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// The end of what was looked at before, for a number that is cut in two.
    tail: Vec<u8>,
    begun: bool,
}

impl Texts {
    /// Fails when they claim to be more than a workbook may hold.
    pub(super) fn look(&mut self, part: &[u8]) -> Result<(), ImportError> {
        if !std::mem::replace(&mut self.begun, true) && matches!(part, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..]) {
            // Spreadsheets write UTF-8; in anything else the number could not be seen here.
            return Err(ImportError::Damaged("the sheets cannot be read".to_owned()));
        }
        self.tail.extend_from_slice(part);
        let claims = self.tail.windows(COUNT.len()).enumerate().filter(|(_, window)| *window == COUNT);
        for (at, _) in claims {
            let rest = self.tail.get(at + COUNT.len()..).unwrap_or(&[]);
            let digits = rest.iter().skip_while(|byte| byte.is_ascii_whitespace() || b"=\"'".contains(byte));
            let digits: Vec<u8> = digits.copied().take_while(u8::is_ascii_digit).take(WINDOW).collect();
            let number = std::str::from_utf8(&digits).unwrap_or("").trim_start_matches('0');
            if number.len() > 9 || number.parse::<usize>().is_ok_and(|number| number > limits::CELLS) {
                return Err(ImportError::TooLarge(format!("{number:.20} texts")));
            }
        }
        let keep = self.tail.len().saturating_sub(WINDOW);
        self.tail.drain(..keep);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_seen_wherever_it_is_cut() {
        let part = b"<?xml version='1.0'?><x:sst count='3' uniqueCount = '100000000000' xmlns='u'>";
        for cut in 0..part.len() {
            let mut texts = Texts::default();
            let (a, b) = part.split_at(cut);
            let found = texts.look(a).and_then(|()| texts.look(b));
            assert!(matches!(found, Err(ImportError::TooLarge(_))), "{cut}");
        }
        assert_eq!(
            Texts::default().look(b"<sst count=\"3\" uniqueCount=\"0002\"><si>uniqueCount</si>"),
            Ok(())
        );
        assert!(Texts::default().look(&[0xFE, 0xFF, 0, b'<']).is_err());
    }
}
