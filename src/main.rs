//! The `shapegate` command.

use std::process::ExitCode;

/// The command allocates much that is small and lives shortly; see `benches/README.md` for what that gains. Chosen here alone:
/// a library leaves the choice to whoever links it.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    shapegate::cli::run()
}
