//! Text that is not UTF-8: what it most likely is, so that its author can be told.

/// The text, or what its encoding looks like (a guess, for whoever has to save it in UTF-8).
pub fn utf8(bytes: &[u8]) -> Result<&str, &'static str> {
    std::str::from_utf8(bytes).map_err(|_| guess(bytes))
}

/// Whether bytes can be text at all, in whatever encoding of single or double bytes.
pub(crate) fn is_text(bytes: &[u8]) -> bool {
    let control = |byte: &u8| *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A);
    is_utf16(bytes) || !bytes.iter().any(control)
}

fn guess(bytes: &[u8]) -> &'static str {
    if is_utf16(bytes) {
        return "UTF-16 (“Unicode”)";
    }
    match encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(_) => "GB18030 (GBK, “ANSI”)",
        None => "another encoding",
    }
}

fn is_utf16(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF])
}
