//! The `parameters` column: `key=value` pairs, and which type takes which.

use std::collections::BTreeMap;

use crate::expr::parse_number;
use crate::kind::Kind;

/// What is wrong with a cell, in the words of its pairs.
pub(crate) type Wrong = String;

/// Pairs separated by spaces, commas or semicolons; keys in lower case, values too except those of
/// `value` and `label`, which name columns.
pub(crate) fn read(cell: &str) -> Result<BTreeMap<String, String>, Wrong> {
    let spaced = cell.replace('=', " = ");
    let separators = |c: char| c.is_whitespace() || c == ',' || c == ';';
    let words: Vec<&str> = spaced.split(separators).filter(|word| !word.is_empty()).collect();
    let mut pairs = BTreeMap::new();
    for triple in words.chunks(3) {
        let [key, "=", value] = triple else {
            return Err(triple.join(" "));
        };
        if *key == "=" || *value == "=" {
            return Err(triple.join(" "));
        }
        let key = key.to_lowercase();
        let value = match key.as_str() {
            "value" | "label" => (*value).to_owned(),
            _ => lower_but_references(value),
        };
        pairs.insert(key, value);
    }
    Ok(pairs)
}

/// Names keep their case inside `${}`.
fn lower_but_references(value: &str) -> String {
    if value.starts_with("${") { value.to_owned() } else { value.to_lowercase() }
}

/// Whether a type takes these parameters with these values, as pyxform demands it.
pub(crate) fn check(kind: Kind, from_file: bool, pairs: &BTreeMap<String, String>) -> Result<(), Wrong> {
    let accepted: &[&str] = match kind {
        Kind::SelectOne | Kind::SelectMultiple | Kind::Rank if from_file => {
            &["label", "randomize", "seed", "value"]
        }
        Kind::SelectOne | Kind::SelectMultiple | Kind::Rank => &["randomize", "seed"],
        Kind::Text => &["rows"],
        Kind::Image => &["app", "max-pixels"],
        Kind::Audio | Kind::BackgroundAudio => &["quality"],
        Kind::Range { .. } => &["end", "placeholder", "start", "step", "tick_interval", "tick_labelset"],
        Kind::Geopoint => {
            &["allow-mock-accuracy", "capture-accuracy", "reference-geometry", "warning-accuracy"]
        }
        Kind::Geotrace | Kind::Geoshape => &["allow-mock-accuracy", "incremental", "reference-geometry"],
        Kind::Audit => &[
            "identify-user",
            "location-max-age",
            "location-min-interval",
            "location-priority",
            "track-changes",
            "track-changes-reasons",
        ],
        _ => return Ok(()),
    };
    for (key, value) in pairs {
        let fine = accepted.contains(&key.as_str()) && fits(kind, key, value);
        if !fine {
            return Err(format!("{key}={value}"));
        }
    }
    if pairs.contains_key("seed") && !pairs.contains_key("randomize") {
        return Err("seed".to_owned());
    }
    let location = ["location-max-age", "location-min-interval", "location-priority"];
    let given = location.iter().filter(|key| pairs.contains_key(**key)).count();
    if !matches!(given, 0 | 3) {
        return Err("location-priority".to_owned());
    }
    let number = |key: &str| pairs.get(key).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    if number("location-max-age") < number("location-min-interval") {
        return Err("location-max-age".to_owned());
    }
    Ok(())
}

fn fits(kind: Kind, key: &str, value: &str) -> bool {
    let truth = matches!(value, "true" | "false");
    let whole = value.parse::<i64>().is_ok();
    let number = value.parse::<f64>().is_ok();
    match key {
        "randomize" | "allow-mock-accuracy" | "identify-user" | "track-changes" => truth,
        "incremental" => value == "true" || value == "yes",
        "track-changes-reasons" => value == "on-form-edit",
        "location-priority" => {
            matches!(value, "no-power" | "low-power" | "balanced" | "high-accuracy")
        }
        "location-max-age" | "location-min-interval" => value.parse::<u32>().is_ok(),
        "rows" | "max-pixels" => whole,
        "capture-accuracy" | "warning-accuracy" => number,
        "seed" => value.starts_with("${") || number,
        "quality" => {
            matches!(value, "voice-only" | "low" | "normal") || (value == "external" && kind == Kind::Audio)
        }
        "value" | "label" => crate::expr::is_name(value),
        "app" => {
            let parts: Vec<&str> = value.split('.').collect();
            let letter = |part: &&str| part.starts_with(|c: char| c.is_ascii_alphabetic());
            let plain = |part: &&str| part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            parts.len() > 1 && parts.iter().all(letter) && parts.iter().all(plain)
        }
        _ => true,
    }
}

/// A slider goes from 1 to 10 by 1 unless its parameters say otherwise. Steps must be possible and
/// marks must lie on them.
pub(crate) fn range(pairs: &BTreeMap<String, String>) -> Result<Kind, Wrong> {
    let number = |key: &str| -> Result<Option<f64>, Wrong> {
        let Some(text) = pairs.get(key) else { return Ok(None) };
        let wrong = || format!("{key}={text}");
        parse_number(text).filter(|number| number.is_finite()).map(Some).ok_or_else(wrong)
    };
    let start = number("start")?.unwrap_or(1.0);
    let end = number("end")?.unwrap_or(10.0);
    let step = number("step")?.unwrap_or(1.0);
    let width = (end - start).abs();
    if step == 0.0 || step > width {
        return Err(format!("step={step}"));
    }
    let on_step = |offset: f64, step: f64| {
        let steps = offset / step;
        (steps - steps.round()).abs() < 1e-9
    };
    if let Some(ticks) = number("tick_interval")?
        && (ticks == 0.0 || ticks > width || !on_step(ticks, step))
    {
        return Err(format!("tick_interval={ticks}"));
    }
    if let Some(first) = number("placeholder")?
        && (!on_step(first - start, step) || first < start.min(end) || first > start.max(end))
    {
        return Err(format!("placeholder={first}"));
    }
    Ok(Kind::Range { start, end, step })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs() {
        let read = |cell| read(cell).map(|pairs| pairs.into_iter().collect::<Vec<_>>());
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(
            read("start=1; END = 10,Step=2").unwrap(),
            [pair("end", "10"), pair("start", "1"), pair("step", "2")]
        );
        assert_eq!(read("value=Code label=L").unwrap(), [pair("label", "L"), pair("value", "Code")]);
        assert!(read("start 1").is_err());
        assert!(read("a=b=c").is_err());
    }

    #[test]
    fn sliders() {
        let of = |cell| range(&super::read(cell).unwrap());
        assert_eq!(of(""), Ok(Kind::Range { start: 1.0, end: 10.0, step: 1.0 }));
        for bad in ["step=0", "step=20", "start=x", "tick_interval=3 step=2", "placeholder=11"] {
            assert!(of(bad).is_err(), "{bad}");
        }
    }
}
