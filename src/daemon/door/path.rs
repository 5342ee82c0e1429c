//! Where the socket is, and how one gets there by a path that is longer than a socket's may be.

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

/// Bytes that a socket's address holds (`sun_path`, unix(7)), without the one that ends it; 103
/// elsewhere than on Linux.
const LONGEST: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// Begins to listen at `folder/door`, for this user only. The socket of a process that was
/// killed is replaced: whoever calls this holds the lock of `folder`.
pub(super) fn bind(folder: &Path) -> io::Result<UnixListener> {
    let (made, there) = (folder.join("door.new"), door(folder));
    remove(&made)?;
    let listener = at_short_path(folder, "door.new", |path| UnixListener::bind(path))?;
    // Nobody finds it under its name before it is closed to others.
    fs::set_permissions(&made, Permissions::from_mode(0o600))?;
    fs::rename(&made, &there)?;
    Ok(listener)
}

/// Knocks at `folder/door`.
pub(super) fn connect(folder: &Path) -> io::Result<UnixStream> {
    at_short_path(folder, "door", |path| UnixStream::connect(path))
}

/// Takes the socket away, so that nobody knocks in vain.
pub(super) fn unbind(folder: &Path) {
    // What is left here is replaced by the next daemon.
    let _ = remove(&door(folder));
}

fn door(folder: &Path) -> PathBuf {
    folder.join("door")
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Calls `work` with the path of `folder/name`; where that is too long, with one by way of the
/// open folder's descriptor, which exists on Linux only.
fn at_short_path<T>(
    folder: &Path,
    name: &str,
    work: impl Fn(&Path) -> io::Result<T>,
) -> io::Result<T> {
    use std::os::fd::AsRawFd as _;
    let direct = folder.join(name);
    if direct.as_os_str().len() <= LONGEST {
        return work(&direct);
    }
    let opened = File::open(folder)?;
    work(&PathBuf::from(format!("/proc/self/fd/{}/{name}", opened.as_raw_fd())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_is_this_users_own_and_replaces_the_one_of_a_killed_process() {
        let folder = tempfile::tempdir().unwrap();
        drop(bind(folder.path()).unwrap());
        let refused = connect(folder.path()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        let _listener = bind(folder.path()).unwrap();
        connect(folder.path()).unwrap();
        let mode = door(folder.path()).metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        unbind(folder.path());
        assert_eq!(connect(folder.path()).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_long_path_leads_to_the_door() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("a".repeat(100)).join("b".repeat(100));
        fs::create_dir_all(&folder).unwrap();
        let _listener = bind(&folder).unwrap();
        connect(&folder).unwrap();
    }
}
