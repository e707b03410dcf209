//! Pages in a file.

use crate::error::PrintError;
use crate::font::Face;
use crate::layout::{HEIGHT, Mark, WIDTH};
use crate::line::Line;
use crate::sheet::Sheet;
use krilla::color::luma;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};

const RULE: f32 = 0.5;
const GREY: u8 = 120;
const SHADE: u8 = 240;
/// How much thicker bold letters are drawn, in parts of their size.
const BOLD: f32 = 0.022;

pub(crate) fn write(sheet: &Sheet, pages: Vec<Vec<Mark>>, faces: &[Face]) -> Result<Vec<u8>, PrintError> {
    let mut document = Document::new_with(SerializeSettings::default());
    for marks in pages {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT).ok_or(PrintError::Broken)?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        // What lies below the letters comes first.
        let (texts, below): (Vec<_>, Vec<_>) =
            marks.into_iter().partition(|mark| matches!(mark, Mark::Text { .. }));
        let (rules, shades): (Vec<_>, Vec<_>) =
            below.into_iter().partition(|mark| matches!(mark, Mark::Rule(..)));
        for mark in shades.iter().chain(&rules).chain(&texts) {
            draw(&mut surface, mark, faces);
        }
        surface.finish();
        page.finish();
    }
    let (year, month, day, hour, minute, second) = sheet.at;
    let at = DateTime::new(year).month(month).day(day).hour(hour).minute(minute).second(second);
    let about = Metadata::new()
        .title(sheet.title.clone())
        .language(sheet.language.clone())
        .creator("Rounds".to_owned())
        .document_id(sheet.id.clone())
        .creation_date(at.utc_offset_hour(0).utc_offset_minute(0));
    document.set_metadata(about);
    document.finish().map_err(|_| PrintError::Broken)
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, faces: &[Face]) {
    match mark {
        Mark::Text { x, y, size, bold, line } => {
            surface.set_fill(Some(Fill::default()));
            let stroke = Stroke { width: BOLD * size, ..Stroke::default() };
            surface.set_stroke(bold.then_some(stroke));
            text(surface, *x, *y, *size, line, faces);
        }
        Mark::Shade(left, top, right, bottom) => {
            let paint = luma::Color::new(SHADE).into();
            surface.set_stroke(None);
            surface.set_fill(Some(Fill { paint, ..Fill::default() }));
            let mut path = PathBuilder::new();
            if let Some(rect) = Rect::from_ltrb(*left, *top, *right, *bottom) {
                path.push_rect(rect);
            }
            path.finish().iter().for_each(|path| surface.draw_path(path));
        }
        Mark::Rule(x, y, to_x, to_y) => {
            let paint = luma::Color::new(GREY).into();
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke { paint, width: RULE, ..Stroke::default() }));
            let mut path = PathBuilder::new();
            path.move_to(*x, *y);
            path.line_to(*to_x, *to_y);
            path.finish().iter().for_each(|path| surface.draw_path(path));
        }
    }
}

fn text(surface: &mut Surface<'_>, x: f32, y: f32, size: f32, line: &Line, faces: &[Face]) {
    let mut x = x;
    for run in &line.runs {
        if let Some(face) = faces.get(run.face) {
            surface.draw_glyphs(
                Point::from_xy(x, y),
                &run.glyphs,
                face.embedded.clone(),
                &run.text,
                size,
                false,
            );
        }
        x += run.width * size;
    }
}
