//! Fetching the next page while this one is taken in.
//!
//! A new phone waits for the server half of the time and works the other half. What the next
//! request says follows from the answer alone when the phone has nothing to send, and asking for a
//! page changes nothing on the server, so that a page that is fetched and then not taken in, because
//! the phone was killed or its disk is full, is simply asked for again.

use super::compose::Composed;
use super::transport::Transport;
use crate::error::Fail;
use rounds_protocol::exchange::{Answer, Request};

/// A request and what came of it.
pub(super) type Fetched = (Composed, Result<Answer, Fail>);

/// Takes in an answer and, if there is more and the transport allows it, fetches the next page
/// meanwhile.
pub(super) fn beside<T>(
    transport: &dyn Transport,
    token: &str,
    composed: &Composed,
    answer: &Answer,
    take_in: impl FnOnce() -> T,
) -> (T, Option<Fetched>) {
    let next = next(&composed.request, answer).filter(|_| transport.overlaps());
    let Some(request) = next else { return (take_in(), None) };
    let (taken, fetched) = std::thread::scope(|scope| {
        let fetching = scope.spawn(|| transport.exchange(token, &request));
        let taken = take_in();
        let lost = |_| Err(Fail::Offline("the next page was lost".to_owned()));
        (taken, fetching.join().unwrap_or_else(lost))
    });
    (taken, Some((Composed { request, sent: vec![] }, fetched)))
}

/// The request for the page after this one, if it is known before this one is taken in: not while
/// the phone has something to send, because receipts decide what comes next.
fn next(request: &Request, answer: &Answer) -> Option<Request> {
    (answer.more && request.push.is_empty()).then(|| Request {
        device: request.device,
        epoch: Some(answer.epoch),
        cursors: answer.cursors.clone(),
        push: vec![],
        take: request.take,
        wants_key: false,
        unsent: request.unsent,
        packs: vec![],
        again: false,
        acts: vec![],
        status: request.status.clone(),
        docs: vec![],
        level: None,
        witness: answer.witness.or(request.witness),
        apart: vec![],
        ruled: Default::default(),
    })
}
