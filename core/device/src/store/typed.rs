//! What is typed at questions and is no answer yet: a row of this phone only, at the question's key.

use crate::error::Fail;
use rounds_model::ids::DocId;
use rusqlite::{Connection, OptionalExtension, Transaction};

/// Keeps what is typed at a question. An emptied field is kept too: its answer is another one.
pub fn keep(tx: &Transaction<'_>, doc: DocId, question: &str, text: &str) -> Result<(), Fail> {
    let mut put =
        tx.prepare_cached("INSERT OR REPLACE INTO typed (doc, question, text) VALUES (?1, ?2, ?3)")?;
    put.execute((doc.as_bytes(), question, text))?;
    Ok(())
}

/// What is typed at a question.
pub fn at(db: &Connection, doc: DocId, question: &str) -> Result<Option<String>, Fail> {
    let mut query = db.prepare_cached("SELECT text FROM typed WHERE doc = ?1 AND question = ?2")?;
    Ok(query.query_row((doc.as_bytes(), question), |r| r.get(0)).optional()?)
}

/// Everything that is typed in a record: questions and texts.
pub fn of(db: &Connection, doc: DocId) -> Result<Vec<(String, String)>, Fail> {
    let mut query = db.prepare_cached("SELECT question, text FROM typed WHERE doc = ?1 ORDER BY question")?;
    let rows = query.query_map([doc.as_bytes()], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everything that is typed: records, questions and texts.
pub fn all(db: &Connection) -> Result<Vec<(DocId, String, String)>, Fail> {
    let mut query = db.prepare_cached("SELECT doc, question, text FROM typed ORDER BY doc, question")?;
    let mut rows = query.query([])?;
    let mut out = Vec::new();
    while let Some(row) = rows.next()? {
        out.push((DocId::from_slice(row.get_ref(0)?.as_blob()?)?, row.get(1)?, row.get(2)?));
    }
    Ok(out)
}

/// These questions have been answered, be it with what stood there before.
pub fn given<'q>(
    tx: &Transaction<'_>,
    doc: DocId,
    questions: impl IntoIterator<Item = &'q str>,
) -> Result<(), Fail> {
    let mut clear = tx.prepare_cached("DELETE FROM typed WHERE doc = ?1 AND question = ?2")?;
    for question in questions {
        clear.execute((doc.as_bytes(), question))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Key, Store};

    #[test]
    fn what_is_typed_stays_at_its_question_until_that_one_is_answered() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("s.db"), Key([1; 32])).unwrap();
        let doc = DocId::v7(1, [1; 10]);
        let typed = |a: &str, b: &str| vec![("a".to_owned(), a.to_owned()), ("b".to_owned(), b.to_owned())];
        store
            .write(|tx| {
                keep(tx, doc, "a", "1")?;
                keep(tx, doc, "b", "x")?;
                keep(tx, doc, "a", "12")?;
                assert_eq!(of(tx, doc)?, typed("12", "x"));
                given(tx, doc, ["c"])?;
                assert_eq!(of(tx, doc)?, typed("12", "x"));
                given(tx, doc, ["a"])?;
                assert_eq!((at(tx, doc, "a")?, at(tx, doc, "b")?), (None, Some("x".to_owned())));
                Ok(())
            })
            .unwrap();
    }
}
