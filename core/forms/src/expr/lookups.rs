//! Cells of tables that an expression reads as numbers, as far as it names them in plain words: for whoever
//! checks the tables before somebody runs into one.

use super::functions::Function;
use super::syntax::{Expr, Node, Operator, children};

impl Expr {
    /// Each `pulldata('table', 'column', 'by', 'key')` whose value is counted with: table, column, the column
    /// that is looked in, and what for. `whole`, if the whole expression is to be a number; `counted` says
    /// which argument of a function that the language does not have is one, from 0.
    pub fn numbers_looked_up(&self, whole: bool, counted: &dyn Fn(&str) -> Option<usize>) -> Vec<[&str; 4]> {
        let mut found = Vec::new();
        let mut stack = vec![(&self.root, whole)];
        while let Some((node, number)) = stack.pop() {
            match node {
                Node::Call(Function::Pulldata, args) => {
                    if let [Node::Text(table), Node::Text(column), Node::Text(by), Node::Text(key)] =
                        args.as_slice()
                        && number
                    {
                        found.push([table.as_str(), column, by, key]);
                    }
                }
                Node::Call(function, args) => {
                    let each = |at: usize| match function.name() {
                        "number" | "int" | "round" | "floor" | "ceiling" | "abs" | "pow" | "min" | "max" => {
                            true
                        }
                        "coalesce" => number,
                        "if" => number && at > 0,
                        _ => false,
                    };
                    stack.extend(args.iter().enumerate().map(|(at, arg)| (arg, each(at))));
                }
                Node::Extension(name, args) => {
                    let place = counted(name);
                    stack.extend(args.iter().enumerate().map(|(at, arg)| (arg, place == Some(at))));
                }
                Node::Chain(first, rest) => {
                    let numbers = rest.iter().any(|(operator, _)| counts(operator));
                    stack.push((first, numbers));
                    stack.extend(rest.iter().map(|(_, node)| (node, numbers)));
                }
                Node::Negate(inner) => stack.push((inner, true)),
                other => {
                    let mut below = Vec::new();
                    children(other, &mut below);
                    stack.extend(below.into_iter().map(|node| (node, false)));
                }
            }
        }
        found
    }
}

/// Whether both sides are numbers, or dates that are compared as such.
fn counts(operator: &Operator) -> bool {
    !matches!(operator, Operator::And | Operator::Or | Operator::Equal | Operator::NotEqual | Operator::Union)
}

#[cfg(test)]
mod tests {
    use crate::expr::parse;

    fn found(source: &str) -> Vec<String> {
        let expr = parse(source).unwrap();
        let found = expr.numbers_looked_up(false, &|name| (name == "shift").then_some(1));
        found.iter().map(|[_, _, _, key]| (*key).to_owned()).collect()
    }

    #[test]
    fn cells_that_are_counted_with_are_found_wherever_they_stand() {
        let cell = "pulldata('t', 'value', 'name', 'a')";
        for counted in [
            format!("number({cell}) = 1"),
            format!("${{x}} < {cell}"),
            format!("1 + if(${{x}}, {cell}, 2)"),
            format!("shift(${{day}}, coalesce(${{x}}, {cell}), 'days') = ''"),
            format!("not(-{cell} = 1)"),
            format!("concat('x', max(0, {cell}))"),
        ] {
            assert_eq!(found(&counted), ["a"], "{counted}");
        }
        for not in [
            format!("{cell} = 'yes'"),
            format!("concat({cell}, 'x')"),
            format!("shift({cell}, 1, 'days') = ''"),
            "number(pulldata('t', 'value', 'name', ${x}))".to_owned(),
        ] {
            assert_eq!(found(&not), [] as [&str; 0], "{not}");
        }
    }
}
