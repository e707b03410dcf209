//! The evidence page over real recordings, and what stands beside an act that passes one.

use super::fixture::Browser;
use crate::console::packs::PublishedPacks;
use crate::console::{Console, routes};
use crate::evidence::tests::{Desk, desk, hash, recorded, sealed};
use crate::storage::sqlite::Sqlite;
use crate::testing::{BOSS, NOW, PASSWORD, doc};
use axum::http::StatusCode;
use std::sync::Arc;

pub async fn supervisor(desk: &Desk) -> Browser {
    let storage = Arc::new(Sqlite::open(&desk.office.dir.path().join("rounds.db")).unwrap());
    let console = Console::new(storage, Arc::new(PublishedPacks::default()), || NOW, false);
    let console = Console { blobs: Some(Arc::clone(&desk.blobs)), ..console };
    let mut browser = Browser::new(routes::routes(console));
    let token = browser.get("/sign-in").await.token();
    let form = [("csrf", token.as_str()), ("name", BOSS), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &form).await.status, StatusCode::SEE_OTHER);
    browser
}

#[tokio::test]
async fn the_page_says_what_is_missing_and_how_to_check_the_rest_elsewhere() {
    let mut desk = desk().await;
    let chain = sealed(&recorded(doc(1), desk.li.device, desk.li.person.0, b"sound"), &desk.li.key);
    desk.finished(1, &chain);
    let mut browser = supervisor(&desk).await;
    let (record, evidence) = (format!("/records/{}", doc(1)), format!("/records/{}/evidence", doc(1)));
    // Sealed, and not here: nothing says that it was received, and whoever would pass it is warned.
    let page = browser.get(&evidence).await;
    assert!(page.body.contains("Its chain has not arrived"), "{}", page.body);
    assert!(
        !page.body.contains("Received and signed by the server")
            && page.body.contains("its file is not here")
    );
    let warned = browser.get(&record).await.body;
    let warned = warned.split_once("data-test=\"warnings\"").expect("a warning").1;
    assert!(
        warned.contains("nobody has seen or heard it") && warned.contains("data-offer=\"pass\""),
        "{warned}"
    );

    desk.upload(1, b"sound").await;
    desk.upload(1, &chain).await;
    assert!(!browser.get(&record).await.body.contains("data-test=\"warnings\""));
    let page = browser.get(&evidence).await;
    let file = format!("{record}/blobs/{}", hash(&chain));
    let key = rounds_model::ids::PublicKey(desk.li.key.verifying_key().to_bytes()).to_string();
    let command = format!("rounds-server verify-evidence {} --media", doc(1));
    for part in ["data-test=\"whole\"", &file, &key, &command, "--server-key", "/assets/verify.py"] {
        assert!(page.body.contains(part), "{part}");
    }
    assert_eq!(browser.get(&file).await.body.as_bytes(), chain);
    assert!(browser.get("/assets/verify.py").await.body.contains("def main"));
    // What the page says is enough for the page's own verifier.
    let folder = desk.office.dir.path();
    std::fs::write(folder.join("verify.py"), browser.get("/assets/verify.py").await.body).unwrap();
    std::fs::write(folder.join("CHAIN.txt"), &chain).unwrap();
    let python = page.body.split_once("python3 ").unwrap().1.split('<').next().unwrap();
    let run = |args: &[&str]| {
        let done = std::process::Command::new("python3").args(args).current_dir(folder).output().unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    let args: Vec<&str> = python.split_whitespace().collect();
    assert_eq!(run(&args), (Some(0), "nothing is wrong: 8 links\n".to_owned()));
    let at = args.iter().position(|arg| *arg == "--at").unwrap() + 1;
    let other: Vec<&str> = args.iter().enumerate().map(|(n, arg)| if n == at { "5" } else { *arg }).collect();
    let (code, said) = run(&other);
    assert!(code == Some(1) && said.contains("has not signed"), "{said}");

    // After a restore without its files the page is there, and names them.
    std::fs::remove_file(desk.kept(b"sound")).unwrap();
    let page = browser.get(&evidence).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("segment 1 was received and its file is not here"), "{}", page.body);
    assert!(page.body.contains("findings: 1") || page.body.contains("(findings: 1)"));
    std::fs::remove_file(desk.kept(&chain)).unwrap();
    let page = browser.get(&evidence).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Its chain was received, and its file is not here any more"), "{}", page.body);
    assert_eq!(browser.get(&file).await.status, StatusCode::NOT_FOUND);
}
