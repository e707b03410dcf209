//! Being told of news: a thread that listens to the server and says when there is something new.
//! A line that breaks is tried again by the same rules as a sync.

use super::backoff::{Backoff, Cause, Plan, Trouble, Where};
use super::stop::Stop;
use super::transport::{Http, accepted, client, plain};
use crate::error::{Fail, RoundsError};
use crate::platform::{Platform, random};
use reqwest::header::{ACCEPT, AUTHORIZATION};
use rounds_protocol::VERSION;
use rounds_protocol::events;
use rounds_protocol::wire::VERSION_HEADER;
use std::io::{BufRead, BufReader, Read};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use zeroize::Zeroizing;

/// The longest line that is read; ours are a few bytes.
const LINE: u64 = 1_024;

/// A listener. Dropped, it listens no more.
#[derive(Debug)]
pub struct Listener {
    stop: Stop,
    thread: JoinHandle<()>,
}

impl Listener {
    /// Listens to a server, and calls `heard` at each wake-up: also whenever the line stands again,
    /// because something may have happened meanwhile.
    pub fn start(
        server: Http,
        token: &str,
        platform: Arc<dyn Platform>,
        heard: impl Fn() + Send + 'static,
    ) -> Result<Listener, Fail> {
        let stop = Stop::new();
        let (own, token) = (stop.clone(), Zeroizing::new(token.to_owned()));
        let thread = std::thread::Builder::new().name("rounds-listener".to_owned());
        let listen = move || {
            // A phone without a clock or random numbers is told of nothing, and asks from time to time.
            let _ = listen(&server, &token, &*platform, &own, &heard);
        };
        let thread = thread.spawn(listen).map_err(|_| Fail::System("thread"))?;
        Ok(Listener { stop, thread })
    }

    /// True if it has given up: the server refuses to be listened to. The next sync says why.
    pub fn is_over(&self) -> bool {
        self.thread.is_finished()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Its thread notices at the next heart-beat, or at once if it waits to try again.
        self.stop.cancel();
    }
}

fn listen(
    server: &Http,
    token: &str,
    platform: &dyn Platform,
    stop: &Stop,
    heard: &dyn Fn(),
) -> Result<(), Fail> {
    let mut backoff = Backoff::default();
    let mut has_stood = false;
    while stop.is_over().is_none() {
        let mut stood = false;
        let ended = server.listen(token, stop, &mut || {
            stood = true;
            heard();
        });
        if stood {
            backoff = Backoff::default();
            has_stood = true;
        }
        let trouble = Trouble::of(&RoundsError::from(&ended));
        if trouble.place == Where::Person {
            // What it was let do before and is not now: nothing else begins the sync that says why, until the
            // next one that is due. One that never was let is told so by the sync that it came with.
            if has_stood {
                heard();
            }
            return Ok(());
        }
        let draw = u64::from_be_bytes(random(platform)?);
        backoff.failed(trouble, Cause::Timer, platform.clocks()?, draw);
        if let Plan::Wait(ms) = backoff.plan(platform.clocks()?) {
            stop.sleep(Duration::from_millis(ms));
        }
    }
    Ok(())
}

impl Http {
    /// Listens until the line breaks, or it is stopped. Returns why it ended.
    fn listen(&self, token: &str, stop: &Stop, heard: &mut dyn FnMut()) -> Fail {
        let mut listening = || {
            let client = client(self.is_local(), events::SILENCE)?;
            let call = client
                .get(format!("{}{}", self.base(), events::PATH))
                .header(ACCEPT, "text/event-stream")
                .header(AUTHORIZATION, format!("Bearer {token}"))
                .header(VERSION_HEADER, VERSION.to_string());
            let answer = call.send().map_err(|e| Fail::Offline(plain(&e)))?;
            read_events(BufReader::new(stop.reading(accepted(answer)?)), heard)
        };
        let ended: Result<(), Fail> = listening();
        ended.err().unwrap_or_else(|| Fail::Offline("net-ended".to_owned()))
    }
}

/// Reads lines of an event stream to its end, and calls `heard` for each that says that there is news.
pub fn read_events(mut from: impl BufRead, heard: &mut dyn FnMut()) -> Result<(), Fail> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = from.by_ref().take(LINE).read_until(b'\n', &mut line);
        match read.map_err(|_| Fail::Offline("net-broke-off".to_owned()))? {
            0 => return Ok(()),
            n if n as u64 == LINE => return Err(Fail::BadAnswer("no line of ours")),
            _ => {}
        }
        if line.strip_prefix(b"data:").is_some_and(|data| data.trim_ascii() == events::NEW.as_bytes()) {
            heard();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(stream: &[u8]) -> (usize, bool) {
        let mut count = 0;
        let ended = read_events(stream, &mut || count += 1);
        (count, ended.is_ok())
    }

    /// Found by a user: a phone was revoked while its line was down, its line was refused, and it showed
    /// everything as before until it asked by itself, a quarter of an hour later.
    #[test]
    fn who_is_refused_a_line_asks_why_at_once() {
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", server.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let body = serde_json::to_string(&rounds_protocol::fault::Fault::DeviceRevoked.body()).unwrap();
            let stands = "200 OK\r\ncontent-type: text/event-stream";
            let refused = "403 Forbidden\r\ncontent-type: application/json";
            for (head, body) in [(stands, "data: new\n\n"), (refused, &body)] {
                let (mut call, _) = server.accept().unwrap();
                let _ = std::io::Read::read(&mut call, &mut [0; 4_096]);
                let length = body.len();
                let answer =
                    format!("HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
                std::io::Write::write_all(&mut call, answer.as_bytes()).unwrap();
            }
        });
        let (heard, told) = std::sync::mpsc::channel();
        let platform = Arc::new(crate::platform::Replay::new(1, 1));
        let http = Http::new(&address).unwrap();
        let hears = move || {
            let _ = heard.send(());
        };
        let listener = Listener::start(http, "token", platform, hears).unwrap();
        for _ in 0..2 {
            told.recv_timeout(Duration::from_secs(60)).unwrap();
        }
        server.join().unwrap();
        while !listener.is_over() {
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    #[test]
    fn wake_ups_are_heard_and_heart_beats_are_not() {
        assert_eq!(heard(b": \n\ndata: new\n\n:\n\ndata:new\r\n\r\n"), (2, true));
        assert_eq!(heard(b"event: other\ndata: something else\n\n"), (0, true));
        assert_eq!(heard(b"data: new"), (1, true));
        let endless = [b"data: new\n\n".as_slice(), &vec![b'x'; 2_000], b"\ndata: new\n"].concat();
        assert_eq!(heard(&endless), (1, false), "a line that never ends is not collected");
    }
}
