//! The database key of the headless phone: a file, because this machine has no key store. Made for
//! tests, scripts and support; on a phone the shell hands the key in.

use crate::error::Fail;
use crate::platform::{System, random};
use crate::store::Key;
use std::io::Write;
use std::path::Path;
use zeroize::Zeroize;

/// Reads the key, or makes one in a folder that has no database yet.
pub fn load_or_create(dir: &Path, file: Option<&Path>) -> Result<Key, Fail> {
    let default = dir.join("phone.key");
    let path = file.unwrap_or(&default);
    match std::fs::read_to_string(path) {
        Ok(mut text) => {
            let mut key = [0; 32];
            let read = hex::decode_to_slice(text.trim(), &mut key);
            text.zeroize();
            read.map_err(|_| Fail::WrongKey)?;
            Ok(Key(key))
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && file.is_none() => create(dir, path),
        Err(e) => Err(e.into()),
    }
}

fn create(dir: &Path, path: &Path) -> Result<Key, Fail> {
    if dir.join("rounds.db").exists() {
        return Err(Fail::WrongKey);
    }
    std::fs::create_dir_all(dir)?;
    let key: [u8; 32] = random(&System)?;
    let mut text = hex::encode(key);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(path).and_then(|mut f| {
        f.write_all(text.as_bytes())?;
        f.sync_all()
    });
    text.zeroize();
    written?;
    Ok(Key(key))
}
