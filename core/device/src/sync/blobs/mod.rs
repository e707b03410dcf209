//! Photos and files, after the records: up in parts that can be resumed, and down on demand.
//!
//! - [`send`]: the queue, one blob after the other; a bad one stops no other. - [`hopeless`]: those that
//!   can never be sent. - [`fetch`]: a
//!   colleague's photo. - [`transport`]: what is asked of a network; [`http`] is the real one.

pub mod fetch;
pub mod hopeless;
pub mod http;
pub mod send;
pub mod transport;
