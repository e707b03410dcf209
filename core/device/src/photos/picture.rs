//! Pixels: from what a camera gave to what is kept.

use crate::error::Fail;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits, RgbImage};
use rounds_evidence::photo::Look;
use rounds_print::{Face, raster};
use std::io::Cursor;

/// The longest side that is read at all, pixels: cameras of 200 million pixels have less.
const LONGEST: u32 = 20_000;
/// The most pixels that are read, as cameras of phones give them: a picture is some kilobytes on the disk
/// and whatever it says in memory.
const PIXELS: u64 = 110_000_000;
/// The memory that its pixels may take: so many of three bytes.
const MEMORY: u64 = 3 * PIXELS;
/// The quality of what is kept, of 100.
const QUALITY: u8 = 85;
/// Letters on a picture are its shorter side by this, and not smaller than [`SMALLEST`].
const LETTERS: u32 = 28;
const SMALLEST: f32 = 12.0;

/// Whether a file that begins like this is a picture as phones and cameras make them.
pub fn is_one(head: &[u8]) -> bool {
    match head {
        [0xff, 0xd8, 0xff, ..] | [0x89, b'P', b'N', b'G', ..] => true,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => true,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => {
            brand.starts_with(b"hei") || brand.starts_with(b"mif1") || brand.starts_with(b"avif")
        }
        _ => false,
    }
}

/// Reads a picture, the right way up. What the camera wrote beside the pixels is left behind.
///
/// # Errors
/// [`Fail::BadPicture`] for anything that is not a JPEG or PNG within the bounds.
pub fn read(bytes: &[u8]) -> Result<DynamicImage, Fail> {
    let bad = |_| Fail::BadPicture;
    let mut reader =
        ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Fail::BadPicture)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png)) {
        return Err(Fail::BadPicture);
    }
    let mut limits = Limits::default();
    (limits.max_image_width, limits.max_image_height) = (Some(LONGEST), Some(LONGEST));
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(bad)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS || decoder.total_bytes() > MEMORY {
        return Err(Fail::BadPicture);
    }
    let turned = decoder.orientation().map_err(bad)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(bad)?;
    picture.apply_orientation(turned);
    Ok(picture)
}

/// Makes it no longer than so many pixels on its longest side. It is never made larger.
pub fn shrink(picture: DynamicImage, longest: Option<u32>) -> DynamicImage {
    match longest {
        Some(longest) if picture.width().max(picture.height()) > longest => {
            picture.resize(longest, longest, FilterType::Triangle)
        }
        _ => picture,
    }
}

/// The same picture, no longer than so many pixels on its longest side, for a screen; none if it is no longer
/// as it is.
///
/// # Errors
/// [`Fail::BadPicture`] for anything that is not a JPEG or PNG within the bounds.
pub fn smaller(bytes: &[u8], longest: u32) -> Result<Option<Vec<u8>>, Fail> {
    let known = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| Fail::BadPicture)?;
    let (width, height) = known.into_dimensions().map_err(|_| Fail::BadPicture)?;
    let longest = longest.max(1);
    if width.max(height) <= longest {
        return Ok(None);
    }
    jpeg(&shrink(read(bytes)?, Some(longest)).into_rgb8()).map(Some)
}

/// What it looks like. Taken before it is marked, or all marked photos would be alike.
pub fn look(picture: &DynamicImage) -> Look {
    let small = picture.resize_exact(9, 8, FilterType::Triangle).to_luma8();
    let mut grey = [0; 72];
    for (to, from) in grey.iter_mut().zip(small.as_raw()) {
        *to = *from;
    }
    Look::of(&grey)
}

/// Writes lines on its lower edge, white on a dark band, each line cut to its width.
///
/// # Errors
/// What is wrong with the fonts.
pub fn mark(picture: DynamicImage, lines: &[String], faces: &[Face]) -> Result<RgbImage, Fail> {
    let mut picture = picture.into_rgb8();
    let (width, height) = picture.dimensions();
    let pixels = ((width.min(height) / LETTERS) as f32).max(SMALLEST);
    let mut drawn = Vec::new();
    for line in lines.iter().filter(|line| !line.trim().is_empty()) {
        drawn.push(raster::line(faces, line, pixels)?);
    }
    let margin = (pixels / 2.0) as u32;
    let band: u32 = drawn.iter().map(|line| line.height).sum::<u32>() + margin;
    let top = height.saturating_sub(band);
    if drawn.is_empty() {
        return Ok(picture);
    }
    for y in top..height {
        for x in 0..width {
            if let Some(pixel) = picture.get_pixel_mut_checked(x, y) {
                pixel.0 = pixel.0.map(|channel| (u16::from(channel) * 2 / 5) as u8);
            }
        }
    }
    let mut y = top + margin / 2;
    for line in drawn {
        for (at, ink) in line.ink.iter().enumerate().filter(|(_, ink)| **ink > 0) {
            let at = at as u32;
            let (dx, dy) = (at % line.width, at / line.width);
            if let Some(pixel) = picture.get_pixel_mut_checked(margin + dx, y + dy) {
                let ink = u16::from(*ink);
                pixel.0 = pixel.0.map(|under| ((u16::from(under) * (255 - ink) + 255 * ink) / 255) as u8);
            }
        }
        y += line.height;
    }
    Ok(picture)
}

