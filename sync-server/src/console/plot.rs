//! Places on a plane: a plain plot, or over map tiles where an operator has named a server of them.

use super::Tiles;
use super::view::{Plot, Spot, Tile, Way};

/// The size of a plot.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 320.0;
/// Room around the outermost places.
const MARGIN: f64 = 44.0;
/// A tile's edge.
const TILE: f64 = 256.0;
/// The sorts of places, in the order of the legend.
const LEGEND: [&str; 4] = ["here", "done", "planned", "skipped"];
/// Room for a name.
const LABEL: f64 = 110.0;
/// Metres around the equator.
const AROUND: f64 = 40_075_016.7;

/// A place: degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
}

/// A place with what is said about it.
#[derive(Debug, Clone)]
pub struct Marked {
    /// Where.
    pub place: Place,
    /// How it is drawn: a class of the style sheet.
    pub class: &'static str,
    /// What is read of it.
    pub label: String,
    /// A short text beside it.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
}

impl Place {
    /// Reads `latitude longitude …`.
    pub fn read(text: &str) -> Option<Place> {
        let mut numbers =
            text.split_whitespace().map(|part| part.parse::<f64>().ok().filter(|n| n.is_finite()));
        let (latitude, longitude) = (numbers.next()??, numbers.next()??);
        (latitude.abs() <= 85.0 && longitude.abs() <= 180.0).then_some(Place { latitude, longitude })
    }

    /// On the square of the whole world, from 0 to 1, as maps of tiles have it.
    fn on_world(self) -> (f64, f64) {
        let turn = self.latitude.to_radians();
        let y = (1.0 - (turn.tan() + 1.0 / turn.cos()).ln() / std::f64::consts::PI) / 2.0;
        ((self.longitude + 180.0) / 360.0, y)
    }
}

/// A plot of marked places and of ways, each a line of places that were reached, or are planned.
pub fn plot(marked: &[Marked], ways: &[(Vec<Place>, bool)], tiles: Option<&Tiles>) -> Option<Plot> {
    let places = marked.iter().map(|m| m.place).chain(ways.iter().flat_map(|(way, _)| way.iter().copied()));
    let world: Vec<(f64, f64)> = places.map(Place::on_world).collect();
    let first = world.first()?;
    let bound = |pick: fn(&(f64, f64)) -> f64| {
        world.iter().map(pick).fold((pick(first), pick(first)), |(low, high), at| (low.min(at), high.max(at)))
    };
    let ((west, east), (north, south)) = (bound(|at| at.0), bound(|at| at.1));
    // A single place is shown with some streets around it.
    let least = 1.0 / 2_f64.powi(17);
    let scale = ((WIDTH - 2.0 * MARGIN) / (east - west).max(least))
        .min((HEIGHT - 2.0 * MARGIN) / (south - north).max(least));
    let zoom = (scale / TILE).log2().floor().clamp(1.0, 18.0);
    let scale = if tiles.is_some() { TILE * 2_f64.powf(zoom) } else { scale };
    let middle = ((west + east) / 2.0, (north + south) / 2.0);
    let on_page =
        |(x, y): (f64, f64)| ((x - middle.0) * scale + WIDTH / 2.0, (y - middle.1) * scale + HEIGHT / 2.0);
    let spot = |m: &Marked| {
        let (x, y) = on_page(m.place.on_world());
        Spot {
            x: format!("{x:.1}"),
            y: format!("{y:.1}"),
            // A name near the right edge stands at the left of its place.
            text_x: format!("{:.1}", if x > WIDTH - LABEL { x - 11.0 } else { x + 11.0 }),
            anchor: if x > WIDTH - LABEL { "end" } else { "start" },
            text_y: format!("{:.1}", y + 4.0),
            class: m.class,
            label: m.label.clone(),
            text: m.text.clone(),
            href: m.href.clone(),
        }
    };
    let way = |(way, planned): &(Vec<Place>, bool)| {
        let points = way.iter().map(|place| {
            let (x, y) = on_page(place.on_world());
            format!("{x:.1},{y:.1}")
        });
        Way { points: points.collect::<Vec<_>>().join(" "), planned: *planned }
    };
    let latitude = marked.first().map_or(0.0, |m| m.place.latitude);
    let metres = AROUND * latitude.to_radians().cos() / scale;
    let (bar, bar_label) = bar(metres);
    Some(Plot {
        width: WIDTH as u32,
        height: HEIGHT as u32,
        spots: marked.iter().map(spot).collect(),
        ways: ways.iter().filter(|(way, _)| way.len() > 1).map(way).collect(),
        tiles: tiles.map(|tiles| tiled(tiles, zoom, middle, scale)).unwrap_or_default(),
        legend: LEGEND.into_iter().filter(|class| marked.iter().any(|m| m.class == *class)).collect(),
        bar: format!("{bar:.0}"),
        bar_end: format!("{:.0}", bar + 16.0),
        bar_label,
    })
}

