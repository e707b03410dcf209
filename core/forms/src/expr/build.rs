//! Taking a call apart and building a condition from its arguments: for `search()`, whose arguments
//! are a condition in other words.

use super::functions::Function;
use super::syntax::{Expr, Node, Operator};

/// The arguments of a call that are left, the first one last.
pub(crate) struct Call(Vec<Node>);

/// A condition that is being built.
pub(crate) struct Condition(Node);

impl Expr {
    /// The arguments, if the whole expression is one call of a function outside the language.
    pub(crate) fn into_call(self, name: &str) -> Option<Call> {
        match self.root {
            Node::Extension(called, mut args) if called == name => {
                args.reverse();
                Some(Call(args))
            }
            _ => None,
        }
    }
}

impl Call {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The next argument, which must be a text in quotes.
    pub(crate) fn take_text(&mut self) -> Option<String> {
        match self.0.pop()? {
            Node::Text(text) => Some(text.trim().to_owned()),
            _ => None,
        }
    }

    /// A column compared with the next argument, in one of the ways of `search()`.
    pub(crate) fn compared(&mut self, how: &str, column: &str) -> Option<Condition> {
        let value = self.0.pop()?;
        let column = Node::Path(column.to_owned());
        let call = |function| Node::Call(function, Vec::new());
        let mut node = match how {
            "matches" => {
                return Some(Condition(Node::Chain(Box::new(column), vec![(Operator::Equal, value)])));
            }
            "contains" => call(Function::Contains),
            "startswith" => call(Function::StartsWith),
            "endswith" => call(Function::EndsWith),
            _ => return None,
        };
        if let Node::Call(_, args) = &mut node {
            args.extend([column, value]);
        }
        Some(Condition(node))
    }
}

impl Condition {
    pub(crate) fn and(self, other: Condition) -> Condition {
        Condition(Node::Chain(Box::new(self.0), vec![(Operator::And, other.0)]))
    }

    /// The condition as an expression that was written like this.
    pub(crate) fn of(self, source: &str) -> Expr {
        Expr { source: source.to_owned(), root: self.0 }
    }
}
