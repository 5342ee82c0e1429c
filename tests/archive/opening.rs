//! Who may open an archive, and what is said of a file that is none, is newer, older or damaged.

use bellwether::archive::{self, Archive, Error, Holder};

use super::World;
use crate::support::posts::{at, post};

#[test]
fn one_process_writes_at_a_time_and_the_error_names_it() {
    let world = World::new();
    let folder = world.folder.path();
    let now = at("2026-10-13T07:30:00Z");
    assert_eq!(archive::holder(folder).unwrap(), None);
    let guard = archive::lock(folder, "run", now).unwrap();
    let us = Holder { pid: Some(std::process::id()), role: "run".into(), since: Some(now) };
    assert_eq!(archive::holder(folder).unwrap(), Some(us.clone()));
    let refused = archive::lock(folder, "fetch", now).unwrap_err();
    assert!(matches!(refused, Error::Locked { ref holder, .. } if *holder == us), "{refused}");
    drop(guard);
    assert_eq!(archive::holder(folder).unwrap(), None, "what it wrote is still in the file");
    archive::lock(folder, "fetch", now).unwrap();
}

#[test]
fn a_file_that_is_no_archive_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    assert!(matches!(Archive::read_only(&path), Err(Error::Missing { .. })));
    std::fs::write(&path, "not a database, but a text that is long enough ".repeat(100)).unwrap();
    for refused in [Archive::open(&path), Archive::read_only(&path)] {
        let error = refused.unwrap_err();
        assert!(matches!(error, Error::Corrupt { .. }), "{error}");
        assert!(error.hint().is_some());
    }
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("not a database"));
}

#[test]
fn an_archive_of_a_later_format_is_refused() {
    let world = World::new();
    let other = rusqlite::Connection::open(world.archive.path()).unwrap();
    other.pragma_update(None, "user_version", 99).unwrap();
    for refused in [Archive::open(world.archive.path()), Archive::read_only(world.archive.path())] {
        assert!(matches!(refused.unwrap_err(), Error::Newer { .. }));
    }
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_said_and_can_be_read() {
    use std::os::unix::fs::PermissionsExt;

    let mut world = World::new();
    world.poll(&[post("a", "1")]);
    let folder = world.folder.path().join("index");
    let path = world.archive.path().to_owned();
    drop(world.archive);
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o555)).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o444)).unwrap();
    // Who may write everywhere (root) has no such folder.
    let may_write = std::fs::write(folder.join("probe"), "").is_ok();
    if !may_write {
        let refused = Archive::open(&path).unwrap_err();
        assert!(matches!(refused, Error::NotWritable { .. }), "{refused:?}");
        let refused = archive::lock(&folder, "fetch", at("2026-10-13T07:30:00Z")).unwrap_err();
        assert!(matches!(refused, Error::NotWritable { .. }), "{refused:?}");
    }
    assert_eq!(Archive::read_only(&path).unwrap().counts().unwrap().posts, 1);
    std::fs::set_permissions(&folder, PermissionsExt::from_mode(0o755)).unwrap();
}

/// An archive as the first format had it, with one sent digest and one open intent.
pub(super) fn of_the_first_format(path: &std::path::Path) {
    let old = rusqlite::Connection::open(path).unwrap();
    old.pragma_update(None, "journal_mode", "wal").unwrap();
    old.execute_batch(include_str!("../../src/archive/format_1.sql")).unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    old.execute_batch(
        "INSERT INTO settings VALUES (x'00', 'weights: {}');
         INSERT INTO digest VALUES (1, 'morning', 1000000, 1, 1000000, '1970-01-01', 0, x'00',
             'UTC', '', '0.1.0', '# A day');
         INSERT INTO delivery VALUES (2, 1, 'file', 1000000);
         INSERT INTO intent VALUES (3, 1000000, 'done', 't3fd', NULL);
         UPDATE sequence SET last = 3;",
    )
    .unwrap();
}

#[test]
fn an_older_format_is_read_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    of_the_first_format(&path);
    let archive = Archive::read_only(&path).unwrap();
    let (_, sent) =
        archive.last_sent("morning", at("2026-10-13T07:30:00Z"), None).unwrap().unwrap();
    assert_eq!((sent.due, &*sent.markdown), (None, "# A day"));
    assert_eq!(archive.open_intents().unwrap().len(), 1);
    assert_eq!(archive.marks(jiff::Timestamp::MAX, None).unwrap(), []);
    assert_eq!(archive.undelivered().unwrap(), []);
    assert_eq!(archive.happenings(1).unwrap(), []);
    assert!(!folder.path().join("archive.format-1.db").exists());
}

#[test]
fn an_older_format_is_copied_and_brought_up_to_date() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    of_the_first_format(&path);
    let mut archive = Archive::open(&path).unwrap();
    let migrated = archive.migrated().unwrap().clone();
    assert_eq!((migrated.from, migrated.to), (1, 2));
    assert_eq!(migrated.copy, folder.path().join("archive.format-1.db"));
    assert_eq!(archive.undelivered().unwrap(), [], "what was sent before had been delivered");
    assert!(archive.fulfil(3, None, None, at("2026-10-13T07:30:00Z")).unwrap());
    assert_eq!(archive.latest_seq().unwrap(), 4);

    let old = Archive::read_only(&migrated.copy).unwrap();
    assert_eq!(old.latest_seq().unwrap(), 3);
    assert_eq!(old.open_intents().unwrap().len(), 1);
    drop(archive);
    assert_eq!(Archive::open(&path).unwrap().migrated(), None);
}

#[test]
fn an_earlier_copy_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.db");
    of_the_first_format(&path);
    std::fs::write(folder.path().join("archive.format-1.db"), "of another year").unwrap();
    let archive = Archive::open(&path).unwrap();
    assert_eq!(archive.migrated().unwrap().copy, folder.path().join("archive.format-1-2.db"));
    let other = std::fs::read_to_string(folder.path().join("archive.format-1.db")).unwrap();
    assert_eq!(other, "of another year");
}

#[test]
fn a_file_that_was_cut_off_is_damaged_and_the_hint_says_what_to_do() {
    let mut world = World::new();
    let posts: Vec<_> = (0..50).map(|number| post("a", &number.to_string())).collect();
    world.poll(&posts);
    let path = world.archive.path().to_owned();
    drop(world.archive);
    let length = path.metadata().unwrap().len();
    std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length / 2).unwrap();
    for refused in [Archive::open(&path), Archive::read_only(&path)] {
        let error = refused.unwrap_err();
        assert!(matches!(error, Error::Corrupt { .. }), "{error}");
        assert!(error.hint().unwrap().contains("bellwether repair"));
    }
}
