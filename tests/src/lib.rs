//! Journeys: real processes, a real network between them, real kills.
//!
//! - [`process`]: the product's own programs, found beside this one and run as a person would.
//! - [`server`] and [`phone`]: `rounds-server` and `rounds-device` as processes.
//! - [`proxy`]: the network between them; it can stop in the middle of a message.
//! - [`team`]: a server and enrolled phones in a folder of their own, for most journeys.
//! - [`day`]: the demo day, which `./run` plays and the end-to-end test checks.
//! - [`stage`]: a server, a network and colleagues for the scenarios of the apps (`tests/scenarios`).
//! - [`fuzz`]: hostile bytes for every decoder.
//! - [`load`]: the records of the benchmarks; [`counted`]: a network that counts its bytes; [`peers`]: the benchmark beside other systems.
//!
//! Nothing here reaches into the product: what a journey knows, it read from what the programs
//! print.

pub mod counted;
pub mod day;
pub mod fuzz;
pub mod load;
pub mod peers;
pub mod phone;
pub mod process;
pub mod proxy;
pub mod scenario;
pub mod server;
pub mod sim;
pub mod stage;
pub mod team;
