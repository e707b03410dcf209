//! `rounds-device`: a phone without a screen, for tests, scripts and support.

fn main() -> std::process::ExitCode {
    rounds_device::cli::main()
}
