//! What is spoken, step by step.

use serde::Serialize;

/// A script with its blanks filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Script {
    /// Its steps, in their order.
    pub steps: Vec<Step>,
}

/// A step of a script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Its number, from 1.
    pub number: u32,
    /// Who speaks.
    pub speaker: String,
    /// What is spoken.
    pub text: String,
    /// What the customer must answer before it goes on; empty if nothing.
    pub needs: String,
    /// How long it must be held, milliseconds by the monotonic clock; 0 if not at all.
    pub hold_ms: u64,
}
