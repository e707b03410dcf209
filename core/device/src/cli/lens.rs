//! The headless phone's camera and position: what somebody gives on the command line.

use super::print::Plain;
use crate::Rounds;
use crate::capture::fake::{FakeCamera, FakeLocation, Script};
use crate::capture::{Fix, Kit, Photo, Source};
use crate::error::{Fail, RoundsError};
use crate::photos::Shot;
use rounds_model::text::Lang;
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

/// Tools that give these.
pub fn kit(file: &Path, at: Option<&str>, mock: bool) -> Result<Kit, RoundsError> {
    let bytes = std::fs::read(file).map_err(Fail::from)?;
    let lens = Script::of([Ok(Photo { bytes, at: None })]);
    let location = at.map(|at| fix(at, mock)).transpose()?;
    let location = location.map(|fix| FakeLocation(Script::always(Ok(fix))));
    Ok(Kit {
        camera: Some(Arc::new(FakeCamera { lens, pictures: Script::default() })),
        location: location.map(|location| Arc::new(location) as _),
        ..Kit::default()
    })
}

/// Gives the phone a place to be at, if one is given.
pub fn stand(rounds: &Rounds, at: Option<&str>) -> Result<(), RoundsError> {
    let Some(at) = at else { return Ok(()) };
    let location = FakeLocation(Script::always(Ok(fix(at, false)?)));
    rounds.set_kit(Kit { location: Some(Arc::new(location)), ..Kit::default() });
    Ok(())
}

/// Takes the places that the form asks for: those that were taken, or why none could be.
pub fn places(rounds: &Rounds) -> (Vec<String>, Option<RoundsError>) {
    match rounds.take_places() {
        Ok(placed) => (placed.into_iter().map(|placed| placed.question).collect(), None),
        Err(error) => (vec![], Some(error)),
    }
}

fn fix(at: &str, mock: bool) -> Result<Fix, Fail> {
    let bad = || Fail::BadPlace(at.chars().take(80).collect());
    let numbers: Option<Vec<f64>> = at.split_whitespace().map(|part| part.parse().ok()).collect();
    let Some([latitude, longitude, accuracy_m]) = numbers.as_deref() else {
        return Err(bad());
    };
    let (latitude, longitude, accuracy_m) = (*latitude, *longitude, *accuracy_m);
    let (altitude_m, gps_ms, speed_mps) = (None, None, None);
    let source = Source::Unknown;
    let fix = Fix {
        latitude,
        longitude,
        altitude_m,
        accuracy_m,
        mock: Some(mock),
        gps_ms,
        age_ms: 0,
        speed_mps,
        source,
    };
    if fix.is_sane() { Ok(fix) } else { Err(bad()) }
}

/// A photo that was taken.
#[derive(Serialize)]
#[serde(transparent)]
pub struct Taken(pub Shot);

impl Plain for Taken {
    fn plain(&self, out: &mut String, _: Lang) -> std::fmt::Result {
        let Shot { kept, size, bytes, clock, like, .. } = &self.0;
        writeln!(out, "{kept}")?;
        writeln!(out, "{} × {} · {} KB · {clock}", size.0, size.1, bytes.0.div_ceil(1_000))?;
        like.iter().try_for_each(|like| writeln!(out, "{like}"))
    }
}