/// A length that is easy to read, and how long it is on the page.
fn bar(metres: f64) -> (f64, String) {
    let wished = 110.0 * metres;
    let power = 10_f64.powf(wished.max(1.0).log10().floor());
    let length =
        [5.0, 2.0, 1.0].map(|n| n * power).into_iter().find(|length| *length <= wished).unwrap_or(power);
    let label = if length >= 1000.0 { format!("{} km", length / 1000.0) } else { format!("{length} m") };
    (length / metres, label)
}

fn tiled(tiles: &Tiles, zoom: f64, middle: (f64, f64), scale: f64) -> Vec<Tile> {
    let count = 2_f64.powf(zoom);
    let edge =
        |at: f64, half: f64, sign: f64| ((at + sign * half / scale) * count).floor().clamp(0.0, count - 1.0);
    let (west, east) = (edge(middle.0, WIDTH / 2.0, -1.0), edge(middle.0, WIDTH / 2.0, 1.0));
    let (north, south) = (edge(middle.1, HEIGHT / 2.0, -1.0), edge(middle.1, HEIGHT / 2.0, 1.0));
    let mut out = vec![];
    let mut y = north;
    while y <= south {
        let mut x = west;
        while x <= east {
            let address = tiles.template.replace("{z}", &format!("{zoom:.0}"));
            let address = address.replace("{x}", &format!("{x:.0}")).replace("{y}", &format!("{y:.0}"));
            out.push(Tile {
                href: address,
                x: format!("{:.1}", (x / count - middle.0) * scale + WIDTH / 2.0),
                y: format!("{:.1}", (y / count - middle.1) * scale + HEIGHT / 2.0),
            });
            x += 1.0;
        }
        y += 1.0;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(latitude: f64, longitude: f64) -> Marked {
        let place = Place { latitude, longitude };
        Marked { place, class: "done", label: String::new(), text: String::new(), href: None }
    }

    #[test]
    fn places_are_where_they_are_and_all_of_them_are_on_the_page() {
        let marked = [at(38.92, 121.64), at(38.91, 121.60), at(38.95, 121.66)];
        let plot = plot(&marked, &[], None).unwrap();
        let xy: Vec<(f64, f64)> =
            plot.spots.iter().map(|s| (s.x.parse().unwrap(), s.y.parse().unwrap())).collect();
        assert!(xy.iter().all(|(x, y)| (0.0..=WIDTH).contains(x) && (0.0..=HEIGHT).contains(y)), "{xy:?}");
        assert!(xy[1].0 < xy[0].0 && xy[0].0 < xy[2].0, "west is left");
        assert!(xy[2].1 < xy[0].1 && xy[0].1 < xy[1].1, "north is up");
        assert!(super::plot(&[], &[], None).is_none() && Place::read("north").is_none());
        assert_eq!(Place::read("38.9 121.6 0 12"), Some(Place { latitude: 38.9, longitude: 121.6 }));
    }

    #[test]
    fn tiles_lie_under_the_places_and_come_from_one_host() {
        let tiles = Tiles::read("https://tiles.example/m/{z}/{x}/{y}.png").unwrap();
        assert_eq!(tiles.origin, "https://tiles.example");
        let plot = plot(&[at(38.92, 121.64), at(38.90, 121.60)], &[], Some(&tiles)).unwrap();
        assert!(!plot.tiles.is_empty() && plot.tiles.len() <= 20);
        assert!(plot.tiles.iter().all(|t| t.href.starts_with("https://tiles.example/m/")));
        for bad in [
            "https://a/{z}/{x}",
            "ftp://a/{z}/{x}/{y}",
            "https://a b/{z}/{x}/{y}",
            "https://a;/{z}/{x}/{y}",
            "/{z}/{x}/{y}",
        ] {
            assert_eq!(Tiles::read(bad), None, "{bad}");
        }
    }
}
