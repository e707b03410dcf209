//! Blobs over HTTP: tus 1.0 up, ranges down.

use super::transport::{BlobTransport, Progress, Sending};
use crate::error::Fail;
use crate::sync::transport::{Http, accepted, plain};
use reqwest::Method;
use reqwest::blocking::{RequestBuilder, Response};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, LOCATION, RANGE};
use rounds_model::ids::{BlobHash, DocId};
use rounds_protocol::blob::{self, Metadata};
use rounds_protocol::fault::Fault;
use std::io::Read;
use std::time::Duration;

/// How long one part may take. What arrived of it until then stays, so that a slow network goes on
/// from there.
const PART: Duration = Duration::from_secs(300);
/// How long a whole download may take before it is asked for again from where it is.
const WHOLE: Duration = Duration::from_secs(600);

impl Http {
    fn tus(&self, method: Method, address: &str, token: &str) -> RequestBuilder {
        let call = self.client().request(method, address).header(blob::TUS_HEADER, blob::TUS);
        call.header(AUTHORIZATION, format!("Bearer {token}"))
    }

    /// The answer, or the fault that it tells.
    fn sent(&self, call: RequestBuilder) -> Result<Response, Fail> {
        self.stop().run(move || accepted(call.send().map_err(|e| Fail::Offline(plain(&e)))?))
    }

    /// An upload's address; only ever on our own server, whatever an answer says.
    fn at(&self, place: &str) -> Result<String, Fail> {
        let path = if let Some(rest) = place.strip_prefix(self.base()) { rest } else { place };
        let ours = path.starts_with(blob::PATH) && path.bytes().all(|b| b.is_ascii_graphic());
        if ours { Ok(format!("{}{path}", self.base())) } else { Err(Fail::BadAnswer("another server")) }
    }
}

impl BlobTransport for Http {
    fn is_metered(&self) -> bool {
        self.metered()
    }

    fn create(&self, token: &str, hash: &BlobHash, size: u64, doc: DocId) -> Result<Progress, Fail> {
        let call = self
            .tus(Method::POST, &self.at(blob::PATH)?, token)
            .header(blob::LENGTH_HEADER, size.to_string())
            .header(blob::METADATA_HEADER, Metadata { hash: *hash, doc }.header())
            .header(blob::RESUME_HEADER, "1")
            .body(Vec::new());
        progress(&self.sent(call)?)
    }

    fn offset(&self, token: &str, place: &str) -> Result<Progress, Fail> {
        let call = self.tus(Method::HEAD, &self.at(place)?, token);
        let answer = self.stop().run(move || call.send().map_err(|e| Fail::Offline(plain(&e))))?;
        match answer.status().as_u16() {
            200 => progress(&answer),
            // A HEAD has no body to tell more by.
            401 => Err(fault(Fault::TokenUnknown)),
            403 => Err(fault(Fault::DeviceRevoked)),
            404 | 410 => Err(fault(Fault::BlobUpload)),
            422 => Err(fault(Fault::BlobHash)),
            423 => Err(fault(Fault::BlobWriting)),
            507 => Err(fault(Fault::StorageFull)),
            500..=599 => Err(fault(Fault::Busy)),
            _ => Err(Fail::BadAnswer("not our server")),
        }
    }

    fn append(&self, token: &str, place: &str, part: Sending) -> Result<Progress, Fail> {
        let call = self
            .tus(Method::PATCH, &self.at(place)?, token)
            .timeout(PART)
            .header(CONTENT_TYPE, blob::PART)
            .header(blob::OFFSET_HEADER, part.offset.to_string())
            .header(blob::CHECKSUM_HEADER, blob::checksum_header(&part.checksum))
            .body(self.body(part.bytes, part.length));
        progress(&self.sent(call)?)
    }

    fn fetch(&self, token: &str, hash: &BlobHash, from: u64) -> Result<Box<dyn Read + Send>, Fail> {
        let address = format!("{}{}/{hash}", self.base(), blob::PATH);
        let mut call = self.client().get(address).timeout(WHOLE);
        call = call.header(AUTHORIZATION, format!("Bearer {token}"));
        if from > 0 {
            call = call.header(RANGE, format!("bytes={from}-"));
        }
        let answer = self.sent(call)?;
        let wanted = if from > 0 { 206 } else { 200 };
        if answer.status().as_u16() != wanted {
            return Err(Fail::BadAnswer("another part than was asked for"));
        }
        Ok(Box::new(self.stop().reading(self.counted(answer))))
    }
}

fn fault(fault: Fault) -> Fail {
    Fail::Fault(Box::new(fault.body()))
}

fn progress(answer: &Response) -> Result<Progress, Fail> {
    let headers = answer.headers();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let offset = text(blob::OFFSET_HEADER).and_then(blob::read_count);
    Ok(Progress {
        place: place(headers),
        offset: offset.ok_or(Fail::BadAnswer("no offset"))?,
        receipt_ms: text(blob::RECEIPT_HEADER).and_then(|at| at.parse().ok()),
    })
}

fn place(headers: &HeaderMap) -> Option<String> {
    let place = headers.get(LOCATION)?.to_str().ok()?;
    (place.len() <= 1_024).then(|| place.to_owned())
}
