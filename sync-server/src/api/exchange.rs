//! `POST /v1/exchange`.

use super::App;
use super::answer::{Refusal, packed};
use super::gate;
use crate::blobs::{adopt, recordings};
use crate::clock::now_ms;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use rounds_protocol::exchange::{Cursors, Level, Request};
use rounds_protocol::fault::Fault;
use rounds_protocol::wire;
use std::sync::Arc;

/// Everything a phone has to say, and everything new for it.
pub async fn exchange(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    let version = gate::check_version(&headers)?;
    let token = gate::token(&headers)?;
    // Nobody's message is unpacked before it is known whose it is: a few hundred bytes may claim
    // megabytes.
    let shown = token.clone();
    let team = match app.work(move |app| crate::exchange::recognise(&*app.storage, &shown)).await {
        Ok(team) => team,
        Err(refused) => {
            tokio::spawn(gate::discard(body));
            return Err(refused.into());
        }
    };
    let place = match gate::device(&token).and_then(|device| app.messages.take(device)) {
        Ok(place) => place,
        Err(refused) => {
            tokio::spawn(gate::discard(body));
            return Err(refused.into());
        }
    };
    let (body, held) = gate::read(&headers, body, wire::REQUEST, &app.room).await?;
    let working = Arc::clone(&app);
    let answer = working.work(move |app| {
        let _held = (place, held);
        let request: Request = wire::unpack(&body, wire::REQUEST)?;
        let answer = crate::exchange::exchange(&*app.storage, &app.rules, &token, &request, now_ms());
        let answer = answer.map_err(|e| match e.fault() {
            fault if known_to(version, fault) != fault => known_to(version, fault).into(),
            _ => e,
        })?;
        // Before the others are woken: what this phone is just given is not news to it. That it has it, it says
        // itself when it comes again: an answer may be lost.
        let least = |cursors: &Cursors, level: Option<Level>| {
            cursors.values().copied().min().or(level.map(|level| level.seq)).unwrap_or_default()
        };
        app.wakes.has(request.device, least(&request.cursors, request.level));
        app.wakes.giving(request.device, least(&answer.cursors, answer.level));
        if !request.push.is_empty() {
            app.wakes.poke();
        }
        let photos = adopt::named(&request.push, &answer);
        let acted = recordings::acted(&request.push);
        let by_rows = version < rounds_protocol::COLUMNS;
        let packed = if by_rows { wire::pack(&answer.by_rows()) } else { wire::pack(&answer) };
        Ok((packed?, request.device, photos, acted))
    });
    let (answer, device, photos, acted) = answer.await?;
    if let (Some(blobs), false) = (app.blobs.clone(), acted.is_empty()) {
        tokio::spawn(async move {
            if let Err(e) = blobs.note_sealed(team, acted).await {
                tracing::warn!(error = %e, "a recording that was sealed could not be checked");
            }
        });
    }
    if let (Some(blobs), false) = (app.blobs.clone(), photos.is_empty()) {
        // The phone does not wait for it.
        tokio::spawn(async move {
            if let Err(e) = blobs.adopt(team, device, photos).await {
                tracing::error!(error = %e, "a photo that is here could not be noted");
            }
        });
    }
    Ok(packed(answer))
}

/// A fault as phones of a version know it.
fn known_to(version: u32, fault: Fault) -> Fault {
    match fault {
        // What a phone of before takes for a push that was too large: it sends less.
        Fault::PushTooHeavy if version < rounds_protocol::SMALLER => Fault::BodyTruncated,
        fault => fault,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_of_before_are_told_what_makes_them_send_less() {
        use Fault::{BodyTruncated, Busy, PushTooHeavy};
        assert_eq!([3, 4].map(|version| known_to(version, PushTooHeavy)), [BodyTruncated, PushTooHeavy]);
        assert_eq!(known_to(3, Busy), Busy);
    }
}
