//! Tokens to a tree: recursive descent with a bound on its depth.

use std::sync::OnceLock;

use super::error::ParseError;
use super::functions::Function;
use super::syntax::{Axis, Base, Expr, Node, Operator, Rows, Step, Steps};
use super::token::{Placed, Token, tokens};
use crate::limits;
use crate::messages::Code;

/// Parses an expression. Names that are not in the language are taken for extension functions;
/// [`Expr::check`] finds those that nobody knows.
///
/// Errors name the character: not in the grammar, longer than 32 KB, nested deeper than 64, or a
/// function with a wrong number of arguments.
pub fn parse(source: &str) -> Result<Expr, ParseError> {
    let tokens = tokens(source)?;
    let mut parser = Parser { tokens, at: 0, depth: 0, end: source.chars().count() + 1 };
    let root = parser.chain(0)?;
    if parser.at < parser.tokens.len() {
        return Err(parser.unexpected("the end"));
    }
    Ok(Expr { source: source.to_owned(), root })
}

/// From loosest to tightest.
const PRECEDENCE: [&[Operator]; 6] = [
    &[Operator::Or],
    &[Operator::And],
    &[Operator::Equal, Operator::NotEqual],
    &[Operator::Less, Operator::LessEqual, Operator::Greater, Operator::GreaterEqual],
    &[Operator::Add, Operator::Subtract],
    &[Operator::Multiply, Operator::Divide, Operator::Modulo],
];

/// The axes of XPath.
const AXES: [&str; 13] = [
    "ancestor",
    "ancestor-or-self",
    "attribute",
    "child",
    "descendant",
    "descendant-or-self",
    "following",
    "following-sibling",
    "namespace",
    "parent",
    "preceding",
    "preceding-sibling",
    "self",
];

/// A path as it is read.
#[derive(Default)]
struct PathParts {
    text: String,
    steps: Vec<Step>,
    /// It needs its steps: predicates, or `*`.
    stepped: bool,
    unsupported: bool,
}

impl PathParts {
    fn step(&mut self, text: &str, axis: Axis) {
        self.text.push_str(text);
        self.steps.push(Step { axis, predicates: Vec::new() });
    }

    fn unsupported(&mut self, text: &str) {
        self.text.push_str(text);
        self.steps.push(Step { axis: Axis::Itself, predicates: Vec::new() });
        self.unsupported = true;
    }
}

struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
    end: usize,
}

impl Parser {
    fn chain(&mut self, level: usize) -> Result<Node, ParseError> {
        let Some(operators) = PRECEDENCE.get(level) else {
            return self.unary();
        };
        let first = self.chain(level + 1)?;
        let mut rest = Vec::new();
        while let Some(Token::Operator(operator)) = self.peek() {
            let operator = *operator;
            if !operators.contains(&operator) {
                break;
            }
            self.at += 1;
            rest.push((operator, self.chain(level + 1)?));
        }
        Ok(if rest.is_empty() { first } else { Node::Chain(Box::new(first), rest) })
    }

    fn unary(&mut self) -> Result<Node, ParseError> {
        let mut negative = false;
        while self.take(&Token::Operator(Operator::Subtract)) {
            negative = !negative;
        }
        let mut node = self.primary()?;
        if self.peek() == Some(&Token::Operator(Operator::Union)) {
            let mut parts = vec![node];
            while self.take(&Token::Operator(Operator::Union)) {
                parts.push(self.primary()?);
            }
            node = Node::Union(parts);
        }
        Ok(if negative { Node::Negate(Box::new(node)) } else { node })
    }

    fn primary(&mut self) -> Result<Node, ParseError> {
        match self.peek().cloned() {
            Some(Token::Number(number)) => self.consume(Node::Number(number)),
            Some(Token::Literal(text)) => self.consume(Node::Text(text)),
            Some(Token::Open) => {
                self.at += 1;
                let inner = self.nested()?;
                self.expect(&Token::Close, "')'")?;
                Ok(inner)
            }
            Some(Token::Name(name)) if self.peek_at(1) == Some(&Token::Open) => self.call(&name),
            Some(Token::Reference(name)) => {
                self.at += 1;
                if let Some(name) = name.strip_prefix("last-saved#") {
                    return Ok(Node::LastSaved(name.to_owned()));
                }
                if matches!(self.peek(), Some(Token::OpenBracket | Token::Slash)) {
                    return self.path(Base::Named(name));
                }
                Ok(Node::Reference(name))
            }
            Some(
                Token::Slash
                | Token::Dot
                | Token::DotDot
                | Token::Name(_)
                | Token::At
                | Token::Star
                | Token::DoubleSlash,
            ) => self.path(Base::Here),
            _ => Err(self.unexpected("a value")),
        }
    }

