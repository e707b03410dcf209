//! Reading around what is damaged: one row that cannot be read keeps nobody from the others.

use crate::error::Result;

/// Asks for these, all at once; if something among them cannot be read, one after the other, and says
/// which it was.
pub fn sparing<K: Copy, T>(
    keys: &[K],
    ask: impl Fn(&[K]) -> Result<Vec<T>>,
    mut damaged: impl FnMut(K),
) -> Result<Vec<T>> {
    match ask(keys) {
        Err(e) if e.is_damage() => {}
        done => return done,
    }
    let mut out = vec![];
    for key in keys {
        match ask(&[*key]) {
            Err(e) if e.is_damage() => damaged(*key),
            done => out.extend(done?),
        }
    }
    Ok(out)
}
