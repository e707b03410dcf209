//! Lines on pages: A4, upright, with a grid as on paper forms. Lengths are points from the upper left.

use crate::PAGES;
use crate::error::PrintError;
use crate::font::Face;
use crate::line::{Line, lines};
use crate::sheet::{Cell, Part, Sheet};

pub(crate) const WIDTH: f32 = 595.28;
pub(crate) const HEIGHT: f32 = 841.89;
const SIDE: f32 = 54.0;
const TOP: f32 = 56.0;
const BOTTOM: f32 = HEIGHT - 64.0;
const INNER: f32 = WIDTH - 2.0 * SIDE;
/// Sizes of letters.
const TITLE: f32 = 19.0;
const HEADING: f32 = 12.0;
const BODY: f32 = 10.5;
const SMALL: f32 = 8.0;
/// The height of a line, and where its letters stand in it, in parts of their size.
const LEADING: f32 = 1.5;
const BASE: f32 = 1.13;
/// Around the text of a cell.
const PAD: f32 = 5.0;
/// The part of a line that labels take.
const LABELS: f32 = 0.3;
/// A column is at least so wide, and a table has at most so many.
const COLUMN: f32 = 28.0;
/// Lines at the foot of a page; what is longer is cut, because it is on every page.
const FOOT: usize = 3;
/// Lines of a label beside a place to sign; a longer one is running text above it.
const LABEL: usize = 4;
/// Room for a hand.
const SIGNATURE: f32 = 52.0;

/// Something that is drawn.
#[derive(Debug)]
pub(crate) enum Mark {
    Text {
        x: f32,
        y: f32,
        size: f32,
        bold: bool,
        line: Line,
    },
    /// From corner to corner.
    Shade(f32, f32, f32, f32),
    /// From point to point.
    Rule(f32, f32, f32, f32),
}

/// The marks of each page, without what stands at its foot.
pub(crate) fn pages(sheet: &Sheet, faces: &[Face]) -> Result<Vec<Vec<Mark>>, PrintError> {
    let mut press = Press { faces, pages: vec![Vec::new()], y: TOP };
    press.centred(&sheet.title, TITLE, true)?;
    if !sheet.subtitle.is_empty() {
        press.centred(&sheet.subtitle, BODY, false)?;
    }
    press.y += 6.0;
    for (at, part) in sheet.parts.iter().enumerate() {
        press.part(part, sheet.parts.get(at + 1))?;
    }
    let count = press.pages.len();
    for (at, page) in press.pages.iter_mut().enumerate() {
        foot(page, sheet, faces, at + 1, count);
    }
    Ok(press.pages)
}

fn foot(page: &mut Vec<Mark>, sheet: &Sheet, faces: &[Face], n: usize, m: usize) {
    let y = BOTTOM + 16.0;
    page.push(Mark::Rule(SIDE, y, WIDTH - SIDE, y));
    let number = sheet.page.replace("{n}", &n.to_string()).replace("{m}", &m.to_string());
    let number = lines(&number, f32::MAX, faces).into_iter().next().unwrap_or_default();
    let wide = number.width * SMALL;
    let left = lines(&sheet.footer, (INNER - wide - 18.0) / SMALL, faces);
    for (at, line) in left.into_iter().take(FOOT).enumerate() {
        let y = y + 3.0 + SMALL * (BASE + at as f32 * LEADING);
        page.push(Mark::Text { x: SIDE, y, size: SMALL, bold: false, line });
    }
    let y = y + 3.0 + SMALL * BASE;
    page.push(Mark::Text { x: WIDTH - SIDE - wide, y, size: SMALL, bold: false, line: number });
}

/// Puts one thing below the other, on as many pages as it takes.
struct Press<'f> {
    faces: &'f [Face],
    pages: Vec<Vec<Mark>>,
    y: f32,
}

/// A cell of a grid.
struct Box {
    left: f32,
    width: f32,
    shaded: bool,
    bold: bool,
    lines: Vec<Line>,
}

