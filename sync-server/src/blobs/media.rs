//! What a blob is, by its first bytes: never by what its sender says.

/// How many first bytes are looked at.
pub const HEAD: usize = 16;

/// Anything that a browser neither shows nor plays.
pub const OTHER: &str = "application/octet-stream";

/// The media type of bytes that begin like this.
pub fn of(head: &[u8]) -> &'static str {
    match head {
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "image/webp",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => "audio/wav",
        [_, _, _, _, b'f', b't', b'y', b'p', b'M', b'4', b'A', ..] => "audio/mp4",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        [0x1a, 0x45, 0xdf, 0xa3, ..] => "video/webm",
        _ => OTHER,
    }
}

/// Whether a browser may show it in a page.
pub fn is_shown(media: &str) -> bool {
    matches!(media, "image/jpeg" | "image/png" | "image/webp")
}

/// Whether a browser may play it in a page: sounds and films, which are nothing but that to a browser.
pub fn is_played(media: &str) -> bool {
    matches!(media, "audio/wav" | "audio/mp4" | "audio/ogg" | "video/mp4" | "video/webm")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_three_sorts_of_pictures_are_shown() {
        assert!(is_shown(of(b"\xff\xd8\xff\xe0\0\x10JFIF")));
        assert!(is_shown(of(b"\x89PNG\r\n\x1a\n....")));
        assert!(is_shown(of(b"RIFF....WEBPVP8 ")));
        for film in [&b"RIFF....WAVEfmt "[..], b"\0\0\0\x20ftypM4A ", b"\0\0\0\x18ftypmp42", b"OggS\0\x02"] {
            assert!(is_played(of(film)) && !is_shown(of(film)), "{film:?}");
        }
        for other in [&b"<svg onload=alert(1)>"[..], b"<html>", b"GIF89a", b"%PDF-1.7", b"", b"\xff\xd8"] {
            assert!(!is_shown(of(other)) && !is_played(of(other)), "{other:?}");
        }
    }
}
