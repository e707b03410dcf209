//! Numbers that people write shorter than they are: with a part of them left out.

/// Whether `short` is `full`, or `full` with `part` left out once, neither at its start nor at its end.
/// Blanks around and the case of Latin letters do not count. Nothing is short for anything.
pub(crate) fn omits(short: &str, full: &str, part: &str) -> bool {
    let [short, full, part] = [short, full, part].map(|text| text.trim().to_ascii_uppercase());
    if short.is_empty() {
        return false;
    }
    if short == full {
        return true;
    }
    if part.is_empty() || short.len() + part.len() != full.len() {
        return false;
    }
    // Where they part is the only place that can be left out, or a later one that reads the same.
    let same = short.bytes().zip(full.bytes()).take_while(|(a, b)| a == b).count();
    (1..=same).any(|at| {
        let rest = full.get(at..).and_then(|rest| rest.strip_prefix(part.as_str()));
        rest.is_some_and(|rest| !rest.is_empty() && short.get(at..) == Some(rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn o3_r5_four_zeros_may_be_left_out_wherever_they_are_inside() {
        let short = |short, full| omits(short, full, "0000");
        assert!(short("P1000123", "P10000000123"), "the first or the last four of seven are the same");
        assert!(short("P12", "P100002"), "of one run");
        assert!(short("P1020000", "P10000020000"), "the first run");
        assert!(short("P100002", "P100002"), "in full");
        assert!(short(" p12 ", "P100002"));
        assert!(!short("123", "0000123"), "not at the start");
        assert!(short("0123", "00000123"), "but after the first of five");
        assert!(!short("P1", "P10000"), "not at the end");
        assert!(!short("P13", "P100002"));
        assert!(!short("P1", "P1000000001"), "only once");
        assert!(!short("", "0000"));
        assert!(!short("保1", "保单0000"));
    }

    proptest! {
        #[test]
        fn what_is_left_out_is_found_again(before in "[a-z0-9]{1,8}", after in "[a-z0-9]{1,8}") {
            let (full, left_out) = (format!("{before}0000{after}"), format!("{before}{after}"));
            prop_assert!(omits(&left_out, &full, "0000"));
        }

        #[test]
        fn any_text_is_answered(a in ".{0,12}", b in ".{0,12}", c in ".{0,4}") {
            let _ = omits(&a, &b, &c);
        }
    }
}
