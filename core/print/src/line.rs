//! Text in lines: shaped, broken where the language allows it, and put into the order in which it is read.

use crate::clean::is_unseen;
use crate::font::Face;
use harfrust::{Direction, ShapeOptions, UnicodeBuffer};
use krilla::text::{GlyphId, KrillaGlyph};
use std::ops::Range;
use unicode_bidi::{BidiInfo, Level, ParagraphInfo};
use unicode_linebreak::{BreakOpportunity, linebreaks};

/// A line, ready to be drawn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pub runs: Vec<Run>,
    /// Its width, in parts of the font's size.
    pub width: f32,
    /// It is read from right to left.
    pub from_right: bool,
}

/// A piece of a line in one font and one direction.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub face: usize,
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    pub width: f32,
}

/// The lines of a text, each at most `width` wide, in parts of the font's size. One at least.
pub(crate) fn lines(text: &str, width: f32, faces: &[Face]) -> Vec<Line> {
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        broken(paragraph.trim_end(), width, faces, &mut lines);
    }
    // An answer that ends with empty lines takes no room for them.
    while lines.len() > 1 && lines.last().is_some_and(|line| line.runs.is_empty()) {
        lines.pop();
    }
    lines
}

fn broken(text: &str, width: f32, faces: &[Face], lines: &mut Vec<Line>) {
    let bidi = BidiInfo::new(text, None);
    let Some(whole) = bidi.paragraphs.first() else {
        lines.push(Line::default());
        return;
    };
    let mut start = 0;
    for end in ends(text, width, &advances(text, &bidi.levels, faces)) {
        lines.push(ordered(text, start..end, &bidi, whole, faces));
        start = end;
    }
}

/// Where the lines of a paragraph end: at the last place that fits and where the language allows it, or,
/// in a word that is too long for any line, between two letters.
fn ends(text: &str, width: f32, advances: &[f32]) -> Vec<usize> {
    let mut may = linebreaks(text).filter(|(_, kind)| *kind != BreakOpportunity::Mandatory).peekable();
    let mut ends = Vec::new();
    // Since the line began, and up to the last place where it may end.
    let (mut start, mut wide, mut allowed) = (0, 0.0_f32, None);
    for (at, c) in text.char_indices() {
        while let Some((place, _)) = may.next_if(|(place, _)| *place <= at) {
            if place > start {
                allowed = Some((place, wide));
            }
        }
        let advance = advances.get(at).copied().unwrap_or_default();
        // A space at the end of a line takes no room.
        if wide + advance > width && !c.is_whitespace() && advance > 0.0 && at > start {
            let (end, before) = allowed.unwrap_or((at, wide));
            ends.push(end);
            (start, wide, allowed) = (end, wide - before, None);
        }
        wide += advance;
    }
    ends.push(text.len());
    ends
}

/// How wide the letter at each byte is; nothing inside a letter that others are part of.
fn advances(text: &str, levels: &[Level], faces: &[Face]) -> Vec<f32> {
    let mut advances = vec![0.0; text.len()];
    for piece in pieces(text, 0..text.len(), faces, |at| levels.get(at).copied()) {
        let from_right = levels.get(piece.1.start).is_some_and(Level::is_rtl);
        let Some(run) = shaped(text, &piece, from_right, faces) else { continue };
        for glyph in &run.glyphs {
            if let Some(advance) = advances.get_mut(piece.1.start + glyph.text_range.start) {
                *advance += glyph.x_advance;
            }
        }
    }
    advances
}

fn ordered(
    text: &str,
    range: Range<usize>,
    bidi: &BidiInfo<'_>,
    whole: &ParagraphInfo,
    faces: &[Face],
) -> Line {
    let kept = text.get(range.clone()).unwrap_or_default().trim_end().len();
    let range = range.start..range.start + kept;
    let mut line = Line { from_right: whole.level.is_rtl(), ..Line::default() };
    if range.is_empty() {
        return line;
    }
    let (levels, order) = bidi.visual_runs(whole, range);
    for run in order {
        let from_right = levels.get(run.start).is_some_and(Level::is_rtl);
        let mut pieces = pieces(text, run, faces, |_| ());
        if from_right {
            pieces.reverse();
        }
        for run in pieces.iter().filter_map(|piece| shaped(text, piece, from_right, faces)) {
            line.width += run.width;
            line.runs.push(run);
        }
    }
    line
}

/// Pieces of one font (and of one `mark`).
fn pieces<M: PartialEq>(
    text: &str,
    range: Range<usize>,
    faces: &[Face],
    mark: impl Fn(usize) -> M,
) -> Vec<(usize, Range<usize>)> {
    let mut pieces: Vec<(usize, Range<usize>)> = Vec::new();
    let mut marked = None;
    for (at, c) in text.get(range.clone()).unwrap_or_default().char_indices() {
        let at = range.start + at;
        let has = |face: usize| faces.get(face).is_some_and(|face| face.has(c));
        let before = pieces.last().map(|(face, _)| *face);
        let face = match before {
            Some(before) if is_unseen(c) || has(before) => before,
            _ => (0..faces.len()).find(|face| has(*face)).or(before).unwrap_or(0),
        };
        let here = mark(at);
        let same = marked.as_ref() == Some(&here);
        match pieces.last_mut() {
            Some((last, piece)) if *last == face && same => piece.end = at + c.len_utf8(),
            _ => pieces.push((face, at..at + c.len_utf8())),
        }
        marked = Some(here);
    }
    pieces
}

fn shaped(text: &str, piece: &(usize, Range<usize>), from_right: bool, faces: &[Face]) -> Option<Run> {
    let (face, text) = (faces.get(piece.0)?, text.get(piece.1.clone())?);
    let font = face.font()?;
    let shaper = face.shaping().shaper(&font).build();
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(text);
    buffer.guess_segment_properties();
    buffer.set_direction(if from_right { Direction::RightToLeft } else { Direction::LeftToRight });
    let out = shaper.shape(buffer, ShapeOptions::new());
    let mut starts: Vec<usize> = out.glyph_infos().iter().map(|info| info.cluster as usize).collect();
    starts.sort_unstable();
    starts.dedup();
    let glyphs: Vec<KrillaGlyph> = out
        .glyph_infos()
        .iter()
        .zip(out.glyph_positions())
        .map(|(info, place)| {
            let start = info.cluster as usize;
            let after = starts.partition_point(|known| *known <= start);
            let end = starts.get(after).copied().unwrap_or(text.len());
            let part = |units: i32| units as f32 / face.units();
            let (x, y) = (part(place.x_offset), part(place.y_offset));
            let id = GlyphId::new(info.glyph_id);
            KrillaGlyph::new(id, part(place.x_advance), x, y, part(place.y_advance), start..end, None)
        })
        .collect();
    let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
    Some(Run { face: piece.0, text: text.to_owned(), glyphs, width })
}
