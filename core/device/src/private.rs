//! Files and folders that nobody else on the machine may read. The content is encrypted anyway; its
//! names, sizes and times are nobody's business either, and a copy of it is one more thing to attack.

use crate::error::Fail;
use std::fs::OpenOptions;
use std::path::Path;

/// Makes a folder, with those above it, that only its owner may enter; one that is there becomes so.
pub(crate) fn folder(path: &Path) -> Result<(), Fail> {
    std::fs::create_dir_all(path)?;
    Ok(restrict(path, 0o700)?)
}

/// Makes an empty file that only its owner may read, if there is none; one that is there becomes so.
/// What SQLite makes beside a database has the rights of the database.
pub(crate) fn file(path: &Path) -> Result<(), Fail> {
    let mut options = OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(restrict(path, 0o600)?)
}

#[cfg(unix)]
fn restrict(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let found = std::fs::metadata(path)?.permissions().mode();
    // Somebody who set it up more strictly meant it.
    if found & 0o777 & !mode == 0 {
        return Ok(());
    }
    match std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)) {
        // It is not ours to restrict, and was ours to use all the same.
        Err(e) if e.kind() == std::io::ErrorKind::PermissionDenied => Ok(()),
        done => done,
    }
}

#[cfg(not(unix))]
fn restrict(_: &Path, _: u32) -> std::io::Result<()> {
    // Elsewhere the folder of an app is its own.
    Ok(())
}
