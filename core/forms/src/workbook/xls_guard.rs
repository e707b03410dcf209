//! Looks through an .xls before it is read: the reader lays every sheet out as a rectangle, so one
//! cell in the last corner of a sheet would cost half a gigabyte.

use super::ImportError;
use crate::limits;
use std::ops::Range;

const FREE: u32 = 0xFFFF_FFFB;

/// Fails when the rectangle of any sheet is larger than the limits allow. Files whose structure
/// cannot be followed are refused as damaged.
pub(super) fn check(bytes: &[u8]) -> Result<(), ImportError> {
    if is_encrypted_package(bytes) {
        return Err(ImportError::Encrypted);
    }
    let stream = stream(bytes).ok_or_else(|| ImportError::Damaged("no workbook inside".to_owned()))?;
    let mut at = 0;
    let mut extent = Extent::default();
    while let (Some(kind), Some(length)) = (u16_at(&stream, at), u16_at(&stream, at + 2)) {
        let body = stream.get(at + 4..at + 4 + usize::from(length)).unwrap_or(&[]);
        match kind {
            // BOF: another sheet begins.
            0x0009 | 0x0209 | 0x0409 | 0x0809 => extent = Extent::default(),
            // BLANK, NUMBER, LABEL, BOOLERR, STRING cells, RK, RSTRING, LABELSST, FORMULA.
            0x0001..=0x0006 | 0x0201..=0x0206 | 0x027E | 0x00D6 | 0x00FD | 0x0406 => {
                if let (Some(row), Some(column)) = (u16_at(body, 0), u16_at(body, 2)) {
                    extent.add(row, column)?;
                }
            }
            // DIMENSIONS: memory is reserved for all of it. Of 10 bytes in old files, of 14 in newer ones.
            0x0000 | 0x0200 if body.len() == 10 => {
                let sides = (u16_at(body, 0), u16_at(body, 2), u16_at(body, 4), u16_at(body, 6));
                if let (Some(top), Some(bottom), Some(left), Some(right)) = sides {
                    declared(u32::from(top)..u32::from(bottom), left..right)?;
                }
            }
            0x0000 | 0x0200 => {
                let sides = (u32_at(body, 0), u32_at(body, 4), u16_at(body, 8), u16_at(body, 10));
                if let (Some(top), Some(bottom), Some(left), Some(right)) = sides {
                    declared(top..bottom, left..right)?;
                }
            }
            // MULRK, MULBLANK: the last two bytes are the last column.
            0x00BD | 0x00BE => {
                let last = body.len().checked_sub(2).and_then(|at| u16_at(body, at));
                if let (Some(row), Some(first), Some(last)) = (u16_at(body, 0), u16_at(body, 2), last) {
                    extent.add(row, first)?;
                    extent.add(row, last)?;
                }
            }
            // FILEPASS: what follows is encrypted.
            0x002F => return Err(ImportError::Encrypted),
            _ => {}
        }
        at += 4 + usize::from(length);
    }
    Ok(())
}

/// Fails when what a sheet says of its size is beyond the limits. A first column that cannot be one reads as
/// the first of all, as the reader takes it.
fn declared(rows: Range<u32>, columns: Range<u16>) -> Result<(), ImportError> {
    let left = if columns.start > 0xFF || columns.end < columns.start { 0 } else { columns.start };
    let (height, width) = (u64::from(rows.end.wrapping_sub(rows.start)), u64::from(columns.end - left));
    if (height + 1) * (width + 1) > limits::CELLS as u64 {
        return Err(ImportError::TooLarge(format!("{height} × {width}")));
    }
    Ok(())
}

/// An .xlsx with a password is a compound file with the encrypted .xlsx as a stream of this name.
fn is_encrypted_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).step_by(2).any(|window| window == name)
}

#[derive(Default)]
struct Extent {
    corners: Option<(u16, u16, u16, u16)>,
}

impl Extent {
    fn add(&mut self, row: u16, column: u16) -> Result<(), ImportError> {
        let (top, left, bottom, right) = self.corners.unwrap_or((row, column, row, column));
        let (top, left) = (top.min(row), left.min(column));
        let (bottom, right) = (bottom.max(row), right.max(column));
        self.corners = Some((top, left, bottom, right));
        let cells = (usize::from(bottom - top) + 1) * (usize::from(right - left) + 1);
        if cells > limits::CELLS {
            return Err(ImportError::TooLarge(format!("{} × {}", u32::from(row) + 1, u32::from(column) + 1)));
        }
        Ok(())
    }
}

/// The stream `Workbook` (or `Book`) of a compound file.
fn stream(bytes: &[u8]) -> Option<Vec<u8>> {
    let shift = u16_at(bytes, 30)?;
    let size = 1usize.checked_shl(u32::from(shift)).filter(|size| (128..=65_536).contains(size))?;
    let sector = |number: u32| {
        let start = (number as usize).checked_add(1)?.checked_mul(size)?;
        bytes.get(start..(start + size).min(bytes.len()).max(start))
    };
    let most = bytes.len() / size + 2;
    // Sectors of the allocation table: 109 in the header, more in a chain of their own.
    let mut tables: Vec<u32> = (0..109).filter_map(|n| u32_at(bytes, 76 + n * 4)).collect();
    let mut more = u32_at(bytes, 68)?;
    for _ in 0..most {
        let Some(part) = (more < FREE).then(|| sector(more)).flatten() else { break };
        tables.extend((0..size / 4 - 1).filter_map(|n| u32_at(part, n * 4)));
        more = u32_at(part, size - 4).unwrap_or(FREE);
    }
    tables.retain(|number| *number < FREE);
    tables.truncate(most);
    let mut next: Vec<u32> = Vec::new();
    for table in tables {
        let part = sector(table)?;
        next.extend((0..part.len() / 4).filter_map(|n| u32_at(part, n * 4)));
    }
    let chain = |first: u32, next: &[u32], most: usize| {
        let mut numbers = Vec::new();
        let mut at = first;
        while at < FREE && numbers.len() < most {
            numbers.push(at);
            at = next.get(at as usize).copied().unwrap_or(FREE);
        }
        numbers
    };
    let join = |first: u32| -> Vec<u8> {
        chain(first, &next, most).into_iter().filter_map(sector).flatten().copied().collect()
    };
    let directory = join(u32_at(bytes, 48)?);
    let entries: Vec<&[u8]> = directory.chunks_exact(128).collect();
    let named = |wanted: &str| {
        entries.iter().find(|entry| {
            let units = entry.get(..64).unwrap_or(&[]).chunks_exact(2);
            let name: String = units
                .filter_map(|pair| u16_at(pair, 0))
                .take_while(|unit| *unit != 0)
                .filter_map(|unit| char::from_u32(u32::from(unit)))
                .collect();
            name.eq_ignore_ascii_case(wanted)
        })
    };
    let entry = named("Workbook").or_else(|| named("Book"))?;
    let (first, length) = (u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
    if length >= u32_at(bytes, 56)? as usize {
        return Some(join(first));
    }
    // A small stream lives in 64-byte pieces of the root entry's stream.
    let small = join(u32_at(entries.first()?, 116)?);
    let links = join(u32_at(bytes, 60)?);
    let links: Vec<u32> = (0..links.len() / 4).filter_map(|n| u32_at(&links, n * 4)).collect();
    let pieces = chain(first, &links, small.len() / 64 + 1);
    let piece = |number: u32| small.get(number as usize * 64..(number as usize + 1) * 64);
    Some(pieces.into_iter().filter_map(piece).flatten().copied().collect())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
