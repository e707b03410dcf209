//! `sync --watch`: stays, and prints what happens. A line on the standard input is what an app would
//! be told by its system or its user.

use super::print::Out;
use crate::Rounds;
use crate::error::RoundsError;
use crate::sync::backoff::Cause;
use crate::sync::keep::{Handle, Keeping};
use crate::sync::progress::{Observer, Progress};
use std::io::BufRead;

/// Keeps the phone in sync until `stop` is read.
pub fn watch(rounds: &Rounds, metered: bool, out: &Out) -> Result<(), RoundsError> {
    let keeping = Keeping::default();
    let handle = keeping.handle();
    // It ends with the process; nobody waits for a line.
    std::thread::spawn(move || read(&handle));
    keeping.run(rounds, metered, &Printing(out))
}

fn read(handle: &Handle) {
    // At the end of the input nothing more is said; the phone stays in sync.
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        match line.trim() {
            "network" => handle.tell(Cause::NetworkReturned),
            "now" => handle.tell(Cause::UserAsked),
            "stop" => return handle.stop(),
            _ => {}
        }
    }
}

struct Printing<'a>(&'a Out);

impl Observer for Printing<'_> {
    fn on(&self, progress: &Progress) {
        self.0.show(progress);
    }
}
