//! Functions on places: texts of `latitude longitude altitude accuracy`, several joined by `;`.

use super::error::EvalError;
use super::eval::Run;
use super::functions::Function;
use super::syntax::Node;
use super::value::{Value, parse_number};

/// The radius that JavaRosa takes the Earth for, in metres.
const EARTH_RADIUS: f64 = 6_378_100.0;

pub(super) fn call(run: &Run<'_>, function: Function, args: &[Node]) -> Result<Option<Value>, EvalError> {
    // Nobody has been anywhere yet: no fence holds an empty place.
    let value = match (function, args) {
        (Function::Distance, _) => Value::Number(centimetres(distance(&points(run, function, args)?))),
        (Function::Area | Function::EnclosedArea, _) => {
            Value::Number(centimetres(area(&points(run, function, args)?)))
        }
        (Function::Geofence, [place, fence]) => {
            let place = points(run, function, std::slice::from_ref(place))?;
            let fence = points(run, function, std::slice::from_ref(fence))?;
            Value::Bool(place.first().is_some_and(|place| inside(*place, &fence)))
        }
        (Function::Intersects, [line]) => {
            let line = points(run, function, std::slice::from_ref(line))?;
            run.step(line.len() * line.len())?;
            Value::Bool(crosses_itself(&line))
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

fn points(run: &Run<'_>, function: Function, args: &[Node]) -> Result<Vec<(f64, f64)>, EvalError> {
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
    Ok(points)
}

/// Two digits, as ODK's engines give: what a phone measures is no finer.
fn centimetres(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// Whether a ring goes around a place; a line that is not closed goes around nothing.
fn inside(place: (f64, f64), ring: &[(f64, f64)]) -> bool {
    if ring.len() < 2 || ring.first() != ring.last() {
        return false;
    }
    let (y, x) = place;
    let mut inside = false;
    for pair in ring.windows(2) {
        let [a, b] = pair else { continue };
        if (b.0 > y) != (a.0 > y) && x < (a.1 - b.1) * (y - b.0) / (a.0 - b.0) + b.1 {
            inside = !inside;
        }
    }
    inside
}

/// Whether any two parts of a line that do not follow one another meet.
fn crosses_itself(line: &[(f64, f64)]) -> bool {
    let parts: Vec<((f64, f64), (f64, f64))> = line
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] if a != b => Some((*a, *b)),
            _ => None,
        })
        .collect();
    let closed = line.len() > 2 && line.first() == line.last();
    parts.iter().enumerate().any(|(at, one)| {
        parts.iter().enumerate().skip(at + 2).any(|(to, other)| {
            let joined = closed && at == 0 && to + 1 == parts.len();
            !joined && meet(*one, *other)
        })
    })
}

fn meet(one: ((f64, f64), (f64, f64)), other: ((f64, f64), (f64, f64))) -> bool {
    let turn = |a: (f64, f64), b: (f64, f64), c: (f64, f64)| {
        ((b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)).total_cmp(&0.0)
    };
    let on = |a: (f64, f64), b: (f64, f64), c: (f64, f64)| {
        c.0 >= a.0.min(b.0) && c.0 <= a.0.max(b.0) && c.1 >= a.1.min(b.1) && c.1 <= a.1.max(b.1)
    };
    let (a, b) = one;
    let (c, d) = other;
    let sides = (turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b));
    (sides.0 != sides.1 && sides.2 != sides.3)
        || (sides.0.is_eq() && on(a, b, c))
        || (sides.1.is_eq() && on(a, b, d))
        || (sides.2.is_eq() && on(c, d, a))
        || (sides.3.is_eq() && on(c, d, b))
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
    fn fences_and_crossings() {
        let square = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0), (0.0, 0.0)];
        assert!(inside((1.0, 1.0), &square));
        assert!(!inside((3.0, 1.0), &square));
        assert!(!inside((1.0, 1.0), &square[..4]));
        assert!(!crosses_itself(&square));
        assert!(crosses_itself(&[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)]));
        assert!(!crosses_itself(&[(0.0, 0.0), (1.0, 1.0)]));
    }

    #[test]
    fn points_are_checked() {
        assert_eq!(parse_point("38.9 121.6 0 5"), Some((38.9, 121.6)));
        for bad in ["", "38.9", "91 0", "0 181", "a b", "1 2 3 4 5", "1 2 x"] {
            assert_eq!(parse_point(bad), None, "{bad}");
        }
    }
}
