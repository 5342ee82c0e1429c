//! A web server on loopback: scripted answers for each path, a log of what was asked, and waits
//! that a test opens instead of sleeping. It runs in a thread of its own, so that tests of the
//! library and of the program can both use it.

use std::collections::{BTreeMap, VecDeque};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use tokio::sync::{oneshot, watch};

use super::reply::{Reply, Under};

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) method: String,
    /// With the query.
    pub(crate) path: String,
    pub(crate) headers: axum::http::HeaderMap,
}

impl Asked {
    /// The header's bytes.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.get(name).map(|value| value.as_bytes())
    }
}

#[derive(Default)]
struct Script {
    /// The last reply of a path stays.
    replies: BTreeMap<String, VecDeque<Reply>>,
    asked: Vec<Asked>,
}

struct Shared {
    script: Mutex<Script>,
    /// How many requests came so far.
    count: watch::Sender<usize>,
    under_way: Arc<Under>,
}

/// See the header. Stops when dropped.
pub(crate) struct FeedServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FeedServer {
    /// Listens on a free port of `ip` (`127.0.0.2`); each address is another host to a client.
    pub(crate) fn start(ip: &str) -> FeedServer {
        let ip: IpAddr = ip.parse().unwrap();
        let listener = TcpListener::bind((ip, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let shared = Arc::new(Shared {
            script: Mutex::default(),
            count: watch::Sender::new(0),
            under_way: Arc::default(),
        });
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let app = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let thread = std::thread::spawn(move || serve(listener, app, stopped));
        FeedServer { address, shared, stop: Some(stop), thread: Some(thread) }
    }

    /// Answers `path` so from now on; called again, each reply is given once and the last stays.
    pub(crate) fn on(&self, path: &str, reply: Reply) -> &FeedServer {
        let mut script = self.shared.script.lock().unwrap();
        script.replies.entry(path.to_owned()).or_default().push_back(reply);
        self
    }

    /// Answers `path` so from now on, whatever was to be answered before.
    pub(crate) fn instead(&self, path: &str, reply: Reply) -> &FeedServer {
        self.shared.script.lock().unwrap().replies.remove(path);
        self.on(path, reply)
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// All requests so far, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.shared.script.lock().unwrap().asked.clone()
    }

    /// The one request that came.
    #[track_caller]
    pub(crate) fn only(&self) -> Asked {
        let asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.into_iter().next().unwrap()
    }

    /// How many answers were under way at one time, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.shared.under_way.most()
    }

    /// Waits until `count` requests have come in all.
    pub(crate) async fn came(&self, count: usize) {
        self.shared.count.subscribe().wait_for(|seen| count <= *seen).await.unwrap();
    }
}

impl Drop for FeedServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        self.thread.take().map(JoinHandle::join);
    }
}

fn serve(listener: TcpListener, app: Router, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        tokio::select! {
            served = axum::serve(listener, app) => served.unwrap(),
            _ = stopped => {}
        }
    });
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let under = shared.under_way.enter();
    let path = request.uri().to_string();
    let asked = Asked {
        method: request.method().to_string(),
        path: path.clone(),
        headers: request.headers().clone(),
    };
    let reply = {
        let mut script = shared.script.lock().unwrap();
        script.asked.push(asked.clone());
        match script.replies.get_mut(&path) {
            Some(replies) if 1 < replies.len() => replies.pop_front(),
            Some(replies) => replies.front().cloned(),
            None => None,
        }
    };
    shared.count.send_modify(|count| *count += 1);
    reply.unwrap_or_else(|| Reply::status(404)).send(&asked, under).await
}
