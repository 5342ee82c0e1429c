//! Settings and secrets as files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use bellwether::config::{self, Error};
use tempfile::TempDir;

fn folder(settings: &[u8]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("feeds.yaml"), settings).unwrap();
    folder
}

fn error(folder: &Path) -> Error {
    config::load(&folder.join("feeds.yaml")).unwrap_err()
}

#[test]
fn a_file_that_is_not_there_names_what_makes_one() {
    let folder = tempfile::tempdir().unwrap();
    let error = error(folder.path());
    assert!(error.to_string().contains("feeds.yaml cannot be read"), "{error}");
    assert!(error.hint().unwrap().contains("bellwether init"));
}

#[test]
fn a_file_of_another_charset_is_placed_at_its_first_wrong_byte() {
    let folder = folder(b"people:\n  - name: \xC5sa\n");
    let error = error(folder.path());
    assert!(error.to_string().ends_with("feeds.yaml:2:11: this is not UTF-8"), "{error}");
}

#[test]
fn a_file_too_large_for_settings_is_not_read() {
    let folder = folder(b"");
    let file = fs::OpenOptions::new().write(true).open(folder.path().join("feeds.yaml")).unwrap();
    file.set_len(config::MAX_BYTES + 1).unwrap();
    assert!(matches!(error(folder.path()), Error::TooLarge { .. }));
}

#[test]
fn a_mark_of_byte_order_is_no_part_of_the_settings() {
    let folder = folder(b"\xEF\xBB\xBF- https://a.example\n");
    assert_eq!(config::load(&folder.path().join("feeds.yaml")).unwrap().feeds.len(), 1);
}

#[test]
fn a_secret_is_read_from_a_file_beside_the_settings_that_only_its_owner_reads() {
    let folder = folder(b"sources: [{name: Letter, url_file: letter.secret}]\n");
    let feed = || config::load(&folder.path().join("feeds.yaml")).unwrap().feeds.remove(0);
    assert!(feed().unreadable.unwrap().contains("letter.secret"));

    let secret = folder.path().join("letter.secret");
    fs::write(&secret, "https://letter.example/s3cr3t\n").unwrap();
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    assert_eq!(feed().address, "https://letter.example/s3cr3t");
    assert!(feed().secret);

    fs::set_permissions(&secret, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(feed().unreadable.unwrap().ends_with("can be read by everyone: chmod 600"));
}
