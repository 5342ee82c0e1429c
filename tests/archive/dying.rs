//! An archive that is brought up or repaired while the disk is full or the process is killed.
#![cfg(unix)]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use bellwether::archive::{self, Archive, Error, Repair};

use super::opening::of_the_first_format;
use super::repair::{Lived, now};
use crate::support::child::{child, child_with_little_room, folder_of_child};

/// Told by a child before what came of it.
const TOLD: &str = "told ";

fn told(name: &str, folder: &Path, kibibytes: u32) -> String {
    let mut child = child_with_little_room(&format!("archive::dying::{name}"), folder, kibibytes);
    let output = String::from_utf8(child.output().unwrap().stdout).unwrap();
    let line = output.lines().find_map(|line| line.rsplit_once(TOLD));
    line.unwrap_or_else(|| panic!("{kibibytes} KiB: {output}")).1.to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm") && name != "turn");
    names.sort();
    names
}

fn say(outcome: Result<(), Error>) {
    match outcome {
        Ok(()) => println!("{TOLD}done"),
        Err(error @ Error::Full { .. }) => println!("{TOLD}full, {}", error.hint().unwrap()),
        Err(other) => println!("{TOLD}{other:?}"),
    }
}

#[test]
fn child_that_opens() {
    let Some(folder) = folder_of_child() else { return };
    say(Archive::open(&folder.join("archive.db")).map(|_| ()));
}

#[test]
fn an_older_archive_stays_as_it_is_where_the_disk_has_no_room_for_its_copy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    of_the_first_format(&path);
    let size = u32::try_from(path.metadata().unwrap().len() / 1024).unwrap();
    let mut refused = 0;
    for kibibytes in (0..).step_by(24) {
        let outcome = told("child_that_opens", folder.path(), kibibytes);
        if outcome == "done" {
            break;
        }
        assert!(outcome.starts_with("full, make room"), "{kibibytes} KiB: {outcome}");
        let old = Archive::read_only(&path).unwrap();
        assert_eq!(old.open_intents().unwrap().len(), 1, "{kibibytes} KiB");
        assert_eq!(names(folder.path()), ["archive.db"], "{kibibytes} KiB");
        refused += 1;
    }
    assert!(refused >= size / 24, "{refused}");
    assert_eq!(names(folder.path()), ["archive.db", "archive.format-1.db"]);
}

#[test]
fn child_that_repairs() {
    let Some(folder) = folder_of_child() else { return };
    let path = folder.join("archive.db");
    let tell = &mut |stage| println!("{TOLD}{stage:?}");
    let repair = archive::repair(&path, now(), tell);
    say(repair.map(|repair| assert_ne!(repair, Repair::Sound)));
}

#[test]
fn a_damaged_archive_stays_as_it_is_where_the_disk_has_no_room_for_what_is_saved() {
    let lived = Lived::new();
    lived.spoil(1, &[0x5a; 4096]);
    let folder = lived.path.parent().unwrap();
    let content = fs::read(&lived.path).unwrap();
    for kibibytes in [0, 4, 64, 256] {
        let mut child =
            child_with_little_room("archive::dying::child_that_repairs", folder, kibibytes);
        let output = String::from_utf8(child.output().unwrap().stdout).unwrap();
        assert!(output.contains(&format!("{TOLD}full, make room")), "{kibibytes}: {output}");
        assert_eq!(fs::read(&lived.path).unwrap(), content);
        assert_eq!(names(folder), ["archive.db"], "{kibibytes} KiB");
    }
    lived.repaired();
    assert_eq!(lived.there(&lived.opened()).len(), lived.posts.len());
}

#[test]
fn a_repair_that_is_killed_has_moved_nothing_or_all() {
    let lived = Lived::new();
    lived.spoil(1, &[0x5a; 4096]);
    let folder = lived.path.parent().unwrap();
    let mut sound = false;
    for lines in [1, 2, 3, 4] {
        let mut child = child("archive::dying::child_that_repairs", folder).spawn().unwrap();
        let heard = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        heard.filter(|line| line.contains(TOLD)).take(lines).for_each(drop);
        child.kill().unwrap();
        child.wait().unwrap();
        sound = archive::check(&lived.path).unwrap().is_empty();
        if sound {
            break;
        }
    }
    if !sound {
        lived.repaired();
    }
    assert_eq!(lived.there(&lived.opened()).len(), lived.posts.len());
    assert_eq!(names(folder), ["archive.damaged-2026-10-14.db", "archive.db"], "no litter");
}
