//! What a blob is, by its first bytes: never by what its sender says.

/// How many first bytes are looked at.
pub const HEAD: usize = 16;

/// Anything that is not one of the pictures that a browser shows.
pub const OTHER: &str = "application/octet-stream";

/// The media type of bytes that begin like this.
pub fn of(head: &[u8]) -> &'static str {
    match head {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        _ => OTHER,
    }
}

/// Whether a browser may show it in a page.
pub fn is_shown(media: &str) -> bool {
    matches!(media, "image/jpeg" | "image/png" | "image/webp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_sorts_of_pictures_are_shown() {
        assert!(is_shown(of(b"\xff\xd8\xff\xe0\0\x10JFIF")));
        assert!(is_shown(of(b"\x89PNG\r\n\x1a\n....")));
        assert!(is_shown(of(b"RIFF....WEBPVP8 ")));
        for other in [&b"<svg onload=alert(1)>"[..], b"<html>", b"GIF89a", b"%PDF-1.7", b"", b"\xff\xd8"] {
            assert!(!is_shown(of(other)), "{other:?}");
        }
    }
}
