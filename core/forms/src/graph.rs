//! Which questions depend on which, and an order in which every value is computed once.
//!
//! There are two tiers. The *value* of a node (its relevance, calculation and choice filter) can
//! feed other values, so these dependencies must not form a circle. The *checks* of a node
//! (required, constraint, read-only) read values and feed nothing.

use crate::expr::Expr;
use crate::form::{Form, NodeId, Question};
use crate::limits;

/// The dependencies of a form, built once.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// For each node, whose values read it.
    pub(crate) values: Vec<Vec<Edge>>,
    /// For each node, whose checks read it.
    pub(crate) checks: Vec<Vec<Edge>>,
    /// For each node that is a repeat, what reads across its instances.
    pub(crate) shape: Vec<Vec<Edge>>,
    /// Node to rank: everything that a node reads has a lower rank.
    pub(crate) rank: Vec<u32>,
    /// Rank to node.
    pub(crate) order: Vec<NodeId>,
    /// Nodes whose value or checks read the clock.
    pub(crate) clocked: Vec<NodeId>,
    /// Nodes whose value or checks answer in a language: `jr:choice-name()`.
    pub(crate) spoken: Vec<NodeId>,
    /// How many nodes have this node as their innermost repeat; the last entry is for none.
    pub(crate) slots: Vec<usize>,
    /// How many dependencies there are.
    edges: usize,
}

/// Why there is no order.
#[derive(Debug)]
pub(crate) enum Tangle {
    /// These questions depend on each other.
    Circle(Vec<NodeId>),
    /// There are more dependencies than [`limits::EDGES`]; this is the first question too many.
    TooMany(NodeId),
}

/// A dependant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub(crate) to: NodeId,
    /// All instances of the dependant are touched, not only those beside the source.
    pub(crate) wide: bool,
    pub(crate) check: bool,
}

impl Graph {
    /// Builds the graph, or names the questions of a circle. References that do not resolve have
    /// been reported before and are passed over.
    pub(crate) fn new(form: &Form) -> Result<Graph, Tangle> {
        let count = form.questions.len();
        let mut graph = Graph {
            values: vec![Vec::new(); count],
            checks: vec![Vec::new(); count],
            shape: vec![Vec::new(); count],
            slots: vec![0; count + 1],
            ..Graph::default()
        };
        for (id, question) in form.questions.iter().enumerate() {
            if let Some(slots) = graph.slots.get_mut(question.repeat.unwrap_or(count)) {
                *slots += 1;
            }
            if let Some(parent) = question.parent {
                graph.add(form, parent, id, false, false);
                // Which instances count changes as others come and go before them.
                let counted = form.node(parent).is_some_and(|parent| parent.repeat_count.is_some());
                if let (true, Some(list)) = (counted, graph.shape.get_mut(parent)) {
                    list.push(Edge { to: id, wide: false, check: false });
                }
            }
            if let Some(source) = question.choices_from.filter(|source| !form.is_beside(id, *source)) {
                graph.add(form, source, id, true, false);
            }
            let beside = question.choices_from.is_some_and(|source| form.is_beside(id, source));
            let filter = question.choice_filter.as_ref().filter(|_| !beside);
            for expr in value_exprs(question) {
                graph.read(form, id, expr, false);
            }
            for reference in filter.into_iter().flat_map(Expr::references) {
                // Names alone are columns of the list.
                let column = reference.bare && question.choices_from.is_none();
                if column {
                    continue;
                }
                for source in form.resolve_all(Some(id), &reference.target).unwrap_or_default() {
                    graph.add(form, source, id, reference.wide, false);
                }
            }
            for expr in check_exprs(question) {
                graph.read(form, id, expr, true);
            }
            let mut exprs = value_exprs(question).chain(filter).chain(check_exprs(question));
            if exprs.any(Expr::reads_clock) {
                graph.clocked.push(id);
            }
            let mut exprs = value_exprs(question).chain(check_exprs(question));
            if exprs.any(Expr::speaks) {
                graph.spoken.push(id);
            }
            if graph.edges > limits::EDGES {
                return Err(Tangle::TooMany(id));
            }
        }
        graph.sort().map_err(Tangle::Circle)?;
        Ok(graph)
    }

