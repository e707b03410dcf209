//! Pages that say what went wrong and what to do now.

use super::assets::links;
use super::pages::{ProblemPage, ways};
use super::words::Words;
use crate::error::Error;
use askama::Template;
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rounds_model::refusal::Refusal;
use rounds_model::text::{Lang, Text};

/// A page for a status, in the reader's language, with the other one in small print: who comes
/// here may have come without any language.
pub fn problem(lang: Lang, status: StatusCode) -> Response {
    said(lang, status, key_of(status), "remedy")
}

fn key_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST => "error-403",
        StatusCode::PAYLOAD_TOO_LARGE => "error-413",
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "error-404",
        StatusCode::SERVICE_UNAVAILABLE => "error-503",
        _ => "error-500",
    }
}

fn said(lang: Lang, status: StatusCode, key: &str, remedy: &str) -> Response {
    let both = |key: &str| {
        let [zh, en] = [Lang::Zh, Lang::En].map(|lang| Words::new(lang, "UTC").t(key));
        Text { zh, en }
    };
    told(lang, status, &both(key), &both(&format!("{key}-{remedy}")))
}

/// A page about a form that cannot be read: too much of it, or not one of ours.
pub fn unread(lang: Lang, no: &FormRejection) -> Response {
    match no.status() {
        // No file comes with such a form: its bound is another, and so is what to do.
        status @ StatusCode::PAYLOAD_TOO_LARGE => said(lang, status, key_of(status), "form-remedy"),
        _ => problem(lang, StatusCode::BAD_REQUEST),
    }
}

/// A page that says why something was not done.
pub fn refused(lang: Lang, refusal: &Refusal) -> Response {
    told(lang, StatusCode::CONFLICT, &refusal.reason, &refusal.remedy)
}

/// The same with the way back to the form.
pub fn refused_at(lang: Lang, refusal: &Refusal, back: &str) -> Response {
    page(lang, StatusCode::CONFLICT, &refusal.reason, &refusal.remedy, Some(back))
}

/// A page that says that what its address asks for cannot be read, with the way to the same without it.
pub fn misread(lang: Lang, refusal: &Refusal, way: &str) -> Response {
    let back = ("error-back-all", way);
    page_to(lang, StatusCode::BAD_REQUEST, &refusal.reason, &refusal.remedy, back)
}

fn told(lang: Lang, status: StatusCode, text: &Text, remedy: &Text) -> Response {
    page(lang, status, text, remedy, None)
}

/// A page that says something, with the way back.
pub fn page(lang: Lang, status: StatusCode, text: &Text, remedy: &Text, back: Option<&str>) -> Response {
    let back = back.map_or(("error-back", "/"), |way| ("error-back-form", way));
    page_to(lang, status, text, remedy, back)
}

/// A page that says something, with a way on: its words, and where it leads.
pub fn page_to(
    lang: Lang,
    status: StatusCode,
    text: &Text,
    remedy: &Text,
    (back, way): (&str, &str),
) -> Response {
    let words = Words::new(lang, "UTC");
    let other = if lang == Lang::Zh { Lang::En } else { Lang::Zh };
    let page = ProblemPage {
        status: status.as_u16(),
        tag: lang.tag(),
        text: text.get(lang).to_owned(),
        remedy: remedy.get(lang).to_owned(),
        back: words.t(back),
        way: way.to_owned(),
        other_tag: other.tag(),
        other_text: text.get(other).to_owned(),
        other_remedy: remedy.get(other).to_owned(),
        assets: links(),
        nav_label: words.t("nav"),
        nav: vec![],
    };
    let mut response = match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(_) => status.into_response(),
    };
    response.extensions_mut().insert(page);
    response
}

/// The same page with the ways to all others, for whoever has a session.
pub fn with_ways(response: Response, lang: Lang) -> Response {
    let (mut parts, body) = response.into_parts();
    let Some(page) = parts.extensions.remove::<ProblemPage>() else {
        return Response::from_parts(parts, body);
    };
    let words = Words::new(lang, "UTC");
    match (ProblemPage { nav: ways(&words, None), ..page }).render() {
        Ok(html) => {
            parts.headers.remove(header::CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(html))
        }
        Err(_) => Response::from_parts(parts, body),
    }
}

/// What such a page says, for a script: whatever went wrong is told where the form is.
pub fn as_json(mut response: Response) -> Response {
    let Some(page) = response.extensions_mut().remove::<ProblemPage>() else { return response };
    let said =
        serde_json::json!({ "reason": page.text, "remedy": page.remedy, "field": null, "door": false });
    (response.status(), Json(said)).into_response()
}

/// A page for a failure of ours. The log has it, without anything personal.
pub fn failure(lang: Lang, error: &Error) -> Response {
    if let Error::Misread(refusal) = error {
        return told(lang, StatusCode::BAD_REQUEST, &refusal.reason, &refusal.remedy);
    }
    let status = match error.fault().status() {
        503 => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    tracing::error!(error = %error, "a console page failed");
    problem(lang, status)
}

/// A rendered page.
pub fn html(lang: Lang, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a template failed");
            problem(lang, StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}
