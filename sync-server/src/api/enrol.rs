//! `POST /v1/enrol`.

use super::App;
use super::answer::{Refusal, packed};
use super::gate;
use crate::clock::now_ms;
use crate::error::Error;
use axum::body::Body;
use axum::extract::{ConnectInfo, State};
use axum::http::HeaderMap;
use axum::response::Response;
use rounds_protocol::enrol::EnrolRequest;
use rounds_protocol::fault::Fault;
use rounds_protocol::wire::{self, Bounds};
use std::net::SocketAddr;
use std::sync::Arc;

const BOUNDS: Bounds = Bounds { packed: 4 << 10, unpacked: 16 << 10 };

/// An invitation becomes a device. An address that guesses codes is made to wait.
pub async fn enrol(
    State(app): State<Arc<App>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Refusal> {
    gate::check_version(&headers)?;
    if !app.tries.may_try(from.ip(), now_ms()) {
        return Err(Fault::TooMany.into());
    }
    let (body, held) = gate::read(&headers, body, BOUNDS, &app.room).await?;
    let done = app.work(move |app| {
        let _held = held;
        let request: EnrolRequest = wire::unpack(&body, BOUNDS)?;
        let answer = crate::enrol::enrol(&*app.storage, &request, now_ms())?;
        app.wakes.poke();
        Ok(wire::pack(&answer)?)
    });
    let done = done.await;
    let guessed =
        |e: &Error| matches!(e.fault(), Fault::InviteUnknown | Fault::InviteUsed | Fault::KeyNotProven);
    if done.as_ref().is_err_and(guessed) {
        app.tries.failed(from.ip(), now_ms());
    }
    Ok(packed(done?))
}
