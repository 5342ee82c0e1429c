//! From arguments to an exit code.

/// Gives memory back to the system once it lies idle: a digest over thirty days needs many times
/// what the daemon needs while it waits for the next. Measured: docs/technotes/idling.md.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> std::process::ExitCode {
    bellwether::cli::main()
}
