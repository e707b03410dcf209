//! What an address asks for, read strictly: a filter that cannot be read is told, and never left out. Whoever
//! gets everything for a slip of the pen takes it for what they asked for.

use crate::error::{Error, Result};
use crate::texts::messages;
use axum::extract::{FromRequestParts, Query};
use axum::http::Uri;
use axum::http::request::Parts;
use chrono::NaiveDate;
use rounds_model::refusal::Refusal;
use rounds_model::text::Text;
use serde::de::DeserializeOwned;
use std::convert::Infallible;
use std::str::FromStr;

/// Characters of a value that are told back.
const SHOWN: usize = 60;

/// What some address can ask for.
pub trait Filters: DeserializeOwned {
    /// The names of its filters.
    const NAMES: &'static [&'static str];
}

/// What an address asks for, or why that cannot be read.
pub struct Asked<T>(Result<T>);

impl<T> Asked<T> {
    /// What it asks for.
    pub fn read(self) -> Result<T> {
        self.0
    }
}

impl<T: Filters, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> std::result::Result<Self, Infallible> {
        Ok(Asked(asked(&parts.uri)))
    }
}

/// What an address asks for.
pub fn asked<T: Filters>(uri: &Uri) -> Result<T> {
    let unread = |_| misread("?", uri.query().unwrap_or_default(), "filter-how-each", "");
    let Query(pairs) = Query::<Vec<(String, String)>>::try_from_uri(uri).map_err(unread)?;
    for (at, (name, value)) in pairs.iter().enumerate() {
        if !T::NAMES.contains(&name.as_str()) {
            return Err(unknown(name, T::NAMES));
        }
        if pairs.iter().take(at).any(|(before, _)| before == name) {
            return Err(misread(name, value, "filter-how-each", ""));
        }
    }
    let Query(asked) = Query::<T>::try_from_uri(uri).map_err(unread)?;
    Ok(asked)
}

/// A day; none if nothing is said.
pub fn day(filter: &str, value: &str) -> Result<Option<NaiveDate>> {
    let read = |text: &str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
    read_as(filter, value, "filter-how-day", read)
}

/// The id of a person or a record; none if nothing is said.
pub fn id<T: FromStr>(filter: &str, value: &str) -> Result<Option<T>> {
    read_as(filter, value, "filter-how-id", |text| text.parse().ok())
}

/// A number from 0; none if nothing is said.
pub fn number(filter: &str, value: &str) -> Result<Option<u32>> {
    read_as(filter, value, "filter-how-number", |text| text.parse().ok())
}

/// One of several; nothing said is fine too.
pub fn one_of<'a>(filter: &str, value: &str, possible: impl Iterator<Item = &'a str>) -> Result<()> {
    let possible: Vec<&str> = possible.collect();
    if value.is_empty() || possible.contains(&value) {
        return Ok(());
    }
    Err(misread(filter, value, "filter-how-one", &possible.join(", ")))
}

fn read_as<T>(filter: &str, value: &str, how: &str, read: impl Fn(&str) -> Option<T>) -> Result<Option<T>> {
    if value.is_empty() {
        return Ok(None);
    }
    read(value).map(Some).ok_or_else(|| misread(filter, value, how, ""))
}

fn misread(filter: &str, value: &str, how: &str, possible: &str) -> Error {
    let value: String = value.chars().take(SHOWN).collect();
    let reason = messages().text("filter-unread", &[("filter", filter.to_owned()), ("value", value)]);
    told(filter, reason, messages().text(how, &[("names", possible.to_owned())]))
}

fn unknown(filter: &str, possible: &[&str]) -> Error {
    let filter: String = filter.chars().take(SHOWN).collect();
    let reason = messages().text("filter-unknown", &[("filter", filter.clone())]);
    told(&filter, reason, messages().text("filter-how-one", &[("names", possible.join(", "))]))
}

fn told(filter: &str, reason: Text, remedy: Text) -> Error {
    Error::Misread(Box::new(Refusal::new("query-malformed", reason, remedy).on(filter)))
}
