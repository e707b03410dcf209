//! The errors of the HTTP interface: each a stable code with a status, a text and a remedy in both
//! languages. The phone shows the text as it is; the code is for support.

use crate::handover::BadBundle;
use crate::wire::BadBody;
use rounds_model::messages::Catalog;
use rounds_model::text::Text;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $status:literal;)*) => {
        /// What can be wrong with a request.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Fault { $($(#[$doc])* $name,)* }

        impl Fault {
            /// Every fault.
            pub const ALL: &'static [Fault] = &[$(Fault::$name,)*];

            /// Stable, kebab-case.
            pub fn code(self) -> &'static str {
                match self { $(Fault::$name => $code,)* }
            }

            /// The HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Fault::$name => $status,)* }
            }
        }
    };
}

faults! {
    /// No such token: it was mistyped, replaced, or is from another server.
    TokenUnknown, "token-unknown", 401;
    /// The device was revoked.
    DeviceRevoked, "device-revoked", 403;
    /// The app speaks a protocol that this server no longer does.
    ProtocolOld, "protocol-old", 426;
    /// The app speaks a protocol that this server does not know yet.
    ProtocolNew, "protocol-new", 505;
    /// The protocol version is missing or no number.
    ProtocolMissing, "protocol-missing", 400;
    /// The body is larger than allowed.
    BodyTooLarge, "body-too-large", 413;
    /// The body is not zstd.
    BodyNotZstd, "body-not-zstd", 415;
    /// The body ends early or is damaged.
    BodyTruncated, "body-truncated", 400;
    /// The body is not the expected message.
    BodyMalformed, "body-malformed", 422;
    /// The message has more items than allowed.
    BodyTooMany, "body-too-many", 413;
    /// The records that the pushed items are about are too heavy to be opened all in one request: the phone sends fewer
    /// items at a time.
    PushTooHeavy, "push-too-heavy", 413;
    /// The server was restored from a backup since this phone last synced: the phone begins anew
    /// and sends again what may be missing.
    ServerRestored, "server-restored", 409;
    /// The phone said its cursors in short, and its scopes are others by now: it says all of them.
    CursorsUnknown, "cursors-unknown", 409;
    /// No such invitation.
    InviteUnknown, "invite-unknown", 404;
    /// The invitation was used.
    InviteUsed, "invite-used", 409;
    /// The invitation is too old.
    InviteExpired, "invite-expired", 410;
    /// The invitation is of somebody else than the person whose device registers again.
    InviteOther, "invite-other", 409;
    /// The device does not hold the key that it registers.
    KeyNotProven, "key-not-proven", 400;
    /// Too many tries.
    TooMany, "too-many-tries", 429;
    /// The server's disk is full.
    StorageFull, "storage-full", 507;
    /// The server is stopping or overloaded.
    Busy, "busy", 503;
    /// A request of the upload protocol does not name a version of it that is spoken here.
    TusVersion, "tus-version", 412;
    /// A header of an upload is longer than allowed.
    BlobHeader, "blob-header-too-large", 431;
    /// The length of the upload is missing or no number.
    BlobLength, "blob-length", 400;
    /// What the upload says of itself is missing or not readable.
    BlobMetadata, "blob-metadata", 400;
    /// The blob is larger than allowed.
    BlobTooLarge, "blob-too-large", 413;
    /// The team has no room left for blobs.
    BlobQuota, "blob-quota", 507;
    /// The device has begun too many uploads without finishing them.
    BlobTooMany, "blob-too-many", 429;
    /// The device has announced more bytes than it may before it has sent them.
    BlobAnnounced, "blob-announced", 429;
    /// There is no such record, or it is not shared with the device: for it that is the same.
    BlobRecord, "blob-record", 403;
    /// There is no such upload (any more).
    BlobUpload, "blob-upload-unknown", 404;
    /// The part does not begin where the server's part ends.
    BlobOffset, "blob-offset", 409;
    /// Another request is writing to this upload.
    BlobWriting, "blob-writing", 423;
    /// The part is not of the media type of the upload protocol.
    BlobPartType, "blob-part-type", 415;
    /// The checksum of a part is of an unknown sort or not readable.
    BlobChecksum, "blob-checksum", 400;
    /// The part arrived damaged; nothing of it was kept.
    BlobPartDamaged, "blob-part-damaged", 460;
    /// The whole is not what its hash says; nothing of it was kept.
    BlobHash, "blob-hash-wrong", 422;
    /// There is no such blob for this device.
    BlobUnknown, "blob-unknown", 404;
    /// The server had the blob, and its file is gone or cut off: its author's phone is to send it again.
    BlobLost, "blob-lost", 410;
    /// The part that was asked for is not in the blob.
    BlobRange, "blob-range", 416;
    /// What was brought is no bundle for hand-over.
    BundleNot, "bundle-not", 422;
    /// The bundle is of another team, or was made for another server.
    BundleTeam, "bundle-team", 409;
    /// The bundle ends early, or was changed on the way.
    BundleDamaged, "bundle-damaged", 422;
    /// The bundle is larger than allowed.
    BundleTooLarge, "bundle-too-large", 413;
    /// The bundle was not made by the device that it names, or there is no such device.
    BundleSignature, "bundle-signature", 403;
    /// There is nothing at this address.
    NotFound, "not-found", 404;
    /// A failure of ours; the log has it.
    Internal, "internal", 500;
}

