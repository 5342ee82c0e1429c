//! A folder of its own for one test: a `feeds.yaml`, the index beside it, and the program run
//! there as a person would.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

/// Removed when dropped.
pub(crate) struct Workspace {
    dir: TempDir,
}

/// What a run of the program left.
#[derive(Debug)]
pub(crate) struct Run {
    /// 0 done, 1 nothing found or some feeds failed, 2 error.
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Workspace {
    /// A folder that holds this `feeds.yaml`.
    pub(crate) fn new(feeds_yaml: &str) -> Workspace {
        let workspace = Workspace::empty();
        workspace.write("feeds.yaml", feeds_yaml);
        workspace
    }

    /// A folder with nothing in it.
    pub(crate) fn empty() -> Workspace {
        Workspace { dir: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Folders on the way are made.
    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Runs `bellwether` here, without a terminal and without the settings of whoever tests.
    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.answer(args, "")
    }

    /// As `run`, with lines to read on standard input.
    pub(crate) fn answer(&self, args: &[&str], input: &str) -> Run {
        let mut child = bellwether(self.dir())
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that reads nothing may have closed its end.
        child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).expect("the program prints UTF-8");
        Run {
            code: output.status.code().expect("the program ends by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// As `run`, for a command that must do its work: gives what it printed.
    #[track_caller]
    pub(crate) fn done(&self, args: &[&str]) -> String {
        let run = self.run(args);
        assert_eq!(run.code, 0, "bellwether {}\n{}{}", args.join(" "), run.out, run.err);
        run.out
    }
}

/// The program, to be run in `folder` without the settings of whoever tests.
pub(crate) fn bellwether(folder: &Path) -> Command {
    command(folder, env!("CARGO_BIN_EXE_bellwether"))
}

/// Any program, in the same surroundings.
pub(crate) fn command(folder: &Path, program: &str) -> Command {
    let mut command = Command::new(program);
    for ours in [
        "BELLWETHER_HOME",
        "RUST_LOG",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "NOTIFY_SOCKET",
        "WATCHDOG_USEC",
        "JOURNAL_STREAM",
    ] {
        command.env_remove(ours);
    }
    command.current_dir(folder).env("HOME", folder).env("TZ", "UTC");
    command
}
