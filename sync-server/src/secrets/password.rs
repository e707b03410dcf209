//! Passwords of the console: argon2id with the library's current parameters and a salt each.

use super::random;
use crate::error::{Error, Result};
use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use zeroize::Zeroizing;

/// The fewest characters of a password.
pub const SHORTEST: usize = 10;
/// More bytes than this are not hashed.
pub const LONGEST: usize = 1024;

/// A new password: 100 bits in letters that are not mistaken for each other.
pub fn create() -> Result<Zeroizing<String>> {
    const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
    let bytes = Zeroizing::new(random::<20>()?);
    let letter = |b: &u8| LETTERS.get(usize::from(b & 31)).map_or('x', |c| char::from(*c));
    Ok(Zeroizing::new(bytes.iter().map(letter).collect()))
}

/// What is stored of a password.
pub fn hash(password: &str) -> Result<String> {
    if password.len() > LONGEST {
        return Err(Error::Password);
    }
    let salt = SaltString::encode_b64(&random::<16>()?).map_err(|_| Error::Password)?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|_| Error::Password)?.to_string())
}

/// True if it is the password. Give no hash for a person who is not there: it takes as long.
pub fn verify(password: &str, stored: Option<&str>) -> bool {
    // Of a random password nobody knows.
    const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Zm9yLW5vYm9keS1hdC1hbGw$\
        Yb1aKQ0g6vX2cZ3n9m5s7u8w0y2A4C6E8G0I2K4M6O8";
    let Ok(parsed) = PasswordHash::new(stored.unwrap_or(NOBODY)) else { return false };
    let right =
        password.len() <= LONGEST && Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok();
    right && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_only() {
        let password = create().unwrap();
        let stored = hash(&password).unwrap();
        assert!(stored.starts_with("$argon2id$"));
        assert!(verify(&password, Some(&stored)));
        assert!(!verify("another", Some(&stored)));
        assert!(!verify(&password, None));
        assert!(!verify(&password, Some("damaged")));
        assert!(hash(&"x".repeat(LONGEST + 1)).is_err());
    }

    #[test]
    fn the_hash_of_nobody_is_well_formed() {
        let started = std::time::Instant::now();
        verify("anything", None);
        assert!(started.elapsed().as_millis() > 1, "it hashed");
    }
}
