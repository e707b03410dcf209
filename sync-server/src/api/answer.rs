//! What goes back: a packed message, or a fault as JSON.

use crate::error::Error;
use axum::Json;
use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rounds_protocol::fault::Fault;
use rounds_protocol::wire;

/// A request that is not answered as asked.
pub struct Refusal(Error);

impl<E: Into<Error>> From<E> for Refusal {
    fn from(e: E) -> Self {
        Refusal(e.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let fault = self.0.fault();
        if !matches!(self.0, Error::Fault(f) if f != Fault::Internal) {
            // What the caller is not told, an operator must be able to read.
            tracing::error!(code = fault.code(), cause = %Chain(&self.0), "a request failed");
        }
        let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, version(), Json(fault.body())).into_response();
        if let Some(seconds) = fault.retry_s() {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// A packed message.
pub fn packed(body: Vec<u8>) -> Response {
    (version(), [(header::CONTENT_TYPE, wire::CONTENT_TYPE)], body).into_response()
}

fn version() -> [(HeaderName, String); 2] {
    [
        (HeaderName::from_static(wire::VERSION_HEADER), rounds_protocol::VERSION.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ]
}

/// An error with everything that caused it.
struct Chain<'a>(&'a dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut next = self.0.source();
        while let Some(cause) = next {
            write!(f, ": {cause}")?;
            next = cause.source();
        }
        Ok(())
    }
}
