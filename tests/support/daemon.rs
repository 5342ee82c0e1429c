//! `bellwether run` as a child whose clock a test drives: it jumps, and the child says when it has
//! done all that was due. Waiting is bounded only so that a failure does not hang.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use super::workspace::{Workspace, bellwether};

/// Far more than anything takes: a guard against hanging.
const TOO_LONG: Duration = Duration::from_secs(60);

/// A daemon under way; killed when dropped.
pub(crate) struct Daemon {
    child: Child,
    input: Option<ChildStdin>,
    out: Receiver<String>,
    err: Receiver<String>,
    log: String,
}

impl Daemon {
    /// Starts it in `workspace` at `clock`, and waits until all that is due then is done.
    #[track_caller]
    pub(crate) fn start(workspace: &Workspace, clock: &str) -> Daemon {
        let mut daemon = Daemon::begin(workspace, clock, &[]);
        daemon.idle(clock);
        daemon
    }

    /// Starts it with these variables as well, and does not wait.
    pub(crate) fn begin(workspace: &Workspace, clock: &str, variables: &[(&str, &str)]) -> Daemon {
        let mut command = bellwether(workspace.dir());
        command.args(["-v", "run", "--clock", "-"]);
        command.envs(variables.iter().copied());
        Daemon::of(command, clock)
    }

    /// As `begin`, of a command that ends in running it.
    pub(crate) fn of(mut command: Command, clock: &str) -> Daemon {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let out = lines(child.stdout.take().unwrap());
        let err = lines(child.stderr.take().unwrap());
        let input = child.stdin.take();
        let mut daemon = Daemon { child, input, out, err, log: String::new() };
        daemon.set(clock);
        daemon
    }

    /// Sets the clock, and does not wait.
    #[track_caller]
    pub(crate) fn set(&mut self, clock: &str) {
        writeln!(self.input.as_mut().unwrap(), "{clock}").unwrap();
    }

    /// Sets the clock, and waits until all that is due then is done.
    #[track_caller]
    pub(crate) fn jump(&mut self, clock: &str) {
        self.set(clock);
        self.idle(clock);
    }

    /// Waits until all that is due at `clock` is done.
    #[track_caller]
    pub(crate) fn idle(&mut self, clock: &str) {
        match self.out.recv_timeout(TOO_LONG) {
            Ok(line) => assert_eq!(line, format!("idle {clock}")),
            Err(error) => panic!("not idle at {clock}: {error}\n{}", self.whole_log()),
        }
    }

    /// Waits for a line of the log that has `part` in it.
    #[track_caller]
    pub(crate) fn says(&mut self, part: &str) -> String {
        let deadline = Instant::now() + TOO_LONG;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.err.recv_timeout(left) {
                Ok(line) => {
                    self.log += &format!("{line}\n");
                    if line.contains(part) {
                        return line;
                    }
                }
                Err(error) => panic!("it never said `{part}`: {error}\n{}", self.log),
            }
        }
    }

    pub(crate) fn signal(&self, name: &str) {
        let (name, pid) = (format!("-{name}"), self.child.id().to_string());
        assert!(Command::new("kill").args([name, pid]).status().unwrap().success());
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it by SIGTERM, and returns all that it logged.
    #[track_caller]
    pub(crate) fn end(self) -> String {
        self.signal("TERM");
        self.ended(0)
    }

    /// Waits until it has ended by itself, with this exit code; returns all that it logged.
    #[track_caller]
    pub(crate) fn ended(mut self, code: i32) -> String {
        let log = loop {
            match self.err.recv_timeout(TOO_LONG) {
                Ok(line) => self.log += &format!("{line}\n"),
                Err(RecvTimeoutError::Disconnected) => break std::mem::take(&mut self.log),
                Err(RecvTimeoutError::Timeout) => panic!("it does not end\n{}", self.log),
            }
        };
        assert_eq!(self.child.wait().unwrap().code(), Some(code), "{log}");
        log
    }

    /// kill -9.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    fn whole_log(&mut self) -> String {
        self.log.extend(self.err.try_iter().map(|line| line + "\n"));
        std::mem::take(&mut self.log)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn lines(source: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(source).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}
