//! One act for many records.

use super::{Badge, OfferView};

/// What would come of it.
#[derive(Debug)]
pub struct Bulk {
    /// The act's title.
    pub title: String,
    /// What the records are called.
    pub kind: String,
    /// Their kind's name.
    pub kind_name: String,
    /// The act's name.
    pub act: String,
    /// For how many it is possible.
    pub possible: usize,
    /// There are more that match than are done at a time.
    pub more: Option<String>,
    /// The records.
    pub rows: Vec<BulkRow>,
    /// What the act asks for, if it is possible for any.
    pub form: Option<OfferView>,
    /// Where the selection was made.
    pub back: String,
}

/// One of the records.
#[derive(Debug, Clone)]
pub struct BulkRow {
    /// Its id.
    pub doc: String,
    /// Its title.
    pub title: String,
    /// Its second line.
    pub subtitle: Option<String>,
    /// Whose it is.
    pub owner: String,
    /// Its stage.
    pub stage: Badge,
    /// The stage's name, if the act is possible.
    pub stage_name: Option<String>,
    /// The place of the last thing that had happened to it.
    pub seen: u64,
    /// The content that is seen.
    pub heads: String,
    /// What would come, or came, of it.
    pub outcome: Option<Badge>,
    /// Why not, and what to do.
    pub refusal: Option<(String, String)>,
}
