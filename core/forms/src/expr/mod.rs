//! The expression language: the XPath 1.0 subset of ODK XForms, usable outside forms too.
//!
//! [`parse()`] turns text into an [`Expr`] once; [`Expr::eval`] runs it against a [`Scope`], which
//! is whatever the names in it mean: a form being filled in, or a record that a pack's guard
//! looks at. Nothing here reads a clock or draws a random number: a [`Moment`] brings both.

mod build;
mod check;
mod compare;
mod date;
mod error;
mod eval;
mod functions;
mod geo;
mod hash;
mod lookups;
mod nodes;
mod number;
mod parse;
mod paths;
mod pattern;
mod pieces;
mod rows;
mod scope;
mod shuffle;
mod sort;
mod syntax;
mod text;
mod token;
mod value;

pub use check::ExprProblem;
pub use date::is_date;
pub use error::{EvalError, ParseError};
pub use parse::parse;
pub use pieces::{Part, Piece};
pub use scope::{Moment, Origin, Scope, Spot};
pub use sort::{Mistake, Named, Sort};
pub use syntax::{Expr, Reference};
pub use value::{Value, read_number};

pub(crate) use build::Call;
pub(crate) use date::{iso, local_now, parse_date, parse_date_time, parse_time};
pub(crate) use geo::parse_point;
pub(crate) use pattern::Patterns;
pub(crate) use rows::Place as RowPlace;
pub(crate) use shuffle::{seed_of, shuffled};
pub(crate) use token::is_name;
pub(crate) use value::{format_number, parse_number};