/// As JPEG, with the pixels and nothing else.
pub fn jpeg(picture: &RgbImage) -> Result<Vec<u8>, Fail> {
    let mut out = Vec::new();
    let (width, height) = picture.dimensions();
    let made = JpegEncoder::new_with_quality(&mut out, QUALITY).write_image(
        picture.as_raw(),
        width,
        height,
        image::ExtendedColorType::Rgb8,
    );
    made.map_err(|_| Fail::BadPicture)?;
    Ok(out)
}

/// As PNG: for drawings, whose lines JPEG would blur.
pub fn png(grey: &image::GrayImage) -> Result<Vec<u8>, Fail> {
    let mut out = Vec::new();
    let (width, height) = grey.dimensions();
    let made =
        PngEncoder::new(&mut out).write_image(grey.as_raw(), width, height, image::ExtendedColorType::L8);
    made.map_err(|_| Fail::BadPicture)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found by a user: /etc/passwd answered a question that asks for a photo.
    #[test]
    fn a_picture_is_known_by_its_first_bytes() {
        let pictures: [&[u8]; 4] =
            [b"\xff\xd8\xff\xe0\0\x10JFIF", b"\x89PNG\r\n\x1a\n", b"RIFF....WEBPVP8 ", b"\0\0\0\x18ftypheic"];
        assert!(pictures.into_iter().all(is_one));
        let others: [&[u8]; 5] =
            [b"", b"root:x:0:0:root:", b"%PDF-1.7", b"RIFF....WAVEfmt ", b"\0\0\0\x18ftypM4A "];
        assert!(!others.into_iter().any(is_one));
    }

    /// A picture with something on it.
    fn scene(width: u32, height: u32, shift: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let (x, y) = (x * 640 / width, y * 480 / height);
            let wave = |n: u32, by: u32| (((n + shift) * by / 7) % 256) as u8;
            image::Rgb([wave(x, 3), wave(y, 5), wave(x / 40 * 40 + y / 60 * 13, 9)])
        })
    }

    #[test]
    fn lesson_03_a_photo_made_smaller_brighter_or_stored_again_is_nearly_the_same() {
        let first = DynamicImage::from(scene(1_600, 1_200, 0));
        let original = look(&first);
        assert!(!original.is_plain());
        let small = shrink(first.clone(), Some(640));
        assert_eq!((small.width(), small.height()), (640, 480));
        let again = read(&jpeg(&small.to_rgb8()).unwrap()).unwrap();
        let brighter = first.brighten(12);
        for like in [&small, &again, &brighter] {
            assert!(look(like).is_near(original), "{} of 64", look(like).differs(original));
        }
        let other = look(&DynamicImage::from(scene(1_600, 1_200, 271)));
        assert!(!other.is_near(original), "{} of 64", other.differs(original));
    }

    #[test]
    fn what_a_camera_writes_beside_the_pixels_is_left_behind() {
        let plain = jpeg(&scene(64, 48, 0)).unwrap();
        // An APP1 segment as cameras write it, after the first marker.
        let exif = b"Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0 GPS 38.9147,121.6447";
        let mut marked = plain[..2].to_vec();
        marked.extend([0xff, 0xe1, 0, u8::try_from(exif.len() + 2).unwrap()]);
        marked.extend(exif);
        marked.extend(&plain[2..]);
        let kept = jpeg(&read(&marked).unwrap().into_rgb8()).unwrap();
        assert!(marked.windows(3).any(|w| w == b"GPS") && !kept.windows(3).any(|w| w == b"GPS"));
        assert!(!kept.windows(4).any(|w| w == b"Exif"));
    }

    #[test]
    fn a_screen_gets_no_more_pixels_than_it_shows() {
        let photo = jpeg(&scene(1_600, 1_200, 0)).unwrap();
        let small = smaller(&photo, 320).unwrap().unwrap();
        let read = read(&small).unwrap();
        assert_eq!((read.width(), read.height()), (320, 240));
        assert!(small.len() * 4 < photo.len(), "{} of {}", small.len(), photo.len());
        assert!(smaller(&photo, 1_600).unwrap().is_none(), "it is small enough as it is");
        assert!(smaller(&photo, 0).is_ok(), "no size is one that divides by nothing");
        assert!(matches!(smaller(b"GIF89a", 320), Err(Fail::BadPicture)));
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        for bad in [&b""[..], b"GIF89a", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"<svg/>"] {
            assert!(matches!(read(bad), Err(Fail::BadPicture)), "{bad:?}");
        }
        // A PNG that says it is larger than anything.
        let mut bomb = png(&image::GrayImage::new(1, 1)).unwrap();
        bomb[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
        assert!(read(&bomb).is_err());
        // One within the longest side that is four hundred megabytes of nothing: it is refused by its head,
        // before a pixel is made of it.
        let mut huge = png(&image::GrayImage::new(1, 1)).unwrap();
        huge[16..20].copy_from_slice(&20_000_u32.to_be_bytes());
        huge[20..24].copy_from_slice(&20_000_u32.to_be_bytes());
        let crc = crc32(&huge[12..29]);
        huge[29..33].copy_from_slice(&crc.to_be_bytes());
        let decoder = ImageReader::new(Cursor::new(&huge)).with_guessed_format().unwrap();
        assert_eq!(decoder.into_dimensions().unwrap(), (20_000, 20_000), "it is a PNG all the same");
        assert!(matches!(read(&huge), Err(Fail::BadPicture)));
    }

    /// As PNG has it.
    fn crc32(bytes: &[u8]) -> u32 {
        let step = |crc: u32, _: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        !bytes.iter().fold(!0, |crc, byte| (0..8_u32).fold(crc ^ u32::from(*byte), step))
    }
}
