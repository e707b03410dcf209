//! Positions: how far two are apart, and how fast somebody would have had to be.

use serde::{Deserialize, Serialize};

/// The mean radius of the earth, metres.
const EARTH_M: f64 = 6_371_008.8;

/// A point with the radius in which it may be.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spot {
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Metres.
    pub accuracy_m: f64,
}

impl Spot {
    /// Metres to another one, along the sphere.
    pub fn distance_m(&self, other: &Spot) -> f64 {
        let (a, b) = (self.latitude.to_radians(), other.latitude.to_radians());
        let (dlat, dlon) = (b - a, (other.longitude - self.longitude).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + a.cos() * b.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * EARTH_M * h.sqrt().min(1.0).asin()
    }

    /// The kilometres per hour that it took at least to come here from there in so many milliseconds: the
    /// accuracy of both counts in favour of whoever moved. None if no time passed and none was needed.
    pub fn speed_kmh(&self, from: &Spot, passed_ms: u64) -> Option<f64> {
        let least = (self.distance_m(from) - self.accuracy_m - from.accuracy_m).max(0.0);
        if least == 0.0 {
            return (passed_ms > 0).then_some(0.0);
        }
        // Clocks tell no less than a second apart what satellites measured.
        Some(least / 1_000.0 / (passed_ms.max(1_000) as f64 / 3_600_000.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64, accuracy_m: f64) -> Spot {
        Spot { latitude, longitude, accuracy_m }
    }

    #[test]
    fn distances_are_those_of_the_map() {
        let square = at(38.9147, 121.6447, 5.0);
        assert!(square.distance_m(&square) < 0.001);
        let beijing = at(39.9042, 116.4074, 5.0);
        let shanghai = at(31.2304, 121.4737, 5.0);
        assert!((beijing.distance_m(&shanghai) - 1_067_000.0).abs() < 3_000.0);
        let antipode = at(0.0, 180.0, 0.0).distance_m(&at(0.0, 0.0, 0.0));
        assert!((antipode - std::f64::consts::PI * EARTH_M).abs() < 1.0);
    }

    #[test]
    fn a_jump_of_50_km_in_a_minute_is_3000_km_an_hour() {
        let here = at(38.9147, 121.6447, 10.0);
        let there = at(38.9147 + 50.0 / 111.195, 121.6447, 10.0);
        let speed = there.speed_kmh(&here, 60_000).unwrap();
        assert!((speed - 3_000.0).abs() < 15.0, "{speed}");
        // What both fixes may be off explains it away.
        assert_eq!(at(38.9150, 121.6447, 40.0).speed_kmh(&here, 1), Some(0.0));
        assert_eq!(here.speed_kmh(&here, 0), None);
    }
}
