//! Sheets to an .xlsx, every cell a text: formulas of a form must not become a spreadsheet's.

use rust_xlsxwriter::Workbook as Writer;

use super::{KNOWN_SHEETS, Sheet, Workbook};

/// Why a workbook could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the workbook cannot be written: {0}")]
pub struct ExportError(pub String);

impl Workbook {
    /// The bytes of an .xlsx with all sheets and columns. Empty rows above a header are left out
    /// and sheets of XLSForm get its spelling, since ODK's tools look for both exactly.
    ///
    /// Fails when a cell has more than 32,767 characters, which only a text file can hold, or when
    /// a sheet's name is none that a spreadsheet allows.
    pub fn to_xlsx(&self) -> Result<Vec<u8>, ExportError> {
        let mut writer = Writer::new();
        let failed = |error: rust_xlsxwriter::XlsxError| ExportError(error.to_string());
        for sheet in &self.sheets {
            let page = writer.add_worksheet();
            page.set_name(canonical(sheet)).map_err(failed)?;
            let rows = sheet.rows.iter().skip_while(|row| row.is_empty());
            for (row, cells) in rows.enumerate() {
                for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
                    let place = (u32::try_from(row), u16::try_from(column));
                    let (Ok(row), Ok(column)) = place else {
                        return Err(ExportError(format!("{}: {row}, {column}", sheet.name)));
                    };
                    page.write_string(row, column, cell).map_err(failed)?;
                }
            }
        }
        writer.save_to_buffer().map_err(failed)
    }
}

fn canonical(sheet: &Sheet) -> &str {
    KNOWN_SHEETS.iter().find(|known| sheet.is(known)).copied().unwrap_or(&sheet.name)
}
