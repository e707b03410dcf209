//! What `./run` runs: founds the demo team, plays its day, and serves it.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use anyhow::{Context, Result};
use clap::Parser;
use rounds_tests::day::cast::{Cast, Login};
use rounds_tests::day::play;
use rounds_tests::phone::Phone;
use rounds_tests::server::Server;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Founds the demo team, plays its day, and serves it.
#[derive(Debug, Parser)]
struct Args {
    /// Play the day in a fresh temporary folder, print it, and end.
    #[arg(long)]
    once: bool,
    /// Where the demo team lives.
    #[arg(long, default_value = ".rounds/demo")]
    folder: PathBuf,
    /// The console's port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

fn main() -> ExitCode {
    let args = Args::parse();
    match if args.once { once() } else { serve(&args) } {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let chain: Vec<_> = error.chain().map(ToString::to_string).collect();
            eprintln!("✗ {}", chain.join(": "));
            ExitCode::FAILURE
        }
    }
}

fn once() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (mut cast, _) = Cast::found(folder.path(), 0)?;
    let summary = play(&mut cast, &mut |line| println!("{line}"))?;
    summary.expect_the_day()?;
    cast.server.stop()?;
    println!("{}", serde_json::to_string(&summary)?);
    Ok(())
}

fn serve(args: &Args) -> Result<()> {
    let folder = &args.folder;
    let login_file = folder.join("console-login.json");
    let (mut server, login) = match std::fs::read_to_string(&login_file) {
        Ok(text) => {
            let mut server = Server::new(&folder.join("server"), args.port)?;
            server.start()?;
            (server, serde_json::from_str(&text)?)
        }
        Err(_) => first_time(folder, &login_file, args.port)?,
    };
    println!("\nThe console: {}", server.url());
    println!("  name      {}\n  password  {}", login.name, login.password);
    println!(
        "The phones (headless): target/release/rounds-device --dir {}/phones/li-na today",
        folder.display()
    );
    println!("Everything is kept in {}. Stop with Ctrl-C.", folder.display());
    server.wait()
}

fn first_time(folder: &Path, login_file: &Path, port: u16) -> Result<(Server, Login)> {
    if folder.exists() {
        // A first run that was stopped half way has no login yet, and nothing worth keeping.
        std::fs::remove_dir_all(folder).with_context(|| format!("{}", folder.display()))?;
    }
    let (mut cast, login) = Cast::found(folder, port)?;
    let summary = play(&mut cast, &mut |line| println!("{line}"))?;
    summary.expect_the_day()?;
    println!("{}", serde_json::to_string(&summary)?);
    for name in ["li-na", "zhang-wei"] {
        let phone = Phone::new(&folder.join("phones").join(name));
        phone.json(&["sync", "--server", &cast.server.url()])?;
    }
    write_private(login_file, &serde_json::to_string(&login)?)?;
    Ok((cast.server, login))
}

fn write_private(path: &Path, text: &str) -> Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    Ok(file.sync_all()?)
}
