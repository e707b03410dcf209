//! What sort of value an expression has, as far as that can be said without running it, and what in
//! it can never be meant: an answer compared with a choice that there is not, a word that is added.

use super::syntax::{Expr, Node, Operator};
use super::value::parse_number;

/// A sort of value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sort {
    /// Yes or no.
    Bool,
    /// A number.
    Number,
    /// A text: a date too.
    Text,
    /// A text that people write, which is no date and no number.
    Prose,
    /// One of these words, or nothing.
    Words(Vec<String>),
    /// It cannot be said.
    Any,
}

/// A name whose sort is asked for.
#[derive(Debug, Clone, Copy)]
pub enum Named<'a> {
    /// `${name}`.
    Reference(&'a str),
    /// A function that the language does not have, and its arguments that are plain texts.
    Call(&'a str, &'a [Option<&'a str>]),
}

/// Something that can never be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// Compared with a word that it can never be.
    NeverIs {
        /// The word.
        word: String,
        /// What it can be.
        known: Vec<String>,
    },
    /// A text where only a number or a date has a meaning.
    NoNumber(String),
    /// A yes or no compared with a text: every text but the empty one counts as yes.
    YesOrNo(String),
}

impl Expr {
    /// The sort of its value, and what in it can never be meant.
    pub fn sort(&self, named: &dyn Fn(Named<'_>) -> Sort) -> (Sort, Vec<Mistake>) {
        let mut sorting = Sorting { named, mistakes: Vec::new() };
        let sort = sorting.sort(&self.root);
        (sort, sorting.mistakes)
    }
}

struct Sorting<'n> {
    named: &'n dyn Fn(Named<'_>) -> Sort,
    mistakes: Vec<Mistake>,
}

impl Sorting<'_> {
    fn sort(&mut self, node: &Node) -> Sort {
        match node {
            Node::Number(_) => Sort::Number,
            Node::Text(_) => Sort::Text,
            Node::Reference(name) => (self.named)(Named::Reference(name)),
            Node::Negate(inner) => {
                self.number(inner);
                Sort::Number
            }
            Node::Regex(inner, ..) => {
                self.sort(inner);
                Sort::Bool
            }
            Node::Chain(first, rest) => self.chain(first, rest),
            Node::Call(function, args) => {
                let sorts: Vec<Sort> = args.iter().map(|arg| self.sort(arg)).collect();
                if let ("selected", [left, right]) = (function.name(), args.as_slice()) {
                    let sort = self.sort(left);
                    self.compared(&sort, right);
                }
                of_function(function.name(), &sorts)
            }
            Node::Extension(name, args) => {
                let texts: Vec<Option<&str>> = args.iter().map(text).collect();
                args.iter().for_each(|arg| drop(self.sort(arg)));
                (self.named)(Named::Call(name, &texts))
            }
            _ => Sort::Any,
        }
    }

    fn chain(&mut self, first: &Node, rest: &[(Operator, Node)]) -> Sort {
        let mut left = (first, self.sort(first));
        let mut whole = Sort::Any;
        for (operator, right) in rest {
            let sort = self.sort(right);
            match operator {
                Operator::And | Operator::Or => whole = Sort::Bool,
                Operator::Equal | Operator::NotEqual => {
                    self.compared(&left.1, right);
                    self.compared(&sort, left.0);
                    whole = Sort::Bool;
                }
                Operator::Less | Operator::LessEqual | Operator::Greater | Operator::GreaterEqual => {
                    self.number(left.0);
                    self.number(right);
                    whole = Sort::Bool;
                }
                Operator::Union => whole = Sort::Any,
                _ => {
                    self.number(left.0);
                    self.number(right);
                    whole = Sort::Number;
                }
            }
            left = (right, sort);
        }
        whole
    }

    /// A value of a sort is compared with what may be a plain text.
    fn compared(&mut self, sort: &Sort, with: &Node) {
        let Some(word) = text(with).filter(|word| !word.is_empty()) else { return };
        match sort {
            Sort::Words(known) if !known.iter().any(|one| one == word) => {
                self.mistakes.push(Mistake::NeverIs { word: word.to_owned(), known: known.clone() });
            }
            Sort::Bool if word != "true" => self.mistakes.push(Mistake::YesOrNo(word.to_owned())),
            Sort::Number if parse_number(word).is_none() => {
                self.mistakes.push(Mistake::NoNumber(word.to_owned()))
            }
            _ => {}
        }
    }

    fn number(&mut self, node: &Node) {
        if let Some(name) = name(node)
            && self.sort(node) == Sort::Prose
        {
            self.mistakes.push(Mistake::NoNumber(name.to_owned()));
        }
        let date = |word: &str| word.len() >= 5 && word.starts_with(|c: char| c.is_ascii_digit());
        if let Some(word) = text(node)
            && parse_number(word).is_none()
            && !date(word)
        {
            self.mistakes.push(Mistake::NoNumber(word.to_owned()));
        }
    }
}

