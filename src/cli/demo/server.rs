//! Serves the world on loopback at a virtual time. All hosts are one server here: the `Host`
//! header says which outlet is meant.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{
    CONTENT_TYPE, DATE, ETAG, HOST, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use axum::http::{HeaderMap, Response, StatusCode};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::render::{Rendered, render};
use super::world::World;
use crate::model::short_code;

/// The world while it is served. Stops when dropped.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    world: World,
    now: AtomicI64,
    requests: AtomicU64,
}

impl Server {
    /// Serves `world` as it stands at `now`, on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(world: World, now: Timestamp) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (now, requests) = (AtomicI64::new(now.as_second()), AtomicU64::new(0));
        let shared = Arc::new(Shared { world, now, requests });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // `axum::serve` ends only when the task is aborted.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Server { address, shared, task })
    }

    /// Where every host of the world is to be led to.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets the virtual clock, to the second.
    pub fn set_now(&self, now: Timestamp) {
        self.shared.now.store(now.as_second(), Ordering::SeqCst);
    }

    /// How many requests have come.
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response<Body> {
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let seconds = shared.now.load(Ordering::SeqCst);
    let now = Timestamp::from_second(seconds).expect("it was a timestamp before");
    let host = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let place = format!("{name}{path}");
    match shared.world.outlets.iter().find(|outlet| outlet.place() == place) {
        Some(outlet) => document(request.headers(), render(outlet, now), now),
        None => plain(StatusCode::NOT_FOUND, now),
    }
}

/// The whole document, or 304 where the client has it already (RFC 9110 §13.1).
fn document(asked: &HeaderMap, rendered: Rendered, now: Timestamp) -> Response<Body> {
    let etag = format!("W/\"{}\"", short_code(&rendered.body, 26));
    let modified = http_date(rendered.modified);
    let says = |name: HeaderName| asked.get(name).and_then(|value| value.to_str().ok());
    let unchanged = match says(IF_NONE_MATCH) {
        Some(known) => known == etag,
        None => says(IF_MODIFIED_SINCE) == Some(modified.as_str()),
    };
    let answer = Response::builder()
        .header(DATE, http_date(now))
        .header(ETAG, etag)
        .header(LAST_MODIFIED, modified);
    let answer = if unchanged {
        answer.status(StatusCode::NOT_MODIFIED).body(Body::empty())
    } else {
        answer.header(CONTENT_TYPE, rendered.content_type).body(Body::from(rendered.body))
    };
    answer.expect("every header is visible ASCII")
}

fn plain(status: StatusCode, now: Timestamp) -> Response<Body> {
    let answer = Response::builder().status(status).header(DATE, http_date(now));
    answer.body(Body::empty()).expect("every header is visible ASCII")
}

fn http_date(at: Timestamp) -> String {
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at).expect("a year between 0 and 9999")
}
