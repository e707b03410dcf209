//! The benchmark beside peers: the same load, the same steps, the same measuring, one after the
//! other on the same machine.
//!
//! Everyone is two processes, a server and a client that stands for one or more phones, with a
//! [`wire`] between them that counts bytes. The steps are the same for all ([`run`]): phones write
//! their records offline, push them together, a new phone fetches everything, and then asks again
//! when nothing has changed. A [`program`] says on its standard output when a step is done; its
//! clock is its own, its peak memory is read from the system.

pub mod program;
pub mod run;
pub mod table;
pub mod wire;
