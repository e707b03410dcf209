//! The server's program: see [`rounds_server::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    rounds_server::cli::main()
}
