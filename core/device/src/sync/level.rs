//! Cursors in short: a phone with all news stands at one place in all of its scopes, and a supervisor has
//! many. Where the server knows that way of saying it, an unchanged phone says the place, and what its
//! scopes come to; if they are others by now, it says all of them.

use super::transport::Transport;
use crate::error::Fail;
use crate::store::meta;
use rounds_protocol::exchange::{Answer, Cursors, Level, Request};
use rounds_protocol::fault::Fault;
use rusqlite::{Connection, Transaction};

/// Where the store keeps whether the server knows it.
const KEY: &str = "levels";

/// Whether the server knows it.
pub(super) fn is_known(db: &Connection) -> Result<bool, Fail> {
    Ok(meta::get(db, KEY)?.unwrap_or(false))
}

/// Notes that it does, if an answer says so.
pub(super) fn note(tx: &Transaction<'_>, answer: &Answer) -> Result<(), Fail> {
    if answer.level.is_some() && !is_known(tx)? { meta::set(tx, KEY, &true) } else { Ok(()) }
}

/// One exchange, with the cursors in short where that is possible.
pub(super) fn exchange(
    transport: &dyn Transport,
    token: &str,
    request: &Request,
    known: bool,
) -> Result<Answer, Fail> {
    let short = Level::of(&request.cursors).filter(|_| known && request.push.is_empty());
    let Some(level) = short else { return transport.exchange(token, request) };
    let asked = Request { cursors: Cursors::new(), level: Some(level), ..request.clone() };
    match transport.exchange(token, &asked) {
        Err(Fail::Fault(fault)) if fault.code == Fault::CursorsUnknown.code() => {
            transport.exchange(token, request)
        }
        Ok(mut answer) => {
            if let (true, Some(level)) = (answer.cursors.is_empty(), answer.level) {
                let cursors = level.cursors(request.cursors.keys());
                answer.cursors = cursors.ok_or(Fail::BadAnswer("cursors of other scopes"))?;
            }
            Ok(answer)
        }
        failed => failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rounds_model::ids::{DeviceId, Epoch, PersonId, Seq};
    use rounds_model::scope::Scope;
    use rounds_protocol::enrol::{EnrolAnswer, EnrolRequest};
    use std::sync::Mutex;

    /// A server whose device holds these scopes, and what it was asked.
    struct Server {
        scopes: Vec<Scope>,
        asked: Mutex<Vec<bool>>,
    }

    impl Transport for Server {
        fn exchange(&self, _: &str, request: &Request) -> Result<Answer, Fail> {
            self.asked.lock().unwrap().push(request.level.is_some());
            let known = match request.level {
                Some(level) => level.cursors(self.scopes.iter()),
                None => Some(request.cursors.clone()),
            };
            let Some(_) = known else { return Err(Fail::Fault(Box::new(Fault::CursorsUnknown.body()))) };
            let mut cursors: Cursors = self.scopes.iter().map(|scope| (scope.clone(), Seq(9))).collect();
            let level = Level::of(&cursors);
            if request.level.is_some() {
                cursors.clear();
            }
            let (epoch, team_key, ended, witness) = (Epoch([1; 16]), None, None, None);
            let (receipts, pull) = (vec![], vec![]);
            let more = false;
            Ok(Answer {
                receipts,
                pull,
                cursors,
                epoch,
                more,
                server_ms: 1,
                team_key,
                ended,
                level,
                witness,
                lost: vec![],
            })
        }

        fn enrol(&self, _: &EnrolRequest) -> Result<EnrolAnswer, Fail> {
            Err(Fail::BadAnswer("not asked for"))
        }
    }

    #[test]
    fn cursors_are_said_in_short_where_both_ends_mean_the_same() {
        let scopes: Vec<_> = (1..5).map(|n| Scope::Person(PersonId([n; 16]))).collect();
        let request = |scopes: &[Scope], at: fn(usize) -> u64| Request {
            device: DeviceId([1; 16]),
            epoch: None,
            cursors: scopes.iter().enumerate().map(|(n, scope)| (scope.clone(), Seq(at(n)))).collect(),
            push: vec![],
            take: Default::default(),
            unsent: 0,
            wants_key: false,
            packs: vec![],
            again: false,
            acts: vec![],
            status: None,
            level: None,
            docs: vec![],
            witness: None,
            apart: vec![],
            ruled: Default::default(),
        };
        let server = Server { scopes: scopes.clone(), asked: Mutex::default() };
        let ask = |request: &Request, known| {
            let answer = exchange(&server, "", request, known).unwrap();
            let all: Cursors = scopes.iter().map(|scope| (scope.clone(), Seq(9))).collect();
            assert_eq!(answer.cursors, all, "whatever was said");
            std::mem::take(&mut *server.asked.lock().unwrap())
        };
        assert_eq!(ask(&request(&scopes, |_| 7), false), [false], "a server that may not know it");
        assert_eq!(ask(&request(&scopes, |_| 7), true), [true]);
        assert_eq!(ask(&request(&scopes, |n| n as u64), true), [false], "they differ");
        assert_eq!(ask(&request(&scopes[1..], |_| 7), true), [true, false], "its scopes are others by now");
    }
}
