//! The network between the phones and the server, on a bad day.

use super::broken::{Broken, Bungler};
use super::cast::PHONES;
use super::folder::Folder;
use super::rng::Rng;
use super::server::Server;
use super::trace::Trace;
use anyhow::Result;
use rounds_device::error::Fail;
use rounds_device::sync::blobs::transport::BlobTransport;
use rounds_device::sync::transport::Transport;
use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest};
use rounds_protocol::exchange::{Answer, Receipt, Request};
use rounds_server::exchange::rules::RulesCache;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Old requests that the network may still deliver.
const REMEMBERED: usize = 16;

/// The server and everything that is on its way to it.
pub struct Network {
    /// The server.
    pub server: Server,
    /// The server's clock.
    pub now_ms: i64,
    /// Things go wrong.
    pub rough: bool,
    rules: Arc<RulesCache>,
    pub(super) rng: Rng,
    old: Vec<Letter>,
    bungler: Option<Bungler>,
    /// The server does not know a log of its own that was set back.
    blind: bool,
    /// The server met something that it should not.
    pub failed: Option<String>,
    /// Phones that are told that there is news.
    woken: BTreeSet<usize>,
    trace: Arc<Trace>,
}

#[derive(Clone)]
struct Letter {
    phone: usize,
    token: String,
    request: Request,
}

/// What happens to one request.
enum Fate {
    Arrives,
    Lost,
    AnswerLost,
    Twice,
    ServerDies,
    ServerDiesAfter,
}

impl Network {
    /// A network to a server.
    pub fn new(
        server: Server,
        rules: Arc<RulesCache>,
        now_ms: i64,
        mut rng: Rng,
        broken: Option<Broken>,
        trace: Arc<Trace>,
    ) -> Network {
        let bungler = broken.map(|broken| Bungler::new(broken, rng.fork()));
        let blind = broken == Some(Broken::RestoresBlindly);
        Network {
            server,
            now_ms,
            rough: true,
            rules,
            rng,
            old: vec![],
            bungler,
            blind,
            failed: None,
            woken: BTreeSet::new(),
            trace,
        }
    }

    /// An old request arrives after all; nobody waits for its answer.
    pub fn deliver_old(&mut self) {
        let at = self.rng.below(self.old.len());
        if self.old.is_empty() {
            return;
        }
        let letter = self.old.swap_remove(at);
        let outcome = match self.deliver(&letter) {
            Ok(answer) => receipts(&answer),
            Err(fail) => fail.to_string(),
        };
        self.say(letter.phone, &format!("an old request arrives: {outcome}"));
    }

    /// The server is put back to its backup.
    pub fn restore_server(&mut self) -> Result<(u32, Vec<usize>)> {
        let blindly = self.bungler.as_ref().is_some_and(|b| b.is(Broken::RestoresBlindly));
        self.server.restore(blindly, self.now_ms)
    }

    /// True if a phone was told that there is news since it was asked last.
    pub fn wakes(&mut self, phone: usize) -> bool {
        self.woken.remove(&phone)
    }

    /// From now on everything goes well.
    pub fn heal(&mut self) -> Result<()> {
        self.rough = false;
        self.bungler = None;
        self.old.clear();
        self.server.set_full(false)
    }

    fn deliver(&mut self, letter: &Letter) -> Result<Answer, Fail> {
        if self.bungler.as_mut().is_some_and(|b| b.swallows(&letter.request)) {
            return Ok(Bungler::pretend(&letter.request, self.now_ms));
        }
        let mut answer = self.ask(&letter.token, &letter.request)?;
        if !letter.request.push.is_empty() {
            // Some wake-ups are lost: then a phone asks by itself.
            let others = (0..PHONES.len()).filter(|phone| *phone != letter.phone);
            let told: Vec<_> = others.filter(|_| !self.rough || self.rng.percent(80)).collect();
            self.woken.extend(told);
        }
        if let Some(mut bungler) = self.bungler.take() {
            answer = bungler.spoil(letter.phone, &letter.request, answer, &mut |request| {
                self.ask(&letter.token, request)
            })?;
            self.bungler = Some(bungler);
        }
        Ok(answer)
    }

    fn ask(&mut self, token: &str, request: &Request) -> Result<Answer, Fail> {
        let seen = if self.blind { Some(self.unwitnessed(request)?) } else { None };
        let request = seen.as_ref().unwrap_or(request);
        let answer = self.server.exchange(&self.rules, token, request, self.now_ms);
        answer.map_err(|e| {
            if e.fault() == rounds_protocol::fault::Fault::Internal {
                self.failed = Some(format!("{e:?}"));
                self.trace.say(format!("    the server fails: {e:?}"));
            }
            Fail::Fault(Box::new(e.fault().body()))
        })
    }

    /// A request that shows nothing of the log that it knows.
    fn unwitnessed(&self, request: &Request) -> Result<Request, Fail> {
        let view = self.server.view().map_err(|_| offline("no server"))?;
        let head = view.head().map_err(|_| offline("no server"))?;
        let cursors = request.cursors.iter().map(|(scope, at)| (scope.clone(), (*at).min(head))).collect();
        Ok(Request { cursors, witness: None, ..request.clone() })
    }

