//! From arguments to an exit code.

fn main() -> std::process::ExitCode {
    bellwether::cli::main()
}
