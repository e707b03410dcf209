//! Tables in XML and GeoJSON, as ODK takes choices from them.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::limits;
use crate::table::{Table, TableError};

type Item = Vec<(String, String)>;

/// Deeper is no list of items.
const DEEPEST: usize = 8;

/// Items of a root element and their texts. Entities that a document declares itself are not resolved: that
/// makes it unreadable.
pub(crate) fn xml(bytes: &[u8]) -> Result<Table, TableError> {
    let text = text_of(bytes)?;
    let unreadable = || TableError::Unreadable("not well-formed XML".to_owned());
    let mut reader = Reader::from_str(text);
    let mut depth = 0_usize;
    let mut items: Vec<Item> = Vec::new();
    let mut cell = String::new();
    loop {
        match reader.read_event().map_err(|_| unreadable())? {
            Event::Start(_) => {
                if depth == 1 {
                    items.push(Item::new());
                }
                depth += 1;
                if depth > DEEPEST {
                    return Err(unreadable());
                }
                cell.clear();
            }
            Event::Empty(tag) => {
                match (depth, items.last_mut()) {
                    (1, _) => items.push(Item::new()),
                    (2, Some(item)) => item.push((tag.name().into_inner().to_owned(), String::new())),
                    _ => {}
                }
                cell.clear();
            }
            Event::End(tag) => {
                depth = depth.checked_sub(1).ok_or_else(unreadable)?;
                if let (2, Some(item)) = (depth, items.last_mut()) {
                    item.push((tag.name().into_inner().to_owned(), cell.trim().to_owned()));
                }
                cell.clear();
            }
            Event::Text(text) => cell.push_str(&text.xml10_content()),
            Event::CData(text) => cell.push_str(&text.xml10_content()),
            Event::GeneralRef(name) => match name.resolve_char_ref().map_err(|_| unreadable())? {
                Some(character) => cell.push(character),
                None => cell.push(entity(&name).ok_or_else(unreadable)?),
            },
            Event::Eof if depth == 0 => return table(items),
            Event::Eof => return Err(unreadable()),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
        }
    }
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "amp" => '&',
        _ => return None,
    })
}

pub(crate) fn geojson(bytes: &[u8]) -> Result<Table, TableError> {
    let unreadable = || TableError::Unreadable("not GeoJSON".to_owned());
    let json: Value = serde_json::from_str(text_of(bytes)?).map_err(|_| unreadable())?;
    let features = json.get("features").and_then(Value::as_array).ok_or_else(unreadable)?;
    let mut items = Vec::new();
    for feature in features {
        let mut item: Item = Vec::new();
        if let Some(id) = feature.get("id") {
            item.push(("id".to_owned(), plain(id)));
        }
        let place = feature.get("geometry").map(places).unwrap_or_default();
        item.push(("geometry".to_owned(), place));
        let properties = feature.get("properties").and_then(Value::as_object);
        for (name, value) in properties.into_iter().flatten() {
            if !item.iter().any(|(have, _)| have == name) {
                item.push((name.clone(), plain(value)));
            }
        }
        items.push(item);
    }
    table(items)
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// GeoJSON writes longitude first, ODK latitude: `38.9 121.6 0 0; ..`.
fn places(geometry: &Value) -> String {
    let mut places = Vec::new();
    let mut stack: Vec<&Value> = geometry.get("coordinates").into_iter().collect();
    while let Some(value) = stack.pop() {
        match value.as_array().map(Vec::as_slice) {
            Some([Value::Number(longitude), Value::Number(latitude), ..]) => {
                places.push(format!("{latitude} {longitude} 0 0"));
            }
            Some(inner) => stack.extend(inner.iter().rev()),
            None => {}
        }
    }
    places.join("; ")
}

fn text_of(bytes: &[u8]) -> Result<&str, TableError> {
    if bytes.len() > limits::WORKBOOK_BYTES {
        return Err(TableError::TooLarge);
    }
    let text = crate::encoding::utf8(bytes).map_err(crate::table::not_utf8)?;
    Ok(text.trim_start_matches('\u{feff}'))
}

fn table(items: Vec<Item>) -> Result<Table, TableError> {
    let mut columns: Vec<String> = Vec::new();
    for (name, _) in items.iter().flatten() {
        if !columns.contains(name) {
            columns.push(name.clone());
            if columns.len() > limits::TABLE_COLUMNS {
                return Err(TableError::TooLarge);
            }
        }
    }
    let mut table = Table::with_columns(columns.iter().cloned())?;
    for item in &items {
        let cell = |column: &String| {
            item.iter().find(|(name, _)| name == column).map_or("", |(_, text)| text.as_str())
        };
        table.push(columns.iter().map(cell))?;
    }
    Ok(table)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_odk() {
        let text = "<?xml version='1.0'?><root><item><name>a</name><label>A &amp; B</label></item>\
                    <!-- x --><item><name>b</name><w/></item></root>";
        let read = xml(text.as_bytes()).unwrap();
        assert_eq!(read.columns(), ["name", "label", "w"]);
        assert_eq!((read.rows(), read.cell(0, 1), read.cell(1, 0)), (2, "A & B", "b"));
        let text = "<!DOCTYPE root><root a='>'><item x='1'><name><![CDATA[a<b & c]]></name>\
                    <label>&#x4E2D;&#25991; &lt;1&gt; <![CDATA[ & ]]>z</label></item></root>";
        let read = xml(text.as_bytes()).unwrap();
        assert_eq!((read.cell(0, 0), read.cell(0, 1)), ("a<b & c", "中文 <1>  & z"));
        let own = "<!DOCTYPE r [<!ENTITY x 'y'>]><r><item><name>&x;</name></item></r>";
        assert!(xml(own.as_bytes()).is_err());
        let text = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "id": "f1",
            "geometry": {"type": "Point", "coordinates": [121.6, 38.9]}, "properties": {"title": "T", "n": 3}}]}"#;
        let read = geojson(text.as_bytes()).unwrap();
        assert_eq!(read.columns(), ["id", "geometry", "n", "title"]);
        assert_eq!(read.cell(0, 1), "38.9 121.6 0 0");
        for bad in ["<a><b></a>", "<a", "{}", "\u{0}"] {
            assert!(xml(bad.as_bytes()).is_err() || geojson(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