    fn send(&mut self, letter: Letter) -> Result<Answer, Fail> {
        if !self.rough {
            return self.deliver(&letter);
        }
        if self.rng.percent(8) {
            self.deliver_old();
        }
        if self.old.len() < REMEMBERED && self.rng.percent(25) {
            self.old.push(letter.clone());
        }
        let phone = letter.phone;
        let fate = match self.rng.below(100) {
            0..6 => Fate::Lost,
            6..12 => Fate::AnswerLost,
            12..17 => Fate::Twice,
            17..19 => Fate::ServerDies,
            19..21 => Fate::ServerDiesAfter,
            _ => Fate::Arrives,
        };
        let before = self.server.log_length();
        match fate {
            Fate::Arrives => {
                let answer = self.deliver(&letter)?;
                self.say(phone, &format!("exchange: {}", receipts(&answer)));
                Ok(answer)
            }
            Fate::Lost => {
                self.say(phone, "a request is lost");
                Err(offline("lost"))
            }
            Fate::AnswerLost => {
                let answer = self.deliver(&letter)?;
                self.say(phone, &format!("an answer is lost: {}", receipts(&answer)));
                Err(offline("lost"))
            }
            Fate::Twice => {
                let first = self.deliver(&letter)?;
                let second = self.deliver(&letter)?;
                let answer = if self.rng.percent(50) { first } else { second };
                self.say(phone, &format!("a request arrives twice: {}", receipts(&answer)));
                Ok(answer)
            }
            Fate::ServerDies => {
                let _ = self.deliver(&letter);
                let after = self.server.log_length();
                let cut = (after > before).then(|| self.rng.between(before, after - 1));
                self.say(
                    phone,
                    &format!("the server dies while it works: log cut {cut:?} of {before}..{after}"),
                );
                self.restart_server(cut)
            }
            Fate::ServerDiesAfter => {
                let _ = self.deliver(&letter);
                self.say(phone, "the server dies before it answers");
                self.restart_server(None)
            }
        }
    }

    pub(super) fn restart_server<T>(&mut self, cut: Option<u64>) -> Result<T, Fail> {
        match self.server.die(cut) {
            Ok(()) => Err(offline("broke off")),
            // Not an error that a phone may see: it fails the run.
            Err(e) => {
                self.trace.say(format!("    the server does not start: {e:#}"));
                Err(Fail::BadAnswer("the server does not start"))
            }
        }
    }

    pub(super) fn say(&self, phone: usize, what: &str) {
        let name = PHONES.get(phone).map_or("?", |(name, _)| name);
        self.trace.say(format!("    {name}: {what}"));
    }
}

pub(super) fn offline(what: &str) -> Fail {
    Fail::Offline(what.to_owned())
}

fn receipts(answer: &Answer) -> String {
    let word = |receipt: &Receipt| match receipt {
        Receipt::Stored(seq) => format!("stored {}", seq.0),
        Receipt::Duplicate(seq) => format!("known {}", seq.0),
        Receipt::Held(refusal) => format!("held {}", refusal.code),
        Receipt::Taken(refusal) => format!("taken {}", refusal.code),
    };
    let words: Vec<_> = answer.receipts.iter().map(word).collect();
    let more = if answer.more { ", more" } else { "" };
    let cursors: Vec<_> = answer.cursors.values().map(|seq| seq.0).collect();
    format!("[{}], {} new{more}, to {cursors:?}", words.join(", "), answer.pull.len())
}

/// One phone's connection, for one sync.
pub struct Wire<'a> {
    /// The network.
    pub network: &'a Mutex<Network>,
    /// Whose connection it is.
    pub phone: usize,
    /// There is none.
    pub offline: bool,
    /// Its folder: what was in it when a request left is on the disk for good.
    pub folder: &'a Folder,
    /// How long the phone's log was when the last request left.
    pub written: &'a AtomicU64,
    /// What the user does while the request is on its way.
    pub meanwhile: &'a (dyn Fn() + Sync),
}

/// The network, to itself.
pub fn lock(network: &Mutex<Network>) -> MutexGuard<'_, Network> {
    network.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Transport for Wire<'_> {
    fn exchange(&self, token: &str, request: &Request) -> Result<Answer, Fail> {
        if self.offline {
            return Err(offline("no network"));
        }
        self.written.store(self.folder.log_length(), Ordering::SeqCst);
        let letter = Letter { phone: self.phone, token: token.to_owned(), request: request.clone() };
        let answer = lock(self.network).send(letter);
        (self.meanwhile)();
        answer
    }

    fn blobs(&self) -> Option<&dyn BlobTransport> {
        Some(self)
    }

    fn enrol(&self, _: &EnrolRequest) -> Result<EnrolAnswer, Fail> {
        Err(offline("nobody enrols here"))
    }
}
