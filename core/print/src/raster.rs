//! A line of text as grey pixels, to be written on a photo.
//!
//! Letters stand side by side as their fonts say; that is enough for names and times. A letter that no font
//! has is a box.

use crate::error::PrintError;
use crate::font::Face;
use ab_glyph_rasterizer::{Point, Rasterizer, point};
use skrifa::MetadataProvider;
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The most letters of a line; the rest is cut off.
pub const LETTERS: usize = 200;
/// The largest letters, pixels.
const LARGEST: f32 = 400.0;

/// A line of text as pixels: 0 is nothing, 255 is ink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Row by row.
    pub ink: Vec<u8>,
}

/// Draws a line of text in letters of so many pixels. Each letter is of the first font that has it.
///
/// # Errors
/// [`PrintError::Lacks`] without a font, [`PrintError::Broken`] if a font breaks while it is used.
pub fn line(faces: &[Face], text: &str, pixels: f32) -> Result<Line, PrintError> {
    if faces.is_empty() {
        return Err(PrintError::Lacks(Vec::new()));
    }
    let pixels = pixels.clamp(4.0, LARGEST);
    // A damaged font can break the libraries that read it.
    catch_unwind(AssertUnwindSafe(|| drawn(faces, text, pixels))).unwrap_or(Err(PrintError::Broken))
}

fn drawn(faces: &[Face], text: &str, pixels: f32) -> Result<Line, PrintError> {
    let size = Size::new(pixels);
    let letters: Vec<char> = text.chars().filter(|c| !c.is_control()).take(LETTERS).collect();
    let mut placed = Vec::new();
    let mut across = 0.0_f32;
    for c in letters {
        let face = faces.iter().position(|face| face.has(c));
        let font = face.and_then(|at| faces.get(at)).and_then(Face::font);
        let glyph = font.as_ref().and_then(|font| font.charmap().map(c));
        let advance = font
            .as_ref()
            .zip(glyph)
            .and_then(|(font, glyph)| font.glyph_metrics(size, LocationRef::default()).advance_width(glyph));
        let advance = advance.filter(|a| a.is_finite() && *a >= 0.0).unwrap_or(pixels * 0.6);
        placed.push((face, glyph, across));
        across += advance.min(pixels * 3.0);
    }
    // Room for letters that reach beyond their line, above and below.
    let (width, height) = ((across.ceil() as usize).max(1), (pixels * 1.4).ceil() as usize);
    let mut raster = Rasterizer::new(width, height);
    let base = pixels * 1.05;
    for (face, glyph, x) in placed {
        let font = face.and_then(|at| faces.get(at)).and_then(Face::font);
        let outline = font.as_ref().zip(glyph).and_then(|(font, glyph)| font.outline_glyphs().get(glyph));
        let mut pen =
            Pen { raster: &mut raster, at: (x, base), last: point(0.0, 0.0), first: point(0.0, 0.0) };
        let settings = DrawSettings::unhinted(size, LocationRef::default());
        if outline.is_none_or(|outline| outline.draw(settings, &mut pen).is_err()) && glyph.is_none() {
            pen.boxed(pixels);
        }
    }
    let mut ink = Vec::with_capacity(width * height);
    raster.for_each_pixel(|_, cover| ink.push((cover.clamp(0.0, 1.0) * 255.0).round() as u8));
    let side = |n: usize| u32::try_from(n).map_err(|_| PrintError::TooMuch);
    Ok(Line { width: side(width)?, height: side(height)?, ink })
}

/// From a font's outline, whose y goes up, to pixels, whose y goes down.
struct Pen<'a> {
    raster: &'a mut Rasterizer,
    at: (f32, f32),
    last: Point,
    first: Point,
}

impl Pen<'_> {
    fn to(&self, x: f32, y: f32) -> Point {
        point(self.at.0 + x, self.at.1 - y)
    }

    fn boxed(&mut self, pixels: f32) {
        let (w, h) = (pixels * 0.5, pixels * 0.7);
        self.move_to(pixels * 0.05, 0.0);
        self.line_to(w, 0.0);
        self.line_to(w, h);
        self.line_to(pixels * 0.05, h);
        self.close();
    }
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.first = self.to(x, y);
        self.last = self.first;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.to(x, y);
        self.raster.draw_line(self.last, to);
        self.last = to;
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let (control, to) = (self.to(cx, cy), self.to(x, y));
        self.raster.draw_quad(self.last, control, to);
        self.last = to;
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let (a, b, to) = (self.to(ax, ay), self.to(bx, by), self.to(x, y));
        self.raster.draw_cubic(self.last, a, b, to);
        self.last = to;
    }

    fn close(&mut self) {
        self.raster.draw_line(self.last, self.first);
        self.last = self.first;
    }
}
