//! A server that sends bytes as they are, for answers that no HTTP library would send.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// Answers every request with the same bytes and closes. Stops when dropped.
pub(crate) struct RawServer {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl RawServer {
    pub(crate) fn start(ip: &str, answer: impl Into<Vec<u8>>) -> RawServer {
        let listener = TcpListener::bind((ip, 0)).unwrap();
        let (address, answer) = (listener.local_addr().unwrap(), answer.into());
        let stopped = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&stopped);
        let thread = std::thread::spawn(move || {
            while let Ok((connection, _)) = listener.accept() {
                if flag.load(Ordering::SeqCst) {
                    return;
                }
                serve(connection, &answer);
            }
        });
        RawServer { address, stopped, thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/feed", self.address)
    }
}

/// A client that leaves early is part of the game.
fn serve(mut connection: TcpStream, answer: &[u8]) {
    let (mut head, mut buffer) = (Vec::new(), [0; 4096]);
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        match connection.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => head.extend_from_slice(&buffer[..count]),
        }
    }
    connection.write_all(answer).ok();
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        TcpStream::connect(self.address).ok();
        self.thread.take().map(JoinHandle::join);
    }
}
