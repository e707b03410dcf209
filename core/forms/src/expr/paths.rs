//! Paths with predicates into the answers: `/data/sku[code = 'x']/price`.

use super::error::EvalError;
use super::eval::Run;
use super::rows::{Ground, Place};
use super::scope::{Origin, Spot};
use super::syntax::{Axis, Base, Node, Step, Steps};
use super::value::Value;

impl Run<'_> {
    pub(super) fn steps(&self, steps: &Steps) -> Result<Value, EvalError> {
        let spots = self.spots(steps)?;
        Ok(Value::Nodes(spots.into_iter().map(|spot| self.scope.text_at(spot)).collect()))
    }

    /// `..`, `../a` or `a` from the node that a predicate stands on.
    pub(super) fn beside(&self, spot: Spot, path: &str) -> Result<Value, EvalError> {
        let mut at = vec![spot];
        for step in path.split('/') {
            let axis = match step {
                "*" => Axis::Any,
                "." => Axis::Itself,
                ".." => Axis::Parent,
                name => Axis::Child(name.to_owned()),
            };
            at = self.along(&at, &axis)?.into_iter().flatten().collect();
        }
        Ok(Value::Nodes(at.into_iter().map(|spot| self.scope.text_at(spot)).collect()))
    }

    fn spots(&self, steps: &Steps) -> Result<Vec<Spot>, EvalError> {
        let origin = match (&steps.base, self.ground()) {
            (Base::Here, Some(Ground::Node(spot, _))) => return self.walk(vec![spot], &steps.steps),
            (Base::Root, _) => Origin::Root,
            (Base::Named(name), _) => Origin::Named(name),
            (Base::Here | Base::Question, _) => Origin::Question,
        };
        let unsupported = || EvalError::Unsupported("[..]".to_owned());
        let start = self.scope.spots(origin).ok_or_else(unsupported)??;
        // The first step of an absolute path is the form itself.
        let steps = match (origin, steps.steps.split_first()) {
            (Origin::Root, Some((_, rest))) => rest,
            _ => &steps.steps,
        };
        self.walk(start, steps)
    }

    fn walk(&self, mut at: Vec<Spot>, steps: &[Step]) -> Result<Vec<Spot>, EvalError> {
        self.step(at.len())?;
        for step in steps {
            // Positions count among the children of one parent; those of a start count together.
            let mut groups = match step.axis {
                Axis::Itself => vec![at],
                _ => self.along(&at, &step.axis)?,
            };
            for predicate in &step.predicates {
                for group in &mut groups {
                    *group = self.kept(group, predicate)?;
                }
            }
            at = groups.into_iter().flatten().collect();
        }
        Ok(at)
    }

    fn along(&self, from: &[Spot], axis: &Axis) -> Result<Vec<Vec<Spot>>, EvalError> {
        let mut groups: Vec<Vec<Spot>> = Vec::new();
        match axis {
            Axis::Itself => groups.push(from.to_vec()),
            Axis::Parent => {
                let mut parents: Vec<Spot> =
                    from.iter().filter_map(|spot| self.scope.parent(*spot)).collect();
                parents.dedup();
                groups.push(parents);
            }
            Axis::Any => {
                for spot in from {
                    let inside = self.scope.inside(*spot);
                    self.step(inside.len() + 1)?;
                    groups.push(inside);
                }
            }
            Axis::Child(name) => {
                for spot in from {
                    let children = self.scope.children(*spot, name);
                    self.step(children.len() + 1)?;
                    groups.push(children);
                }
            }
        }
        Ok(groups)
    }

    fn kept(&self, spots: &[Spot], predicate: &Node) -> Result<Vec<Spot>, EvalError> {
        let mut kept = Vec::new();
        let size = spots.len();
        for (at, spot) in spots.iter().enumerate() {
            let place = Place { position: at + 1, size };
            let holds = self.on(Ground::Node(*spot, place), |run| match run.value(predicate)? {
                Value::Number(position) => Ok(position == place.position as f64),
                value => Ok(value.as_bool()),
            })?;
            if holds {
                kept.push(*spot);
            }
        }
        Ok(kept)
    }
}
