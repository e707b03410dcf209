//! Where the phone is, and how far that may be believed.

use super::CaptureFault;
use serde::{Deserialize, Serialize};

/// Finds out where the phone is.
pub trait Location: Send + Sync {
    /// Returns the best position within the time that is asked for.
    ///
    /// # Errors
    /// `Denied` without permission (an approximate permission gives a fix with its large accuracy
    /// instead), `Unavailable` when location is switched off or no fix came in time.
    fn fix(&self, ask: FixAsk) -> Result<Fix, CaptureFault>;
}

/// What position is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FixAsk {
    /// Milliseconds to wait at most. When they are over, the best fix so far is returned. With 0 the last one
    /// that is known is given at once, and the person is asked nothing: without permission it is `Denied`.
    pub within_ms: u64,
    /// Metres of accuracy that are good enough to return at once.
    pub accuracy_m: f64,
    /// Milliseconds that a fix may be old. 0 asks for a new one.
    pub age_ms: u64,
}

impl Default for FixAsk {
    /// For a check-in: 15 seconds for 20 metres, nothing older than 10 seconds.
    fn default() -> Self {
        FixAsk { within_ms: 15_000, accuracy_m: 20.0, age_ms: 10_000 }
    }
}

/// A position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// Degrees north, WGS 84, -90 to 90. Not shifted for any map.
    pub latitude: f64,
    /// Degrees east, WGS 84, -180 to 180.
    pub longitude: f64,
    /// Metres above the ellipsoid.
    pub altitude_m: Option<f64>,
    /// The radius in metres within which the phone is with 68 % probability.
    pub accuracy_m: f64,
    /// The platform says that the fix is made up by an app or a developer's setting
    /// (`Location.isMock`, `sourceInformation.isSimulatedBySoftware`). None if it cannot tell.
    pub mock: Option<bool>,
    /// The time of the satellites, Unix milliseconds; none unless the fix is theirs
    /// (`Location.getTime` of the GPS provider). Never the phone's own wall clock.
    pub gps_ms: Option<i64>,
    /// Milliseconds that passed by the monotonic clock from the fix until this call returned.
    pub age_ms: u64,
    /// Metres per second over ground.
    pub speed_mps: Option<f64>,
    /// What the fix was made with.
    pub source: Source,
}

/// What a fix was made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Satellites.
    Satellite,
    /// Cells and wireless networks.
    Network,
    /// A mix of them, or the platform does not say.
    #[default]
    Unknown,
}

impl Fix {
    /// Whether these are numbers that a position can have. What is not is treated as no fix.
    pub fn is_sane(&self) -> bool {
        self.latitude.abs() <= 90.0
            && self.longitude.abs() <= 180.0
            && self.accuracy_m.is_finite()
            && self.accuracy_m >= 0.0
            && self.altitude_m.is_none_or(f64::is_finite)
            && self.speed_mps.is_none_or(|v| v.is_finite() && v >= 0.0)
    }

    /// As a geopoint answer: latitude, longitude, altitude, accuracy.
    pub fn geopoint(&self) -> String {
        let (lat, lon) = (self.latitude, self.longitude);
        format!("{lat:.6} {lon:.6} {:.1} {:.1}", self.altitude_m.unwrap_or(0.0), self.accuracy_m)
    }
}
