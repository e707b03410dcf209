//! Photos on the sheet of an act that is not stated yet: the act will carry them, or they are let go.

use super::{gone, looks};
use crate::error::Fail;
use rounds_model::ids::{BlobHash, DocId};
use rusqlite::{Connection, Transaction};

/// The photo that stood at a question of a sheet is taken again, and not to be compared with.
pub fn clear(tx: &Transaction<'_>, doc: DocId, (act, question): (&str, &str)) -> Result<(), Fail> {
    let at = (doc.as_bytes(), act, question);
    let before = photos(tx, "doc = ?1 AND act = ?2 AND question = ?3", at)?;
    tx.prepare_cached("DELETE FROM sheets WHERE doc = ?1 AND act = ?2 AND question = ?3")?.execute(at)?;
    release(tx, &before)
}

/// Puts a photo on a sheet, in place of the one that stood there.
pub fn put(
    tx: &Transaction<'_>,
    doc: DocId,
    (act, question): (&str, &str),
    photo: &BlobHash,
) -> Result<(), Fail> {
    clear(tx, doc, (act, question))?;
    let sql = "INSERT INTO sheets (doc, act, question, photo) VALUES (?1, ?2, ?3, ?4)";
    tx.prepare_cached(sql)?.execute((doc.as_bytes(), act, question, photo.as_bytes()))?;
    // The same bytes may have been let go before.
    tx.prepare_cached("DELETE FROM unwanted WHERE hash = ?1")?.execute([photo.as_bytes()])?;
    Ok(())
}

/// The photo with this name (its hash), if a sheet of this record has it.
pub fn has(db: &Connection, doc: DocId, name: &str) -> Result<Option<BlobHash>, Fail> {
    let Ok(hash) = name.parse::<BlobHash>() else { return Ok(None) };
    let found = photos(db, "doc = ?1 AND photo = ?2", (doc.as_bytes(), hash.as_bytes()))?;
    Ok(found.into_iter().next())
}

/// The act was stated: what it does not carry of its sheet is let go.
pub fn stated(tx: &Transaction<'_>, doc: DocId, act: &str) -> Result<(), Fail> {
    let left = photos(tx, "doc = ?1 AND act = ?2", (doc.as_bytes(), act))?;
    let sql = "DELETE FROM sheets WHERE doc = ?1 AND act = ?2";
    tx.prepare_cached(sql)?.execute((doc.as_bytes(), act))?;
    release(tx, &left)
}

/// Nobody is at a sheet of this record any more.
pub fn leave(tx: &Transaction<'_>, doc: DocId) -> Result<(), Fail> {
    let left = photos(tx, "doc = ?1", [doc.as_bytes()])?;
    tx.prepare_cached("DELETE FROM sheets WHERE doc = ?1")?.execute([doc.as_bytes()])?;
    release(tx, &left)
}

fn photos(db: &Connection, which: &str, args: impl rusqlite::Params) -> Result<Vec<BlobHash>, Fail> {
    let mut query = db.prepare_cached(&format!("SELECT photo FROM sheets WHERE {which}"))?;
    let mut rows = query.query(args)?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push(BlobHash::from_slice(row.get_ref(0)?.as_blob()?)?);
    }
    Ok(out)
}

/// Photos that no sheet has any more: their files go, unless they are on their way or on another sheet.
fn release(tx: &Transaction<'_>, photos: &[BlobHash]) -> Result<(), Fail> {
    let sql = "SELECT EXISTS (SELECT 1 FROM uploads WHERE hash = ?1)
                   OR EXISTS (SELECT 1 FROM sheets WHERE photo = ?1)";
    for photo in photos {
        let wanted: bool = tx.prepare_cached(sql)?.query_row([photo.as_bytes()], |row| row.get(0))?;
        if !wanted {
            gone::let_go(tx, photo)?;
            looks::forget(tx, photo)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::blobs::{self, Stored};
    use crate::store::{Key, Store, uploads};

    #[test]
    fn a_photo_stays_while_a_sheet_or_the_queue_has_it() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let doc = |n| DocId([n; 16]);
        let photo = |n| Stored { hash: BlobHash([n; 32]), size: 1 };
        let noted = |tx: &Transaction<'_>, n: u8, hash: u8| blobs::note(tx, doc(n), photo(hash), 1);
        let there = |n| store.read(|db| blobs::size(db, &photo(n).hash)).unwrap().is_some();
        store
            .write(|tx| {
                for n in 1..=4 {
                    noted(tx, 1, n)?;
                }
                put(tx, doc(1), ("check_in", "photo"), &photo(1).hash)?;
                put(tx, doc(1), ("check_in", "photo"), &photo(2).hash)?;
                put(tx, doc(1), ("check_in", "shelf"), &photo(3).hash)?;
                put(tx, doc(2), ("skip", "photo"), &photo(3).hash)?;
                put(tx, doc(2), ("skip", "door"), &photo(4).hash)
            })
            .unwrap();
        assert_eq!([1, 2, 3, 4].map(there), [false, true, true, true], "the first was taken again");
        // The act carries the second: it is in the queue.
        store
            .write(|tx| {
                uploads::push(tx, doc(1), photo(2), 1)?;
                stated(tx, doc(1), "check_in")
            })
            .unwrap();
        assert_eq!([2, 3, 4].map(there), [true; 3], "the third is on another sheet");
        store.write(|tx| leave(tx, doc(2))).unwrap();
        assert_eq!([2, 3, 4].map(there), [true, false, false]);
        assert_eq!(store.read(gone::unwanted).unwrap(), [1, 3, 4].map(|n| photo(n).hash));
    }
}
