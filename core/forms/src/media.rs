//! The files that come with a form: CSVs for choices and lookups.

use std::collections::BTreeMap;

/// Where a form's files are. The caller has read them; this crate reads no file itself.
pub trait Media {
    /// The bytes of a file by the name that the workbook uses, such as `stores.csv`.
    fn file(&self, name: &str) -> Option<&[u8]>;

    /// Whether a form is refused when a file that it names is not there. A form without its files
    /// has empty lists: good enough to look at, not to work with.
    fn is_complete(&self) -> bool {
        true
    }
}

/// A form without files.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMedia;

impl Media for NoMedia {
    fn file(&self, _name: &str) -> Option<&[u8]> {
        None
    }
}

impl Media for BTreeMap<String, Vec<u8>> {
    fn file(&self, name: &str) -> Option<&[u8]> {
        self.get(name).map(Vec::as_slice)
    }
}
