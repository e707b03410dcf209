//! Functions on places: texts of `latitude longitude altitude accuracy`, several joined by `;`.

use super::error::EvalError;
use super::eval::Run;
use super::functions::Function;
use super::syntax::Node;
use super::value::{Value, parse_number};

/// The radius that JavaRosa takes the Earth for, in metres.
const EARTH_RADIUS: f64 = 6_378_100.0;

pub(super) fn call(run: &Run<'_>, function: Function, args: &[Node]) -> Result<Option<Value>, EvalError> {
    let metres = match function {
        Function::Distance => distance,
        Function::Area | Function::EnclosedArea => area,
        _ => return Ok(None),
    };
    let mut points = Vec::new();
    for value in run.values(args)? {
        for text in value.into_nodes() {
            for point in text.split(';').filter(|point| !point.trim().is_empty()) {
                run.step(1)?;
                let point = parse_point(point);
                points.push(point.ok_or_else(|| EvalError::wrong(function.name(), &text))?);
            }
        }
    }
    Ok(Some(Value::Number(metres(&points))))
}

/// Latitude and longitude in degrees; none unless there are 2 to 4 numbers in range.
pub(crate) fn parse_point(text: &str) -> Option<(f64, f64)> {
    let mut parts = text.split_whitespace();
    let latitude = parse_number(parts.next()?)?;
    let longitude = parse_number(parts.next()?)?;
    let rest: Vec<_> = parts.collect();
    let fine = latitude.abs() <= 90.0
        && longitude.abs() <= 180.0
        && rest.len() <= 2
        && rest.iter().all(|part| parse_number(part).is_some());
    fine.then_some((latitude, longitude))
}

fn distance(points: &[(f64, f64)]) -> f64 {
    points
        .windows(2)
        .map(|pair| match pair {
            [a, b] => haversine(*a, *b),
            _ => 0.0,
        })
        .sum::<f64>()
        + 0.0
}

fn haversine(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half_lat = ((lat_b - lat_a) / 2.0).sin();
    let half_lon = ((b.1 - a.1).to_radians() / 2.0).sin();
    let h = half_lat * half_lat + lat_a.cos() * lat_b.cos() * half_lon * half_lon;
    2.0 * EARTH_RADIUS * h.sqrt().min(1.0).asin()
}

/// Square metres inside a ring on a sphere; fewer than three points enclose nothing.
fn area(points: &[(f64, f64)]) -> f64 {
    if points.len() < 3 {
        return 0.0;
    }
    let next = points.iter().cycle().skip(1);
    let sum: f64 = points
        .iter()
        .zip(next)
        .map(|(a, b)| {
            let width = (b.1 - a.1).to_radians();
            width * (2.0 + a.0.to_radians().sin() + b.0.to_radians().sin())
        })
        .sum();
    (sum * EARTH_RADIUS * EARTH_RADIUS / 2.0).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_latitude() {
        let metres = distance(&[(0.0, 0.0), (1.0, 0.0)]);
        assert!((metres - 111_318.84).abs() < 0.1, "{metres}");
        assert_eq!(distance(&[(1.0, 1.0)]), 0.0);
    }

    #[test]
    fn points_are_checked() {
        assert_eq!(parse_point("38.9 121.6 0 5"), Some((38.9, 121.6)));
        for bad in ["", "38.9", "91 0", "0 181", "a b", "1 2 3 4 5", "1 2 x"] {
            assert_eq!(parse_point(bad), None, "{bad}");
        }
    }
}
