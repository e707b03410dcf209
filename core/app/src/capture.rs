//! Taking evidence for a question: a photo, a place, a code, a signature. The person is at the camera
//! meanwhile, so nothing is held while the machine is asked.

use rounds_device::RoundsError;
use rounds_device::capture::{
    CaptureFault, Code, Fix, FixAsk, Kit, Photo, PhotoAsk, ScanAsk, SignAsk, Signed, Tool,
};
use rounds_device::error::Fail;

/// What can be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum What {
    /// A photo.
    Photo,
    /// A signature.
    Signature,
    /// Where the phone is.
    Place,
    /// A code.
    Code,
}

/// What was taken.
pub(crate) enum Took {
    /// A photo.
    Photo(Photo),
    /// What was drawn on the pad.
    Signed(Signed),
    /// A position.
    Fix(Fix),
    /// A code.
    Code(Code),
}

/// Asks the machine; none if the person thought better of it. `longest_px` is of a photo.
pub(crate) fn take(
    kit: &Kit,
    what: What,
    title: &str,
    longest_px: Option<u32>,
) -> Result<Option<Took>, RoundsError> {
    let title = title.to_owned();
    let taken = match what {
        What::Photo => {
            let ask = PhotoAsk { title, longest_px, ..PhotoAsk::default() };
            (Tool::Camera, kit.camera()?.take(ask).map(Took::Photo))
        }
        What::Signature => {
            let ask = SignAsk { title, ..SignAsk::default() };
            (Tool::Signature, kit.signature()?.sign(ask).map(Took::Signed))
        }
        What::Code => {
            let ask = ScanAsk { title, ..ScanAsk::default() };
            (Tool::Barcode, kit.barcode()?.scan(ask).map(Took::Code))
        }
        What::Place => {
            let fix = kit.location()?.fix(FixAsk::default());
            (Tool::Location, fix.map(Took::Fix))
        }
    };
    match taken {
        (_, Ok(took)) => Ok(Some(took)),
        (_, Err(CaptureFault::Cancelled)) => Ok(None),
        (tool, Err(fault)) => Err(Fail::Capture(tool, fault).into()),
    }
}

/// A picture that is on the phone already; none if the person thought better of it.
pub(crate) fn chosen(kit: &Kit, title: &str) -> Result<Option<Photo>, RoundsError> {
    let ask = PhotoAsk { title: title.to_owned(), ..PhotoAsk::default() };
    match kit.camera()?.choose(ask) {
        Ok(photo) if photo.bytes.len() <= Photo::LARGEST => Ok(Some(photo)),
        Ok(_) => Err(Fail::BadPicture.into()),
        Err(CaptureFault::Cancelled) => Ok(None),
        Err(fault) => Err(Fail::Capture(Tool::Camera, fault).into()),
    }
}

/// Where the phone was a few minutes ago at most, without waiting.
pub(crate) fn last(kit: &Kit) -> Option<Fix> {
    let ask = FixAsk { within_ms: 0, accuracy_m: 1_000.0, age_ms: 10 * 60_000 };
    kit.location.as_ref()?.fix(ask).ok().filter(Fix::is_sane)
}
