//! What is the same in all items of one structure: lists, maps and tags with their lengths, and where
//! the values stand.
//!
//! A shape is a string of marks. Heads of CBOR lists, maps and tags, which begin with 0x80 to 0xdf, stand
//! for themselves; the others are below. A byte string that holds CBOR is opened, so that an edit
//! inside an item inside a message is turned like everything else.

use super::column::{Cells, Column};
use super::number;
use super::strings::{self, Strings};
use rounds_model::canonical::Malformed;
use std::collections::HashMap;

/// Here a value stands: a number, a text, bytes, a constant.
const LEAF: u8 = 0;
/// A byte string begins that holds what follows.
const OPEN: u8 = 1;
/// It ends.
const CLOSE: u8 = 2;
/// The whole item is what the one value, a byte string, holds.
const RAW: u8 = 3;

/// Shapes of one list, besides that of what travels as it is.
const SHAPES: usize = 200;
/// Values of one item; one with more travels as it is.
const LEAVES: usize = 4_096;
/// Marks of one shape; an item with more travels as it is.
const MARKS: usize = 16 * LEAVES;
/// How deep lists, maps and byte strings may be nested in one another.
const DEPTH: usize = 16;

/// The head of a CBOR item.
#[derive(Clone, Copy)]
struct Head {
    major: u8,
    argument: u64,
    /// In bytes.
    length: usize,
}

/// Reads a head; none of what has no length of its own.
fn head(bytes: &[u8]) -> Option<Head> {
    let (first, rest) = bytes.split_first()?;
    let width = match first & 0x1f {
        0..=23 => 0,
        info @ 24..=27 => 1 << (info - 24),
        _ => return None,
    };
    let argument = match width {
        0 => u64::from(first & 0x1f),
        _ => rest.get(..width)?.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    };
    Some(Head { major: first >> 5, argument, length: 1 + width })
}

/// How long the value at the beginning of these bytes is.
pub fn leaf(bytes: &[u8]) -> Option<usize> {
    let Head { major, argument, length } = head(bytes)?;
    match major {
        0 | 1 | 7 => (length <= bytes.len()).then_some(length),
        2 | 3 => length.checked_add(usize::try_from(argument).ok()?).filter(|all| *all <= bytes.len()),
        _ => None,
    }
}

/// What stands at the beginning of CBOR bytes, and how long it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// The head of a list, map or tag.
    Structure(usize),
    /// A number, text, bytes or constant.
    Value(usize),
}

/// What comes next; none if that is no CBOR, or has no length of its own.
pub fn next(bytes: &[u8]) -> Option<Next> {
    match head(bytes)? {
        Head { major: 4..=6, length, .. } => Some(Next::Structure(length)),
        _ => leaf(bytes).map(Next::Value),
    }
}

/// Takes an item apart.
struct Walk<'a> {
    shape: Vec<u8>,
    leaves: Vec<&'a [u8]>,
}