impl Press<'_> {
    fn part(&mut self, part: &Part, next: Option<&Part>) -> Result<(), PrintError> {
        match part {
            Part::Heading(text) => self.heading(text, next),
            Part::Text(text) => self.text(text),
            Part::Fields(cells) => self.fields(cells),
            Part::Table { columns, rows, none } => self.table(columns, rows, none),
            Part::Signatures(labels) => self.signatures(labels),
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn left(&self) -> f32 {
        BOTTOM - self.y
    }

    fn turn(&mut self) -> Result<(), PrintError> {
        if self.pages.len() >= PAGES {
            return Err(PrintError::TooMuch);
        }
        self.pages.push(Vec::new());
        self.y = TOP;
        Ok(())
    }

    fn centred(&mut self, text: &str, size: f32, bold: bool) -> Result<(), PrintError> {
        for line in lines(text, INNER / size, self.faces) {
            if self.left() < LEADING * size {
                self.turn()?;
            }
            let x = SIDE + (INNER - line.width * size) / 2.0;
            self.mark(Mark::Text { x, y: self.y + BASE * size, size, bold, line });
            self.y += LEADING * size;
        }
        Ok(())
    }

    fn heading(&mut self, text: &str, next: Option<&Part>) -> Result<(), PrintError> {
        let lines = lines(text, INNER / HEADING, self.faces);
        let room = match next {
            Some(Part::Signatures(_)) => SIGNATURE,
            _ => 3.0 * LEADING * BODY,
        };
        self.y += 10.0;
        if self.left() < lines.len() as f32 * LEADING * HEADING + room {
            self.turn()?;
        }
        for line in lines {
            self.running(line, HEADING, true)?;
        }
        self.y += 2.0;
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), PrintError> {
        self.y += 2.0;
        for line in lines(text, INNER / BODY, self.faces) {
            self.running(line, BODY, false)?;
        }
        self.y += 4.0;
        Ok(())
    }

    fn running(&mut self, line: Line, size: f32, bold: bool) -> Result<(), PrintError> {
        if self.left() < LEADING * size {
            self.turn()?;
        }
        let shift = if line.from_right { INNER - line.width * size } else { 0.0 };
        self.mark(Mark::Text { x: SIDE + shift, y: self.y + BASE * size, size, bold, line });
        self.y += LEADING * size;
        Ok(())
    }

    fn fields(&mut self, cells: &[Cell]) -> Result<(), PrintError> {
        for cell in cells {
            let label = self.cell(&cell.label, 0.0, INNER * LABELS, true);
            let value = self.cell(&cell.value, INNER * LABELS, INNER * (1.0 - LABELS), false);
            self.row(vec![label, value], &[])?;
        }
        self.y += 6.0;
        Ok(())
    }

    fn cell(&self, text: &str, left: f32, width: f32, shaded: bool) -> Box {
        let lines = lines(text, (width - 2.0 * PAD) / BODY, self.faces);
        Box { left: SIDE + left, width, shaded, bold: false, lines }
    }

    fn table(&mut self, columns: &[String], rows: &[Vec<String>], none: &str) -> Result<(), PrintError> {
        let widths = self.widths(columns, rows);
        if rows.is_empty() {
            self.row(self.boxes(columns, &widths, true), &[])?;
            let all = self.cell(none, 0.0, INNER, false);
            self.row(vec![all], &[])?;
        }
        for (at, row) in rows.iter().enumerate() {
            let boxes = self.boxes(row, &widths, false);
            let first = at == 0;
            let needed = if first { 2.0 } else { 1.0 } * (LEADING * BODY + 2.0 * PAD);
            if first && self.left() < needed {
                self.turn()?;
            }
            if first {
                self.row(self.boxes(columns, &widths, true), &[])?;
            }
            self.row(boxes, &[(columns, &widths)])?;
        }
        self.y += 6.0;
        Ok(())
    }

    /// As wide as what stands in them asks for: by their longest line, up to a third of the page each.
    fn widths(&self, columns: &[String], rows: &[Vec<String>]) -> Vec<f32> {
        let wish = |text: &str| {
            let letters =
                |line: &str| line.chars().map(|c| if c.is_ascii() { 0.55 } else { 1.0 }).sum::<f32>();
            text.lines().map(letters).fold(0.0, f32::max) * BODY + 2.0 * PAD + 2.0
        };
        let of = |at: usize| {
            let cells = rows.iter().filter_map(|row| row.get(at)).map(|text| wish(text));
            let widest = cells.fold(columns.get(at).map_or(0.0, |text| wish(text)), f32::max);
            widest.clamp(COLUMN, INNER / 3.0)
        };
        let wished: Vec<f32> = (0..columns.len()).map(of).collect();
        let all: f32 = wished.iter().sum();
        wished.into_iter().map(|width| width * INNER / all.max(1.0)).collect()
    }

    fn boxes(&self, texts: &[String], widths: &[f32], head: bool) -> Vec<Box> {
        let mut left = 0.0;
        let mut boxes = Vec::new();
        for (at, width) in widths.iter().enumerate() {
            let text = texts.get(at).map_or("", String::as_str);
            let mut cell = self.cell(text, left, *width, head);
            cell.bold = head;
            boxes.push(cell);
            left += width;
        }
        boxes
    }

    /// A row of a grid; what does not fit goes on on the next page, below its table's first line.
    fn row(&mut self, mut boxes: Vec<Box>, head: &[(&[String], &[f32])]) -> Result<(), PrintError> {
        let step = LEADING * BODY;
        loop {
            let most = boxes.iter().map(|cell| cell.lines.len()).max().unwrap_or(0).max(1);
            let fit = ((self.left() - 2.0 * PAD) / step).floor().max(0.0) as usize;
            // Two lines at least stand together, unless there is only one.
            if fit < most.min(2) {
                self.turn()?;
                for (columns, widths) in head {
                    // A first line that is longer than a page is cut: what follows needs the room.
                    let mut boxes = self.boxes(columns, widths, true);
                    boxes.iter_mut().for_each(|cell| cell.lines.truncate(12));
                    self.row(boxes, &[])?;
                }
                continue;
            }
            let now = most.min(fit);
            self.grid(&mut boxes, now);
            if most == now {
                return Ok(());
            }
        }
    }

    /// Draws so many lines of a row.
    fn grid(&mut self, boxes: &mut [Box], count: usize) {
        let (top, step) = (self.y, LEADING * BODY);
        let bottom = top + count as f32 * step + 2.0 * PAD;
        for cell in boxes.iter_mut() {
            let right = cell.left + cell.width;
            if cell.shaded {
                self.mark(Mark::Shade(cell.left, top, right, bottom));
            }
            let rest = cell.lines.split_off(count.min(cell.lines.len()));
            for (at, line) in std::mem::replace(&mut cell.lines, rest).into_iter().enumerate() {
                let shift = if line.from_right { cell.width - PAD - line.width * BODY } else { PAD };
                let y = top + PAD - 1.0 + at as f32 * step + BASE * BODY;
                let x = cell.left + shift;
                self.mark(Mark::Text { x, y, size: BODY, bold: cell.bold, line });
            }
            self.mark(Mark::Rule(cell.left, top, right, top));
            self.mark(Mark::Rule(cell.left, bottom, right, bottom));
            self.mark(Mark::Rule(cell.left, top, cell.left, bottom));
            self.mark(Mark::Rule(right, top, right, bottom));
        }
        self.y = bottom;
    }

    fn signatures(&mut self, labels: &[String]) -> Result<(), PrintError> {
        for pair in labels.chunks(2) {
            let width = (INNER - 24.0) / 2.0;
            let mut texts = Vec::new();
            for label in pair {
                let label_lines = lines(label, width * 0.5 / BODY, self.faces);
                if label_lines.len() > LABEL {
                    self.text(label)?;
                    texts.push(Vec::new());
                } else {
                    texts.push(label_lines);
                }
            }
            let most = texts.iter().map(Vec::len).max().unwrap_or_default();
            let height = SIGNATURE + most.saturating_sub(1) as f32 * LEADING * BODY;
            if self.left() < height {
                self.turn()?;
            }
            let base = self.y + height - 10.0;
            for (at, label) in texts.into_iter().enumerate() {
                let left = SIDE + at as f32 * (width + 24.0);
                let wide = label.iter().map(|line| line.width * BODY).fold(0.0, f32::max);
                let rise = label.len().saturating_sub(1) as f32;
                for (n, line) in label.into_iter().enumerate() {
                    let y = base - (rise - n as f32) * LEADING * BODY;
                    self.mark(Mark::Text { x: left, y, size: BODY, bold: false, line });
                }
                self.mark(Mark::Rule(left + wide + 6.0, base + 2.0, left + width, base + 2.0));
            }
            self.y += height;
        }
        self.y += 6.0;
        Ok(())
    }
}
