//! `POST /v1/exchange`.

use super::App;
use super::answer::{Refusal, packed};
use super::gate;
use crate::clock::now_ms;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use rounds_protocol::exchange::Request;
use rounds_protocol::wire;
use std::sync::Arc;

/// Everything a phone has to say, and everything new for it.
pub async fn exchange(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    gate::check_version(&headers)?;
    let token = gate::token(&headers)?;
    // Nobody's message is unpacked before it is known whose it is: a few hundred bytes may claim
    // megabytes.
    let shown = token.clone();
    if let Err(refused) = app.work(move |app| crate::exchange::recognise(&*app.storage, &shown)).await {
        tokio::spawn(gate::discard(body));
        return Err(refused.into());
    }
    let body = gate::read(&headers, body, wire::REQUEST).await?;
    let answer = app.work(move |app| {
        let request: Request = wire::unpack(&body, wire::REQUEST)?;
        let answer = crate::exchange::exchange(&*app.storage, &app.rules, &token, &request, now_ms())?;
        // Before the others are woken: what this phone has just been given is not news to it.
        app.wakes.seen(request.device, answer.cursors.values().copied().min().unwrap_or_default());
        if !request.push.is_empty() {
            app.wakes.poke();
        }
        Ok(wire::pack(&answer)?)
    });
    Ok(packed(answer.await?))
}
