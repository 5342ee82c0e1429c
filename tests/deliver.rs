//! What is delivered arrives whole, once, and where it was meant to go.

use std::path::Path;

use bellwether::deliver::{CHANNELS, Error, Issue, Place, channel, write_whole};
use serde_yaml::Value;

fn issue(markdown: &str) -> Issue {
    Issue {
        name: "morning".into(),
        day: "2026-10-13".into(),
        markdown: markdown.into(),
        json: "{}".into(),
    }
}

fn deliver(folder: &Path, issue: &Issue) -> Result<String, Error> {
    channel("file").unwrap().deliver(issue, &Place { folder, options: &Value::Null })
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn delivering_twice_leaves_one_copy() {
    let folder = tempfile::tempdir().unwrap();
    let digests = folder.path().join("index/digests");
    for text in ["# One", "# One", "# Two"] {
        let path = deliver(&digests, &issue(text)).unwrap();
        assert!(path.ends_with("2026-10-13-morning.md"));
        assert_eq!(std::fs::read_to_string(path).unwrap(), text);
    }
    assert_eq!(names(&digests), ["2026-10-13-morning.json", "2026-10-13-morning.md"]);
}

#[test]
fn a_digest_that_cannot_be_written_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("digests"), "a file where the folder should be").unwrap();
    let refused = deliver(&folder.path().join("digests"), &issue("# One")).unwrap_err();
    assert!(matches!(refused, Error::NotWritable { .. }));
    assert!(!refused.hint().is_empty());
}

#[test]
fn a_folder_in_the_place_of_a_file_is_said_and_the_other_digests_stay() {
    let folder = tempfile::tempdir().unwrap();
    deliver(folder.path(), &Issue { day: "2026-10-12".into(), ..issue("# Yesterday") }).unwrap();
    for taken in ["2026-10-13-morning.json", "2026-10-13-morning.md"] {
        std::fs::create_dir(folder.path().join(taken)).unwrap();
        let refused = deliver(folder.path(), &issue("# One")).unwrap_err();
        assert!(refused.to_string().ends_with(taken), "{refused}");
        assert!(matches!(refused, Error::NotWritable { .. }));
        std::fs::remove_dir(folder.path().join(taken)).unwrap();
        assert!(names(folder.path()).iter().all(|name| !name.starts_with('.')), "no litter");
    }
    let old = folder.path().join("2026-10-12-morning.md");
    assert_eq!(std::fs::read_to_string(old).unwrap(), "# Yesterday");
    let path = deliver(folder.path(), &issue("# One")).unwrap();
    assert_eq!(std::fs::read_to_string(path).unwrap(), "# One");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_written_is_said_and_the_old_digest_stays() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let path = deliver(folder.path(), &issue("# One")).unwrap();
    let mode = |mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path(), mode).unwrap();
    };
    mode(0o555);
    // Who may write everywhere (root) has no such folder.
    if std::fs::write(folder.path().join("probe"), "").is_err() {
        let refused = deliver(folder.path(), &issue("# Two")).unwrap_err();
        assert!(matches!(refused, Error::NotWritable { .. }), "{refused}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "# One");
    }
    mode(0o755);
    deliver(folder.path(), &issue("# Two")).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "# Two");
}

#[test]
fn what_a_killed_process_left_unfinished_is_removed() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(".digest-a1b2c3"), "# Hal").unwrap();
    deliver(folder.path(), &issue("# One")).unwrap();
    assert_eq!(names(folder.path()), ["2026-10-13-morning.json", "2026-10-13-morning.md"]);
}

#[test]
fn a_name_cannot_lead_out_of_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let sly = Issue { name: "../../morning".into(), ..issue("# One") };
    assert!(matches!(deliver(folder.path(), &sly), Err(Error::BadName { .. })));
    assert_eq!(names(folder.path()), [""; 0]);
}

#[test]
fn every_channel_is_found_by_its_name() {
    for one in CHANNELS {
        assert_eq!(channel(one.name()).unwrap().doc(), one.doc());
        assert!(!one.doc().is_empty());
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_only_its_owner_may_read_stays_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("feeds.yaml");
    std::fs::write(&path, "old").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    write_whole(&path, b"new").unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(std::fs::read(&path).unwrap(), b"new");
}
