//! The one error that the app gives.

use rounds_device::{Class, RoundsError};
use rounds_model::text::Lang;

/// What went wrong. `code` is stable and for support; `text` and `remedy` are for people, in the language
/// that the app was in.
#[derive(Debug, Clone, PartialEq, thiserror::Error, uniffi::Error)]
pub enum PhoneError {
    /// The app is closed, until it is opened again.
    #[error("{text} {remedy} ({code})")]
    Closed {
        /// Stable, kebab-case.
        code: String,
        /// What happened.
        text: String,
        /// What to do now.
        remedy: String,
    },
    /// The call does not fit what is there.
    #[error("{text} {remedy} ({code})")]
    Usage {
        /// Stable, kebab-case.
        code: String,
        /// What happened.
        text: String,
        /// What to do now.
        remedy: String,
    },
    /// A rule says no.
    #[error("{text} {remedy} ({code})")]
    Refused {
        /// Stable, kebab-case.
        code: String,
        /// What happened.
        text: String,
        /// What to do now.
        remedy: String,
    },
    /// No network, or no server there.
    #[error("{text} {remedy} ({code})")]
    Offline {
        /// Stable, kebab-case.
        code: String,
        /// What happened.
        text: String,
        /// What to do now.
        remedy: String,
    },
    /// Nobody is signed in, or the server does not know this phone.
    #[error("{text} {remedy} ({code})")]
    Access {
        /// Stable, kebab-case.
        code: String,
        /// What happened.
        text: String,
        /// What to do now.
        remedy: String,
    },
    /// Keys, space, damage.
    #[error("{text} {remedy} ({code})")]
    Storage {
        /// Stable, kebab-case.
        code: String,
        /// What happened.
        text: String,
        /// What to do now.
        remedy: String,
    },
    /// Something else.
    #[error("{text} {remedy} ({code})")]
    Internal {
        /// Stable, kebab-case.
        code: String,
        /// What happened.
        text: String,
        /// What to do now.
        remedy: String,
    },
}

impl PhoneError {
    pub(crate) fn of(error: RoundsError, lang: Lang) -> PhoneError {
        let (text, remedy) = (error.text.get(lang).to_owned(), error.remedy.get(lang).to_owned());
        let code = error.code;
        match error.class {
            _ if code == "app-closed" => PhoneError::Closed { code, text, remedy },
            Class::Usage => PhoneError::Usage { code, text, remedy },
            Class::Refused => PhoneError::Refused { code, text, remedy },
            Class::Offline => PhoneError::Offline { code, text, remedy },
            Class::Access => PhoneError::Access { code, text, remedy },
            Class::Storage => PhoneError::Storage { code, text, remedy },
            Class::Internal => PhoneError::Internal { code, text, remedy },
        }
    }
}
