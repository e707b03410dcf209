//! Blobs and uploads.

use super::codec::{int, uint};
use super::session::Session;
use super::sought;
use crate::storage::Result;
use crate::storage::blobs::{BlobRow, ReadBlobs, Unfinished, UploadId, UploadRow, WriteBlobs};
use crate::storage::records::Search;
use rounds_model::ids::{BlobHash, DeviceId, DocId};
use rusqlite::{Row, params};

const PUT_BLOB: &str = include_str!("sql/blob_put.sql");
const ADD_TOTAL: &str = include_str!("sql/blob_total.sql");
const PUT_BLOB_DOC: &str = include_str!("sql/blob_doc_put.sql");
const BLOBS_OF: &str = include_str!("sql/blobs_of.sql");
const BLOB_BYTES: &str = include_str!("sql/blob_bytes.sql");
const PUT_UPLOAD: &str = include_str!("sql/upload_put.sql");
const UPLOAD: &str = include_str!("sql/upload.sql");
const UPLOAD_OF: &str = include_str!("sql/upload_of.sql");
const UNFINISHED: &str = include_str!("sql/uploads_unfinished.sql");
const EXPIRED: &str = include_str!("sql/uploads_expired.sql");

impl ReadBlobs for Session<'_> {
    fn blob(&self, hash: &BlobHash) -> Result<Option<BlobRow>> {
        let sql = "SELECT hash, size, media, received FROM blobs WHERE team_id = ?1 AND hash = ?2";
        self.one(sql, params![self.team.0, hash.0], blob_row)
    }

    fn docs_of_blob(&self, hash: &BlobHash) -> Result<Vec<DocId>> {
        let sql = "SELECT doc FROM blob_docs WHERE team_id = ?1 AND hash = ?2 ORDER BY doc";
        self.many(sql, params![self.team.0, hash.0], |row| Ok(DocId(row.get(0)?)))
    }

    fn blobs_of(&self, doc: DocId) -> Result<Vec<BlobRow>> {
        self.many(BLOBS_OF, params![self.team.0, doc.0], blob_row)
    }

    fn pictures(&self, search: &Search, offset: u32, limit: u32) -> Result<Vec<(DocId, BlobRow)>> {
        let (sql, values) = sought::pictures(self.team.0, search, offset, limit);
        self.many(&sql, rusqlite::params_from_iter(values), |row| {
            let (doc, hash, size) = (DocId(row.get(0)?), BlobHash(row.get(1)?), uint(row.get(2)?));
            Ok((doc, BlobRow { hash, size, media: row.get(3)?, received: row.get(4)? }))
        })
    }

    fn blob_bytes(&self) -> Result<u64> {
        let bytes = self.one(BLOB_BYTES, params![self.team.0], |row| Ok(uint(row.get(0)?)))?;
        Ok(bytes.unwrap_or(0))
    }

    fn upload(&self, id: &UploadId) -> Result<Option<UploadRow>> {
        self.one(UPLOAD, params![self.team.0, id], upload_row)
    }

    fn upload_of(&self, device: DeviceId, doc: DocId, hash: &BlobHash) -> Result<Option<UploadRow>> {
        self.one(UPLOAD_OF, params![self.team.0, device.0, hash.0, doc.0], upload_row)
    }

    fn unfinished(&self, device: DeviceId) -> Result<Unfinished> {
        let found = self.one(UNFINISHED, params![self.team.0, device.0], |row| {
            Ok(Unfinished { uploads: uint(row.get(0)?), bytes: uint(row.get(1)?) })
        })?;
        Ok(found.unwrap_or_default())
    }

    fn lost_by(&self, device: DeviceId, limit: u32) -> Result<Vec<(DocId, BlobHash)>> {
        let sql = "SELECT doc, hash FROM blobs_lost WHERE team_id = ?1 AND device = ?2 LIMIT ?3";
        self.many(sql, params![self.team.0, device.0, limit], |row| {
            Ok((DocId(row.get(0)?), BlobHash(row.get(1)?)))
        })
    }

    fn expired_uploads(&self, before: i64, limit: u32) -> Result<Vec<UploadRow>> {
        self.many(EXPIRED, params![self.team.0, before, limit], upload_row)
    }
}

impl WriteBlobs for Session<'_> {
    fn put_blob(&mut self, b: &BlobRow) -> Result<()> {
        let values = params![self.team.0, b.hash.0, int(b.size), b.media, b.received];
        let new = self.connection().prepare_cached(PUT_BLOB)?.execute(values)? > 0;
        if new { self.run(ADD_TOTAL, params![self.team.0, int(b.size)]) } else { Ok(()) }
    }

    fn put_blob_doc(&mut self, doc: DocId, hash: &BlobHash, device: DeviceId, at: i64) -> Result<()> {
        self.run(PUT_BLOB_DOC, params![self.team.0, doc.0, hash.0, device.0, at])
    }

    fn put_lost(&mut self, hash: &BlobHash) -> Result<u64> {
        let sql = "INSERT OR IGNORE INTO blobs_lost (team_id, device, hash, doc)
            SELECT team_id, device, hash, doc FROM blob_docs WHERE team_id = ?1 AND hash = ?2";
        Ok(self.connection().prepare_cached(sql)?.execute(params![self.team.0, hash.0])? as u64)
    }

    fn remove_lost(&mut self, hash: &BlobHash) -> Result<()> {
        self.run("DELETE FROM blobs_lost WHERE team_id = ?1 AND hash = ?2", params![self.team.0, hash.0])
    }

    fn put_upload(&mut self, u: &UploadRow) -> Result<()> {
        let (team, size, held) = (self.team.0, int(u.size), int(u.held));
        let values =
            params![team, u.upload, u.device.0, u.doc.0, u.hash.0, size, u.expires, u.received, held];
        self.run(PUT_UPLOAD, values)
    }

    fn remove_upload(&mut self, id: &UploadId) -> Result<()> {
        self.run("DELETE FROM uploads WHERE team_id = ?1 AND upload = ?2", params![self.team.0, id])
    }
}

fn blob_row(row: &Row<'_>) -> Result<BlobRow> {
    let (hash, size) = (BlobHash(row.get(0)?), uint(row.get(1)?));
    Ok(BlobRow { hash, size, media: row.get(2)?, received: row.get(3)? })
}

fn upload_row(row: &Row<'_>) -> Result<UploadRow> {
    Ok(UploadRow {
        upload: row.get(0)?,
        device: DeviceId(row.get(1)?),
        doc: DocId(row.get(2)?),
        hash: BlobHash(row.get(3)?),
        size: uint(row.get(4)?),
        expires: row.get(5)?,
        received: row.get(6)?,
        held: uint(row.get(7)?),
    })
}
