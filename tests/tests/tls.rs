//! TLS: a phone enrols and syncs over https with a certificate that it trusts, refuses one that it
//! does not, and the server speaks plain HTTP to nobody beyond this machine unless it is told to.
#![allow(clippy::unwrap_used)] // Helpers of tests may.

use rounds_tests::phone::text;
use rounds_tests::process::{program, run};
use rounds_tests::server::Server;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A certificate for this machine, in PEM files.
fn certificate(folder: &Path) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    std::fs::write(folder.join("cert.pem"), made.cert.pem()).unwrap();
    std::fs::write(folder.join("key.pem"), made.signing_key.serialize_pem()).unwrap();
}

fn serve(folder: &Path, server: &mut Server) -> Serving {
    server.release();
    let mut command = Command::new(program("rounds-server").unwrap());
    command.arg("--data").arg(folder.join("server")).args([
        "serve",
        "--listen",
        &server.address().to_string(),
    ]);
    command.arg("--tls-cert").arg(folder.join("cert.pem")).arg("--tls-key").arg(folder.join("key.pem"));
    let serving = Serving(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
    listens(server);
    serving
}

fn listens(server: &Server) {
    let began = Instant::now();
    while TcpStream::connect(server.address()).is_err() {
        assert!(began.elapsed() < Duration::from_secs(60), "it does not listen");
        std::thread::sleep(Duration::from_millis(30));
    }
}

#[test]
fn a_phone_syncs_over_tls_and_trusts_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    std::fs::create_dir_all(&data).unwrap();
    certificate(folder.path());
    let mut server = Server::new(&data, 0).unwrap();
    server.admin(&["init", "--team", "t", "--supervisor", "S"]).unwrap().ok().unwrap();
    let invited = server.admin_json(&["invite", "--person", "R", "--role", "rep"]).unwrap();
    let code = text(&invited, "code").unwrap();
    let _serving = serve(folder.path(), &mut server);
    let url = format!("https://localhost:{}", server.address().port());
    let phone = |trusted: bool, args: &[&str]| {
        let mut command = Command::new(program("rounds-device").unwrap());
        command.arg("--dir").arg(folder.path().join("phone")).arg("--json").args(args);
        let roots = if trusted { folder.path().join("cert.pem") } else { "/dev/null".into() };
        run(command.env("SSL_CERT_FILE", roots).env_remove("SSL_CERT_DIR")).unwrap()
    };
    let refused = phone(false, &["enrol", &url, &code]);
    assert_eq!(refused.code, 4, "{refused:?}");
    phone(true, &["enrol", &url, &code]).ok().expect("the invitation was not used by the refused try");
    phone(true, &["sync"]).ok().unwrap();
    assert_eq!(phone(false, &["sync"]).code, 4, "a certificate that is no longer trusted");
}

#[test]
fn behind_a_proxy_cookies_and_addresses_are_those_of_https() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    std::fs::create_dir_all(&data).unwrap();
    let mut server = Server::new(&data, 0).unwrap();
    server.release();
    server.admin(&["init", "--team", "t", "--supervisor", "S"]).unwrap().ok().unwrap();
    for (how, secure) in [("--behind-proxy", true), ("--allow-plain", false)] {
        let mut command = Command::new(program("rounds-server").unwrap());
        let listen = server.address().to_string();
        command.arg("--data").arg(&data).args(["serve", "--listen", &listen, how]);
        let serving = Serving(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        listens(&server);
        let page = server.get("/sign-in").unwrap().to_lowercase();
        let head = page.split("\r\n\r\n").next().unwrap();
        assert!(head.contains("200 ok"), "{head}");
        assert_eq!(head.contains("set-cookie: __host-rounds-door="), secure, "{how}: {head}");
        assert_eq!(head.contains("; secure"), secure, "{how}: {head}");
        assert_eq!(head.contains("strict-transport-security: max-age="), secure, "{how}: {head}");
        drop(serving);
    }
}

#[test]
fn plain_http_beyond_this_machine_is_refused_unless_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("server");
    std::fs::create_dir_all(&data).unwrap();
    let server = Server::new(&data, 0).unwrap();
    server.admin(&["init", "--team", "t", "--supervisor", "S"]).unwrap().ok().unwrap();
    let said = server.admin(&["serve", "--listen", "0.0.0.0:0"]).unwrap();
    assert_ne!(said.code, 0, "{said:?}");
    assert!(format!("{}{}", said.out, said.err).contains("--tls-cert"), "{said:?}");
}
