//! `GET /live`: server-sent events for a page that is open: something is new for whoever looks.

use super::Console;
use super::problem::{failure, problem};
use super::session::Visitor;
use crate::error::Result;
use crate::secrets::random;
use crate::wakes::{Listening, Seat};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use rounds_model::ids::Seq;
use std::convert::Infallible;

/// Listens for as long as the session holds.
pub async fn live(State(console): State<Console>, headers: HeaderMap) -> Response {
    let visitor = Visitor::of(&headers, console.secure);
    let lang = visitor.lang;
    let Some(wakes) = console.wakes.clone() else { return problem(lang, StatusCode::NOT_FOUND) };
    let seat = console.blocking(move |console| seat(console, &visitor)).await;
    let (seat, head) = match seat {
        Ok(Some(found)) => found,
        Ok(None) => return problem(lang, StatusCode::FORBIDDEN),
        Err(error) => return failure(lang, &error),
    };
    let listening = match wakes.listen(seat, head) {
        Ok(listening) => listening,
        Err(error) => return failure(lang, &error),
    };
    wakes.keep(&console.storage);
    let beat = KeepAlive::new().interval(rounds_protocol::events::HEART_BEAT).text("");
    let mut response =
        Sse::new(futures_util::stream::unfold(listening, event)).keep_alive(beat).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

fn seat(console: &Console, visitor: &Visitor) -> Result<Option<(Seat, Seq)>> {
    let Some(tx) = console.read_for(visitor)? else { return Ok(None) };
    let Some(guest) = visitor.guest(&*tx, console.now_ms())? else { return Ok(None) };
    let Some(session) = visitor.session_hash() else { return Ok(None) };
    let (viewer, id) = (&guest.viewer, random()?);
    Seat::of_session(&*tx, session, viewer.person.id, id, viewer.sees_everything()).map(Some)
}

async fn event(mut listening: Listening) -> Option<(std::result::Result<Event, Infallible>, Listening)> {
    listening.next().await?;
    Some((Ok(Event::default().data(rounds_protocol::events::NEW)), listening))
}
