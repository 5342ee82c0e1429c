//! Where the program's log lines go.

use std::fs::File;
use std::io::Read as _;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt as _;
use std::process::{Command, Stdio};

use crate::support::workspace::Workspace;

/// Runs `bellwether run` on broken settings, its standard error a pipe that `$JOURNAL_STREAM`
/// names if it `is_named`; gives what came out of it.
fn said(is_named: bool) -> String {
    let workspace = Workspace::new("feeds: nonsense\n");
    let (mut read, write) = std::io::pipe().unwrap();
    let write = File::from(OwnedFd::from(write));
    let meta = write.metadata().unwrap();
    let inode = if is_named { meta.ino() } else { meta.ino() + 1 };
    let status = Command::new(env!("CARGO_BIN_EXE_bellwether"))
        .arg("run")
        .current_dir(workspace.dir())
        .env("JOURNAL_STREAM", format!("{}:{inode}", meta.dev()))
        .stdin(Stdio::null())
        .stderr(write)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(78));
    let mut text = String::new();
    read.read_to_string(&mut text).unwrap();
    text
}

#[test]
fn an_error_has_its_priority_in_the_journal() {
    let text = said(true);
    assert!(text.lines().all(|line| line.starts_with("<3>")), "{text}");
    assert!(text.contains("feeds.yaml:1:1: unknown key"), "{text}");
}

#[test]
fn a_pipe_of_ones_own_is_not_the_journal() {
    let text = said(false);
    assert!(text.starts_with("error: ") && text.contains("\nhint:  "), "{text}");
    assert!(!text.contains('\x1b'), "no colors in a pipe: {text}");
}
