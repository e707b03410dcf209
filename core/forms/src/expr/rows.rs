//! Rows of tables: predicates of `instance(..)`, choice filters and `pulldata`.

use super::error::EvalError;
use super::eval::Run;
use super::scope::Spot;
use super::syntax::{Node, Operator, Rows, children};
use super::value::Value;
use crate::table::Table;

/// What bare names and relative paths are read from, other than the question itself.
#[derive(Clone, Copy)]
pub(super) enum Ground<'a> {
    Row(RowContext<'a>),
    Node(Spot, Place),
}

/// A place among those looked at: from 1, of how many.
#[derive(Clone, Copy)]
pub(crate) struct Place {
    pub(crate) position: usize,
    pub(crate) size: usize,
}

impl Ground<'_> {
    pub(super) fn place(&self) -> Place {
        match self {
            Ground::Row(row) => row.place,
            Ground::Node(_, place) => *place,
        }
    }
}

/// The row that bare names are read from.
#[derive(Clone, Copy)]
pub(super) struct RowContext<'a> {
    table: &'a Table,
    row: u32,
    place: Place,
}

impl<'a> Run<'a> {
    /// A bare name as a column of the row, if there is a row and it has the column.
    pub(super) fn column(&self, name: &str) -> Option<&str> {
        let Ground::Row(context) = self.ground()? else {
            return None;
        };
        let column = context.table.column(name)?;
        Some(context.table.cell(context.row as usize, column))
    }

    pub(super) fn rows(&self, rows: &Rows) -> Result<Value, EvalError> {
        let table = self.table(&rows.instance)?;
        let mut found: Option<Vec<u32>> = None;
        for predicate in &rows.predicates {
            found = Some(self.filter(table, found, predicate, usize::MAX)?);
        }
        let found = found.unwrap_or_else(|| (0..table.rows() as u32).collect());
        self.step(found.len())?;
        // As a path to an element that is not there, an unknown column is nowhere.
        let column = match &rows.column {
            Some(name) => match table.column(name) {
                Some(column) => column,
                None => return Ok(Value::Nodes(Vec::new())),
            },
            None => 0,
        };
        Ok(Value::Nodes(found.into_iter().map(|row| table.cell(row as usize, column).to_owned()).collect()))
    }

    pub(super) fn look_up(
        &self,
        table: &str,
        column: &str,
        key: &str,
        value: &str,
    ) -> Result<String, EvalError> {
        let name = table;
        let table = self.table(name)?;
        if table.is_absent() {
            // It has no column either, but that is not what is wrong.
            return Err(EvalError::UnknownTable(name.to_owned()));
        }
        let (column, key) = (column_of(table, column)?, column_of(table, key)?);
        let row = table.find(key, value).first();
        Ok(row.map_or("", |row| table.cell(*row as usize, column)).to_owned())
    }

    /// The rows that a predicate lets through, the first `most`; a number picks one by its place.
    pub(super) fn filter(
        &self,
        table: &Table,
        among: Option<Vec<u32>>,
        predicate: &Node,
        most: usize,
    ) -> Result<Vec<u32>, EvalError> {
        if let Node::Number(place) = predicate {
            let among = among.unwrap_or_else(|| (0..table.rows() as u32).collect());
            let row = (*place >= 1.0).then(|| among.get(*place as usize - 1)).flatten();
            return Ok(row.copied().into_iter().collect());
        }
        let positional = mentions_position(predicate);
        if among.is_none()
            && !positional
            && let Some(rows) = self.looked_up(table, predicate)?
        {
            if is_equality(predicate) {
                let rows = rows.get(..most).unwrap_or(rows);
                self.step(rows.len())?;
                return Ok(rows.to_vec());
            }
            return self.each(table, rows.iter().copied(), predicate, most);
        }
        match among {
            Some(among) => self.each(table, among.into_iter(), predicate, most),
            None => self.each(table, 0..table.rows() as u32, predicate, most),
        }
    }

    pub(super) fn holds(
        &self,
        table: &Table,
        row: u32,
        place: Place,
        predicate: &Node,
    ) -> Result<bool, EvalError> {
        let ground = Ground::Row(RowContext { table, row, place });
        self.on(ground, |run| match run.value(predicate)? {
            Value::Number(position) => Ok(position == place.position as f64),
            value => Ok(value.as_bool()),
        })
    }

    fn each(
        &self,
        table: &Table,
        rows: impl ExactSizeIterator<Item = u32>,
        predicate: &Node,
        most: usize,
    ) -> Result<Vec<u32>, EvalError> {
        let mut found = Vec::new();
        let size = rows.len();
        for (at, row) in rows.enumerate() {
            if found.len() >= most {
                break;
            }
            if self.holds(table, row, Place { position: at + 1, size }, predicate)? {
                found.push(row);
            }
        }
        Ok(found)
    }

    /// The rows that one `column = text` among the predicate's `and`s leaves, by the index.
    fn looked_up<'t>(&self, table: &'t Table, predicate: &Node) -> Result<Option<&'t [u32]>, EvalError> {
        let mut parts = vec![predicate];
        if let Node::Chain(first, rest) = predicate
            && rest.iter().all(|(operator, _)| *operator == Operator::And)
        {
            parts = vec![first];
            parts.extend(rest.iter().map(|(_, node)| node));
        }
        for part in parts {
            let Node::Chain(left, rest) = part else {
                continue;
            };
            let [(Operator::Equal, right)] = rest.as_slice() else {
                continue;
            };
            for (name, other) in [(&**left, right), (right, &**left)] {
                let Node::Path(name) = name else { continue };
                let Some(column) = table.column(name) else {
                    continue;
                };
                if mentions_columns(other) {
                    continue;
                }
                // Only texts are equal when they are the same; numbers are not.
                if let Value::Text(text) = self.value(other)? {
                    return Ok(Some(table.find(column, &text)));
                }
            }
        }
        Ok(None)
    }

    fn table(&self, name: &str) -> Result<&'a Table, EvalError> {
        let unknown = || EvalError::UnknownTable(name.to_owned());
        self.scope.instance(name).ok_or_else(unknown)
    }
}

fn column_of(table: &Table, name: &str) -> Result<usize, EvalError> {
    let unknown = || EvalError::UnknownColumn(name.to_owned());
    table.column(name).ok_or_else(unknown)
}

fn is_equality(node: &Node) -> bool {
    matches!(node, Node::Chain(_, rest) if matches!(rest.as_slice(), [(Operator::Equal, _)]))
}

fn mentions_position(node: &Node) -> bool {
    any(
        node,
        |node| matches!(node, Node::Call(super::functions::Function::Position, args) if args.is_empty()),
    )
}

fn mentions_columns(node: &Node) -> bool {
    any(node, |node| matches!(node, Node::Path(path) if !path.contains('/')))
}

fn any(node: &Node, test: impl Fn(&Node) -> bool) -> bool {
    let mut stack = vec![node];
    while let Some(node) = stack.pop() {
        if test(node) {
            return true;
        }
        children(node, &mut stack);
    }
    false
}
