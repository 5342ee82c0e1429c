//! Every single write may fail: what was there stays whole, the error says why, and the next try
//! succeeds.

use std::path::Path;

use bellwether::index::{Document, Error, Index};
use bellwether::model::Post;
use tempfile::TempDir;

use crate::support::failing::FailingDirectory;
use crate::support::posts::post;

/// The n-th call that writes is the first to fail, for every n; this many do.
const ONCE: usize = 1;
const FROM_THEN_ON: usize = usize::MAX;

/// Rows that are in, and those that come: posts, and an edit of the first.
const OLD: i64 = 12;
const ALL: i64 = 20;

fn numbered(number: i64) -> Post {
    let text = format!("text of {number}, and {number}");
    Post { text, ..post("a", &number.to_string()) }
}

fn row(seq: i64) -> Post {
    match seq {
        ALL => Post { version: 2, text: "edited".into(), ..numbered(1) },
        seq => numbered(seq),
    }
}

/// Brings `index` up to the row `through`.
fn add(index: &mut Index, through: i64) -> Result<(), Error> {
    let mut writer = index.writer()?;
    for seq in 1..=through {
        writer.add(&Document { seq, post: &row(seq), person: None })?;
    }
    writer.commit(through)?;
    writer.finish()
}

/// The row that an index says it has reached; it holds all posts up to it.
#[track_caller]
fn whole(index: &Index, failing: usize) -> i64 {
    let through = index.through().unwrap();
    let posts = u64::try_from(through.min(ALL - 1)).unwrap();
    assert_eq!(index.len().unwrap(), posts, "after write {failing} failed");
    through
}

/// Hundreds of them wait for no disk.
fn folder_in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Lets each write of `work` fail once, or it and all that follow; `before` makes the folder.
fn at_every_write(many: usize, before: fn(&Path), after: fn(&Path, usize)) -> usize {
    for n in 0.. {
        let folder = folder_in_memory();
        before(folder.path());
        let directory = FailingDirectory::new(folder.path(), n, many);
        let done = Index::over(Box::new(directory.clone()), folder.path())
            .and_then(|mut index| add(&mut index, ALL));
        if !directory.has_failed() {
            done.unwrap();
            return n;
        }
        if let Err(error) = done {
            assert!(matches!(error, Error::Full { .. }), "write {n}: {error:?}");
            assert!(error.hint().unwrap().contains("make room"));
        }
        after(folder.path(), n);
    }
    unreachable!("some write is the last")
}

fn old_index(path: &Path) {
    add(&mut Index::open(path).unwrap(), OLD).unwrap();
}

fn the_old_or_the_new(path: &Path, n: usize) {
    let through = whole(&Index::read_only(path).unwrap(), n);
    assert!(through == OLD || through == ALL, "write {n}: {through}");
    let mut index = Index::open(path).unwrap();
    add(&mut index, ALL).unwrap();
    assert_eq!(whole(&index, n), ALL);
}

fn nothing_or_all(path: &Path, n: usize) {
    // What was begun and not ended is made anew.
    let mut index = Index::open(path).unwrap();
    let through = whole(&index, n);
    assert!(through == 0 || through == ALL, "write {n}: {through}");
    add(&mut index, ALL).unwrap();
    assert_eq!(whole(&index, n), ALL);
}

#[test]
fn an_index_outlives_any_write_that_fails_and_takes_the_posts_next_time() {
    for many in [ONCE, FROM_THEN_ON] {
        let writes = at_every_write(many, old_index, the_old_or_the_new);
        assert!(20 < writes, "{writes} writes are few");
    }
}

#[test]
fn an_index_that_could_not_be_made_is_made_next_time() {
    let writes = at_every_write(FROM_THEN_ON, |_| {}, nothing_or_all);
    assert!(20 < writes, "{writes} writes are few");
}
