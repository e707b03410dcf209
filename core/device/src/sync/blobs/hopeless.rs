//! Photos and files that no further try can send: the file here is damaged or gone, or it is larger than
//! the server takes. Its record could not leave for as long as it waits, and a device that was signed out
//! could not end. So the rep can give such a one up, and the end of a device does; what is given up, and
//! why, is told in both languages.

use crate::Rounds;
use crate::error::{Fail, RoundsError};
use crate::store::notices::{self, Notice};
use crate::store::uploads::{self, Upload};
use crate::store::{gone, records};
use crate::sync::notes;
use rounds_workflow::Catalogue;
use rusqlite::Transaction;

/// Tries before the end of a device takes it that one more would not help: a file may not open just once.
const TRIES: u32 = 3;

impl Rounds {
    /// Gives up a photo or file that can never be sent, by its number in the outbox. One that the server
    /// finds too large stays on this phone with its record. The shell asks before it calls this.
    pub fn give_up(&self, number: i64) -> Result<(), RoundsError> {
        let (catalogue, at_ms) = (self.catalogue(), self.platform.clocks()?.wall_ms);
        Ok(self.store.write(|tx| {
            let upload = uploads::one(tx, number)?.filter(Upload::is_hopeless).ok_or(Fail::NotGivenUp)?;
            tell(tx, &catalogue, &upload, at_ms)?;
            match upload.is_damaged() {
                true => gone::give_up(tx, upload.n, &upload.hash),
                false => gone::keep_here(tx, upload.n),
            }
        })?)
    }
}

/// What is given up at the end of a device, when everything else was handed over. Returns how many.
pub(in crate::sync) fn at_the_end(tx: &Transaction<'_>) -> Result<u64, Fail> {
    let waiting = uploads::waiting(tx, u32::MAX)?;
    let tried = waiting.iter().filter(|upload| upload.is_hopeless() && upload.tries >= TRIES);
    let mut count = 0;
    for upload in tried {
        gone::give_up(tx, upload.n, &upload.hash)?;
        count += 1;
    }
    Ok(count)
}

fn tell(tx: &Transaction<'_>, catalogue: &Catalogue, upload: &Upload, at_ms: i64) -> Result<(), Fail> {
    let Some(why) = upload.problem.clone() else { return Ok(()) };
    let title = notes::title(tx, catalogue, records::get(tx, upload.doc)?.as_ref())?;
    let notice = Notice::GivenUp { doc: upload.doc, title, size: upload.size, why: Box::new(why) };
    notices::tell(tx, &notice, at_ms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;
    use crate::platform::Replay;
    use crate::store::blobs::{self, Stored};
    use rounds_model::ids::{BlobHash, DocId};
    use rounds_model::refusal::Refusal;
    use rounds_model::text::{Lang, Text};
    use std::sync::Arc;

    /// Found by a critic: a photo whose file was damaged, and one that a server with a smaller limit
    /// refused, kept their records on the phone, and the phone from ending, for ever.
    #[test]
    fn what_can_never_be_sent_can_be_given_up_and_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let store = &rounds.store;
        let photo = |n: u8| Stored { hash: BlobHash([n; 32]), size: 10 };
        let problem = |code: &str| Refusal::new(code, Text::new("坏了。", "Broken."), Text::default());
        let codes = ["blob-damaged", "blob-too-large", "net-no-connection", "blob-damaged", "blob-too-large"];
        store
            .write(|tx| {
                for (n, code) in (1..=5).zip(codes) {
                    uploads::push(tx, DocId([n; 16]), photo(n), 1)?;
                    blobs::note(tx, DocId([n; 16]), photo(n), 1)?;
                    let tries = if n == 4 { 1 } else { TRIES };
                    (0..tries).try_for_each(|_| uploads::failed(tx, n.into(), &problem(code), 0))?;
                }
                Ok(())
            })
            .unwrap();
        let waiting = || -> Vec<i64> {
            store.read(|db| uploads::waiting(db, 99)).unwrap().iter().map(|upload| upload.n).collect()
        };
        for not in [3, 99] {
            assert_eq!(rounds.give_up(not).unwrap_err().code, "not-given-up");
        }
        rounds.give_up(1).unwrap();
        rounds.give_up(2).unwrap();
        assert_eq!(waiting(), [3, 4, 5]);
        assert!(store.read(|db| gone::is_idle(db, DocId([1; 16]))).unwrap());
        assert_eq!(
            store.read(gone::unwanted).unwrap(),
            [photo(1).hash],
            "one that is whole stays with its record"
        );
        assert_eq!(store.read(|db| blobs::size(db, &photo(2).hash)).unwrap(), Some(10));
        let told = rounds.notices(Lang::En).unwrap();
        assert_eq!(told.len(), 2, "{told:?}");
        let says = |what: &str| told.iter().all(|one| format!("{} {:?}", one.text, one.more).contains(what));
        assert!(says("given up") && says("Broken."), "{told:?}");
        // The end of a device: only what was tried often enough, and can still not be sent.
        assert_eq!(store.write(at_the_end).unwrap(), 1);
        assert_eq!(waiting(), [3, 4]);
    }
}
