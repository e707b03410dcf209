//! The shape of a parsed expression.

use std::sync::OnceLock;

use super::error::EvalError;
use super::functions::Function;
pub(crate) use super::token::Operator;

/// A parsed expression. Cheap to share behind an `Arc`; holds nothing of what it is run against.
#[derive(Debug)]
pub struct Expr {
    pub(crate) source: String,
    pub(crate) root: Node,
}

/// One name or path that an expression reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// `price` for `${price}`, otherwise the path: `/data/sku/price`, `../price`, `..`, or a bare
    /// name for a column or child.
    pub target: String,
    /// Whether all instances may be read rather than the own one (`indexed-repeat`, `position`).
    pub wide: bool,
    /// Whether it is a bare name rather than `${name}` or a path: a column in a choice filter.
    pub bare: bool,
}

#[derive(Debug)]
pub(crate) enum Node {
    Number(f64),
    Text(String),
    /// `${name}`.
    Reference(String),
    /// `${last-saved#name}`: the answer of the record that was saved before.
    LastSaved(String),
    /// `.`, the answer that the expression stands on.
    Current,
    /// A path into the answers, in its own words: `/data/a`, `../a`, `a`.
    Path(String),
    /// A path that starts at the question itself, wherever it is written: `current()/../a`.
    Outer(String),
    /// A path into the answers with predicates, or below a `${reference}`.
    Steps(Box<Steps>),
    /// A path that is not evaluated (`//`, `@`, far axes); kept so that it can be reported.
    Filtered(String),
    /// `a | b`.
    Union(Vec<Node>),
    /// `instance('list')/root/item[..]/column`.
    Rows(Box<Rows>),
    /// Operators of one precedence, kept flat: a sum over 500 questions is not 500 levels deep.
    Chain(Box<Node>, Vec<(Operator, Node)>),
    Negate(Box<Node>),
    Call(Function, Vec<Node>),
    /// `regex(text, 'literal')`, whose pattern is compiled once.
    Regex(Box<Node>, String, OnceLock<Result<regex::Regex, EvalError>>),
    Extension(String, Vec<Node>),
}

#[derive(Debug)]
pub(crate) struct Rows {
    pub(crate) instance: String,
    pub(crate) predicates: Vec<Node>,
    /// The column read of the rows that are left; none for the rows themselves.
    pub(crate) column: Option<String>,
}

/// `/data/sku[code = 'x']/price`, step by step.
#[derive(Debug)]
pub(crate) struct Steps {
    pub(crate) base: Base,
    pub(crate) steps: Vec<Step>,
}

/// Where a path starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Base {
    /// The form.
    Root,
    /// The question, or the node that a predicate stands on.
    Here,
    /// The question, from inside a predicate too.
    Question,
    /// `${name}`.
    Named(String),
}

#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) axis: Axis,
    pub(crate) predicates: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Axis {
    Itself,
    Parent,
    Child(String),
    /// `*`: everything directly inside.
    Any,
}

impl Axis {
    fn text(&self) -> &str {
        match self {
            Axis::Itself => ".",
            Axis::Parent => "..",
            Axis::Child(name) => name,
            Axis::Any => "*",
        }
    }
}

impl Expr {
    /// The text that was parsed.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Every name and path read, without duplicates, sorted. Columns inside the predicates of
    /// `instance(..)` are not among them.
    pub fn references(&self) -> Vec<Reference> {
        let mut found = Vec::new();
        collect(&self.root, false, &Ground::Question, &mut found);
        found.sort();
        found.dedup();
        found
    }

    /// Whether the value can change although no answer does: `now()`, `today()`.
    pub fn reads_clock(&self) -> bool {
        self.any(|node| matches!(node, Node::Call(Function::Now | Function::Today, _)))
    }

    /// Whether the value can be another in another language.
    pub(crate) fn speaks(&self) -> bool {
        self.any(|node| matches!(node, Node::Call(Function::ChoiceName, _)))
    }

    /// Whether it calls or refers to anything, so that it is not just a value.
    pub(crate) fn is_dynamic(&self) -> bool {
        self.any(|node| {
            matches!(
                node,
                Node::Reference(_)
                    | Node::LastSaved(_)
                    | Node::Call(..)
                    | Node::Extension(..)
                    | Node::Regex(..)
                    | Node::Rows(_)
                    | Node::Steps(_)
                    | Node::Union(_)
            )
        })
    }

