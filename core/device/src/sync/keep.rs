//! Staying in sync: tries at once when something happened, by the pauses of [`super::backoff`] when
//! nothing did, and listens for news meanwhile. What it does next [`super::keeper`] says.

use super::backoff::Cause;
use super::compose::Bounds;
use super::keeper::{Keeper, Step, UNNOTED};
use super::listen::Listener;
use super::metered::Metered;
use super::progress::{Observer, Progress, Session};
use super::stop::Stop;
use super::transport::Http;
use crate::Rounds;
use crate::error::{Fail, RoundsError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};

/// What keeps a phone in sync, not yet running.
#[derive(Debug)]
pub struct Keeping {
    handle: Handle,
    told: Receiver<Cause>,
}

/// How the rest of an app speaks to it.
#[derive(Debug, Clone)]
pub struct Handle {
    tell: Sender<Cause>,
    stop: Stop,
    /// Raised when a sync that is under way should look, in the middle of a photo too.
    news: Arc<AtomicBool>,
}

impl Handle {
    /// Something happened that is a reason to try.
    pub fn tell(&self, cause: Cause) {
        if matches!(cause, Cause::WakeUp | Cause::UserAsked) {
            self.news.store(true, Ordering::SeqCst);
        }
        // If nobody keeps the phone in sync any more, there is nobody to tell.
        let _ = self.tell.send(cause);
    }

    /// Ends it, in the middle of a sync too.
    pub fn stop(&self) {
        self.stop.cancel();
    }
}

impl Default for Keeping {
    fn default() -> Keeping {
        let (tell, told) = channel();
        Keeping { handle: Handle { tell, stop: Stop::new(), news: Arc::default() }, told }
    }
}

impl Keeping {
    /// To speak to it.
    pub fn handle(&self) -> Handle {
        self.handle.clone()
    }

