//! Headers of sheets: aliases of XLSForm, language suffixes, and what has no effect here.

use crate::language::{DEFAULT_LANGUAGE, Texts};
use crate::spec::QuestionSpec;

/// What a header of the survey sheet stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Column {
    /// A field of [`QuestionSpec`].
    Field(&'static str),
    /// A field with a language.
    Text(&'static str, String),
    /// A column of XLSForm that has no effect yet.
    Unsupported,
    /// A column that is not ours.
    Foreign,
}

const FIELDS: &[(&str, &str)] = &[
    ("type", "type"),
    ("name", "name"),
    ("required", "required"),
    ("bind::required", "required"),
    ("relevant", "relevant"),
    ("relevance", "relevant"),
    ("bind::relevant", "relevant"),
    ("constraint", "constraint"),
    ("bind::constraint", "constraint"),
    ("calculation", "calculation"),
    ("calculate", "calculation"),
    ("bind::calculate", "calculation"),
    ("default", "default"),
    ("read_only", "read_only"),
    ("readonly", "read_only"),
    ("bind::readonly", "read_only"),
    ("appearance", "appearance"),
    ("control::appearance", "appearance"),
    ("parameters", "parameters"),
    ("choice_filter", "choice_filter"),
    ("repeat_count", "repeat_count"),
    ("count", "repeat_count"),
    ("disabled", "disabled"),
];

const TEXTS: &[(&str, &str)] = &[
    ("label", "label"),
    ("caption", "label"),
    ("hint", "hint"),
    ("guidance_hint", "guidance_hint"),
    ("required_message", "required_message"),
    ("bind::jr:requiredmsg", "required_message"),
    ("constraint_message", "constraint_message"),
    ("bind::jr:constraintmsg", "constraint_message"),
];

const UNSUPPORTED: &[&str] = &[
    "trigger",
    "save_to",
    "media",
    "image",
    "big-image",
    "audio",
    "video",
    "autoplay",
    "bind",
    "body",
    "control",
    "instance",
    "noapperrorstring",
    "no_app_error_string",
    "rows",
    "compact_tag",
    "intent",
    "query",
    "file",
];

/// What a header of the survey sheet means.
pub(crate) fn survey(header: &str) -> Column {
    let normal = normal(header);
    if let Some((_, field)) = FIELDS.iter().find(|(name, _)| *name == normal) {
        return Column::Field(field);
    }
    for (name, field) in TEXTS {
        if let Some(language) = language_after(header, &normal, name) {
            return Column::Text(field, language);
        }
    }
    let head = normal.split(':').next().unwrap_or("");
    // `bind::rounds:dwell` is somebody's own namespace, not a column of XLSForm.
    let namespaced = normal.split_once("::").is_some_and(|(_, rest)| {
        rest.split_once(':').is_some_and(|(space, name)| {
            !name.starts_with(':') && !matches!(space, "jr" | "orx" | "odk" | "")
        })
    });
    if UNSUPPORTED.contains(&head) && !namespaced { Column::Unsupported } else { Column::Foreign }
}

/// `label::中文 (zh)` gives the language; `label` gives the default one.
pub(crate) fn language_after(header: &str, normal: &str, name: &str) -> Option<String> {
    let rest = normal.strip_prefix(name)?;
    if rest.is_empty() {
        return Some(DEFAULT_LANGUAGE.to_owned());
    }
    rest.strip_prefix(':')?;
    // The language keeps its spelling, so it is cut from the header as written.
    let language = header.rsplit(':').next()?.trim();
    (!language.is_empty()).then(|| language.to_owned())
}

/// Lower case, no spaces around `::`, underscores for spaces; the language part included.
pub(crate) fn normal(header: &str) -> String {
    let normal = header
        .split(':')
        .map(|part| part.trim().to_lowercase().replace(' ', "_"))
        .collect::<Vec<_>>()
        .join(":");
    // Older workbooks write `bind:relevant` for `bind::relevant`.
    match normal.split_once(':') {
        Some((head @ ("bind" | "control" | "media"), rest)) if !rest.starts_with(':') => {
            format!("{head}::{rest}")
        }
        _ => normal,
    }
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
        "read_only" => &mut spec.read_only,
        "appearance" => &mut spec.appearance,
        "parameters" => &mut spec.parameters,
        "choice_filter" => &mut spec.choice_filter,
        "repeat_count" => &mut spec.repeat_count,
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
            ("constraint message", text("constraint_message", "default")),
            ("label::中文 (zh)", text("label", "中文 (zh)")),
            ("label :: English (en)", text("label", "English (en)")),
            ("hint:French", text("hint", "French")),
            ("bind:relevant", Column::Field("relevant")),
            ("bind:jr:constraintMsg", text("constraint_message", "default")),
            ("relevance", Column::Field("relevant")),
            ("media::image::English (en)", Column::Unsupported),
            ("bind::orx:max-pixels", Column::Unsupported),
            ("bind::rounds:dwell", Column::Foreign),
            ("label_old", Column::Foreign),
            ("备注", Column::Foreign),
        ] {
            assert_eq!(survey(header), expected, "{header}");
        }
    }
}
