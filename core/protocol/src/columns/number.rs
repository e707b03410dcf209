//! Numbers as LEB128.

/// Writes a number.
pub fn put(out: &mut Vec<u8>, mut n: usize) {
    while n >= 0x80 {
        out.push(0x80 | (n & 0x7f) as u8);
        n >>= 7;
    }
    out.push((n & 0x7f) as u8);
}

/// Reads a number of at most 35 bits: nothing here is larger.
pub fn take(from: &mut &[u8]) -> Option<usize> {
    let mut n = 0;
    for shift in [0, 7, 14, 21, 28] {
        let (byte, rest) = from.split_first()?;
        *from = rest;
        n |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(n).ok();
        }
    }
    None
}

/// Takes so many bytes.
pub fn bytes<'a>(from: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(count)?;
    *from = rest;
    Some(taken)
}
