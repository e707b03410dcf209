//! Putting cells into sheets within a budget.

use super::{ImportError, Sheet};
use crate::limits;

/// What is left for all sheets of a file together.
#[derive(Debug)]
pub(super) struct Budget {
    cells: usize,
    bytes: usize,
}

impl Default for Budget {
    fn default() -> Budget {
        Budget { cells: limits::CELLS, bytes: limits::CELLS_BYTES }
    }
}

impl Budget {
    pub(super) fn put(
        &mut self,
        sheet: &mut Sheet,
        row: usize,
        column: usize,
        text: String,
    ) -> Result<(), ImportError> {
        if text.is_empty() {
            return Ok(());
        }
        let too_large = || ImportError::TooLarge(format!("{}: {} × {}", sheet.name, row + 1, column + 1));
        if row >= limits::SHEET_ROWS || column >= limits::SHEET_COLUMNS || text.len() > limits::CELL_BYTES {
            return Err(too_large());
        }
        let more_rows = (row + 1).saturating_sub(sheet.rows.len());
        let width = sheet.rows.get(row).map_or(0, Vec::len);
        let more = more_rows + (column + 1).saturating_sub(width);
        self.cells = self.cells.checked_sub(more).ok_or_else(too_large)?;
        self.bytes = self.bytes.checked_sub(text.len()).ok_or_else(too_large)?;
        if more_rows > 0 {
            sheet.rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = sheet.rows.get_mut(row) {
            if cells.len() <= column {
                cells.reserve_exact(column + 1 - cells.len());
                cells.resize(column + 1, String::new());
            }
            if let Some(cell) = cells.get_mut(column) {
                *cell = text;
            }
        }
        Ok(())
    }
}
