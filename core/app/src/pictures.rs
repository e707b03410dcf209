//! Pictures and other files on their way out of the store: a photo on the screen, a paper, a bundle.

use crate::phone::Inner;
use crate::words::wrong;
use rounds_device::error::Fail;
use rounds_device::photos::picture;
use rounds_device::sync::stop::Stop;
use rounds_device::sync::transport::Http;
use rounds_device::{Class, Face, RoundsError};
use rounds_model::ids::DocId;
use std::path::{Path, PathBuf};

/// A larger photo is not brought to a screen.
const LARGEST: u64 = 64 << 20;
/// A larger font is not read.
const FONT: u64 = 64 << 20;

/// The name of the photo that answers a question of a record.
pub(crate) fn name(doc: DocId, key: &str) -> String {
    format!("{doc}/{key}")
}

/// The bytes of a photo, with no more pixels than a screen shows.
pub(crate) fn picture(inner: &Inner, name: &str, max_px: u32) -> Result<Vec<u8>, RoundsError> {
    let unknown = || wrong("picture-unknown", Class::Usage, &[]);
    let (doc, key) = name.split_once('/').ok_or_else(unknown)?;
    let doc: DocId = doc.parse().map_err(|_| unknown())?;
    let session = inner.inside()?;
    // Whoever closes the app does not wait for a network.
    let stop = Stop::new();
    let _stoppable = session.stoppable(&stop);
    let http = Http::new(&session.rounds.identity()?.server)?.with_stop(stop);
    let mut bytes = Bounded { bytes: Vec::new() };
    session.rounds.photo(&http, doc, key, &mut bytes)?;
    // What is no picture that can be read here is for the shell to try.
    let small = picture::smaller(&bytes.bytes, max_px).ok().flatten();
    Ok(small.unwrap_or(bytes.bytes))
}

struct Bounded {
    bytes: Vec<u8>,
}

impl std::io::Write for Bounded {
    fn write(&mut self, part: &[u8]) -> std::io::Result<usize> {
        if (self.bytes.len() + part.len()) as u64 > LARGEST {
            return Err(std::io::Error::other("too large for a screen"));
        }
        self.bytes.extend_from_slice(part);
        Ok(part.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A new, empty place for a file that leaves the app. What left before it is deleted.
pub(crate) fn outgoing(inner: &Inner, name: &str) -> Result<PathBuf, RoundsError> {
    sweep(&inner.folder);
    let folder = inner.outgoing();
    std::fs::create_dir_all(&folder).map_err(Fail::from)?;
    let safe: String =
        name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '-' }).collect();
    Ok(folder.join(safe))
}

/// Deletes what left the app before: it is content, in the clear.
pub(crate) fn sweep(folder: &Path) {
    let _ = std::fs::remove_dir_all(folder.join("outgoing"));
}

/// The fonts of the machine that can be read, the best first; there may be none.
pub(crate) fn faces(inner: &Inner) -> Vec<Face> {
    let read = |path: &PathBuf| {
        let small = std::fs::metadata(path).is_ok_and(|data| data.len() <= FONT);
        let bytes = small.then(|| std::fs::read(path).ok()).flatten()?;
        Face::read(bytes, inner.lang().tag()).ok()
    };
    inner.machine.fonts.iter().filter_map(read).collect()
}
