//! Fonts: read from bytes that somebody gives, and looked at before they are used.

use crate::error::PrintError;
use harfrust::ShaperData;
use skrifa::raw::types::Tag;
use skrifa::raw::{FileRef, TableProvider};
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The most bytes that a font may have: the largest Chinese collections have some 100 MB.
pub const BYTES: usize = 160 * 1024 * 1024;
/// The most faces of a collection that are looked at.
const FACES: u32 = 64;
/// OS/2's word for a font that may not be embedded.
const RESTRICTED: u16 = 2;

/// A face of a font, ready to be used.
pub struct Face {
    bytes: Arc<Vec<u8>>,
    index: u32,
    name: String,
    units: f32,
    shaping: ShaperData,
    pub(crate) embedded: krilla::text::Font,
}

impl std::fmt::Debug for Face {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Face").field("name", &self.name).field("index", &self.index).finish()
    }
}

impl Face {
    /// Reads a font. Of a collection it takes the face for the language, `zh-CN`: letters of the same
    /// code are written differently in Chinese and Japanese.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(bytes: Vec<u8>, language: &str) -> Result<Face, PrintError> {
        if bytes.len() > BYTES {
            return Err(PrintError::TooLarge);
        }
        catch_unwind(AssertUnwindSafe(|| read(bytes, language))).unwrap_or(Err(PrintError::Damaged))
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it has a letter.
    pub fn has(&self, c: char) -> bool {
        self.font().is_some_and(|font| font.charmap().map(c).is_some_and(|glyph| glyph.to_u32() != 0))
    }

    /// How many units make the height of a line.
    pub(crate) fn units(&self) -> f32 {
        self.units
    }

    pub(crate) fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.bytes, self.index).ok()
    }

    pub(crate) fn shaping(&self) -> &ShaperData {
        &self.shaping
    }
}

fn read(bytes: Vec<u8>, language: &str) -> Result<Face, PrintError> {
    let index = {
        let count = match FileRef::new(&bytes) {
            Ok(FileRef::Font(_)) => 1,
            Ok(FileRef::Collection(collection)) => collection.len().min(FACES),
            Err(_) if is_font(&bytes) => return Err(PrintError::Damaged),
            Err(_) => return Err(PrintError::NotAFont),
        };
        (0..count).find(|index| suits(&bytes, *index, language)).unwrap_or(0)
    };
    let font = FontRef::from_index(&bytes, index).map_err(|_| PrintError::Damaged)?;
    looked_at(&font, &bytes)?;
    let units = f32::from(font.head().map_err(|_| PrintError::Damaged)?.units_per_em());
    let name = family(&font);
    let shaping = ShaperData::new(&font);
    let bytes = Arc::new(bytes);
    let embedded = krilla::text::Font::new(bytes.clone().into(), index).ok_or(PrintError::Damaged)?;
    Ok(Face { bytes, index, name, units, shaping, embedded })
}

fn is_font(bytes: &[u8]) -> bool {
    let starts: [&[u8]; 4] = [&[0, 1, 0, 0], b"OTTO", b"true", b"ttcf"];
    starts.iter().any(|start| bytes.starts_with(start))
}

fn suits(bytes: &[u8], index: u32, language: &str) -> bool {
    let Ok(font) = FontRef::from_index(bytes, index) else { return false };
    let name = family(&font);
    // English is written in the Chinese face too, so that names beside it look right.
    let wanted = if language.contains("TW") || language.contains("Hant") { " TC" } else { " SC" };
    name.ends_with(wanted) || name.contains(&format!("{wanted} "))
}

fn family(font: &FontRef<'_>) -> String {
    font.localized_strings(StringId::FAMILY_NAME)
        .english_or_first()
        .map(|s| s.to_string())
        .unwrap_or_default()
}

fn looked_at(font: &FontRef<'_>, bytes: &[u8]) -> Result<(), PrintError> {
    let whole = font.table_directory().table_records().iter().all(|record| {
        let end = u64::from(record.offset()) + u64::from(record.length());
        end <= bytes.len() as u64
    });
    let there = |name: &[u8; 4]| font.table_data(Tag::new(name)).is_some();
    if !whole || font.head().is_err() || font.maxp().is_err() || font.hhea().is_err() || font.hmtx().is_err()
    {
        return Err(PrintError::Damaged);
    }
    if !there(b"glyf") && !there(b"CFF ") && !there(b"CFF2") {
        return Err(PrintError::NoOutlines);
    }
    if font.charmap().mappings().next().is_none() {
        return Err(PrintError::NoLetters);
    }
    if font.os2().is_ok_and(|os2| os2.fs_type() & 0xf == RESTRICTED) {
        return Err(PrintError::Forbidden);
    }
    Ok(())
}
