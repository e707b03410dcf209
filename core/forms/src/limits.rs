//! Every bound of the crate in one place: workbooks, expressions and answers come from strangers.

/// Largest workbook or media file read, in bytes.
pub const WORKBOOK_BYTES: usize = 16 * 1024 * 1024;
/// Largest total size of a workbook once its parts are inflated, in bytes.
pub const INFLATED_BYTES: u64 = 64 * 1024 * 1024;
/// Most parts in the zip container of a workbook.
pub const ZIP_PARTS: usize = 2_000;
/// Most sheets kept of one workbook.
pub const SHEETS: usize = 50;
/// Most rows read of one sheet.
pub const SHEET_ROWS: usize = 200_000;
/// Most columns read of one sheet.
pub const SHEET_COLUMNS: usize = 400;
/// Most cells held of all sheets together, empty ones to the left of others included.
pub const CELLS: usize = 2_000_000;
/// Most text held of all sheets together, in bytes.
pub const CELLS_BYTES: usize = 32 * 1024 * 1024;
/// Longest text of one cell, in bytes (32,767 UTF-16 units is what a spreadsheet itself can hold).
pub const CELL_BYTES: usize = 128 * 1024;
/// Most questions, groups and repeats in one form.
pub const QUESTIONS: usize = 10_000;
/// Deepest nesting of groups and repeats.
pub const GROUP_DEPTH: usize = 32;
/// Most columns of all choice lists of a workbook together, each list counted with all columns of its sheet.
pub const LIST_COLUMNS: usize = 200_000;
/// Most dependencies between the questions of one form.
pub const EDGES: usize = 1_000_000;
/// Most rows of one choice list or media table.
pub const TABLE_ROWS: usize = 200_000;
/// Most columns of one media table.
pub const TABLE_COLUMNS: usize = 200;
/// Longest expression, in bytes.
pub const EXPRESSION_BYTES: usize = 32 * 1024;
/// Most parts (values, names, calls) that all expressions of one form may have together: 25 for each
/// of 10,000 questions.
pub const EXPRESSION_PARTS: usize = 250_000;
/// Deepest nesting of parentheses and calls in an expression.
pub const EXPRESSION_DEPTH: usize = 64;
/// Steps one evaluation may take; a step is a node of the expression or a node or row looked at.
pub const EVALUATION_STEPS: u32 = 4_000_000;
/// Steps that all evaluations after one change to a filling may take together.
pub const CHANGE_STEPS: u32 = 10_000_000;
/// Most choices of one question that a listing of all questions gives; [`crate::Filling::offer`] gives
/// the others page by page.
pub const LISTED_CHOICES: usize = 100;
/// Longest text that an evaluation may make, in bytes.
pub const TEXT_BYTES: usize = 64 * 1024;
/// Longest pattern of `regex()`, in bytes.
pub const PATTERN_BYTES: usize = 1_000;
/// Largest compiled pattern, in bytes.
pub const PATTERN_COMPILED_BYTES: usize = 8 * 1024 * 1024;
/// Most that all different patterns of one form may take together once compiled, in bytes.
pub const PATTERNS_COMPILED_BYTES: usize = 32 * 1024 * 1024;
/// Most answers of one document.
pub const ANSWERS: usize = 100_000;
/// Largest total of keys and answers of one document, in bytes.
pub const ANSWERS_BYTES: usize = 16 * 1024 * 1024;
/// Longest single answer, in bytes.
pub const ANSWER_BYTES: usize = 64 * 1024;
/// Most instances of repeats in one document, nested ones included.
pub const INSTANCES: usize = 10_000;
/// Most problems listed before the rest is dropped.
pub const PROBLEMS: usize = 500;
