//! A photo of a colleague, on demand: read from the server, encrypted as it comes, kept only if it
//! is the one that the record names. A connection that breaks is asked again for the rest.

use super::transport::BlobTransport;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::{blobs, documents};
use crate::sync::transport::Transport;
use rounds_model::ids::{BlobHash, DocId};
use std::io::{self, Read, Write};

/// Broken connections in a row, without a byte, before it is given up.
const BROKEN: u32 = 3;

impl Rounds {
    /// Writes the photo or file that answers a question of a record. One that is not on this phone
    /// is fetched, and kept. Returns its hash and its bytes.
    pub fn photo(
        &self,
        transport: &dyn Transport,
        doc: DocId,
        question: &str,
        sink: &mut dyn Write,
    ) -> Result<(BlobHash, u64), RoundsError> {
        Ok(self.photo_inner(transport, doc, question, sink)?)
    }

    fn photo_inner(
        &self,
        transport: &dyn Transport,
        doc: DocId,
        question: &str,
        sink: &mut dyn Write,
    ) -> Result<(BlobHash, u64), Fail> {
        let document = self.store.read(|db| documents::load(db, doc))?.ok_or(Fail::UnknownRecord)?;
        let answer = document.get(question).and_then(|value| value.as_text()?.parse().ok());
        let hash: BlobHash = answer.ok_or_else(|| Fail::NoPhoto(question.to_owned()))?;
        let key = self.store.write(|tx| blobs::key(tx, &*self.platform))?;
        if self.store.read(|db| blobs::size(db, &hash))?.is_none() {
            self.fetch(transport, doc, &hash, &key)?;
        }
        Ok((hash, blobs::read(&self.blobs, &key, &hash, sink)?))
    }

    fn fetch(
        &self,
        transport: &dyn Transport,
        doc: DocId,
        hash: &BlobHash,
        key: &[u8; 32],
    ) -> Result<(), Fail> {
        let transport = transport.blobs().ok_or_else(|| Fail::Offline("net-no-photos".to_owned()))?;
        let me = self.identity()?;
        let token = me.token();
        let mut source =
            Resuming { transport, token, hash, at: 0, now: transport.fetch(token, hash, 0)?, broken: 0 };
        let stored = blobs::write_expected(&self.blobs, key, &*self.platform, &mut source, hash);
        let stored = stored.map_err(|fail| match fail {
            Fail::Io(e) => Fail::Offline(e.to_string()),
            fail => fail,
        })?;
        let now = self.platform.clocks()?.wall_ms;
        self.store.write(|tx| blobs::note(tx, doc, stored, now))
    }
}

/// A download that goes on after a broken connection.
struct Resuming<'a> {
    transport: &'a dyn BlobTransport,
    token: &'a str,
    hash: &'a BlobHash,
    at: u64,
    now: Box<dyn Read + Send>,
    broken: u32,
}

impl Read for Resuming<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.now.read(buffer) {
                Ok(n) => {
                    self.at += n as u64;
                    self.broken = 0;
                    return Ok(n);
                }
                Err(e) if self.broken >= BROKEN => return Err(e),
                Err(_) => {
                    self.broken += 1;
                    let rest = self.transport.fetch(self.token, self.hash, self.at);
                    self.now = rest.map_err(|e| io::Error::other(e.to_string()))?;
                }
            }
        }
    }
}
