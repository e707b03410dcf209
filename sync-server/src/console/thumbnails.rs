//! Small copies of photos, for walls of them: a page of 48 photos as they are would be a hundred megabytes.
//!
//! They are made when somebody first looks and kept in memory, the newest of them. Nothing of them is stored:
//! a server that starts makes them anew.

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};
use rounds_model::ids::{BlobHash, TeamId};
use std::collections::{HashMap, VecDeque};
use std::io::Cursor;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// The longest edge of a copy, pixels: a wall's column on a sharp screen.
const EDGE: u32 = 480;
/// The longest edge of a photo that is made smaller; a larger one is shown as it is.
const LONGEST: u32 = 20_000;
/// What decoding one may take, bytes.
const DECODED: u64 = 256 << 20;
/// Bytes of a photo that is made smaller.
pub const LARGEST: u64 = 32 << 20;
/// Bytes of all copies that are kept.
const KEPT: usize = 48 << 20;
/// Of JPEG, from 0 to 100.
const QUALITY: u8 = 72;

type Which = (TeamId, BlobHash);

/// The copies of a process.
pub struct Thumbnails {
    kept: Mutex<Kept>,
    /// Decoding takes a core and tens of megabytes: no more than two at once.
    pub making: Semaphore,
}

#[derive(Default)]
struct Kept {
    copies: HashMap<Which, Bytes>,
    /// The oldest first.
    order: VecDeque<Which>,
    bytes: usize,
}

impl Default for Thumbnails {
    fn default() -> Self {
        Thumbnails { kept: Mutex::default(), making: Semaphore::new(2) }
    }
}

impl Thumbnails {
    /// A copy that was made already.
    pub fn get(&self, which: Which) -> Option<Bytes> {
        self.kept().copies.get(&which).cloned()
    }

    /// Keeps a copy, and forgets the oldest if there is no room.
    pub fn keep(&self, which: Which, copy: &Bytes) {
        let mut kept = self.kept();
        if kept.copies.insert(which, copy.clone()).is_some() {
            return;
        }
        kept.order.push_back(which);
        kept.bytes += copy.len();
        while kept.bytes > KEPT {
            let Some(oldest) = kept.order.pop_front() else { return };
            let gone = kept.copies.remove(&oldest).map_or(0, |copy| copy.len());
            kept.bytes = kept.bytes.saturating_sub(gone);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a blob of this media type and size is made smaller.
pub fn can_be_smaller(media: &str, size: u64) -> bool {
    ["image/jpeg", "image/png"].contains(&media) && size <= LARGEST
}

/// A small copy, the way up that the camera was held; none of what is no picture, or too large to be opened.
pub fn make(photo: &[u8]) -> Option<Bytes> {
    let mut reader = ImageReader::new(Cursor::new(photo)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LONGEST), Some(LONGEST));
    limits.max_alloc = Some(DECODED);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > EDGE {
        picture = picture.thumbnail(EDGE, EDGE);
    }
    let small = DynamicImage::ImageRgb8(picture.into_rgb8());
    let mut out = vec![];
    small.write_with_encoder(JpegEncoder::new_with_quality(&mut out, QUALITY)).ok()?;
    Some(out.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::RgbImage;

    #[test]
    fn a_photo_gets_a_small_copy_and_what_is_none_gets_none() {
        let large = RgbImage::from_fn(1_200, 900, |x, y| image::Rgb([x as u8, y as u8, (x * y) as u8]));
        let mut photo = vec![];
        DynamicImage::ImageRgb8(large)
            .write_with_encoder(JpegEncoder::new_with_quality(&mut photo, 90))
            .unwrap();
        let copy = make(&photo).unwrap();
        let small = ImageReader::new(Cursor::new(&copy)).with_guessed_format().unwrap().into_dimensions();
        assert_eq!(small.unwrap(), (480, 360));
        assert!(copy.len() * 4 < photo.len(), "{} of {}", copy.len(), photo.len());
        for none in [&b"<html>"[..], b"", &photo[..20]] {
            assert!(make(none).is_none());
        }
    }

    #[test]
    fn so_many_copies_are_kept_and_the_oldest_goes() {
        let thumbnails = Thumbnails::default();
        let which = |n: u8| (TeamId([1; 16]), BlobHash([n; 32]));
        let copy = Bytes::from(vec![0; KEPT / 4]);
        for n in 1..=5 {
            thumbnails.keep(which(n), &copy);
            thumbnails.keep(which(n), &copy);
        }
        assert_eq!([1, 2, 5].map(|n| thumbnails.get(which(n)).is_some()), [false, true, true]);
        assert_eq!(thumbnails.kept().bytes, KEPT);
    }
}