    /// Keeps the phone in sync until it is stopped. Failures are told to the observer and tried
    /// again; an error is returned only if nothing can be kept.
    pub fn run(
        &self,
        rounds: &Rounds,
        metered: impl Into<Metered>,
        observer: &dyn Observer,
    ) -> Result<(), RoundsError> {
        let me = rounds.identity()?;
        let stop = &self.handle.stop;
        let server = Http::new(&me.server)?.with_metered(metered).with_stop(stop.clone());
        let listen = || -> Result<Listener, Fail> {
            let (heard, server) = (self.handle(), Http::new(&me.server)?);
            Listener::start(server, me.token(), Arc::clone(&rounds.platform), move || {
                heard.tell(Cause::WakeUp)
            })
        };
        rounds.hear(Arc::clone(&self.handle.news));
        let mut listener = listen()?;
        let mut keeper = Keeper::new();
        while stop.is_over().is_none() {
            let next = keeper.next(rounds).unwrap_or_else(|error| {
                // Another process may hold the store, a file may be out of reach. It is no reason to keep
                // nothing in sync for as long as the app runs.
                observer.on(&Progress::Failed { error, next_try: None });
                Step::Rest(UNNOTED)
            });
            match next {
                Step::Try(cause) => {
                    let (observer, bounds) = (Some(observer), Bounds::default());
                    let done = rounds.sync_with(&server, &Session { cause, stop, observer, bounds });
                    keeper.ended(rounds);
                    if done.is_ok() && listener.is_over() {
                        listener = listen()?;
                    }
                }
                Step::Wait(time) => match self.told.recv_timeout(time) {
                    Ok(cause) => {
                        std::iter::once(cause).chain(self.told.try_iter()).for_each(|c| keeper.tell(c))
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                    // Cannot be: the handle holds the other end.
                    Err(RecvTimeoutError::Disconnected) => drop(stop.sleep(time)),
                },
                Step::Rest(time) => drop(stop.sleep(time)),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;
    use crate::identity::{self, Identity};
    use crate::platform::Replay;
    use crate::store::blobs::Stored;
    use crate::store::{gone, outbox, uploads};
    use crate::sync::keeper::newest;
    use ed25519_dalek::SigningKey;
    use rounds_model::ids::{ActorId, BlobHash, DeviceId, DocId, PersonId, TeamId};
    use rounds_model::people::Person;
    use rounds_protocol::enrol::{EnrolAnswer, Team};
    use rounds_protocol::exchange::PushItem;
    use std::sync::Mutex;
    use std::time::Duration;

    fn phone() -> (tempfile::TempDir, Rounds) {
        let dir = tempfile::tempdir().unwrap();
        let rounds = Rounds::open(dir.path(), Key([1; 32]), Arc::new(Replay::new(1, 1))).unwrap();
        let person = Person { id: PersonId([2; 16]), name: "李娜".into(), role: "rep".into() };
        let team = Team { id: TeamId([3; 16]), name: "大连".into(), zone: "Asia/Shanghai".into() };
        let device = DeviceId([4; 16]);
        let answer = EnrolAnswer { device, token: "token".into(), person, team, server_ms: 1 };
        // A server that is not there.
        let me = Identity::new(answer, "http://127.0.0.1:1", &SigningKey::from_bytes(&[1; 32]));
        rounds.store.write(|tx| identity::store(tx, &me, &*rounds.platform)).unwrap();
        (dir, rounds)
    }

    struct Told(Mutex<Sender<String>>);

    impl Observer for Told {
        fn on(&self, progress: &Progress) {
            let word = match progress {
                Progress::Failed { error, .. } => error.code.clone(),
                Progress::Started { .. } => "started".to_owned(),
                _ => return,
            };
            let _ = self.0.lock().unwrap().send(word);
        }
    }

    struct Ends(Handle);

    impl Drop for Ends {
        fn drop(&mut self) {
            self.0.stop();
        }
    }

    /// Found by a critic: one failure of the store, and the phone was kept in sync no more.
    #[test]
    fn a_failure_of_the_store_is_waited_out() {
        let (_dir, rounds) = phone();
        let rename = |from: &str, to: &str| {
            let sql = format!("ALTER TABLE {from} RENAME TO {to}");
            rounds.store.write(|tx| Ok(tx.execute_batch(&sql)?)).unwrap();
        };
        let (keeping, (tell, told)) = (Keeping::default(), channel());
        let (handle, observer) = (keeping.handle(), Told(Mutex::new(tell)));
        let wait = |words: &dyn Fn(&str) -> bool| {
            while !words(&told.recv_timeout(Duration::from_secs(60)).unwrap()) {}
        };
        std::thread::scope(|scope| {
            let (rounds, observer) = (&rounds, &observer);
            let kept = scope.spawn(move || keeping.run(rounds, false, observer));
            // Also if one of these fails: the scope waits for the keeper.
            let _ends = Ends(handle.clone());
            wait(&|word| word == "offline");
            rename("meta", "elsewhere");
            // It may be in the pause after that failure by now.
            handle.tell(Cause::UserAsked);
            wait(&|word| word.starts_with("store-"));
            rename("elsewhere", "meta");
            handle.tell(Cause::UserAsked);
            wait(&|word| word == "offline");
            handle.stop();
            kept.join().unwrap().unwrap();
        });
    }

    /// Found by a critic: upload rows go with their record, and the numbers fell below what was seen.
    #[test]
    fn what_is_new_is_noticed_also_after_photos_have_gone() {
        let (_dir, rounds) = phone();
        let doc = DocId([1; 16]);
        let save = |rounds: &Rounds| {
            let values = [("x".to_owned(), "y".into())];
            let edit = rounds_model::document::Document::new().write(doc, ActorId([9; 16]), 1, &values);
            let item = PushItem::Edit(edit.unwrap().unwrap());
            rounds.store.write(|tx| outbox::push(tx, doc, &item, 1)).unwrap();
        };
        save(&rounds);
        for n in 0..9 {
            let photo = Stored { hash: BlobHash([n; 32]), size: 1 };
            rounds.store.write(|tx| uploads::push(tx, doc, photo, 1)).unwrap();
        }
        let newest = || rounds.store.read(newest).unwrap();
        let before = newest();
        rounds.store.write(|tx| gone::forget(tx, doc)).unwrap();
        rounds.store.write(outbox::clear).unwrap();
        assert!(newest() >= before);
        save(&rounds);
        assert!(newest() > before);
    }
}