fn text(node: &Node) -> Option<&str> {
    match node {
        Node::Text(text) => Some(text),
        _ => None,
    }
}

/// What a part asks for by name.
fn name(node: &Node) -> Option<&str> {
    match node {
        Node::Reference(name) => Some(name),
        Node::Extension(_, args) => args.last().and_then(text),
        _ => None,
    }
}

fn of_function(name: &str, args: &[Sort]) -> Sort {
    match name {
        "if" => match args {
            [_, yes, no] if yes == no => yes.clone(),
            _ => Sort::Any,
        },
        "not"
        | "true"
        | "false"
        | "boolean"
        | "boolean-from-string"
        | "selected"
        | "contains"
        | "starts-with"
        | "ends-with"
        | "checklist"
        | "weighted-checklist" => Sort::Bool,
        "number" | "int" | "round" | "floor" | "ceiling" | "abs" | "pow" | "count" | "count-selected"
        | "count-non-empty" | "sum" | "string-length" | "distance" | "area" => Sort::Number,
        "string" | "concat" | "join" | "substr" | "substring-before" | "substring-after" | "uuid"
        | "format-date" | "format-date-time" | "jr:choice-name" => Sort::Text,
        _ => Sort::Any,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::parse;

    fn sort(source: &str) -> (Sort, Vec<Mistake>) {
        let named = |named: Named<'_>| match named {
            Named::Reference("yes") => Sort::Bool,
            Named::Reference("size") => Sort::Words(vec!["s".into(), "l".into()]),
            Named::Reference("note") => Sort::Prose,
            Named::Call("stage", []) => Sort::Words(vec!["draft".into()]),
            Named::Call("missing", [Some("papers")]) => Sort::Number,
            _ => Sort::Any,
        };
        parse(source).unwrap().sort(&named)
    }

    #[test]
    fn what_is_a_condition_and_what_is_not() {
        for condition in ["1 = 2", "${yes}", "not(${x})", "${x} > 1 and ${y}", "regex(${x}, 'a')", "true()"] {
            assert_eq!(sort(condition).0, Sort::Bool, "{condition}");
        }
        assert_eq!(sort("missing('papers')").0, Sort::Number);
        assert_eq!(sort("concat('a', 'b')").0, Sort::Text);
        assert_eq!(sort("1 + 2").0, Sort::Number);
        assert_eq!(sort("if(${x}, 1, 2)").0, Sort::Number);
        assert_eq!(sort("${x}").0, Sort::Any);
    }

    #[test]
    fn what_can_never_be_meant() {
        let never = |word: &str| matches!(&sort(word).1[..], [Mistake::NeverIs { .. }]);
        assert!(never("${size} = 'm'") && never("'m' != ${size}") && never("stage() = 'drafd'"));
        assert!(never("selected(${size}, 'm')"));
        assert_eq!(sort("${yes} = 'no'").1, [Mistake::YesOrNo("no".into())]);
        assert_eq!(sort("missing('papers') = 'none'").1, [Mistake::NoNumber("none".into())]);
        assert_eq!(sort("${note} > 5").1, [Mistake::NoNumber("note".into())]);
        assert_eq!(sort("1 + ${note}").1, [Mistake::NoNumber("note".into())]);
        assert_eq!(sort("number(${note}) > 5 and ${note} = '5'").1, []);
        assert_eq!(sort("${x} + 'b'").1, [Mistake::NoNumber("b".into())]);
        for fine in [
            "${size} = 's' or ${size} = ''",
            "${yes} = 'true'",
            "today() > '2026-01-01'",
            "${x} - '1'",
            "stage() = 'draft' and ${x} = 'anything'",
        ] {
            assert_eq!(sort(fine).1, [], "{fine}");
        }
    }
}
