//! Question types: what the `type` column says.

/// What a node of a form is.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)] // Each is the XLSForm type of the same name.
pub enum Kind {
    Group,
    Repeat,
    Text,
    Integer,
    Decimal,
    /// Bounds and step of a slider.
    Range {
        start: f64,
        end: f64,
        step: f64,
    },
    Date,
    Time,
    DateTime,
    SelectOne,
    SelectMultiple,
    Rank,
    Geopoint,
    Geotrace,
    Geoshape,
    StartGeopoint,
    Image,
    Audio,
    Video,
    File,
    BackgroundAudio,
    Barcode,
    Note,
    /// Stored as `OK` when ticked.
    Acknowledge,
    Calculate,
    Hidden,
    Start,
    End,
    Today,
    DeviceId,
    Username,
    PhoneNumber,
    Email,
    /// The log lives beside the answers; the node stays empty.
    Audit,
}

impl Kind {
    /// The XLSForm type, as [`crate::NodeState`] reports it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Group => "group",
            Kind::Repeat => "repeat",
            Kind::Text => "text",
            Kind::Integer => "integer",
            Kind::Decimal => "decimal",
            Kind::Range { .. } => "range",
            Kind::Date => "date",
            Kind::Time => "time",
            Kind::DateTime => "dateTime",
            Kind::SelectOne => "select_one",
            Kind::SelectMultiple => "select_multiple",
            Kind::Rank => "rank",
            Kind::Geopoint => "geopoint",
            Kind::Geotrace => "geotrace",
            Kind::Geoshape => "geoshape",
            Kind::StartGeopoint => "start-geopoint",
            Kind::Image => "image",
            Kind::Audio => "audio",
            Kind::Video => "video",
            Kind::File => "file",
            Kind::BackgroundAudio => "background-audio",
            Kind::Barcode => "barcode",
            Kind::Note => "note",
            Kind::Acknowledge => "acknowledge",
            Kind::Calculate => "calculate",
            Kind::Hidden => "hidden",
            Kind::Start => "start",
            Kind::End => "end",
            Kind::Today => "today",
            Kind::DeviceId => "deviceid",
            Kind::Username => "username",
            Kind::PhoneNumber => "phonenumber",
            Kind::Email => "email",
            Kind::Audit => "audit",
        }
    }

    /// Whether it holds other nodes instead of an answer.
    pub fn is_container(self) -> bool {
        matches!(self, Kind::Group | Kind::Repeat)
    }

    /// Whether its choices come from a list.
    pub fn has_choices(self) -> bool {
        matches!(self, Kind::SelectOne | Kind::SelectMultiple | Kind::Rank)
    }

    /// Whether the session or the clock fills it in.
    pub fn is_metadata(self) -> bool {
        matches!(
            self,
            Kind::Start
                | Kind::End
                | Kind::Today
                | Kind::DeviceId
                | Kind::Username
                | Kind::PhoneNumber
                | Kind::Email
                | Kind::Audit
        )
    }
}

/// A `type` cell taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TypeCell {
    /// A question, group or repeat; the list or file that its choices come from; or_other.
    Node(Kind, Option<Source>, bool),
    EndGroup,
    EndRepeat,
    /// A table that expressions read: `csv-external`.
    Table,
    /// Known to XLSForm, not to us: what it is treated as.
    Unsupported(Kind),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    List(String),
    File(String),
}

/// Reads a `type` cell; `None` when it is no type of XLSForm.
pub(crate) fn read_type(cell: &str) -> Option<TypeCell> {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let normal = words.join(" ").to_lowercase().replace('_', " ");
    if let Some(kind) = plain(&normal) {
        return Some(TypeCell::Node(kind, None, false));
    }
    match normal.as_str() {
        "end group" | "endgroup" => return Some(TypeCell::EndGroup),
        "end repeat" | "endrepeat" | "end loop" => return Some(TypeCell::EndRepeat),
        "csv-external" => return Some(TypeCell::Table),
        "xml-external" | "osm" | "simserial" | "subscriberid" | "start-geotrace" | "uri:simserial"
        | "uri:subscriberid" => {
            return Some(TypeCell::Unsupported(Kind::Hidden));
        }
        _ => {}
    }
    let (head, rest) = select_head(&words)?;
    let (kind, file) = match head.as_str() {
        "select_one" | "select1" => (Kind::SelectOne, false),
        "select_multiple" => (Kind::SelectMultiple, false),
        "rank" => (Kind::Rank, false),
        "select_one_from_file" => (Kind::SelectOne, true),
        "select_multiple_from_file" => (Kind::SelectMultiple, true),
        "select_one_external" => return Some(TypeCell::Unsupported(Kind::Text)),
        "osm" => return Some(TypeCell::Unsupported(Kind::Hidden)),
        _ => return None,
    };
    let or_other = matches!(rest, [_, tail @ ..] if !tail.is_empty()
        && matches!(tail.join("_").to_lowercase().as_str(), "or_other" | "or_specify_other"));
    let name = match rest {
        [name] => (*name).to_owned(),
        [name, ..] if or_other => (*name).to_owned(),
        _ => return None,
    };
    let source = if file { Source::File(name) } else { Source::List(name) };
    Some(TypeCell::Node(kind, Some(source), or_other))
}