    /// Whether the result is kept from one evaluation to the next.
    pub(crate) fn is_kept(&self) -> bool {
        self.any(|node| matches!(node, Node::Call(Function::Once, _)))
    }

    /// The tables read by `instance('name')` and `pulldata('name', ..)`.
    pub(crate) fn tables(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.any(|node| {
            match node {
                Node::Rows(rows) => names.push(rows.instance.clone()),
                Node::Call(Function::Pulldata, args) => {
                    if let Some(Node::Text(name)) = args.first() {
                        names.push(name.clone());
                    }
                }
                _ => {}
            }
            false
        });
        names
    }

    /// The questions whose last saved answers it reads.
    pub(crate) fn last_saved(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.any(|node| {
            if let Node::LastSaved(name) = node {
                names.push(name.clone());
            }
            false
        });
        names
    }

    /// How many parts it has: what it costs to keep.
    pub(crate) fn parts(&self) -> usize {
        let mut parts = 0;
        self.any(|_| {
            parts += 1;
            false
        });
        parts
    }

    pub(crate) fn any(&self, mut test: impl FnMut(&Node) -> bool) -> bool {
        let mut stack = vec![&self.root];
        while let Some(node) = stack.pop() {
            if test(node) {
                return true;
            }
            children(node, &mut stack);
        }
        false
    }
}

/// Puts the direct parts of a node on the stack.
pub(crate) fn children<'a>(node: &'a Node, stack: &mut Vec<&'a Node>) {
    match node {
        Node::Chain(first, rest) => {
            stack.push(first);
            stack.extend(rest.iter().map(|(_, node)| node));
        }
        Node::Negate(inner) | Node::Regex(inner, ..) => stack.push(inner),
        Node::Call(_, args) | Node::Extension(_, args) => stack.extend(args),
        Node::Rows(rows) => stack.extend(&rows.predicates),
        Node::Steps(steps) => stack.extend(steps.steps.iter().flat_map(|step| &step.predicates)),
        Node::Union(parts) => stack.extend(parts),
        Node::Number(_)
        | Node::Text(_)
        | Node::Reference(_)
        | Node::LastSaved(_)
        | Node::Current
        | Node::Path(_)
        | Node::Outer(_)
        | Node::Filtered(_) => {}
    }
}

/// What relative paths start from.
enum Ground {
    Question,
    /// A row of a table: bare names are columns.
    Row,
    /// A node of the answers, by the path that led to it.
    Node(String),
}

fn collect(node: &Node, wide: bool, ground: &Ground, found: &mut Vec<Reference>) {
    let mut add = |target: String, wide: bool, bare: bool| found.push(Reference { target, wide, bare });
    match node {
        Node::Reference(target) => add(target.clone(), wide, false),
        Node::Path(target) | Node::Outer(target) => {
            let bare = !target.contains('/') && target != "..";
            let outer = matches!(node, Node::Outer(_));
            match ground {
                Ground::Row if bare && !outer => {}
                Ground::Node(base) if !outer && !target.starts_with('/') => {
                    add(format!("{base}/{target}"), true, false);
                }
                _ if outer && bare => add(format!("./{target}"), wide, false),
                _ => add(target.clone(), wide || target.starts_with('/'), bare),
            }
        }
        Node::Steps(steps) => {
            let mut path = match (&steps.base, ground) {
                (Base::Root, _) => String::new(),
                (Base::Named(name), _) => format!("${{{name}}}"),
                (Base::Here, Ground::Node(base)) => base.clone(),
                (Base::Here | Base::Question, _) => ".".to_owned(),
            };
            for step in &steps.steps {
                if step.axis != Axis::Itself {
                    path = format!("{path}/{}", step.axis.text());
                }
                let inside = Ground::Node(path.clone());
                for predicate in &step.predicates {
                    collect(predicate, wide, &inside, found);
                }
            }
            found.push(Reference { target: path, wide: true, bare: false });
        }
        Node::Call(function @ (Function::IndexedRepeat | Function::Position), args) => {
            if *function == Function::Position && args.is_empty() && matches!(ground, Ground::Question) {
                found.push(Reference { target: "..".to_owned(), wide: true, bare: false });
            }
            for arg in args {
                collect(arg, true, ground, found);
            }
        }
        Node::Rows(rows) => {
            for predicate in &rows.predicates {
                collect(predicate, wide, &Ground::Row, found);
            }
        }
        other => {
            let mut parts = Vec::new();
            children(other, &mut parts);
            for part in parts {
                collect(part, wide, ground, found);
            }
        }
    }
}
