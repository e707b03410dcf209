//! What crosses the border: callbacks that fail, end and are let go of; closing while in use; errors.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests may.

use rounds_app::watch::Pulse;
use rounds_bindings::PhoneError;
use rounds_bindings::machine::{CaptureError, SimulatedMachine};
use rounds_bindings::phone::Phone;
use rounds_bindings::sync::SyncStop;
use rounds_bindings::watch::Watcher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

fn phone(folder: &std::path::Path, language: &str) -> Arc<Phone> {
    let folder = folder.to_str().unwrap().to_owned();
    let machine = SimulatedMachine::new(folder.clone()).unwrap();
    Phone::simulated(folder, language.to_owned(), machine).unwrap()
}

#[derive(Default)]
struct Counting {
    told: AtomicU64,
    fails: bool,
    /// Calls the phone from inside.
    phone: Mutex<Option<Arc<Phone>>>,
}

impl Watcher for Counting {
    fn on(&self, _: Pulse) -> Result<(), CaptureError> {
        self.told.fetch_add(1, Ordering::SeqCst);
        let phone = self.phone.lock().unwrap().clone();
        if let Some(phone) = phone {
            assert!(phone.now().is_ok(), "no lock is held");
        }
        if self.fails { Err(CaptureError::Failed { what: "thrown".to_owned() }) } else { Ok(()) }
    }
}

#[test]
fn a_watcher_is_told_at_once_and_until_it_is_cancelled_or_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), "en");
    let (first, second) = (Arc::new(Counting::default()), Arc::new(Counting::default()));
    let watching = phone.watch(first.clone()).unwrap();
    let other = phone.watch(second.clone()).unwrap();
    let told = || (first.told.load(Ordering::SeqCst), second.told.load(Ordering::SeqCst));
    assert_eq!(told(), (1, 1));
    phone.tap("\"give\"".to_owned(), vec![]).unwrap();
    assert_eq!(told(), (2, 2));
    watching.cancel().unwrap();
    watching.cancel().unwrap();
    drop(other);
    phone.tap("\"give\"".to_owned(), vec![]).unwrap();
    assert_eq!(told(), (2, 2));
    assert_eq!(Arc::strong_count(&first), 1, "nobody keeps it");
}

#[test]
fn a_watcher_that_fails_ends_nothing_and_may_call_the_phone() {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), "en");
    let failing = Arc::new(Counting { fails: true, ..Counting::default() });
    *failing.phone.lock().unwrap() = Some(phone.clone());
    let _watching = phone.watch(failing.clone()).unwrap();
    for _ in 0..3 {
        phone.tap("\"give\"".to_owned(), vec![]).unwrap();
    }
    assert_eq!(failing.told.load(Ordering::SeqCst), 4);
    *failing.phone.lock().unwrap() = None;
}

#[test]
fn every_call_after_closing_is_an_error_in_the_readers_language() {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), "zh-CN");
    phone.close().unwrap();
    phone.close().unwrap();
    let closed = |error: PhoneError| match error {
        PhoneError::Closed { code, text, remedy } => {
            assert_eq!((code.as_str(), text.as_str()), ("app-closed", "应用现在已关闭。"));
            assert!(!remedy.is_empty());
        }
        other => panic!("{other:?}"),
    };
    closed(phone.now().unwrap_err());
    closed(phone.tap("\"give\"".to_owned(), vec![]).unwrap_err());
    closed(phone.back().unwrap_err());
    closed(phone.typing("a".to_owned(), "b".to_owned()).unwrap_err());
    closed(phone.page(String::new()).unwrap_err());
    let picture = format!("{}/photo", "00000000-0000-7000-8000-000000000000");
    closed(phone.picture(picture, 100).unwrap_err());
    closed(phone.sync_until(10, None, None).unwrap_err());
    closed(phone.awake("start".to_owned(), false).unwrap_err());
    closed(phone.rest().unwrap_err());
    let stop = SyncStop::new().unwrap();
    closed(futures_executor::block_on(phone.sync(None, stop)).unwrap_err());
    phone.reopen().unwrap();
    assert_eq!(phone.now().unwrap().name, "enrol");
}

#[test]
fn closing_waits_for_nobody_for_ever_while_many_threads_call() {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), "en");
    let (looked, refused) = (AtomicU64::new(0), AtomicU64::new(0));
    // Each goes on until it has met the app open and closed often enough, so that neither is left to chance.
    let met = || looked.load(Ordering::SeqCst).min(refused.load(Ordering::SeqCst)) >= 100;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !met() {
                    match phone.now() {
                        Ok(screen) => {
                            assert_eq!(screen.name, "enrol");
                            looked.fetch_add(1, Ordering::SeqCst);
                        }
                        Err(error) => {
                            assert!(matches!(error, PhoneError::Closed { .. }), "{error:?}");
                            refused.fetch_add(1, Ordering::SeqCst);
                        }
                    }
                }
            });
        }
        scope.spawn(|| {
            while !met() {
                phone.close().unwrap();
                std::thread::yield_now();
                phone.reopen().unwrap();
            }
        });
    });
    assert_eq!(phone.now().unwrap().name, "enrol");
}

#[test]
fn errors_have_a_code_words_and_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let phone = phone(dir.path(), "en");
    let stop = SyncStop::new().unwrap();
    match futures_executor::block_on(phone.sync(None, stop)).unwrap_err() {
        PhoneError::Access { code, text, remedy } => {
            assert_eq!((code.as_str(), text.as_str()), ("nobody-signed-in", "Nobody is signed in."));
            assert_eq!(remedy, "Enter your PIN.");
        }
        other => panic!("{other:?}"),
    }
    let after = phone.tap("{\"no\":1}".to_owned(), vec![]).unwrap();
    assert_eq!(after.said.unwrap().code.as_deref(), Some("tap-unknown"), "an unknown tap is a notice");
    assert_eq!(after.screen.name, "enrol");
    let nowhere = SimulatedMachine::new(dir.path().to_str().unwrap().to_owned()).unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let opened = Phone::simulated(file.to_str().unwrap().to_owned(), "en".to_owned(), nowhere);
    assert!(matches!(opened.err(), Some(PhoneError::Usage { .. } | PhoneError::Storage { .. })));
}