/// The kind of select and the words after it. XLSForm has spelled selects in many ways:
/// `select_one yn`, `select one from yn`, `select all that apply from things`.
fn select_head<'a>(words: &'a [&'a str]) -> Option<(String, &'a [&'a str])> {
    const LONG: &[(&str, &str)] = &[
        ("select one from", "select_one"),
        ("select one", "select_one"),
        ("select multiple from", "select_multiple"),
        ("select multiple", "select_multiple"),
        ("select all that apply from", "select_multiple"),
        ("select all that apply", "select_multiple"),
    ];
    for (spelling, head) in LONG {
        let length = spelling.split(' ').count();
        let start = words.get(..length).map(|start| start.join(" ").to_lowercase());
        if start.as_deref() == Some(spelling) {
            return Some(((*head).to_owned(), words.get(length..)?));
        }
    }
    Some((words.first()?.to_lowercase(), words.get(1..)?))
}

fn plain(normal: &str) -> Option<Kind> {
    Some(match normal {
        "begin group" | "begingroup" => Kind::Group,
        "begin repeat" | "beginrepeat" => Kind::Repeat,
        "text" | "string" => Kind::Text,
        "integer" | "int" => Kind::Integer,
        "decimal" => Kind::Decimal,
        "range" => Kind::Range { start: 1.0, end: 10.0, step: 1.0 },
        "date" => Kind::Date,
        "time" => Kind::Time,
        "datetime" | "date time" => Kind::DateTime,
        "geopoint" | "gps" | "location" => Kind::Geopoint,
        "geotrace" => Kind::Geotrace,
        "geoshape" => Kind::Geoshape,
        "start-geopoint" => Kind::StartGeopoint,
        "image" | "photo" => Kind::Image,
        "audio" => Kind::Audio,
        "video" => Kind::Video,
        "file" => Kind::File,
        "background-audio" => Kind::BackgroundAudio,
        "barcode" => Kind::Barcode,
        "note" => Kind::Note,
        "acknowledge" | "trigger" => Kind::Acknowledge,
        "calculate" => Kind::Calculate,
        "hidden" => Kind::Hidden,
        "start" => Kind::Start,
        "end" => Kind::End,
        "today" => Kind::Today,
        "deviceid" | "imei" | "uri:deviceid" => Kind::DeviceId,
        "username" | "uri:username" => Kind::Username,
        "phonenumber" | "phone number" | "uri:phonenumber" => Kind::PhoneNumber,
        "email" | "uri:email" => Kind::Email,
        "audit" => Kind::Audit,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_cells() {
        let select =
            |list: &str, other| Some(TypeCell::Node(Kind::SelectOne, Some(Source::List(list.into())), other));
        assert_eq!(read_type("select_one yn"), select("yn", false));
        assert_eq!(read_type("Select one  yn"), select("yn", false));
        assert_eq!(read_type("select_one yn or_other"), select("yn", true));
        assert_eq!(read_type("select_one yn or other"), select("yn", true));
        assert_eq!(read_type("select one from yn or specify other"), select("yn", true));
        assert_eq!(read_type("Select all that apply from x"), read_type("select_multiple x"));
        assert_eq!(read_type("begin group"), read_type("begin_group"));
        assert_eq!(read_type("dateTime"), Some(TypeCell::Node(Kind::DateTime, None, false)));
        for bad in ["", "select_one", "txt", "select_one a b", "group"] {
            assert_eq!(read_type(bad), None, "{bad}");
        }
    }
}
