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
    /// A place taken when another question is answered.
    BackgroundGeopoint,
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
    /// Of the SIM card; no device tells it any more.
    SimSerial,
    /// Of the SIM card; no device tells it any more.
    SubscriberId,
    /// Tags of a feature of OpenStreetMap, as a text.
    Osm,
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
            Kind::BackgroundGeopoint => "background-geopoint",
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
            Kind::SimSerial => "simserial",
            Kind::SubscriberId => "subscriberid",
            Kind::Osm => "osm",
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

    /// Whether it is a place that the phone takes by itself: nobody is asked, and nobody can answer.
    pub fn is_measured(self) -> bool {
        matches!(self, Kind::StartGeopoint | Kind::BackgroundGeopoint)
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
                | Kind::SimSerial
                | Kind::SubscriberId
                | Kind::Audit
        )
    }
}

/// A `type` cell taken apart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum TypeCell {
    /// A question, group or repeat.
    Plain(Kind),
    /// A whole number up to a bound: `percentage` and its like.
    Bounded(&'static str),
    /// Where choices come from, and whether there is a choice for anything else.
    Select(Kind, Source, bool),
    /// `begin loop over list`: the group once for each choice.
    Loop(String),
    EndGroup,
    EndRepeat,
    EndLoop,
    /// A table that expressions read: `csv-external` or `xml-external`.
    Table(&'static str),
    /// A setting in a row of the survey: its value is in the name column.
    Setting(&'static str),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Source {
    List(String),
    File(String),
    /// A list of the sheet `external_choices`.
    External(String),
    /// What was answered in a repeat: `select_one ${name}`.
    Answers(String),
}

/// Reads a `type` cell; `None` when it is no type of XLSForm. Upper and lower case count, as they
/// do for ODK's own tools.
pub(crate) fn read_type(cell: &str) -> Option<TypeCell> {
    let words: Vec<&str> = cell.split_whitespace().collect();
    let cell = words.join(" ");
    if let Some(found) = TYPES.iter().find(|(_, names)| names.contains(&cell.as_str())) {
        return Some(found.0.clone());
    }
    if cell.starts_with("osm ") {
        return Some(TypeCell::Plain(Kind::Osm));
    }
    control(&cell).or_else(|| select(&cell))
}

/// `begin group`, `begin_repeat`, `begin looped group`, `begin loop over list` and their ends.
fn control(cell: &str) -> Option<TypeCell> {
    let (word, rest) = cell.split_once([' ', '_'])?;
    let (name, list) = match rest.strip_prefix("loop over ").or(rest.strip_prefix("loop ")) {
        Some(list) => ("loop", Some(list)),
        None => (rest, None),
    };
    match (word, name, list) {
        ("begin", "group", None) => Some(TypeCell::Plain(Kind::Group)),
        ("begin", "repeat" | "lgroup" | "looped group", None) => Some(TypeCell::Plain(Kind::Repeat)),
        ("begin", "loop", Some(list)) if !list.contains(' ') => Some(TypeCell::Loop(list.to_owned())),
        ("end", "group", None) => Some(TypeCell::EndGroup),
        ("end", "repeat" | "lgroup" | "looped group", None) => Some(TypeCell::EndRepeat),
        ("end", "loop", None) => Some(TypeCell::EndLoop),
        _ => None,
    }
}

/// XLSForm has spelled selects in many ways: `select_one yn`, `select one from yn`,
/// `select all that apply from things or specify other`.
fn select(cell: &str) -> Option<TypeCell> {
    let (head, rest) = SELECTS.iter().find_map(|(kind, file, spelling)| {
        let rest = cell.strip_prefix(spelling)?.strip_prefix(' ')?;
        Some(((*kind, *file), rest))
    })?;
    let (kind, sort) = head;
    let (name, tail) = rest.split_once(' ').unwrap_or((rest, ""));
    let other = match tail {
        "" => false,
        "or specify other" | "or_other" | "or other" => true,
        _ => return None,
    };
    let name = name.to_owned();
    let source = match sort {
        Sort::External => Source::External(name),
        Sort::File => Source::File(name),
        Sort::List if name.starts_with("${") => Source::Answers(name),
        // A file is recognised by its suffix too.
        Sort::List if is_file(&name) => Source::File(name),
        Sort::List => Source::List(name),
    };
    Some(TypeCell::Select(kind, source, other))
}

/// Whether a list's name is that of a file which ODK takes choices from.
pub(crate) fn is_file(name: &str) -> bool {
    [".csv", ".xml", ".geojson"].iter().any(|suffix| name.ends_with(suffix))
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Sort {
    List,
    File,
    External,
}

/// Longer spellings first: `select one` is the start of others.
const SELECTS: &[(Kind, Sort, &str)] = &[
    (Kind::SelectOne, Sort::File, "select_one_from_file"),
    (Kind::SelectMultiple, Sort::File, "select_multiple_from_file"),
    (Kind::SelectOne, Sort::File, "select one from file"),
    (Kind::SelectMultiple, Sort::File, "select multiple from file"),
    (Kind::SelectOne, Sort::List, "add select one prompt using"),
    (Kind::SelectMultiple, Sort::List, "add select multiple prompt using"),
    (Kind::SelectMultiple, Sort::List, "select all that apply from"),
    (Kind::SelectOne, Sort::List, "select one from"),
    (Kind::SelectOne, Sort::External, "select_one_external"),
    (Kind::SelectMultiple, Sort::List, "select all that apply"),
    (Kind::SelectMultiple, Sort::List, "select_multiple"),
    (Kind::SelectOne, Sort::List, "select_one"),
    (Kind::SelectOne, Sort::List, "select one"),
    (Kind::SelectOne, Sort::List, "select1"),
    (Kind::Rank, Sort::List, "rank"),
];

const TYPES: &[(TypeCell, &[&str])] = &[
    (TypeCell::Plain(Kind::Text), &["text", "string", "q string", "add text prompt"]),
    (TypeCell::Bounded(r"regex(., '^\d*$')"), &["phone number"]),
    (TypeCell::Plain(Kind::Integer), &["integer", "int", "q int", "add integer prompt"]),
    (TypeCell::Bounded("0 <= . and . <= 100"), &["percentage"]),
    (TypeCell::Bounded("0 <= . and . <= 31"), &["number of days in last month"]),
    (TypeCell::Bounded("0 <= . and . <= 183"), &["number of days in last six months"]),
    (TypeCell::Bounded("0 <= . and . <= 365"), &["number of days in last year"]),
    (TypeCell::Plain(Kind::Decimal), &["decimal", "q decimal", "add decimal prompt"]),
    (TypeCell::Plain(Kind::Range { start: 1.0, end: 10.0, step: 1.0 }), &["range"]),
    (TypeCell::Plain(Kind::Date), &["date", "q date", "add date prompt"]),
    (TypeCell::Plain(Kind::Time), &["time"]),
    (
        TypeCell::Plain(Kind::DateTime),
        &[
            "dateTime",
            "datetime",
            "date time",
            "q date time",
            "q dateTime",
            "add date time prompt",
            "add dateTime prompt",
        ],
    ),
    (
        TypeCell::Plain(Kind::Geopoint),
        &["geopoint", "gps", "location", "q geopoint", "q location", "add location prompt"],
    ),
    (TypeCell::Plain(Kind::Geotrace), &["geotrace", "q geotrace"]),
    (TypeCell::Plain(Kind::Geoshape), &["geoshape", "q geoshape"]),
    (TypeCell::Plain(Kind::StartGeopoint), &["start-geopoint"]),
    (TypeCell::Plain(Kind::BackgroundGeopoint), &["background-geopoint"]),
    (
        TypeCell::Plain(Kind::Image),
        &["image", "photo", "q picture", "q image", "add image prompt", "add photo prompt"],
    ),
    (TypeCell::Plain(Kind::Audio), &["audio", "q audio", "add audio prompt"]),
    (TypeCell::Plain(Kind::Video), &["video", "q video", "add video prompt"]),
    (TypeCell::Plain(Kind::File), &["file", "add file prompt"]),
    (TypeCell::Plain(Kind::BackgroundAudio), &["background-audio"]),
    (TypeCell::Plain(Kind::Barcode), &["barcode", "q barcode", "add barcode prompt"]),
    (TypeCell::Plain(Kind::Note), &["note", "q note", "add note prompt"]),
    (
        TypeCell::Plain(Kind::Acknowledge),
        &["acknowledge", "trigger", "q acknowledge", "add acknowledge prompt"],
    ),
    (TypeCell::Plain(Kind::Calculate), &["calculate", "q calculate", "add calculate prompt"]),
    (TypeCell::Plain(Kind::Hidden), &["hidden"]),
    (TypeCell::Plain(Kind::Start), &["start", "start time", "get start time"]),
    (TypeCell::Plain(Kind::End), &["end", "end time", "get end time"]),
    (TypeCell::Plain(Kind::Today), &["today", "get today"]),
    (TypeCell::Plain(Kind::DeviceId), &["deviceid", "imei", "device id", "get device id", "uri:deviceid"]),
    (TypeCell::Plain(Kind::Username), &["username", "uri:username"]),
    (TypeCell::Plain(Kind::PhoneNumber), &["phonenumber", "get phone number", "uri:phonenumber"]),
    (TypeCell::Plain(Kind::Email), &["email", "uri:email"]),
    (TypeCell::Plain(Kind::SimSerial), &["simserial", "sim id", "get sim id", "uri:simserial"]),
    (
        TypeCell::Plain(Kind::SubscriberId),
        &["subscriberid", "subscriber id", "get subscriber id", "uri:subscriberid"],
    ),
    (TypeCell::Plain(Kind::Osm), &["osm"]),
    (TypeCell::Plain(Kind::Audit), &["audit"]),
    (TypeCell::Table(".csv"), &["csv-external"]),
    (TypeCell::Table(".xml"), &["xml-external"]),
    (TypeCell::Setting("form_title"), &["form_title", "set_form_title"]),
    (TypeCell::Setting("form_id"), &["form_id", "set_form_id"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_cells() {
        let select =
            |list: &str, other| Some(TypeCell::Select(Kind::SelectOne, Source::List(list.into()), other));
        assert_eq!(read_type("select_one yn"), select("yn", false));
        assert_eq!(read_type("select one  yn"), select("yn", false));
        assert_eq!(read_type("select_one yn or_other"), select("yn", true));
        assert_eq!(read_type("select_one yn or other"), select("yn", true));
        assert_eq!(read_type("select one from yn or specify other"), select("yn", true));
        assert_eq!(read_type("select all that apply from x"), read_type("select_multiple x"));
        assert_eq!(read_type("begin group"), read_type("begin_group"));
        assert_eq!(read_type("begin loop over x"), Some(TypeCell::Loop("x".to_owned())));
        assert_eq!(read_type("dateTime"), Some(TypeCell::Plain(Kind::DateTime)));
        let file = Source::File("a.csv".to_owned());
        assert_eq!(
            read_type("select_one_from_file a.csv"),
            Some(TypeCell::Select(Kind::SelectOne, file, false))
        );
        for bad in ["", "select_one", "txt", "select_one a b", "group", "Text", "begin groupx"] {
            assert_eq!(read_type(bad), None, "{bad}");
        }
    }
}
