//! Photos on a bad day: the real uploads of both ends, over a network that loses what it carries and
//! with a server that dies between any two of its steps.

use super::network::{Network, Wire, lock, offline};
use super::server::Server;
use rounds_device::error::Fail;
use rounds_device::sync::blobs::transport::{BlobTransport, Progress, Sending};
use rounds_model::ids::{BlobHash, DocId};
use rounds_protocol::blob::{self, Checksum, Metadata};
use rounds_server::blobs::uploads::{self, Announced, Part};
use rounds_server::blobs::{Asker, Blobs};
use rounds_server::error::Error;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// One request about a photo.
enum Ask {
    Create(Announced),
    Offset([u8; 16]),
    /// A part, and how much of it arrives if not all.
    Append([u8; 16], Part, Vec<u8>, Option<usize>),
}

impl Network {
    fn photo(&mut self, phone: usize, token: &str, ask: &mut Ask) -> Result<Progress, Fail> {
        if !self.rough {
            return answer(&self.server, token, ask);
        }
        let before = (self.server.log_length(), parts(&self.server)?);
        match self.rng.below(100) {
            0..6 => {
                self.say(phone, "a request about a photo is lost");
                Err(offline("lost"))
            }
            6..12 => {
                let _ = answer(&self.server, token, ask);
                self.say(phone, "an answer about a photo is lost");
                Err(offline("lost"))
            }
            12..16 => {
                let _ = answer(&self.server, token, ask);
                answer(&self.server, token, ask)
            }
            16..24 => {
                if let Ask::Append(_, _, bytes, arrives) = ask {
                    *arrives = Some(self.rng.below(bytes.len()));
                    self.say(phone, "a photo breaks off");
                }
                answer(&self.server, token, ask)
            }
            24..28 => {
                let _ = answer(&self.server, token, ask);
                let after = self.server.log_length();
                let cut = (after > before.0).then(|| self.rng.between(before.0, after - 1));
                if cut.is_some() {
                    self.tear(&before.1)?;
                }
                self.say(phone, &format!("the server dies with a photo: log cut {cut:?}"));
                self.restart_server(cut)
            }
            28..30 => {
                let _ = answer(&self.server, token, ask);
                self.say(phone, "the server dies after a photo");
                self.restart_server(None)
            }
            _ => answer(&self.server, token, ask),
        }
    }

    /// Leaves the parts as a dead battery does: as they were, with some of what was appended.
    fn tear(&mut self, before: &BTreeMap<OsString, Vec<u8>>) -> Result<(), Fail> {
        for (name, old) in before {
            let file = self.server.parts().join(name);
            let new = std::fs::read(&file).unwrap_or_else(|_| old.clone());
            let end = old.len() + self.rng.below(new.len().saturating_sub(old.len()) + 1);
            std::fs::write(&file, new.get(..end).unwrap_or(old))?;
        }
        Ok(())
    }
}

fn parts(server: &Server) -> Result<BTreeMap<OsString, Vec<u8>>, Fail> {
    let Ok(entries) = std::fs::read_dir(server.parts()) else { return Ok(BTreeMap::new()) };
    let mut out = BTreeMap::new();
    for entry in entries {
        let entry = entry?;
        out.insert(entry.file_name(), std::fs::read(entry.path())?);
    }
    Ok(out)
}

fn answer(server: &Server, token: &str, ask: &Ask) -> Result<Progress, Fail> {
    let done = server.blobs().and_then(|blobs| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        runtime.block_on(async {
            let asker = blobs.asker(token).await?;
            judge(&blobs, &asker, ask).await
        })
    });
    let at = done.map_err(|e| Fail::Fault(Box::new(e.fault().body())))?;
    let place = at.upload.map(|id| format!("{}/uploads/{}", blob::PATH, hex(&id)));
    Ok(Progress { place, offset: at.offset, receipt_ms: at.received })
}

async fn judge(blobs: &Arc<Blobs>, asker: &Asker, ask: &Ask) -> Result<uploads::Progress, Error> {
    match ask {
        Ask::Create(announced) => blobs.create(asker, *announced).await,
        Ask::Offset(id) => blobs.offset(asker, *id).await,
        Ask::Append(id, part, bytes, arrives) => {
            let piece = |end: usize| Ok(bytes.get(..end).unwrap_or_default().to_vec().into());
            let pieces = match arrives {
                None => vec![piece(bytes.len())],
                Some(n) => vec![piece(*n), Err(std::io::Error::from(ErrorKind::ConnectionReset))],
            };
            blobs.append(asker, *id, *part, futures_util::stream::iter(pieces)).await
        }
    }
}

impl Wire<'_> {
    fn ask(&self, token: &str, mut ask: Ask) -> Result<Progress, Fail> {
        if self.offline {
            return Err(offline("no network"));
        }
        self.written.store(self.folder.log_length(), Ordering::SeqCst);
        let answer = lock(self.network).photo(self.phone, token, &mut ask);
        (self.meanwhile)();
        answer
    }
}

impl BlobTransport for Wire<'_> {
    fn is_metered(&self) -> bool {
        false
    }

    fn create(&self, token: &str, hash: &BlobHash, size: u64, doc: DocId) -> Result<Progress, Fail> {
        let metadata = Metadata { hash: *hash, doc };
        self.ask(token, Ask::Create(Announced { size, metadata, resume: true }))
    }

    fn offset(&self, token: &str, place: &str) -> Result<Progress, Fail> {
        self.ask(token, Ask::Offset(id(place)?))
    }

    fn append(&self, token: &str, place: &str, mut part: Sending) -> Result<Progress, Fail> {
        let mut bytes = vec![];
        part.bytes.read_to_end(&mut bytes)?;
        let checksum = Some(Checksum::Sha256(part.checksum));
        let said = Part { offset: part.offset, length: Some(part.length), checksum };
        self.ask(token, Ask::Append(id(place)?, said, bytes, None))
    }

    fn fetch(&self, _: &str, _: &BlobHash, _: u64) -> Result<Box<dyn Read + Send>, Fail> {
        Err(offline("nobody looks at photos of others here"))
    }
}

fn hex(id: &[u8; 16]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn id(place: &str) -> Result<[u8; 16], Fail> {
    let digits = place.rsplit('/').next().unwrap_or_default();
    let id = u128::from_str_radix(digits, 16).map_err(|_| Fail::BadAnswer("no place"))?;
    Ok(id.to_be_bytes())
}