    /// A path in its own words, or in steps as soon as it needs more than names: predicates, steps
    /// below a `${reference}`, `*`. What reaches further than ODK's own paths is read but not evaluated.
    fn path(&mut self, base: Base) -> Result<Node, ParseError> {
        let mut path = PathParts::default();
        let below = matches!(base, Base::Named(_));
        if below && self.peek() == Some(&Token::OpenBracket) {
            path.steps.push(Step { axis: Axis::Itself, predicates: Vec::new() });
        }
        loop {
            let at_name = path.text.is_empty() && !below || path.text.ends_with(['/', '@']);
            match self.peek().cloned() {
                Some(Token::Slash) => path.text.push('/'),
                Some(Token::DoubleSlash) => path.unsupported("//"),
                Some(Token::Dot) if at_name => path.step(".", Axis::Itself),
                Some(Token::DotDot) if at_name => path.step("..", Axis::Parent),
                Some(Token::Name(axis)) if at_name && self.peek_at(1) == Some(&Token::Colons) => {
                    if !AXES.contains(&axis.as_str()) {
                        return Err(self.unexpected("an axis of XPath before '::'"));
                    }
                    self.at += 2;
                    self.axis(&axis, &mut path)?;
                    continue;
                }
                Some(Token::Name(name)) if at_name => path.step(&name, Axis::Child(name.clone())),
                Some(Token::At) => path.unsupported("@"),
                Some(Token::Star) if at_name => {
                    path.step("*", Axis::Any);
                    path.stepped = true;
                }
                Some(Token::OpenBracket) => {
                    self.at += 1;
                    let predicate = self.nested()?;
                    if self.peek() != Some(&Token::CloseBracket) {
                        return Err(self.unexpected("']'"));
                    }
                    let Some(step) = path.steps.last_mut() else {
                        return Err(self.unexpected("a name before '['"));
                    };
                    step.predicates.push(predicate);
                    path.stepped = true;
                    path.text.push_str("[]");
                }
                _ => break,
            }
            self.at += 1;
        }
        if path.text.ends_with('/') {
            return Err(self.unexpected("a name after '/'"));
        }
        if path.unsupported {
            return Ok(Node::Filtered(path.text));
        }
        if path.stepped || below {
            let base = if base == Base::Here && path.text.starts_with('/') { Base::Root } else { base };
            return Ok(Node::Steps(Box::new(Steps { base, steps: path.steps })));
        }
        let text = path.text.strip_prefix("./").unwrap_or(&path.text).to_owned();
        Ok(match (text.as_str(), base) {
            (".", _) => Node::Current,
            (_, Base::Question) => Node::Outer(text),
            _ => Node::Path(text),
        })
    }

    /// What follows `axis::`. The near axes are other spellings of `.`, `..` and a name; the others
    /// are read but not evaluated.
    fn axis(&mut self, axis: &str, path: &mut PathParts) -> Result<(), ParseError> {
        let name = match self.peek().cloned() {
            Some(Token::Star) => None,
            Some(Token::Name(name)) if self.peek_at(1) == Some(&Token::Open) => {
                if name != "node" || self.peek_at(2) != Some(&Token::Close) {
                    return Err(self.unexpected("a name, '*' or node()"));
                }
                self.at += 2;
                None
            }
            Some(Token::Name(name)) => Some(name),
            _ => return Err(self.unexpected("a name, '*' or node()")),
        };
        self.at += 1;
        match (axis, name) {
            ("child", Some(name)) => path.step(&name, Axis::Child(name.clone())),
            ("child", None) => {
                path.step("*", Axis::Any);
                path.stepped = true;
            }
            ("self", None) => path.step(".", Axis::Itself),
            ("parent", None) => path.step("..", Axis::Parent),
            (axis, name) => path.unsupported(&format!("{axis}::{}", name.as_deref().unwrap_or("node()"))),
        }
        Ok(())
    }

    fn call(&mut self, name: &str) -> Result<Node, ParseError> {
        let position = self.position();
        self.at += 2;
        let mut args = Vec::new();
        if !self.take(&Token::Close) {
            loop {
                args.push(self.nested()?);
                if self.take(&Token::Close) {
                    break;
                }
                self.expect(&Token::Comma, "',' or ')'")?;
            }
        }
        match (name, args.as_slice()) {
            ("instance", [Node::Text(instance)]) => {
                let instance = instance.clone();
                return self.rows(instance);
            }
            ("instance", _) => {
                return Err(ParseError::new(Code::WrongArguments, position, "instance('name')"));
            }
            // The question itself: its relatives are what a path from it says.
            ("current", []) => {
                if !matches!(self.peek(), Some(Token::Slash)) {
                    return Ok(Node::Current);
                }
                self.at += 1;
                return self.path(Base::Question);
            }
            _ => {}
        }
        let Some(function) = Function::named(name) else {
            return Ok(Node::Extension(name.to_owned(), args));
        };
        if !function.arguments().contains(&args.len()) {
            let usage = format!("{name}(): {}", args.len());
            return Err(ParseError::new(Code::WrongArguments, position, usage));
        }
        if function == Function::Regex
            && matches!(args.as_slice(), [_, Node::Text(_)])
            && let (Some(Node::Text(pattern)), Some(text)) = (args.pop(), args.pop())
        {
            return Ok(Node::Regex(Box::new(text), pattern, OnceLock::new()));
        }
        Ok(Node::Call(function, args))
    }