impl<'a> Walk<'a> {
    fn item(&mut self, bytes: &'a [u8], depth: usize) -> Option<&'a [u8]> {
        let Head { major, argument, length } = head(bytes)?;
        if depth > DEPTH || self.leaves.len() > LEAVES || self.shape.len() > MARKS {
            return None;
        }
        let children = match major {
            4 => argument,
            5 => argument.checked_mul(2)?,
            6 => 1,
            2 => match self.opened(bytes, depth) {
                Some(rest) => return Some(rest),
                None => return self.leaf(bytes),
            },
            _ => return self.leaf(bytes),
        };
        let (head, mut rest) = bytes.split_at_checked(length)?;
        self.shape.extend(head);
        for _ in 0..children {
            rest = self.item(rest, depth + 1)?;
        }
        Some(rest)
    }

    fn leaf(&mut self, bytes: &'a [u8]) -> Option<&'a [u8]> {
        let (leaf, rest) = bytes.split_at_checked(leaf(bytes)?)?;
        self.shape.push(LEAF);
        self.leaves.push(leaf);
        Some(rest)
    }

    /// A byte string that holds a list or a map and nothing else.
    fn opened(&mut self, bytes: &'a [u8], depth: usize) -> Option<&'a [u8]> {
        let all = leaf(bytes)?;
        let head = head(bytes)?.length;
        let (string, rest) = bytes.split_at_checked(all)?;
        let inside = string.get(head..)?;
        let (shortest, width) = strings::head(inside.len());
        if !shortest.iter().take(width).eq(string.iter().take(head))
            || !inside.first().is_some_and(|first| matches!(first >> 5, 4 | 5))
        {
            return None;
        }
        let before = (self.shape.len(), self.leaves.len());
        self.shape.push(OPEN);
        if self.item(inside, depth + 1).is_some_and(<[u8]>::is_empty) {
            self.shape.push(CLOSE);
            return Some(rest);
        }
        self.shape.truncate(before.0);
        self.leaves.truncate(before.1);
        None
    }
}

/// Items, sorted by their shapes.
#[derive(Default)]
pub struct Shapes<'a> {
    known: HashMap<Vec<u8>, usize>,
    shapes: Vec<Vec<u8>>,
    /// Of each shape its columns.
    columns: Vec<Vec<Cells<'a>>>,
    /// Which shape, how many items in a row.
    runs: Vec<(usize, usize)>,
}

impl<'a> Shapes<'a> {
    /// Adds an item.
    pub fn add(&mut self, item: &'a [u8]) {
        let mut walk = Walk { shape: vec![], leaves: vec![] };
        let walked = walk.item(item, 0).is_some_and(<[u8]>::is_empty);
        let bounded = walk.leaves.len() <= LEAVES && walk.shape.len() <= MARKS;
        let fits = walked && bounded && (self.known.contains_key(&walk.shape) || self.shapes.len() < SHAPES);
        if fits {
            let at = self.at(walk.shape, walk.leaves.len());
            for (column, leaf) in self.columns.get_mut(at).into_iter().flatten().zip(walk.leaves) {
                column.push(leaf.into());
            }
        } else {
            let (head, width) = strings::head(item.len());
            let whole: Vec<u8> = head.into_iter().take(width).chain(item.iter().copied()).collect();
            let at = self.at(vec![RAW], 1);
            if let Some(column) = self.columns.get_mut(at).and_then(|columns| columns.first_mut()) {
                column.push(whole.into());
            }
        }
    }

    fn at(&mut self, shape: Vec<u8>, leaves: usize) -> usize {
        let at = match self.known.get(&shape) {
            Some(at) => *at,
            None => {
                self.shapes.push(shape.clone());
                self.columns.push(vec![vec![]; leaves]);
                self.known.insert(shape, self.shapes.len() - 1);
                self.shapes.len() - 1
            }
        };
        match self.runs.last_mut() {
            Some((last, length)) if *last == at => *length += 1,
            _ => self.runs.push((at, 1)),
        }
        at
    }

    /// Writes the shapes and the runs.
    pub fn put(&self, out: &mut Vec<u8>) {
        number::put(out, self.shapes.len());
        for shape in &self.shapes {
            number::put(out, shape.len());
            out.extend(shape);
        }
        number::put(out, self.runs.len());
        for (shape, length) in &self.runs {
            number::put(out, *shape);
            number::put(out, *length);
        }
    }

    /// The columns of each shape.
    pub fn columns(&self) -> &[Vec<Cells<'a>>] {
        &self.columns
    }
}

/// A shape that was read.
pub struct Shape<'a> {
    marks: &'a [u8],
    /// Values of each item.
    pub leaves: usize,
    /// Items of this shape.
    pub items: usize,
}

/// Which shape how many items in a row have.
pub type Runs = Vec<(usize, usize)>;

/// Reads shapes, and the runs of so many items. None if there are more, or larger ones, than are ever
/// written, or any of which no item is.
pub fn take<'a>(from: &mut &'a [u8], count: usize) -> Option<(Vec<Shape<'a>>, Runs)> {
    let mut shapes = vec![];
    for _ in 0..number::take(from).filter(|shapes| *shapes <= SHAPES + 1)? {
        let length = number::take(from).filter(|length| *length <= MARKS)?;
        let marks = number::bytes(from, length)?;
        let leaves = leaves(marks).filter(|leaves| *leaves <= LEAVES + 1)?;
        shapes.push(Shape { marks, leaves, items: 0 });
    }
    let (mut runs, mut sum) = (vec![], 0usize);
    for _ in 0..number::take(from)? {
        let (shape, length) = (number::take(from)?, number::take(from).filter(|length| *length > 0)?);
        sum = sum.checked_add(length).filter(|sum| *sum <= count)?;
        shapes.get_mut(shape)?.items += length;
        runs.push((shape, length));
    }
    (sum == count && shapes.iter().all(|shape| shape.items > 0)).then_some((shapes, runs))
}

/// How many values a shape has; none if it is no shape, or one deeper than any that is written.
fn leaves(marks: &[u8]) -> Option<usize> {
    let (mut rest, mut leaves, mut open) = (marks, 0usize, 0usize);
    if marks == [RAW] {
        return Some(1);
    }
    while let Some(mark) = rest.first() {
        let length = match *mark {
            LEAF => {
                leaves += 1;
                1
            }
            OPEN => {
                open = Some(open + 1).filter(|open| *open <= DEPTH)?;
                1
            }
            CLOSE => {
                open = open.checked_sub(1)?;
                1
            }
            0x80..=0xdf => head(rest)?.length,
            _ => return None,
        };
        rest = rest.get(length..)?;
    }
    (open == 0).then_some(leaves)
}

impl Shape<'_> {
    /// The next item of this shape, of at most so many bytes.
    pub fn build(&self, columns: &mut [Column<'_>], most: usize) -> Result<Vec<u8>, Malformed> {
        let mut out = vec![];
        let mut columns = columns.iter_mut();
        if self.marks == [RAW] {
            columns.next().and_then(|column| column.put_next(&mut out)).ok_or(Malformed::Structure)?;
            let head = head(&out).filter(|head| head.major == 2).ok_or(Malformed::Structure)?;
            out.drain(..head.length.min(out.len()));
            return if out.len() > most { Err(Malformed::TooMany) } else { Ok(out) };
        }
        let (mut rest, mut strings) = (self.marks, Strings::default());
        while let Some(mark) = rest.first() {
            let mut length = 1;
            match *mark {
                LEAF => {
                    let put = columns.next().and_then(|column| column.put_next(&mut out));
                    put.ok_or(Malformed::Structure)?;
                }
                OPEN => strings.open(out.len()),
                CLOSE => strings.close(out.len()).ok_or(Malformed::Structure)?,
                _ => {
                    length = head(rest).ok_or(Malformed::Structure)?.length;
                    out.extend(rest.get(..length).unwrap_or_default());
                }
            }
            if out.len() + strings.bytes() > most {
                return Err(Malformed::TooMany);
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        Ok(strings.put_into(out))
    }
}
