//! The demo day: three reps, one supervisor, twelve stores, two phones with no network, two kills,
//! one conflict, one application too many. Told as it happens, and checked at the end.
//!
//! - [`cast`]: the team, the server, the phones. - [`field`]: the day without a network.
//! - [`evening`]: the syncs, with a phone and the server killed in the middle.
//! - [`checks`]: what the databases say of it.

pub mod cast;
pub mod checks;
pub mod evening;
pub mod field;

use crate::day::cast::Cast;
use crate::day::checks::Summary;
use anyhow::Result;
use std::path::Path;
use std::time::Instant;

/// Tells the story to whoever listens.
pub type Teller<'a> = &'a mut dyn FnMut(&str);

/// Plays the whole day on a server that has no team yet. The server goes on running.
pub fn play(cast: &mut Cast, tell: Teller<'_>) -> Result<Summary> {
    let began = Instant::now();
    tell("Morning, with a network");
    let phones = cast.enrol(tell)?;
    tell("");
    tell("The day, without a network");
    cast.network.set_down(true);
    let made = field::work(&phones, tell)?;
    cast.network.set_down(false);
    tell("");
    tell("Evening, with a network that fails");
    evening::sync(cast, &phones, &made, tell)?;
    tell("");
    let mut summary = checks::check(cast, &phones, &made)?;
    summary.seconds = (began.elapsed().as_secs_f64() * 10.0).round() / 10.0;
    Ok(summary)
}

/// The files that the demo team is made of.
pub fn packs() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/packs"))
}