    fn read(&mut self, form: &Form, reader: NodeId, expr: &Expr, check: bool) {
        for reference in expr.references() {
            for source in form.resolve_all(Some(reader), &reference.target).unwrap_or_default() {
                self.add(form, source, reader, reference.wide, check);
            }
        }
    }

    fn add(&mut self, form: &Form, from: NodeId, to: NodeId, wide: bool, check: bool) {
        let edge = Edge { to, wide, check };
        let lists = if check { &mut self.checks } else { &mut self.values };
        match lists.get_mut(from) {
            Some(list) if !has(list, edge) => {
                list.push(edge);
                self.edges += 1;
            }
            _ => return,
        }
        let own = form.repeats_around(to, false);
        for repeat in form.repeats_around(from, true) {
            let across = wide || !own.contains(&repeat);
            if across
                && let Some(list) = self.shape.get_mut(repeat)
                && !has(list, edge)
            {
                list.push(edge);
            }
        }
    }

    /// Kahn's algorithm; among the nodes that are ready the first of the document goes first.
    fn sort(&mut self) -> Result<(), Vec<NodeId>> {
        let count = self.values.len();
        let mut waiting = vec![0u32; count];
        // A container may be read by what is inside it (its relevance, its count).
        for edge in self.values.iter().flatten() {
            if let Some(number) = waiting.get_mut(edge.to) {
                *number += 1;
            }
        }
        let mut ready: std::collections::BTreeSet<NodeId> =
            (0..count).filter(|id| waiting.get(*id) == Some(&0)).collect();
        while let Some(id) = ready.pop_first() {
            self.order.push(id);
            for edge in self.values.get(id).into_iter().flatten() {
                if let Some(number) = waiting.get_mut(edge.to) {
                    *number -= 1;
                    if *number == 0 {
                        ready.insert(edge.to);
                    }
                }
            }
        }
        if self.order.len() < count {
            return Err(self.circle(&waiting));
        }
        self.rank = vec![0; count];
        for (rank, id) in self.order.iter().enumerate() {
            if let Some(slot) = self.rank.get_mut(*id) {
                *slot = rank as u32;
            }
        }
        Ok(())
    }

    /// One circle among the nodes that could not be ordered, following sources backwards.
    fn circle(&self, waiting: &[u32]) -> Vec<NodeId> {
        let stuck = |id: NodeId| waiting.get(id).is_some_and(|number| *number > 0);
        let mut source = vec![None; waiting.len()];
        for (from, edges) in self.values.iter().enumerate().filter(|(id, _)| stuck(*id)) {
            for edge in edges {
                if let Some(slot) = source.get_mut(edge.to) {
                    *slot = Some(from);
                }
            }
        }
        let mut seen = Vec::new();
        let mut at = (0..waiting.len()).find(|id| stuck(*id));
        while let Some(id) = at {
            if let Some(start) = seen.iter().position(|have| *have == id) {
                let mut circle = seen.split_off(start);
                circle.reverse();
                return circle;
            }
            seen.push(id);
            at = source.get(id).copied().flatten();
        }
        seen
    }
}

/// Dependants are added one after the other, so an edge that is there is among the last: looking
/// through all would cost the square of their number.
fn has(list: &[Edge], edge: Edge) -> bool {
    list.iter().rev().take_while(|have| have.to == edge.to).any(|have| *have == edge)
}

fn value_exprs(question: &Question) -> impl Iterator<Item = &Expr> {
    [&question.relevant, &question.calculation, &question.repeat_count].into_iter().flatten()
}

fn check_exprs(question: &Question) -> impl Iterator<Item = &Expr> {
    [&question.required, &question.constraint, &question.read_only].into_iter().flatten()
}
