//! Ending a sync before its end: on request, or because the time that the system gave is over.
//!
//! A sync asks between its steps (exchanges, parts of photos), each of which leaves a whole state
//! behind. While it waits for the network it is not held up either: the request goes on on a thread
//! of its own, and whoever stops leaves it there. If the server had already stored what was in it,
//! the next sync sends it again and is told "duplicate".

use crate::error::Fail;
use serde::Serialize;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Why a sync ended before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unfinished {
    /// Somebody asked for it.
    Cancelled,
    /// Its time was over.
    Deadline,
}

impl Unfinished {
    /// For the log.
    pub fn code(self) -> &'static str {
        match self {
            Unfinished::Cancelled => "cancelled",
            Unfinished::Deadline => "deadline",
        }
    }
}

/// A handle with which a sync can be stopped; clones are one handle. The default one never stops.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    shared: Option<Arc<Shared>>,
    deadline: Option<Instant>,
}

#[derive(Debug, Default)]
struct Shared {
    asked: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// A handle to stop with.
    pub fn new() -> Stop {
        Stop { shared: Some(Arc::default()), deadline: None }
    }

    /// The same, that also stops by itself after this time.
    pub fn within(left: Duration) -> Stop {
        Stop { deadline: Instant::now().checked_add(left), ..Stop::new() }
    }

    /// The same handle, that also stops by itself after this time.
    pub fn until(&self, left: Duration) -> Stop {
        let shared = self.shared.clone().or_else(|| Some(Arc::default()));
        let deadline = Instant::now().checked_add(left).into_iter().chain(self.deadline).min();
        Stop { shared, deadline }
    }

    /// Stops. What was exchanged stays; what was under way is as if it had been lost.
    pub fn cancel(&self) {
        if let Some(shared) = &self.shared {
            *shared.asked() = true;
            shared.changed.notify_all();
        }
    }

    /// Whether it is over, and why.
    pub fn is_over(&self) -> Option<Unfinished> {
        if self.shared.as_ref().is_some_and(|shared| *shared.asked()) {
            return Some(Unfinished::Cancelled);
        }
        self.deadline.filter(|at| *at <= Instant::now()).map(|_| Unfinished::Deadline)
    }

    /// Fails once it is over.
    pub fn check(&self) -> Result<(), Fail> {
        self.is_over().map_or(Ok(()), |why| Err(Fail::Stopped(why)))
    }

    /// Waits, but not beyond the end. True if it is over.
    pub fn sleep(&self, time: Duration) -> bool {
        match &self.shared {
            None => std::thread::sleep(time),
            Some(shared) => {
                let time = self.left().map_or(time, |left| left.min(time));
                let wait = shared.changed.wait_timeout_while(shared.asked(), time, |asked| !*asked);
                drop(wait);
            }
        }
        self.is_over().is_some()
    }

    /// Does something that may take long, such as a request; fails at once when it is over.
    pub fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fail> + Send + 'static,
    ) -> Result<T, Fail> {
        let Some(shared) = &self.shared else { return work() };
        self.check()?;
        let done = Arc::new(Mutex::new(None));
        let (theirs, waking) = (Arc::clone(&done), Arc::clone(shared));
        let thread = std::thread::Builder::new().name("rounds-request".to_owned());
        let begun = thread.spawn(move || {
            // A panic in there would leave whoever waits here waiting for ever.
            let result = catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(Fail::System("request")));
            *theirs.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            // Under the lock, so that whoever has just looked is already waiting.
            let _asked = waking.asked();
            waking.changed.notify_all();
        });
        begun.map_err(|_| Fail::System("thread"))?;
        let mut asked = shared.asked();
        loop {
            if let Some(result) = done.lock().unwrap_or_else(PoisonError::into_inner).take() {
                return result;
            }
            if *asked {
                return Err(Fail::Stopped(Unfinished::Cancelled));
            }
            asked = match self.left() {
                Some(Duration::ZERO) => return Err(Fail::Stopped(Unfinished::Deadline)),
                Some(left) => {
                    let wait = shared.changed.wait_timeout(asked, left);
                    wait.unwrap_or_else(PoisonError::into_inner).0
                }
                None => shared.changed.wait(asked).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// A reader that ends with an error when it is over, so that an upload breaks off.
    pub fn reading(&self, from: impl Read + Send + 'static) -> impl Read + Send + 'static {
        Stoppable { stop: self.clone(), from }
    }

    fn left(&self) -> Option<Duration> {
        self.deadline.map(|at| at.saturating_duration_since(Instant::now()))
    }
}

impl Shared {
    fn asked(&self) -> MutexGuard<'_, bool> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Stoppable<R> {
    stop: Stop,
    from: R,
}

impl<R: Read> Read for Stoppable<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.stop.is_over() {
            Some(_) => Err(io::Error::other("stopped")),
            None => self.from.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn work_that_never_ends_holds_nobody_up() {
        let stop = Stop::new();
        let (begun, begins) = channel();
        let (_end, never) = channel::<()>();
        let other = stop.clone();
        let asking = std::thread::spawn(move || {
            begins.recv().unwrap();
            other.cancel();
        });
        let done = stop.run(move || {
            begun.send(()).unwrap();
            Ok(never.recv().is_ok())
        });
        assert!(matches!(done, Err(Fail::Stopped(Unfinished::Cancelled))), "{done:?}");
        asking.join().unwrap();
        assert!(matches!(stop.run(|| Ok(())), Err(Fail::Stopped(_))), "and stays so");
        assert!(stop.sleep(Duration::from_secs(3_600)), "nor does a pause");
    }

    #[test]
    fn a_deadline_ends_work_and_uploads() {
        let stop = Stop::within(Duration::ZERO);
        assert_eq!(stop.is_over(), Some(Unfinished::Deadline));
        assert!(matches!(stop.run(|| Ok(1)), Err(Fail::Stopped(Unfinished::Deadline))));
        assert!(stop.reading(&b"abc"[..]).read(&mut [0; 3]).is_err());
        let later = Stop::within(Duration::from_secs(3_600));
        assert_eq!(later.run(|| Ok(1)).unwrap(), 1);
        assert_eq!(later.reading(&b"abc"[..]).read(&mut [0; 3]).unwrap(), 3);
        assert_eq!(Stop::default().run(|| Ok(2)).unwrap(), 2, "no thread, no end");
    }
}
