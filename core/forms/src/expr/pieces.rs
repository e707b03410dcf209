//! The parts of a condition, for who looks records up by an index instead of trying each.

use super::error::EvalError;
use super::eval::Run;
use super::scope::Scope;
use super::syntax::{Expr, Node, Operator, children};
use super::value::Value;

/// A part of an expression.
#[derive(Debug, Clone, Copy)]
pub struct Piece<'e>(&'e Node);

/// What a part says, as far as a lookup can use it.
#[derive(Debug, Clone)]
pub enum Part<'e> {
    /// All of these hold.
    All(Vec<Piece<'e>>),
    /// One of these holds.
    Any(Vec<Piece<'e>>),
    /// The two are equal.
    Same(Piece<'e>, Piece<'e>),
    /// The first is not less than the second; it may have to be more.
    NotLess(Piece<'e>, Piece<'e>),
    /// `${name}`.
    Reference(&'e str),
    /// A plain text.
    Text(&'e str),
    /// A plain number.
    Number(f64),
    /// A function that the language does not have.
    Call(&'e str, Vec<Piece<'e>>),
    /// Anything else.
    Other,
}

impl Expr {
    /// The whole expression as a part.
    pub fn piece(&self) -> Piece<'_> {
        Piece(&self.root)
    }
}

impl<'e> Piece<'e> {
    /// What it says.
    pub fn part(self) -> Part<'e> {
        match self.0 {
            Node::Reference(name) => Part::Reference(name),
            Node::Text(text) => Part::Text(text),
            Node::Number(number) => Part::Number(*number),
            Node::Extension(name, args) => Part::Call(name, args.iter().map(Piece).collect()),
            Node::Chain(first, rest) => chain(first, rest),
            _ => Part::Other,
        }
    }

    /// Whether it reads no answer at all, and calls only such functions beside those of the language.
    pub fn is_free(self, may_call: &dyn Fn(&str) -> bool) -> bool {
        let mut stack = vec![self.0];
        while let Some(node) = stack.pop() {
            let free = match node {
                Node::Number(_) | Node::Text(_) | Node::Negate(_) | Node::Chain(..) | Node::Call(..) => true,
                Node::Extension(name, _) => may_call(name),
                _ => false,
            };
            if !free {
                return false;
            }
            children(node, &mut stack);
        }
        true
    }

    /// What it comes to.
    pub fn eval(self, scope: &dyn Scope) -> Result<Value, EvalError> {
        Run::new(scope).value(self.0)
    }
}

fn chain<'e>(first: &'e Node, rest: &'e [(Operator, Node)]) -> Part<'e> {
    let all = || std::iter::once(first).chain(rest.iter().map(|(_, node)| node)).map(Piece).collect();
    let every = |operator: Operator| rest.iter().all(|(found, _)| *found == operator);
    match rest {
        _ if every(Operator::And) => Part::All(all()),
        _ if every(Operator::Or) => Part::Any(all()),
        [(Operator::Equal, other)] => Part::Same(Piece(first), Piece(other)),
        [(Operator::GreaterEqual | Operator::Greater, other)] => Part::NotLess(Piece(first), Piece(other)),
        [(Operator::LessEqual | Operator::Less, other)] => Part::NotLess(Piece(other), Piece(first)),
        _ => Part::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::parse;

    #[test]
    fn a_condition_is_taken_apart() {
        let expr = parse("${a} = 'x' and (f(${b}) >= 0 or 1 < ${c})").unwrap();
        let Part::All(parts) = expr.piece().part() else { panic!() };
        let Part::Same(left, right) = parts[0].part() else { panic!() };
        assert!(matches!(left.part(), Part::Reference("a")) && matches!(right.part(), Part::Text("x")));
        let Part::Any(either) = parts[1].part() else { panic!() };
        let Part::NotLess(call, zero) = either[0].part() else { panic!() };
        assert!(matches!(call.part(), Part::Call("f", args) if args.len() == 1));
        assert!(matches!(zero.part(), Part::Number(0.0)));
        let Part::NotLess(more, _) = either[1].part() else { panic!() };
        assert!(matches!(more.part(), Part::Reference("c")));
    }

    #[test]
    fn what_reads_no_answer_is_free() {
        let free = |source: &str| parse(source).unwrap().piece().is_free(&|name| name == "payload");
        assert!(free("concat(payload('x'), today()) = 'y'"));
        assert!(!free("${x}") && !free("linked('a', 'b') = ''") && !free(". = 1") && !free("not(${x})"));
    }
}
