//! Cells that hold expressions or texts with references.

use super::Assembler;
use crate::expr::{self, Expr};
use crate::form::FirstValue;
use crate::kind::Kind;
use crate::language::Texts;
use crate::limits;
use crate::messages::Code;
use crate::template::Template;

impl Assembler<'_> {
    pub(super) fn templates(&mut self, row: u32, column: &str, texts: &Texts) -> Texts<Template> {
        let mut templates = Texts::new();
        for (language, text) in texts.iter() {
            let template = Template::new(text);
            // Names are checked once all questions are known; syntax here.
            for name in template.references() {
                if !expr::is_name(name.strip_prefix("last-saved#").unwrap_or(name)) {
                    let args = vec![name.to_owned()];
                    self.report.error(row, column, Code::BadName, args);
                }
            }
            templates.insert(&language.name, template);
        }
        templates
    }

    /// An expression, or yes and no in the spellings that XLSForm allows.
    pub(super) fn condition(&mut self, row: u32, column: &str, text: &str) -> Option<Expr> {
        match text.trim().to_lowercase().as_str() {
            "" | "no" | "false" | "false()" => {
                if column == "relevant" || column == "constraint" {
                    return self.parse(row, column, if text.trim().is_empty() { "" } else { "false()" });
                }
                None
            }
            "yes" | "true" | "true()" => match column {
                "relevant" | "constraint" => None,
                _ => self.parse(row, column, "true()"),
            },
            _ => self.parse(row, column, text),
        }
    }

    pub(super) fn parse(&mut self, row: u32, column: &str, text: &str) -> Option<Expr> {
        // Once there are too many, the form is refused: the others need not be read.
        if text.trim().is_empty() || self.parts > limits::EXPRESSION_PARTS {
            return None;
        }
        match expr::parse(text) {
            Ok(expr) => {
                self.parts = self.parts.saturating_add(expr.parts());
                if self.parts > limits::EXPRESSION_PARTS {
                    self.report.error_once(row, Code::FormTooComplex);
                    return None;
                }
                self.check_parsed(row, column, &expr);
                for name in expr.tables() {
                    if !self.form.list_by_name.contains_key(&name) {
                        self.file_list(row, &format!("{name}.csv"), "name", "label");
                    }
                }
                Some(expr)
            }
            Err(error) => {
                let detail = match error.code {
                    Code::WrongArguments => format!("wrong number of arguments for {}", error.detail),
                    Code::ExpressionTooLong => "too long".to_owned(),
                    Code::ExpressionTooDeep => "too many brackets inside each other".to_owned(),
                    _ => error.detail,
                };
                let args = vec![text.trim().to_owned(), error.position.to_string(), detail];
                self.report.error(row, column, Code::BadExpression, args);
                None
            }
        }
    }

    /// What is not known, or not evaluated, in an expression.
    pub(super) fn check_parsed(&mut self, row: u32, column: &str, expr: &Expr) {
        for problem in expr.check_functions(&[], &mut self.patterns) {
            let dialect = problem.args.first().and_then(|name| crate::dialects::of_function(name));
            if let (Code::UnknownFunction, Some((maker, instead))) = (problem.code, dialect) {
                let mut args = problem.args;
                args.extend([maker.to_owned(), instead.to_owned()]);
                self.report.error(row, column, Code::DialectFunction, args);
            } else if problem.code == Code::UnsupportedExpression {
                self.report.unsupported(row, column, problem.code, problem.args);
            } else {
                self.report.error(row, column, problem.code, problem.args);
            }
        }
        if column != "default" {
            for name in expr.last_saved() {
                self.report.unsupported(row, column, Code::LastSaved, vec![name]);
            }
        }
    }

    /// The filter of choices that are answers of a repeat, where names without `${}` are
    /// questions beside them.
    pub(super) fn filter_of_answers(&mut self, row: u32, text: &str) -> Option<Expr> {
        self.parse(row, "choice_filter", text)
    }

    /// A default is an expression when it refers or calls; `a - b` for a text is just that text.
    pub(super) fn first_value(&mut self, row: u32, kind: Kind, text: &str) -> Option<FirstValue> {
        if text.is_empty() {
            return None;
        }
        let dated =
            matches!(kind, Kind::Date | Kind::DateTime | Kind::Geopoint | Kind::Geotrace | Kind::Geoshape);
        let minus = dated && text.contains('-') && !text.contains('(');
        if super::rules::is_dynamic(text) && !minus && !matches!(kind, Kind::File) {
            return self.parse(row, "default", text).map(FirstValue::Dynamic);
        }
        Some(FirstValue::Static(text.to_owned()))
    }
}
