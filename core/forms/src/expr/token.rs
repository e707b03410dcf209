//! Text to tokens, with XPath's rule that `*`, `and`, `div`.. are operators only after an operand.

use super::error::ParseError;
use crate::limits;
use crate::messages::Code;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Literal(String),
    /// A name, possibly with a prefix: `jr:choice-name`.
    Name(String),
    /// `${name}`.
    Reference(String),
    Operator(Operator),
    Open,
    Close,
    OpenBracket,
    CloseBracket,
    Comma,
    Dot,
    DotDot,
    Slash,
    DoubleSlash,
    /// `::` after an axis.
    Colons,
    At,
    Star,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Union,
}

/// A token and the character (from 1) where it starts.
pub(super) type Placed = (Token, usize);

pub(super) fn tokens(source: &str) -> Result<Vec<Placed>, ParseError> {
    if source.len() > limits::EXPRESSION_BYTES {
        return Err(ParseError::new(Code::ExpressionTooLong, 1, ""));
    }
    let chars: Vec<char> = source.chars().collect();
    let mut lexer = Lexer { chars: &chars, at: 0, out: Vec::new() };
    while lexer.step()? {}
    Ok(lexer.out)
}

struct Lexer<'a> {
    chars: &'a [char],
    at: usize,
    out: Vec<Placed>,
}

impl Lexer<'_> {
    fn step(&mut self) -> Result<bool, ParseError> {
        while self.peek(0).is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        let start = self.at;
        let Some(first) = self.peek(0) else {
            return Ok(false);
        };
        let token = match (first, self.peek(1)) {
            ('"' | '\'' | '“' | '”' | '‘' | '’', _) => self.literal(first)?,
            ('$', Some('{')) => self.reference()?,
            ('0'..='9', _) | ('.', Some('0'..='9')) => self.number()?,
            ('.', Some('.')) => self.take(2, Token::DotDot),
            ('.', _) => self.take(1, Token::Dot),
            (':', Some(':')) => self.take(2, Token::Colons),
            ('/', Some('/')) => self.take(2, Token::DoubleSlash),
            ('/', _) => self.take(1, Token::Slash),
            ('(', _) => self.take(1, Token::Open),
            (')', _) => self.take(1, Token::Close),
            ('[', _) => self.take(1, Token::OpenBracket),
            (']', _) => self.take(1, Token::CloseBracket),
            (',', _) => self.take(1, Token::Comma),
            ('@', _) => self.take(1, Token::At),
            ('|', _) => self.take(1, Token::Operator(Operator::Union)),
            ('+', _) => self.take(1, Token::Operator(Operator::Add)),
            ('-', _) => self.take(1, Token::Operator(Operator::Subtract)),
            ('=', _) => self.take(1, Token::Operator(Operator::Equal)),
            ('!', Some('=')) => self.take(2, Token::Operator(Operator::NotEqual)),
            ('<', Some('=')) => self.take(2, Token::Operator(Operator::LessEqual)),
            ('<', _) => self.take(1, Token::Operator(Operator::Less)),
            ('>', Some('=')) => self.take(2, Token::Operator(Operator::GreaterEqual)),
            ('>', _) => self.take(1, Token::Operator(Operator::Greater)),
            ('*', _) if self.after_operand() => self.take(1, Token::Operator(Operator::Multiply)),
            ('*', _) => self.take(1, Token::Star),
            (c, _) if is_name_start(c) => self.name(),
            (c, _) => return Err(self.error(start, format!("unexpected {c:?}"))),
        };
        self.out.push((token, start + 1));
        Ok(true)
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn take(&mut self, length: usize, token: Token) -> Token {
        self.at += length;
        token
    }

    fn error(&self, at: usize, detail: impl Into<String>) -> ParseError {
        ParseError::new(Code::ExpressionSyntax, at + 1, detail)
    }

    fn span(&self, from: usize, to: usize) -> String {
        self.chars.get(from..to).unwrap_or(&[]).iter().collect()
    }

    /// Spreadsheets turn straight quotes into curly ones; those are read as the author meant them.
    fn literal(&mut self, open: char) -> Result<Token, ParseError> {
        let closes: &[char] = match open {
            '“' | '”' => &['”', '“', '"'],
            '‘' | '’' => &['’', '‘', '\''],
            '"' => &['"'],
            _ => &['\''],
        };
        let start = self.at + 1;
        let rest = self.chars.get(start..).unwrap_or(&[]);
        let Some(length) = rest.iter().position(|c| closes.contains(c)) else {
            return Err(self.error(self.at, "text without its closing quote"));
        };
        self.at = start + length + 1;
        Ok(Token::Literal(self.span(start, start + length)))
    }

    fn reference(&mut self) -> Result<Token, ParseError> {
        let start = self.at + 2;
        let rest = self.chars.get(start..).unwrap_or(&[]);
        let Some(length) = rest.iter().position(|c| *c == '}') else {
            return Err(self.error(self.at, "${ without its }"));
        };
        let name = self.span(start, start + length).trim().to_owned();
        let plain = name.strip_prefix("last-saved#").unwrap_or(&name);
        if !is_name(plain) {
            return Err(self.error(self.at, format!("${{{name}}} is not a name")));
        }
        self.at = start + length + 1;
        Ok(Token::Reference(name))
    }

    fn number(&mut self) -> Result<Token, ParseError> {
        let start = self.at;
        let mut dots = 0;
        while let Some(c) = self.peek(0) {
            match c {
                '0'..='9' => {}
                '.' if dots == 0 => dots += 1,
                _ => break,
            }
            self.at += 1;
        }
        if self.peek(0).is_some_and(is_name_start) {
            return Err(self.error(start, "a name cannot start with a digit"));
        }
        let text = self.span(start, self.at);
        text.parse().map(Token::Number).map_err(|_| self.error(start, "not a number"))
    }

    fn name(&mut self) -> Token {
        let start = self.at;
        while let Some(c) = self.peek(0) {
            let colon = c == ':' && self.peek(1).is_some_and(is_name_start);
            if !is_name_part(c) && !colon {
                break;
            }
            self.at += 1;
        }
        let name = self.span(start, self.at);
        if self.after_operand() {
            match name.as_str() {
                "and" => return Token::Operator(Operator::And),
                "or" => return Token::Operator(Operator::Or),
                "div" => return Token::Operator(Operator::Divide),
                "mod" => return Token::Operator(Operator::Modulo),
                _ => {}
            }
        }
        Token::Name(name)
    }

    fn after_operand(&self) -> bool {
        matches!(
            self.out.last(),
            Some((
                Token::Number(_)
                    | Token::Literal(_)
                    | Token::Name(_)
                    | Token::Reference(_)
                    | Token::Close
                    | Token::CloseBracket
                    | Token::Dot
                    | Token::DotDot
                    | Token::Star,
                _
            ))
        )
    }
}

/// Whether this is an XML name, as questions, columns and lists need.
pub(crate) fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(is_name_start) && chars.all(|c| is_name_part(c) || c == ':')
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn is_name_part(c: char) -> bool {
    c == '_' || c == '-' || c == '.' || c == '\u{b7}' || c.is_alphanumeric()
}
