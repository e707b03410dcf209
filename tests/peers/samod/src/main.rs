//! samod on both ends, kept in files, over TCP: `samod-peer server FOLDER`, or
//! `samod-peer client fill|fresh ADDRESS FOLDER PHONES RECORDS LOAD IDS LIMIT`; one JSON line for
//! each step. One document for each record.

use automerge::{Automerge, AutomergeError, ROOT, transaction::Transactable};
use samod::storage::TokioFilesystemStorage;
use samod::{BackoffConfig, DocumentId, PeerId, Repo, ShareConfig, Transport};
use serde_json::{Value, json};
use std::io::BufRead;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["server", folder] => server(folder).await,
        ["client", "fill", address, folder, phones, records, load, ids, limit] => {
            let (phones, records) = (phones.parse().unwrap(), records.parse().unwrap());
            fill(address, folder, (phones, records), (load, ids), limit.parse().unwrap()).await;
        }
        ["client", "fresh", address, folder, _, _, _, ids, limit] => {
            fresh(address, folder, ids, limit.parse().unwrap()).await;
        }
        _ => panic!("see the head of this program"),
    }
    std::process::exit(0);
}

async fn server(folder: &str) {
    // It offers nothing by itself, or every phone would be sent every document.
    let repo = Repo::build_tokio()
        .with_peer_id(PeerId::from("server"))
        .with_storage(TokioFilesystemStorage::new(folder))
        .with_share_policy(ShareConfig::read_write().with_announce(false))
        .load()
        .await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = repo.make_acceptor(format!("tcp://127.0.0.1:{port}").parse().unwrap()).unwrap();
    tokio::spawn(async move {
        let mut kept = vec![];
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            kept.push(acceptor.accept(Transport::from_tokio_io(stream)).unwrap());
        }
    });
    say(json!({ "port": port, "pid": std::process::id() }));
    while word().await {}
    repo.stop().await;
}

async fn fill(address: &str, folder: &str, (phones, records): (usize, usize), files: (&str, &str), limit: u64) {
    let (load, ids) = files;
    let load = std::fs::read_to_string(load).unwrap();
    let mut lines = load.lines();
    let (mut repos, mut names) = (vec![], vec![]);
    for n in 0..phones {
        let repo = open(&format!("{folder}/{n}"), &format!("phone-{n}")).await;
        let mut docs = vec![];
        for line in lines.by_ref().take(records) {
            let doc = repo.create(document(line)).await.unwrap();
            names.push(doc.document_id().to_string());
            docs.push(doc);
        }
        repos.push((repo, docs));
    }
    std::fs::write(ids, names.join("\n")).unwrap();
    say(json!({ "ready": true }));
    word().await;
    let began = Instant::now();
    let done = Arc::new(AtomicUsize::new(0));
    let mut waits = vec![];
    for (repo, docs) in &repos {
        let dialer = repo.dial_tcp(url(address), BackoffConfig::default()).unwrap();
        dialer.established().await.unwrap();
        let server = repo.connected_peers().0.first().map(|peer| peer.id).unwrap();
        for doc in docs {
            let (there, done) = (doc.they_have_our_changes(server), Arc::clone(&done));
            waits.push(tokio::spawn(async move {
                there.await;
                done.fetch_add(1, Ordering::Relaxed);
            }));
        }
        std::mem::forget(dialer);
    }
    let all = futures::future::join_all(waits);
    let _ = tokio::time::timeout(Duration::from_secs(limit), all).await;
    said(began, json!({ "records": done.load(Ordering::Relaxed) }));
    word().await;
}

async fn fresh(address: &str, folder: &str, ids: &str, limit: u64) {
    let ids = std::fs::read_to_string(ids).unwrap();
    let ids: Vec<DocumentId> = ids.lines().map(|id| id.parse().unwrap()).collect();
    let repo = open(folder, "fresh").await;
    let dialer = repo.dial_tcp(url(address), BackoffConfig::default()).unwrap();
    dialer.established().await.unwrap();
    say(json!({ "ready": true }));
    word().await;
    let began = Instant::now();
    let docs = found(&repo, &ids, limit).await;
    said(began, json!({ "records": docs.len() }));
    word().await;
    drop(docs);
    repo.stop().await;
    let began = Instant::now();
    let repo = open(folder, "fresh").await;
    let dialer = repo.dial_tcp(url(address), BackoffConfig::default()).unwrap();
    dialer.established().await.unwrap();
    let _docs = found(&repo, &ids, limit).await;
    // When the last document has been compared, only the network shows.
    said(began, json!({ "quiet": true }));
    word().await;
}

async fn found(repo: &Repo, ids: &[DocumentId], limit: u64) -> Vec<samod::DocHandle> {
    let limit = Duration::from_secs(limit);
    let finds = ids.iter().map(|id| tokio::time::timeout(limit, repo.find(id.clone())));
    let ends = futures::future::join_all(finds).await;
    ends.into_iter().filter_map(|end| end.ok()?.ok()?).collect()
}

async fn open(folder: &str, name: &str) -> Repo {
    let storage = TokioFilesystemStorage::new(folder);
    Repo::build_tokio().with_peer_id(PeerId::from(name)).with_storage(storage).load().await
}

fn url(address: &str) -> url::Url {
    format!("tcp://{address}").parse().unwrap()
}

fn document(line: &str) -> Automerge {
    let Value::Object(record) = serde_json::from_str(line).unwrap() else { panic!("a record") };
    let mut document = Automerge::new();
    let write = document.transact::<_, _, AutomergeError>(|tx| {
        for (key, value) in &record {
            match value {
                Value::String(text) => tx.put(ROOT, key, text.as_str())?,
                Value::Number(n) if n.is_i64() => tx.put(ROOT, key, n.as_i64().unwrap())?,
                Value::Number(n) => tx.put(ROOT, key, n.as_f64().unwrap())?,
                _ => tx.put(ROOT, key, ())?,
            }
        }
        Ok(())
    });
    write.unwrap();
    document
}

fn said(began: Instant, mut more: Value) {
    more["seconds"] = began.elapsed().as_secs_f64().into();
    say(more);
}

fn say(what: Value) {
    println!("{what}");
}

/// Waits for a line; false when there is none any more.
async fn word() -> bool {
    tokio::task::spawn_blocking(|| {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).is_ok_and(|n| n > 0)
    })
    .await
    .unwrap()
}
