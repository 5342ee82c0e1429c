//! The test program started again as a child that runs one test, to be killed or starved.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Tells a child where to work.
const FOLDER: &str = "BELLWETHER_TEST_FOLDER";

/// Where this child works; `None` where this is no child.
pub(crate) fn folder_of_child() -> Option<PathBuf> {
    std::env::var_os(FOLDER).map(PathBuf::from)
}

/// A child that runs the test of this name (`crash::child_that_…`) in `folder`.
pub(crate) fn child(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([name, "--exact", "--nocapture"]);
    command.env(FOLDER, folder).stdout(Stdio::piped());
    command
}

/// The same with files of at most `kibibytes`: what writes beyond gets an error, as on a full disk.
pub(crate) fn child_with_little_room(name: &str, folder: &Path, kibibytes: u32) -> Command {
    let plain = child(name, folder);
    let mut command = Command::new("bash");
    let script = format!("trap '' XFSZ; ulimit -f {kibibytes}; exec \"$0\" \"$@\"");
    command.args(["-c", &script]).arg(plain.get_program()).args(plain.get_args());
    command.env(FOLDER, folder).stdout(Stdio::piped());
    command
}
