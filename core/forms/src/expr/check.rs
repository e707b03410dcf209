//! What can be said about an expression without running it.

use super::error::EvalError;
use super::pattern::Patterns;
use super::syntax::{Expr, Node};
use crate::messages::{Bilingual, Code};

/// Something in an expression that will not work when it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExprProblem {
    pub(crate) code: Code,
    pub(crate) args: Vec<String>,
}

impl ExprProblem {
    /// Stable code: `unknown-reference`, `unknown-function`, `unsupported-expression` or
    /// `bad-pattern`.
    pub fn code(&self) -> &'static str {
        self.code.as_str()
    }

    /// The name or pattern it is about.
    pub fn args(&self) -> &[String] {
        &self.args
    }

    /// What is wrong, for the author.
    pub fn text(&self) -> Bilingual {
        self.code.text(&self.args)
    }

    /// What to do about it.
    pub fn remedy(&self) -> Bilingual {
        self.code.remedy(&self.args)
    }
}

impl Expr {
    /// Finds names and functions that nobody knows, patterns that do not compile, and parts of the
    /// language that are not evaluated. `known_references` are compared with
    /// [`Reference::target`](super::Reference); `known_functions` are the extension functions.
    pub fn check(&self, known_references: &[&str], known_functions: &[&str]) -> Vec<ExprProblem> {
        let mut problems: Vec<ExprProblem> = self
            .references()
            .into_iter()
            .filter(|reference| !known_references.contains(&reference.target.as_str()))
            .map(|reference| ExprProblem { code: Code::UnknownReference, args: vec![reference.target] })
            .collect();
        problems.extend(self.check_functions(known_functions, &mut Patterns::default()));
        problems
    }

    /// The same without the names; patterns are compiled among those of the form.
    pub(crate) fn check_functions(
        &self,
        known_functions: &[&str],
        patterns: &mut Patterns,
    ) -> Vec<ExprProblem> {
        let mut problems = Vec::new();
        self.any(|node| {
            let found = match node {
                Node::Extension(name, _) if !known_functions.contains(&name.as_str()) => {
                    Some((Code::UnknownFunction, name.clone()))
                }
                Node::Filtered(path) => Some((Code::UnsupportedExpression, path.clone())),
                // The author hears about a pattern now; it is kept compiled for the first use.
                Node::Regex(_, text, compiled) => {
                    compiled.get_or_init(|| patterns.get(text)).as_ref().err().map(|error| match error {
                        EvalError::PatternTooLarge => (Code::PatternTooLarge, text.clone()),
                        _ => (Code::BadPattern, text.clone()),
                    })
                }
                _ => None,
            };
            problems.extend(found.map(|(code, arg)| ExprProblem { code, args: vec![arg] }));
            false
        });
        problems
    }
}
