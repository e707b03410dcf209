//! A server with a team, a record and a device's token, for programs that upload as anybody would:
//! prints what they need as JSON, serves until its input ends.
#![allow(clippy::print_stdout)]

use anyhow::Result;
use ed25519_dalek::SigningKey;
use rounds_device::sync::transport::{Http, Transport};
use rounds_protocol::enrol::EnrolRequest;
use rounds_tests::day::cast::Cast;
use rounds_tests::phone::text;
use std::io::Read;

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (cast, _) = Cast::found(folder.path(), 0)?;
    let phones = cast.enrol(&mut |_| {})?;
    let record = phones.li.create("audit", &["_store=00000000-0000-0000-0000-000000000001"])?;
    phones.li.json(&["sync"])?;
    // One more device of the same rep, whose token is not locked away in an encrypted store.
    let args = ["invite", "--person", "李娜", "--role", "rep", "--led-by", "王芳"];
    let code = text(&cast.server.admin_json(&args)?, "code")?.replace('-', "");
    let request = EnrolRequest::new(&code, "a tus client", &SigningKey::from_bytes(&[7; 32]));
    let device = Http::new(&cast.server.url())?.enrol(&request)?;
    let said = serde_json::json!({ "url": cast.server.url(), "token": device.token, "doc": record });
    println!("{said}");
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
