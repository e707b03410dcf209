//! Headers: aliases of XLSForm, language suffixes, and what has no effect here.

use crate::language::{DEFAULT_LANGUAGE, Texts};
use crate::spec::QuestionSpec;

/// What a header of the survey sheet stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    /// A field of [`QuestionSpec`].
    Field(&'static str),
    /// A field with a language.
    Text(&'static str, String),
    /// A picture, sound or film beside the label, with a language.
    Media(&'static str, String),
    /// A column of ours that other tools ignore: `bind::rounds:weight`.
    Rounds,
    /// A column of XLSForm that has no effect here.
    Unsupported,
    /// A column that is nobody's.
    Foreign,
}

/// The first part of a header to what it stands for, in parts.
const ALIASES: &[(&str, &[&str])] = &[
    ("command", &["type"]),
    ("tag", &["name"]),
    ("value", &["name"]),
    ("caption", &["label"]),
    ("read_only", &["bind", "readonly"]),
    ("readonly", &["bind", "readonly"]),
    ("relevant", &["bind", "relevant"]),
    ("relevance", &["bind", "relevant"]),
    ("required", &["bind", "required"]),
    ("constraint", &["bind", "constraint"]),
    ("constraint_message", &["bind", "jr:constraintmsg"]),
    ("constraining_message", &["bind", "jr:constraintmsg"]),
    ("required_message", &["bind", "jr:requiredmsg"]),
    ("requiredmsg", &["bind", "jr:requiredmsg"]),
    ("calculation", &["bind", "calculate"]),
    ("calculate", &["bind", "calculate"]),
    ("noapperrorstring", &["bind", "jr:noapperrorstring"]),
    ("no_app_error_string", &["bind", "jr:noapperrorstring"]),
    ("save_to", &["bind", "entities:saveto"]),
    ("appearance", &["control", "appearance"]),
    ("body", &["control"]),
    ("count", &["control", "jr:count"]),
    ("repeat_count", &["control", "jr:count"]),
    ("jr:count", &["control", "jr:count"]),
    ("autoplay", &["control", "autoplay"]),
    ("rows", &["control", "rows"]),
    ("compact_tag", &["instance", "odk:tag"]),
    ("image", &["media", "image"]),
    ("big-image", &["media", "big-image"]),
    ("audio", &["media", "audio"]),
    ("video", &["media", "video"]),
];

const FIELDS: &[(&[&str], &str)] = &[
    (&["type"], "type"),
    (&["name"], "name"),
    (&["default"], "default"),
    (&["parameters"], "parameters"),
    (&["choice_filter"], "choice_filter"),
    (&["trigger"], "trigger"),
    (&["disabled"], "disabled"),
    (&["bind", "required"], "required"),
    (&["bind", "relevant"], "relevant"),
    (&["bind", "constraint"], "constraint"),
    (&["bind", "calculate"], "calculation"),
    (&["bind", "readonly"], "read_only"),
    (&["bind", "entities:saveto"], "save_to"),
    (&["control", "appearance"], "appearance"),
    (&["control", "jr:count"], "repeat_count"),
];

const TEXTS: &[(&[&str], &str)] = &[
    (&["label"], "label"),
    (&["hint"], "hint"),
    (&["guidance_hint"], "guidance_hint"),
    (&["bind", "jr:requiredmsg"], "required_message"),
    (&["bind", "jr:constraintmsg"], "constraint_message"),
];

/// Kinds of media beside a label.
pub(crate) const MEDIA: &[&str] = &["image", "big-image", "audio", "video"];

const UNSUPPORTED: &[&str] = &[
    "media",
    "bind",
    "control",
    "instance",
    "intent",
    "query",
    "file",
    "flat",
    "sms_field",
    "sms_option",
    "sms_separator",
    "sms_allow_media",
    "sms_date_format",
    "sms_datetime_format",
    "sms_response",
];

/// A header taken apart: known parts in lower case, a language as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Header(Vec<String>);

impl Header {
    /// Parts are separated by `::`; by `:` only in old sheets that have no `::` at all.
    pub(crate) fn new(header: &str, double: bool) -> Header {
        let mut parts: Vec<String> = if double || header.contains("::") {
            header.split("::").map(|part| part.trim().to_owned()).collect()
        } else {
            colons(header)
        };
        let head = snake(parts.first().map_or("", String::as_str));
        if let Some((_, known)) = ALIASES.iter().find(|(alias, _)| *alias == head) {
            parts.splice(..1, known.iter().map(|part| (*part).to_owned()));
        } else if known_head(&head) {
            parts.splice(..1, [head]);
        }
        if matches!(parts.first().map(String::as_str), Some("bind" | "control" | "media"))
            && let Some(second) = parts.get_mut(1)
        {
            *second = second.to_lowercase();
        }
        Header(parts)
    }

    /// The language after the first parts; the default one when there is nothing after them.
    pub(crate) fn language_after(&self, parts: &[&str]) -> Option<String> {
        let rest = self.strip(parts)?;
        match rest {
            [] => Some(DEFAULT_LANGUAGE.to_owned()),
            rest => rest.last().filter(|language| !language.is_empty()).cloned(),
        }
    }

    fn strip(&self, parts: &[&str]) -> Option<&[String]> {
        let start = self.0.get(..parts.len())?;
        start.iter().zip(parts).all(|(have, part)| have == part).then(|| self.0.get(parts.len()..))?
    }
}

fn known_head(head: &str) -> bool {
    let first = |parts: &[&str]| parts.first() == Some(&head);
    FIELDS.iter().any(|(parts, _)| first(parts))
        || TEXTS.iter().any(|(parts, _)| first(parts))
        || UNSUPPORTED.contains(&head)
}

/// `bind:jr:constraintMsg` is `bind` and `jr:constraintMsg`.
fn colons(header: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in header.split(':') {
        let part = part.trim();
        match parts.last_mut() {
            Some(last) if last == "jr" => *last = format!("jr:{part}"),
            _ => parts.push(part.to_owned()),
        }
    }
    parts
}

fn snake(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase()
}

/// What a header of the survey sheet means.
pub(crate) fn survey(header: &Header) -> Column {
    for (parts, field) in FIELDS {
        if header.strip(parts).is_some_and(<[String]>::is_empty) {
            return Column::Field(field);
        }
    }
    for (parts, field) in TEXTS {
        if let Some(language) = header.language_after(parts) {
            return Column::Text(field, language);
        }
    }
    if let Some((kind, language)) = media(header) {
        return Column::Media(kind, language);
    }
    let parts: Vec<&str> = header.0.iter().map(String::as_str).collect();
    match parts.as_slice() {
        [bind, own, ..] if bind.eq_ignore_ascii_case("bind") && own.to_lowercase().starts_with("rounds:") => {
            Column::Rounds
        }
        // Somebody's own namespace, not a column of XLSForm.
        ["bind" | "instance" | "control", other, ..]
            if other.split_once(':').is_some_and(|(space, _)| !matches!(space, "jr" | "orx" | "odk")) =>
        {
            Column::Foreign
        }
        [head, ..] if UNSUPPORTED.contains(head) => Column::Unsupported,
        _ => Column::Foreign,
    }
}

/// `media::image::English (en)` or, in both sheets, `image::English (en)`.
pub(crate) fn media(header: &Header) -> Option<(&'static str, String)> {
    MEDIA.iter().find_map(|kind| Some((*kind, header.language_after(&["media", kind])?)))
}

/// Puts a cell into its field.
pub(crate) fn put(spec: &mut QuestionSpec, field: &str, cell: &str) {
    let slot = match field {
        "type" => &mut spec.kind,
        "name" => &mut spec.name,
        "required" => &mut spec.required,
        "relevant" => &mut spec.relevant,
        "constraint" => &mut spec.constraint,
        "calculation" => &mut spec.calculation,
        "default" => &mut spec.default,
        "trigger" => &mut spec.trigger,
        "read_only" => &mut spec.read_only,
        "appearance" => &mut spec.appearance,
        "parameters" => &mut spec.parameters,
        "choice_filter" => &mut spec.choice_filter,
        "repeat_count" => &mut spec.repeat_count,
        "save_to" => &mut spec.save_to,
        _ => return,
    };
    *slot = cell.to_owned();
}

/// The texts of a field with languages.
pub(crate) fn texts<'a>(spec: &'a mut QuestionSpec, field: &str) -> Option<&'a mut Texts> {
    Some(match field {
        "label" => &mut spec.label,
        "hint" => &mut spec.hint,
        "guidance_hint" => &mut spec.guidance_hint,
        "required_message" => &mut spec.required_message,
        "constraint_message" => &mut spec.constraint_message,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers() {
        let text = |field, language: &str| Column::Text(field, language.to_owned());
        for (header, expected) in [
            ("Type", Column::Field("type")),
            ("command", Column::Field("type")),
            ("constraint message", text("constraint_message", "default")),
            ("label::中文 (zh)", text("label", "中文 (zh)")),
            ("label :: English (en)", text("label", "English (en)")),
            ("hint:French", text("hint", "French")),
            ("bind:relevant", Column::Field("relevant")),
            ("bind:jr:constraintMsg", text("constraint_message", "default")),
            ("bind::jr:constraintMsg::Français", text("constraint_message", "Français")),
            ("relevance", Column::Field("relevant")),
            ("jr:count", Column::Field("repeat_count")),
            ("body::jr:count", Column::Field("repeat_count")),
            ("save_to", Column::Field("save_to")),
            ("media::image::English (en)", Column::Media("image", "English (en)".to_owned())),
            ("big-image", Column::Media("big-image", "default".to_owned())),
            ("bind::orx:max-pixels", Column::Unsupported),
            ("bind::rounds:dwell", Column::Rounds),
            ("Bind::Rounds:weight", Column::Rounds),
            ("bind::kobo:x", Column::Foreign),
            ("label_old", Column::Foreign),
            ("备注", Column::Foreign),
        ] {
            assert_eq!(survey(&Header::new(header, header.contains("::"))), expected, "{header}");
        }
    }
}
