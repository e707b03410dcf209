//! The ways in which an evaluation ends early.

use crate::messages::refusal;
use crate::world::WorldError;
use rounds_model::refusal::Refusal;

/// Why there is no result.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The rules say no.
    Refused(Box<Refusal>),
    /// The rules say no because of what others did: the record moved on, or what it wants is taken.
    /// It may be taken as another act instead.
    Overtaken(Box<Refusal>),
    /// An expression has no value. It then counts as a no: a rule that cannot be worked out must
    /// not let anything through.
    Eval(String),
    /// What the rules need could not be read.
    World(WorldError),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Stop {
        Stop::Refused(Box::new(refusal))
    }
}

impl From<WorldError> for Stop {
    fn from(error: WorldError) -> Stop {
        Stop::World(error)
    }
}

/// Sorts a result into a ruling (allowed or refused) and a world that could not be read.
pub(crate) fn settle<T>(result: Result<T, Stop>) -> Result<Result<T, Refusal>, WorldError> {
    match result {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Refused(refusal) | Stop::Overtaken(refusal)) => Ok(Err(*refusal)),
        // What went wrong inside is for whoever wrote the pack, not for whoever reads this.
        Err(Stop::Eval(_)) => Ok(Err(refusal("rule-failed", &[]))),
        Err(Stop::World(error)) => Err(error),
    }
}
