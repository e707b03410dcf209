//! Reading workbooks and the files that they name.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use rounds_forms::{ImportError, Imported, Media, import};
use rounds_model::text::Lang;

use crate::words::file_error;

/// The files of a folder, or none at all.
pub struct Folder {
    files: BTreeMap<String, Vec<u8>>,
    given: bool,
}

impl Folder {
    /// Reads all files of a folder that a form can name. Without a folder a form may do without.
    pub fn read(path: Option<&Path>, lang: Lang) -> Result<Folder> {
        let mut files = BTreeMap::new();
        if let Some(path) = path {
            let entries = std::fs::read_dir(path).map_err(|e| file_error(lang, path, &e))?;
            for entry in entries {
                let entry = entry.map_err(|e| file_error(lang, path, &e))?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let known = [".csv", ".xml", ".geojson"].iter().any(|suffix| name.ends_with(suffix));
                if known && entry.path().is_file() {
                    let bytes = std::fs::read(entry.path());
                    files.insert(name, bytes.map_err(|e| file_error(lang, &entry.path(), &e))?);
                }
            }
        }
        Ok(Folder { files, given: path.is_some() })
    }

    /// Says whether files may be missing.
    pub fn with_missing(self, blank: bool) -> Folder {
        Folder { given: !blank, ..self }
    }
}

impl Media for Folder {
    fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.file(name)
    }

    fn is_complete(&self) -> bool {
        self.given
    }
}

/// Reads a workbook; the outer error is one of the file system.
pub fn form(path: &Path, media: &dyn Media, lang: Lang) -> Result<Result<Imported, ImportError>> {
    let bytes = std::fs::read(path).map_err(|e| file_error(lang, path, &e))?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    Ok(import(&name, &bytes, media))
}
