//! Signatures: the strokes are drawn here, so that picture and strokes say the same. The picture answers
//! the question; the strokes, with their times, are a file of the same record.

use super::picture;
use crate::Rounds;
use crate::capture::{CaptureFault, SignAsk, Signed, Tool};
use crate::error::{Fail, RoundsError};
use crate::store::{blobs, uploads};
use image::{GrayImage, Luma};
use rounds_evidence::beside::With;
use rounds_model::ids::{BlobHash, DocId};
use serde::Serialize;

/// The longest side of the picture, pixels.
const LONGEST: u32 = 800;

/// A signature that answers a question now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Signature {
    /// The picture.
    pub picture: BlobHash,
    /// The strokes, as JSON.
    pub strokes: BlobHash,
}

impl Rounds {
    /// Takes a signature and answers a question with its picture. The strokes are stored and sent too.
    ///
    /// # Errors
    /// The pad's; those of answering.
    pub fn take_signature(&self, doc: DocId, key: &str, ask: SignAsk) -> Result<Signature, RoundsError> {
        let kit = self.kit();
        let signed = kit.signature()?.sign(ask).map_err(|fault| Fail::Capture(Tool::Signature, fault))?;
        self.keep_signature(doc, key, &signed)
    }

    /// Answers a question with what was drawn on a pad, as [`Rounds::take_signature`] does; for an app that
    /// keeps nothing open while a person signs.
    ///
    /// # Errors
    /// What is no drawing on the pad; those of answering.
    pub fn keep_signature(&self, doc: DocId, key: &str, signed: &Signed) -> Result<Signature, RoundsError> {
        Ok(self.keep_signature_inner(doc, key, signed)?)
    }

    fn keep_signature_inner(&self, doc: DocId, key: &str, signed: &Signed) -> Result<Signature, Fail> {
        if !signed.is_sane() {
            let fault = CaptureFault::Failed("not a drawing on the pad".into());
            return Err(Fail::Capture(Tool::Signature, fault));
        }
        self.store.read(|db| self.may_sign(db, doc, key))?;
        let json = serde_json::to_vec(signed).map_err(|_| Fail::Damaged("strokes"))?;
        let png = picture::png(&drawn(signed))?;
        let secret = self.store.write(|tx| blobs::key(tx, &*self.platform))?;
        let draft = |bytes: &[u8]| blobs::draft(&self.blobs, &secret, &*self.platform, &mut &*bytes);
        let (strokes, picture) = (draft(&json)?, draft(&png)?);
        let _alone = self.photos();
        let (strokes, picture) = (strokes.keep(&self.blobs, &secret)?, picture.keep(&self.blobs, &secret)?);
        let with = With { kept: picture.hash, with: vec![strokes.hash], ending: None };
        self.answer_with_blob(doc, key, picture, &[with.beside(key)], |tx| {
            let at_ms = self.now(tx)?.at_ms;
            blobs::note(tx, doc, strokes, at_ms)?;
            uploads::push(tx, doc, strokes, at_ms)
        })?;
        Ok(Signature { picture: picture.hash, strokes: strokes.hash })
    }
}

/// Black strokes on white, as wide as the pad is shown.
pub(super) fn drawn(signed: &Signed) -> GrayImage {
    let longest = u32::from(signed.width.max(signed.height));
    let scaled = |n: u16| (u32::from(n) * LONGEST / longest).max(1);
    let mut picture = GrayImage::from_pixel(scaled(signed.width), scaled(signed.height), Luma([255]));
    let scale = LONGEST as f32 / longest as f32;
    for stroke in &signed.strokes {
        let mut points = stroke.points.iter().map(|p| (f32::from(p.x) * scale, f32::from(p.y) * scale));
        let Some(mut last) = points.next() else { continue };
        dot(&mut picture, last);
        for next in points {
            let (dx, dy) = (next.0 - last.0, next.1 - last.1);
            let steps = dx.abs().max(dy.abs()).ceil().max(1.0);
            for step in 1..=steps as u32 {
                let part = step as f32 / steps;
                dot(&mut picture, (last.0 + dx * part, last.1 + dy * part));
            }
            last = next;
        }
    }
    picture
}

/// A pen is three pixels wide.
fn dot(picture: &mut GrayImage, at: (f32, f32)) {
    let (x, y) = (at.0.round() as i64, at.1.round() as i64);
    for (dx, dy) in (-1..=1).flat_map(|dx| (-1..=1).map(move |dy| (dx, dy))) {
        let place = u32::try_from(x + dx).ok().zip(u32::try_from(y + dy).ok());
        if let Some(pixel) = place.and_then(|(x, y)| picture.get_pixel_mut_checked(x, y)) {
            pixel.0 = [0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{Point, Stroke};

    #[test]
    fn a_signature_s_picture_is_its_strokes() {
        let point = |x, y| Point { x, y, t_ms: 0, pressure: 0 };
        let strokes = vec![Stroke { points: vec![point(0, 0), point(100, 50)] }];
        let picture = drawn(&Signed { width: 100, height: 50, strokes });
        assert_eq!(picture.dimensions(), (800, 400));
        assert_eq!(picture.get_pixel(400, 200).0, [0], "the middle of the stroke");
        assert_eq!(picture.get_pixel(400, 20).0, [255]);
        let ink = picture.pixels().filter(|p| p.0[0] == 0).count();
        assert!((1_500..4_000).contains(&ink), "{ink}");
    }
}