    /// `instance('x')` was read; `/root/item[..][..]/column` follows.
    fn rows(&mut self, instance: String) -> Result<Node, ParseError> {
        self.expect(&Token::Slash, "'/root/item'")?;
        self.expect(&Token::Name("root".to_owned()), "'root'")?;
        self.expect(&Token::Slash, "'/item'")?;
        self.expect(&Token::Name("item".to_owned()), "'item'")?;
        let mut rows = Rows { instance, predicates: Vec::new(), column: None };
        while self.take(&Token::OpenBracket) {
            rows.predicates.push(self.nested()?);
            self.expect(&Token::CloseBracket, "']'")?;
        }
        if self.take(&Token::Slash) {
            let Some(Token::Name(column)) = self.peek().cloned() else {
                return Err(self.unexpected("a column"));
            };
            self.at += 1;
            rows.column = Some(column);
        }
        Ok(Node::Rows(Box::new(rows)))
    }

    fn nested(&mut self) -> Result<Node, ParseError> {
        self.depth += 1;
        if self.depth > limits::EXPRESSION_DEPTH {
            return Err(ParseError::new(Code::ExpressionTooDeep, self.position(), ""));
        }
        let node = self.chain(0);
        self.depth -= 1;
        node
    }

    fn peek(&self) -> Option<&Token> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(token, _)| token)
    }

    fn take(&mut self, token: &Token) -> bool {
        let taken = self.peek() == Some(token);
        if taken {
            self.at += 1;
        }
        taken
    }

    fn consume(&mut self, node: Node) -> Result<Node, ParseError> {
        self.at += 1;
        Ok(node)
    }

    fn expect(&mut self, token: &Token, what: &str) -> Result<(), ParseError> {
        if self.take(token) { Ok(()) } else { Err(self.unexpected(what)) }
    }

    fn position(&self) -> usize {
        self.tokens.get(self.at).map_or(self.end, |(_, position)| *position)
    }

    fn unexpected(&self, wanted: &str) -> ParseError {
        ParseError::new(Code::ExpressionSyntax, self.position(), format!("expected {wanted}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn errors_name_the_character() {
        for (source, position, code) in [
            ("", 1, "expression-syntax"),
            ("1 +", 4, "expression-syntax"),
            ("${a", 1, "expression-syntax"),
            ("${a b}", 1, "expression-syntax"),
            ("'abc", 1, "expression-syntax"),
            ("if(1, 2)", 1, "wrong-arguments"),
            ("(1", 3, "expression-syntax"),
            ("1 2", 3, "expression-syntax"),
            ("a/", 3, "expression-syntax"),
            ("1 # 2", 3, "expression-syntax"),
            ("instance(a)/root/item", 1, "wrong-arguments"),
            ("label::English != ''", 1, "expression-syntax"),
        ] {
            let error = parse(source).unwrap_err();
            assert_eq!((error.position, error.code()), (position, code), "{source}: {error}");
        }
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let deep = format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000));
        assert_eq!(parse(&deep).unwrap_err().code(), "expression-too-deep");
        let long = format!("1{}", " + 1".repeat(10_000));
        assert_eq!(parse(&long).unwrap_err().code(), "expression-too-long");
        let wide = format!("1{}", " + 1".repeat(5_000));
        assert!(parse(&wide).is_ok());
        assert!(parse(&format!("{}1", "-".repeat(20_000))).is_ok());
    }

    #[test]
    fn references_are_listed_once() {
        let expr = parse("${b} + ${a} * ${b} + position(..) + /data/x/y + if(../z, 1, 0)").unwrap();
        let targets: Vec<_> = expr.references().into_iter().map(|r| r.target).collect();
        assert_eq!(targets, ["..", "../z", "/data/x/y", "a", "b"]);
    }

    proptest! {
        #[test]
        fn never_panics(source in "\\PC{0,80}") {
            let _ = parse(&source);
        }

        #[test]
        fn never_panics_on_likely_text(parts in proptest::collection::vec(
            prop_oneof![
                Just("${a}"), Just("("), Just(")"), Just("["), Just("]"), Just("'x'"), Just("/"),
                Just("."), Just(".."), Just("and"), Just("div"), Just("*"), Just("-"), Just("if("),
                Just(","), Just("1"), Just("regex(., '["), Just("instance('s')/root/item"),
                Just("position("), Just("="), Just("|"), Just("@"), Just("a"),
            ], 0..40))
        {
            if let Ok(expr) = parse(&parts.join(" ")) {
                let _ = expr.references();
            }
        }
    }
}
