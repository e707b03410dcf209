//! The first sheet of any workbook, for whoever wants its rows and no form. Bounded as a form is: the file
//! comes from a stranger, and a server reads it.

use super::cells::Budget;
use super::{ImportError, OLE2, Sheet, ZIP, excel, foreign};
use crate::limits;
use calamine::{Data, Reader, SheetType, SheetVisible, Xls, Xlsx};
use std::io::Cursor;

/// The rows of a workbook's first sheet that can be seen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FirstSheet {
    /// Cells as a person sees them; rows and cells that are missing at the end are simply not there.
    pub rows: Vec<Vec<String>>,
    /// Cells that hold an error of the workbook in the place of a value, at most [`limits::PROBLEMS`].
    pub faults: Vec<CellFault>,
}

/// A cell whose formula came to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellFault {
    /// As a spreadsheet counts, from 1.
    pub row: u64,
    /// From 0.
    pub column: usize,
    /// As it stands in the cell, such as `#N/A`.
    pub text: String,
}

/// Reads the first sheet of an .xlsx or .xls; none if the file is neither by its first bytes, as a CSV is.
/// An OpenDocument file, a PDF and the like are an error that names what they are.
pub fn first_sheet(bytes: &[u8]) -> Result<Option<FirstSheet>, ImportError> {
    if !bytes.starts_with(ZIP) && !bytes.starts_with(OLE2) {
        return foreign::by_signature(bytes).map_or(Ok(None), |what| Err(ImportError::NotAWorkbook(what)));
    }
    if bytes.len() > limits::WORKBOOK_BYTES {
        return Err(ImportError::TooLarge(format!("{} bytes", bytes.len())));
    }
    let read = if bytes.starts_with(ZIP) {
        excel::check_zip(bytes)?;
        excel::guarded(|| of_xlsx(bytes))
    } else {
        super::xls_guard::check(bytes)?;
        excel::guarded(|| of_xls(bytes))
    };
    read.map(Some)
}

/// Cell by cell: a sheet with one cell in its last corner must not become a full rectangle.
fn of_xlsx(bytes: &[u8]) -> Result<FirstSheet, ImportError> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| excel::unreadable())?;
    let mut taking = Taking::of(workbook.sheets_metadata())?;
    let name = taking.sheet.name.clone();
    let mut reader = workbook.worksheet_cells_reader(&name).map_err(|_| excel::unread(&name))?;
    while let Some(cell) = reader.next_cell().map_err(|_| excel::unread(&name))? {
        let (row, column) = cell.get_position();
        taking.put(row as usize, column as usize, &excel::to_owned(cell.get_value()))?;
    }
    Ok(taking.done())
}

fn of_xls(bytes: &[u8]) -> Result<FirstSheet, ImportError> {
    let mut workbook: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|_| excel::unreadable())?;
    let mut taking = Taking::of(workbook.sheets_metadata())?;
    let name = taking.sheet.name.clone();
    let range = workbook.worksheet_range(&name).map_err(|_| excel::unread(&name))?;
    let (top, left) = range.start().unwrap_or((0, 0));
    for (row, column, value) in range.used_cells() {
        taking.put(top as usize + row, left as usize + column, value)?;
    }
    Ok(taking.done())
}

struct Taking {
    sheet: Sheet,
    budget: Budget,
    faults: Vec<CellFault>,
}

impl Taking {
    /// Charts have no cells, and what is hidden is not what its author sees first.
    fn of(sheets: &[calamine::Sheet]) -> Result<Taking, ImportError> {
        let mut cells = sheets.iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        let seen = cells.clone().find(|sheet| sheet.visible == SheetVisible::Visible);
        let first = seen.or_else(|| cells.next()).ok_or_else(excel::unreadable)?;
        let sheet = Sheet { name: first.name.clone(), rows: Vec::new() };
        Ok(Taking { sheet, budget: Budget::default(), faults: Vec::new() })
    }

    fn put(&mut self, row: usize, column: usize, value: &Data) -> Result<(), ImportError> {
        let text = excel::text(value);
        if matches!(value, Data::Error(_)) && self.faults.len() < limits::PROBLEMS {
            self.faults.push(CellFault { row: row as u64 + 1, column, text: text.clone() });
        }
        self.budget.put(&mut self.sheet, row, column, text)
    }

    fn done(self) -> FirstSheet {
        FirstSheet { rows: self.sheet.rows, faults: self.faults }
    }
}
