//! The units that let it run by itself: what systemd thinks of them, and that nothing is written,
//! replaced or removed that nobody agreed to.

use std::path::{Path, PathBuf};
use std::process::Command;

use bellwether::archive;

use crate::support::files::{read, repository};
use crate::support::workspace::Workspace;

const PROGRAM: &str = env!("CARGO_BIN_EXE_bellwether");
const UNIT: &str = ".config/systemd/user/bellwether.service";

/// Asks `systemd-analyze`; `None`, and a line that says so, where there is none.
fn analyze(words: &[&str], unit: &Path) -> Option<(bool, String)> {
    let answer = Command::new("systemd-analyze")
        .args(words)
        .arg(unit)
        .env("XDG_RUNTIME_DIR", unit.parent().unwrap())
        .output();
    let Ok(answer) = answer else {
        eprintln!("skipped: systemd-analyze is not at hand");
        return None;
    };
    let text = [answer.stdout, answer.stderr].concat();
    Some((answer.status.success(), String::from_utf8_lossy(&text).into_owned()))
}

#[track_caller]
fn verifies(words: &[&str], unit: &Path) {
    if let Some((fine, said)) = analyze(words, unit) {
        assert!(fine && said.trim().is_empty(), "{}: {said}", unit.display());
    }
}

/// The exposure that `systemd-analyze security` finds, 0 to 10.
fn exposure(words: &[&str], unit: &Path) -> Option<f64> {
    let (_, said) = analyze(words, unit)?;
    let (_, level) = said.split_once("Overall exposure level for ")?;
    level.split_once(": ")?.1.split(' ').next()?.parse().ok()
}

/// The system unit, for the program as it was built here.
fn system_unit(workspace: &Workspace) -> PathBuf {
    let text = read("packaging/bellwether.service");
    assert!(text.contains("ExecStart=/usr/bin/bellwether run\n"));
    workspace.write("bellwether.service", text.replace("/usr/bin/bellwether", PROGRAM));
    workspace.path("bellwether.service")
}

#[test]
fn systemd_finds_no_fault_in_the_system_unit() {
    let workspace = Workspace::empty();
    verifies(&["verify"], &system_unit(&workspace));
}

#[test]
fn the_system_unit_exposes_next_to_nothing() {
    let unit = repository().join("packaging/bellwether.service");
    if let Some(level) = exposure(&["security", "--offline=true", "--no-pager"], &unit) {
        assert!(level <= 1.5, "{level}");
    }
}

#[test]
fn each_line_of_both_units_has_a_reason() {
    for unit in ["packaging/bellwether.service", "packaging/bellwether.user.service"] {
        let text = read(unit);
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2) {
            let sets = pair[1].contains('=') && !pair[1].starts_with('#');
            assert!(!sets || pair[0].starts_with('#'), "{unit}: `{}` has no reason", pair[1]);
        }
    }
}