/// A fault as it travels, in JSON, so that any client can read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultBody {
    /// The code.
    pub code: String,
    /// What happened.
    pub text: Text,
    /// What to do now.
    pub remedy: Text,
    /// Not before so many seconds, as in the header `Retry-After`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_s: Option<u32>,
}

impl Fault {
    /// After how many seconds it is worth another try, where the server knows better than the
    /// phone.
    pub fn retry_s(self) -> Option<u32> {
        match self {
            Fault::TooMany => Some(60),
            Fault::Busy => Some(5),
            _ => None,
        }
    }

    /// With its texts.
    pub fn body(self) -> FaultBody {
        let code = self.code();
        let remedy = messages().text(&format!("{code}-remedy"), &[]);
        let text = messages().text(code, &[]);
        FaultBody { code: code.to_owned(), text, remedy, retry_s: self.retry_s() }
    }
}

impl From<BadBody> for Fault {
    fn from(bad: BadBody) -> Self {
        match bad {
            BadBody::TooLarge => Fault::BodyTooLarge,
            BadBody::NotZstd => Fault::BodyNotZstd,
            BadBody::Truncated => Fault::BodyTruncated,
            BadBody::Malformed => Fault::BodyMalformed,
            BadBody::TooMany => Fault::BodyTooMany,
        }
    }
}

impl From<&BadBundle> for Fault {
    fn from(bad: &BadBundle) -> Self {
        match bad {
            BadBundle::NotABundle => Fault::BundleNot,
            BadBundle::OtherTeam => Fault::BundleTeam,
            BadBundle::Truncated | BadBundle::Damaged => Fault::BundleDamaged,
            BadBundle::TooLarge => Fault::BundleTooLarge,
            BadBundle::Signature => Fault::BundleSignature,
            BadBundle::Io(_) => Fault::Internal,
        }
    }
}

/// The messages of this crate.
///
/// # Panics
/// Never: the files are part of the build, and a test loads them.
#[allow(clippy::expect_used)]
pub fn messages() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(|| {
        Catalog::new(include_str!("../messages/zh-CN.ftl"), include_str!("../messages/en.ftl"))
            .expect("the message files are tested")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lesson_19_every_rejection_has_code_field_remedy() {
        assert_eq!(messages().gaps(), Vec::<String>::new());
        for f in Fault::ALL {
            assert!(messages().has(f.code()), "{}", f.code());
            assert!(messages().has(&format!("{}-remedy", f.code())), "{}", f.code());
        }
    }
}
