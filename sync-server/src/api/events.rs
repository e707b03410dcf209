//! `GET /v1/events`: server-sent events that say nothing but "something new for you".

use super::App;
use super::answer::Refusal;
use super::gate;
use crate::wakes::{Listening, Seat};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use rounds_protocol::events;
use std::convert::Infallible;
use std::sync::Arc;

/// Listens for as long as the device may, or wants to.
pub async fn events(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Refusal> {
    gate::check_version(&headers)?;
    let token = gate::token(&headers)?;
    let (seat, head) = app.work(move |app| Seat::of(&*app.storage, &token)).await?;
    let listening = app.wakes.listen(seat, head)?;
    app.wakes.keep(&app.storage);
    let beat = KeepAlive::new().interval(app.beat).text("");
    let stream = futures_util::stream::unfold(listening, event);
    let mut response = Sse::new(stream).keep_alive(beat).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A proxy that collects an answer before it passes it on would make a wake-up late.
    headers.insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    Ok(response)
}

async fn event(mut listening: Listening) -> Option<(Result<Event, Infallible>, Listening)> {
    listening.next().await?;
    Some((Ok(Event::default().data(events::NEW)), listening))
}
