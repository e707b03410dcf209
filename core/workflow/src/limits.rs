//! Every bound of the crate in one place: packs come from strangers.

/// Bytes of all files of a bundle, and of the bundle as it travels: 16 MB.
pub const BUNDLE_BYTES: usize = 16 * 1024 * 1024;
/// Files in a bundle.
pub const FILES: usize = 200;
/// Bytes of a file's path.
pub const PATH: usize = 200;
/// Bytes of `pack.toml`.
pub const MANIFEST_BYTES: usize = 1024 * 1024;
/// Bytes of a name: of a pack, kind, stage, act, field or rule.
pub const NAME: usize = 64;
/// Kinds of one pack.
pub const KINDS: usize = 64;
/// Fields, stages, acts, guards, write rules, choices: entries of any one list of a kind.
pub const ENTRIES: usize = 500;
/// Bytes of one text in one language.
pub const TEXT: usize = 4 * 1024;
/// Problems that are reported of one pack; more would not be read.
pub const PROBLEMS: usize = 200;
/// Packs of one team.
pub const PACKS: usize = 100;
/// Bytes of what an expression may put into a reason, a title or a claim's key.
pub const SHOWN: usize = 512;
/// Bytes of a projection's search text.
pub const SEARCH: usize = 8 * 1024;
/// Bytes of what an act says about one question.
pub const COMMENT: usize = 2_000;
