//! A photo of a colleague, on demand: read from the server, encrypted as it comes, kept only if it
//! is the one that the record names. A connection that breaks is asked again for the rest.

use super::transport::BlobTransport;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::{blobs, documents, gone, records, sheets};
use crate::sync::transport::Transport;
use rounds_model::ids::{BlobHash, DocId};
use rounds_model::scalar::Scalar;
use std::io::{self, Read, Write};

/// Broken connections in a row, without a byte, before it is given up.
const BROKEN: u32 = 3;

impl Rounds {
    /// Writes the photo or file that answers a question of a record, that an act carries (`@act/question`), or
    /// that is on the sheet of an act that is not stated yet (its hash). One that is not on this phone
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
        let said = |value: &Scalar| value.as_text()?.parse::<BlobHash>().ok();
        let answer = match question.strip_prefix('@') {
            // What an act carries.
            Some(_) => {
                let row = self.store.read(|db| records::get(db, doc))?.ok_or(Fail::UnknownRecord)?;
                row.projection.data.get(question).and_then(said)
            }
            None => document.get(question).as_ref().and_then(said),
        };
        let sheet = || self.store.read(|db| sheets::has(db, doc, question));
        let answer = match answer {
            Some(hash) => Some(hash),
            None => sheet()?,
        };
        let hash = answer.ok_or_else(|| Fail::NoPhoto(question.to_owned()))?;
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
        let now = transport.fetch(token, hash, 0)?;
        let mut source = Resuming { transport, token, hash, at: 0, now, broken: 0, failed: None };
        let draft = blobs::draft(&self.blobs, key, &*self.platform, &mut source);
        let draft = draft.map_err(|fail| match fail {
            // Why it could not go on, in its own words: it may have been stopped.
            Fail::Io(e) => source.failed.take().unwrap_or_else(|| Fail::Offline(e.to_string())),
            fail => fail,
        })?;
        if draft.stored.hash != *hash {
            return Err(Fail::BadAnswer("another photo or file"));
        }
        let now = self.platform.clocks()?.wall_ms;
        let _alone = self.photos();
        let stored = draft.keep(&self.blobs, key)?;
        self.store.write(|tx| {
            gone::swept(tx, hash)?;
            blobs::note(tx, doc, stored, now)
        })
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
    /// Why it did not go on.
    failed: Option<Fail>,
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
                    self.now = rest.map_err(|fail| {
                        let error = io::Error::other(fail.to_string());
                        self.failed = Some(fail);
                        error
                    })?;
                }
            }
        }
    }
}
