//! One column: the same value of every item of a shape. How it is written is chosen by what it holds.

use super::number;
use super::shape::leaf;
use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

/// All are the same: that one.
const CONSTANT: u8 = 0;
/// All are those of an earlier column: its number.
const SAME: u8 = 1;
/// Few different ones: these, and which item has which, a byte each.
const FEW: u8 = 2;
/// All have the same length: their first bytes, their second bytes, and so on.
const EVEN: u8 = 3;
/// One after the other; each knows its length.
const OTHER: u8 = 4;

/// Different values of a column of few.
const DIFFERENT: usize = 255;
/// The longest value that is taken apart byte by byte.
const WIDE: usize = 40;

/// The cells of one column.
pub type Cells<'a> = Vec<Cow<'a, [u8]>>;

/// Writes a column. `earlier` knows those before it by their first and last cells.
pub fn put<'a>(
    out: &mut Vec<u8>,
    at: usize,
    cells: &'a [Cow<'a, [u8]>],
    all: &'a [Cells<'a>],
    earlier: &mut HashMap<(&'a [u8], &'a [u8]), Vec<usize>>,
) {
    let (Some(first), Some(last)) = (cells.first(), cells.last()) else { return };
    if cells.iter().all(|cell| cell == first) {
        out.push(CONSTANT);
        out.extend(&**first);
        return;
    }
    let alike = earlier.entry((first, last)).or_default();
    if let Some(same) = alike.iter().find(|at| all.get(**at).is_some_and(|other| **other == *cells)) {
        out.push(SAME);
        number::put(out, *same);
        return;
    }
    alike.push(at);
    if let Some((different, which)) = few(cells) {
        out.push(FEW);
        number::put(out, different.len());
        different.iter().for_each(|cell| out.extend(*cell));
        out.extend(which);
    } else if first.len() <= WIDE && cells.iter().all(|cell| cell.len() == first.len()) {
        out.push(EVEN);
        number::put(out, first.len());
        for byte in 0..first.len() {
            out.extend(cells.iter().filter_map(|cell| cell.get(byte)));
        }
    } else {
        out.push(OTHER);
        cells.iter().for_each(|cell| out.extend(&**cell));
    }
}

/// The different cells in the order in which they come, and which cell is which; none if they are many.
fn few<'a>(cells: &'a [Cow<'a, [u8]>]) -> Option<(Vec<&'a [u8]>, Vec<u8>)> {
    let mut known: HashMap<&[u8], u8> = HashMap::new();
    let (mut different, mut which) = (vec![], Vec::with_capacity(cells.len()));
    let most = DIFFERENT.min(cells.len() / 2);
    for cell in cells {
        let next = u8::try_from(different.len()).unwrap_or(u8::MAX);
        let at = *known.entry(cell).or_insert(next);
        if at == next {
            if different.len() == most {
                return None;
            }
            different.push(&**cell);
        }
        which.push(at);
    }
    Some((different, which))
}

/// The different cells of a column, one after the other, and where each ends: sixteen bytes for each cell
/// of one would be many times what a hostile message has.
#[derive(Clone)]
pub struct Few<'a> {
    cells: &'a [u8],
    ends: Rc<[u32]>,
}

impl<'a> Few<'a> {
    /// So many of them.
    fn take(from: &mut &'a [u8], count: usize) -> Option<Few<'a>> {
        let (mut rest, mut ends) = (*from, Vec::with_capacity(count.min(DIFFERENT)));
        for _ in 0..count {
            cell(&mut rest)?;
            ends.push(u32::try_from(from.len() - rest.len()).ok()?);
        }
        let length = from.len() - rest.len();
        Some(Few { cells: number::bytes(from, length)?, ends: ends.into() })
    }

    fn get(&self, at: u8) -> Option<&'a [u8]> {
        let at = usize::from(at);
        let from = at.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied())?;
        self.cells.get(usize::try_from(from).ok()?..usize::try_from(*self.ends.get(at)?).ok()?)
    }
}

/// A column that was read.
#[derive(Clone)]
pub enum Column<'a> {
    /// Always this.
    Constant(&'a [u8]),
    /// These, and which comes when.
    Few { different: Few<'a>, which: &'a [u8] },
    /// By their bytes: how many cells, which one is next, and all bytes.
    Even { cells: usize, next: usize, bytes: &'a [u8] },
    /// What is left.
    Other(&'a [u8]),
}

/// Reads a column of so many cells.
pub fn take<'a>(from: &mut &'a [u8], cells: usize, earlier: &[Column<'a>]) -> Option<Column<'a>> {
    if cells == 0 {
        return Some(Column::Other(&[]));
    }
    match *number::bytes(from, 1)?.first()? {
        CONSTANT => cell(from).map(Column::Constant),
        SAME => {
            let at = number::take(from)?;
            earlier.get(at).cloned()
        }
        FEW => {
            // As many as are ever written.
            let count = number::take(from).filter(|count| *count <= DIFFERENT.min(cells / 2))?;
            let different = Few::take(from, count)?;
            Some(Column::Few { different, which: number::bytes(from, cells)? })
        }
        EVEN => {
            let width = number::take(from).filter(|width| (1..=WIDE).contains(width))?;
            let bytes = width.checked_mul(cells)?;
            Some(Column::Even { cells, next: 0, bytes: number::bytes(from, bytes)? })
        }
        OTHER => {
            let mut rest = *from;
            for _ in 0..cells {
                cell(&mut rest)?;
            }
            let length = from.len() - rest.len();
            Some(Column::Other(number::bytes(from, length)?))
        }
        _ => None,
    }
}

fn cell<'a>(from: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = leaf(from)?;
    number::bytes(from, length)
}

impl Column<'_> {
    /// Writes the next cell.
    pub fn put_next(&mut self, out: &mut Vec<u8>) -> Option<()> {
        match self {
            Column::Constant(cell) => out.extend(*cell),
            Column::Few { different, which } => {
                let (at, rest) = which.split_first()?;
                *which = rest;
                out.extend(different.get(*at)?);
            }
            Column::Even { cells, next, bytes } => {
                out.extend(bytes.iter().skip(*next).step_by((*cells).max(1)));
                *next += 1;
            }
            Column::Other(rest) => out.extend(cell(rest)?),
        }
        Some(())
    }
}
