//! What stands on the paper, as plain data in one language.

/// Everything that is printed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// What it is called, in the middle of the first line; the title of the file too.
    pub title: String,
    /// A line below it; none if empty.
    pub subtitle: String,
    /// The language: `zh-CN`, `en`.
    pub language: String,
    /// What follows, from top to bottom.
    pub parts: Vec<Part>,
    /// At the foot of every page, on the left.
    pub footer: String,
    /// At the foot of every page, on the right, with `{n}` for the page and `{m}` for how many there are.
    pub page: String,
    /// Names the file's content: the same content, the same name.
    pub id: String,
    /// When it is printed: year, month, day, hour, minute, second of UTC.
    pub at: (u16, u8, u8, u8, u8, u8),
}

/// A part of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The title of what follows; never alone at the end of a page.
    Heading(String),
    /// Running text.
    Text(String),
    /// What is asked, and beside it what was answered.
    Fields(Vec<Cell>),
    /// A table; its first line is repeated on every page.
    Table {
        /// What its columns are called.
        columns: Vec<String>,
        /// Its rows, each with a cell for each column.
        rows: Vec<Vec<String>>,
        /// What stands there if there is no row.
        none: String,
    },
    /// Places to sign, beside each other.
    Signatures(Vec<String>),
}

/// A label with its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// What is asked.
    pub label: String,
    /// What was answered; empty if nothing was.
    pub value: String,
}

impl Sheet {
    /// How many characters it has.
    pub(crate) fn characters(&self) -> usize {
        let mut count = 0;
        let _ = self.map(&mut |text| {
            count += text.chars().count();
            String::new()
        });
        count
    }

    /// The same sheet with each of its texts changed.
    pub(crate) fn map(&self, change: &mut dyn FnMut(&str) -> String) -> Sheet {
        let mut all = |texts: &[String]| texts.iter().map(|text| change(text)).collect::<Vec<_>>();
        let mut parts = Vec::new();
        for part in &self.parts {
            parts.push(match part {
                Part::Heading(text) => Part::Heading(all(std::slice::from_ref(text)).concat()),
                Part::Text(text) => Part::Text(all(std::slice::from_ref(text)).concat()),
                Part::Fields(cells) => {
                    let cell = |cell: &Cell| {
                        let mut texts = all(&[cell.label.clone(), cell.value.clone()]).into_iter();
                        Cell {
                            label: texts.next().unwrap_or_default(),
                            value: texts.next().unwrap_or_default(),
                        }
                    };
                    Part::Fields(cells.iter().map(cell).collect())
                }
                Part::Table { columns, rows, none } => Part::Table {
                    columns: all(columns),
                    rows: rows.iter().map(|row| all(row)).collect(),
                    none: all(std::slice::from_ref(none)).concat(),
                },
                Part::Signatures(labels) => Part::Signatures(all(labels)),
            });
        }
        Sheet {
            title: change(&self.title),
            subtitle: change(&self.subtitle),
            footer: change(&self.footer),
            page: change(&self.page),
            parts,
            language: self.language.clone(),
            id: self.id.clone(),
            at: self.at,
        }
    }
}