#[test]
fn systemd_finds_no_fault_in_the_user_unit_wherever_program_and_files_lie() {
    let workspace = Workspace::empty();
    let folders = ["plain", "my files", "100%", "$HOME", "ünï"];
    for (folder, files) in
        folders.into_iter().zip(["a b", r#"50% "sure""#, r"back\slash", "$x", "é"])
    {
        workspace.write(&format!("{files}/feeds.yaml"), "- https://ines.example/feed\n");
        let printed = Command::new(installed(&workspace, folder))
            .args(["service", "print", "--dir", files])
            .current_dir(workspace.dir())
            .output()
            .unwrap();
        assert!(printed.status.success(), "{printed:?}");
        workspace.write("bellwether.service", printed.stdout);
        verifies(&["--user", "verify"], &workspace.path("bellwether.service"));
    }
}

/// The program, also in this folder.
fn installed(workspace: &Workspace, folder: &str) -> PathBuf {
    let program = workspace.path(&format!("{folder}/bellwether"));
    std::fs::create_dir_all(program.parent().unwrap()).unwrap();
    if std::fs::hard_link(PROGRAM, &program).is_err() {
        std::fs::copy(PROGRAM, &program).unwrap();
    }
    program
}

#[test]
fn the_user_unit_meets_the_files_that_the_shell_meets() {
    let workspace = Workspace::empty();
    let home = workspace.dir().display().to_string();
    let unit = workspace.done(&["service", "print"]);
    let places = format!(
        "Environment=\"XDG_CONFIG_HOME={home}/.config\" \"XDG_DATA_HOME={home}/.local/share\"\n"
    );
    assert!(unit.contains(&places), "{unit}");
    workspace.write("feeds.yaml", "- https://ines.example/feed\n");
    let unit = workspace.done(&["service", "print"]);
    assert!(unit.contains(&format!("--dir \"{home}\" run\n")), "{unit}");
}

#[test]
fn install_writes_one_file_and_a_dry_run_none() {
    let workspace = Workspace::new("- https://ines.example/feed\n");
    assert!(workspace.done(&["service", "install", "--dry-run"]).contains("would be written"));
    assert_eq!(
        workspace.done(&["service", "install", "--print"]),
        workspace.done(&["service", "print"])
    );
    assert!(!workspace.path(".config").exists());
    let told = workspace.done(&["service", "install"]);
    assert_eq!(workspace.read(UNIT), workspace.done(&["service", "print"]));
    for next in ["systemctl --user enable --now bellwether", "journalctl --user -u bellwether"] {
        assert!(told.contains(next), "{told}");
    }
    assert!(workspace.done(&["service", "install"]).starts_with("Already there: "));
    assert!(!workspace.path("index").exists());
}

#[test]
fn a_unit_that_differs_is_shown_and_replaced_only_with_consent() {
    let workspace = Workspace::new("- https://ines.example/feed\n");
    workspace.done(&["service", "install"]);
    let fresh = workspace.read(UNIT);
    let own = fresh.replace("Nice=5", "Nice=15");
    workspace.write(UNIT, &own);
    let silent = workspace.run(&["service", "install"]);
    assert_eq!(silent.code, 2, "{silent:?}");
    assert!(silent.err.contains("  - Nice=15\n  + Nice=5\n"), "{}", silent.err);
    assert!(silent.err.contains("hint:  `--yes` replaces it"), "{}", silent.err);
    let refused = workspace.answer(&["service", "install"], "n\n");
    assert_eq!((refused.code, workspace.read(UNIT)), (1, own), "{refused:?}");
    assert_eq!(workspace.answer(&["service", "install"], "y\n").code, 0);
    assert_eq!(workspace.read(UNIT), fresh);
}

#[test]
fn a_start_without_a_user_manager_says_so_and_leaves_the_unit() {
    let workspace = Workspace::new("- https://ines.example/feed\n");
    let run = Command::new(PROGRAM)
        .args(["service", "install", "--start"])
        .current_dir(workspace.dir())
        .env_clear()
        .env("HOME", workspace.dir())
        .env("PATH", std::env::var_os("PATH").unwrap())
        .env("XDG_RUNTIME_DIR", workspace.dir())
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(2), "{said}");
    assert!(
        said.contains("cannot be reached: ") || said.contains("systemctl cannot be run"),
        "{said}"
    );
    assert!(workspace.path(UNIT).is_file());
}

#[test]
fn a_start_with_broken_settings_writes_nothing() {
    let workspace = Workspace::new("feeds: nonsense\n");
    let run = workspace.run(&["service", "install", "--start"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.err.contains("feeds.yaml:1"), "{}", run.err);
    assert!(!workspace.path(UNIT).exists());
    let run = workspace.run(&["service", "install"]);
    assert!(run.err.contains("note: it will not start before this is mended"), "{}", run.err);
}

#[test]
fn uninstall_removes_what_install_wrote_and_nothing_else() {
    let workspace = Workspace::new("- https://ines.example/feed\n");
    assert_eq!(workspace.run(&["service", "uninstall"]).code, 1);
    workspace.done(&["service", "install"]);
    let link = workspace.path(".config/systemd/user/default.target.wants/bellwether.service");
    std::fs::create_dir_all(link.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink("../bellwether.service", &link).unwrap();
    workspace.done(&["service", "uninstall"]);
    assert!(!workspace.path(UNIT).exists() && !link.is_symlink());
    assert!(workspace.path("feeds.yaml").is_file());
    workspace.write(UNIT, "[Service]\nExecStart=/bin/true\n");
    let other = workspace.run(&["service", "uninstall"]);
    assert!(other.code == 2 && other.err.contains("not written by this program"), "{other:?}");
    assert!(workspace.path(UNIT).is_file());
}

#[test]
fn a_daemon_that_needs_a_person_ends_so_that_systemd_leaves_it_at_that() {
    let mut codes = Vec::new();
    let broken = Workspace::new("feeds: nonsense\n");
    codes.push(broken.run(&["run"]).code);
    let none = Workspace::empty();
    codes.push(none.run(&["run"]).code);
    let damaged = Workspace::new("- https://ines.example/feed\n");
    damaged.write("index/archive.db", "no archive, but long enough to be one".repeat(100));
    codes.push(damaged.run(&["run"]).code);
    assert_eq!(codes, [78, 78, 78]);
    for unit in ["packaging/bellwether.service", "packaging/bellwether.user.service"] {
        assert!(read(unit).contains("\nRestartPreventExitStatus=78\n"), "{unit}");
    }
}

#[test]
fn a_second_daemon_names_the_first_and_may_be_tried_again() {
    let workspace = Workspace::new("- https://ines.example/feed\n");
    let since = "2026-10-13T07:30:00Z".parse().unwrap();
    let _first = archive::lock(&workspace.path("index"), "run", since).unwrap();
    let second = workspace.run(&["run"]);
    assert_eq!(second.code, 2, "{second:?}");
    assert!(second.err.contains(&format!("process {}", std::process::id())), "{}", second.err);
}
