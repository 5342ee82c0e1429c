//! What a `FeedServer` answers: a status, headers, a body in parts, and waits between them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::header::{CONTENT_LENGTH, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use tokio::sync::Semaphore;

use super::server::Asked;

/// A wait that a test ends. Clones are the same gate; once open it stays so.
#[derive(Debug, Clone)]
pub(crate) struct Gate(Arc<Semaphore>);

impl Gate {
    pub(crate) fn new() -> Gate {
        Gate(Arc::new(Semaphore::new(0)))
    }

    pub(crate) fn open(&self) {
        self.0.close();
    }

    /// A closed semaphore is an open gate.
    async fn pass(&self) {
        drop(self.0.acquire().await);
    }
}

#[derive(Debug, Clone)]
enum Part {
    Bytes(Vec<u8>),
    Wait(Gate),
    /// The connection is cut.
    Break,
}

#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    before: Option<Gate>,
    parts: Vec<Part>,
    revalidates: bool,
}

impl Reply {
    pub(crate) fn status(code: u16) -> Reply {
        Reply {
            status: StatusCode::from_u16(code).unwrap(),
            headers: HeaderMap::new(),
            before: None,
            parts: Vec::new(),
            revalidates: false,
        }
    }

    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Reply {
        Reply::status(200).then(body)
    }

    pub(crate) fn redirect(code: u16, to: &str) -> Reply {
        Reply::status(code).header("location", to)
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Reply {
        let value = HeaderValue::from_bytes(value.as_ref()).unwrap();
        self.headers.append(HeaderName::from_static(name), value);
        self
    }

    /// A further part of the body.
    pub(crate) fn then(mut self, bytes: impl Into<Vec<u8>>) -> Reply {
        self.parts.push(Part::Bytes(bytes.into()));
        self
    }

    /// The rest waits for the gate: before the head if there is no body yet.
    pub(crate) fn wait(mut self, gate: &Gate) -> Reply {
        if self.parts.is_empty() {
            self.before = Some(gate.clone());
        } else {
            self.parts.push(Part::Wait(gate.clone()));
        }
        self
    }

    /// The connection breaks here.
    pub(crate) fn cut(mut self) -> Reply {
        self.parts.push(Part::Break);
        self
    }

    /// Answers 304 to whoever sends its `ETag` or `Last-Modified` back.
    pub(crate) fn revalidates(mut self) -> Reply {
        self.revalidates = true;
        self
    }

    pub(super) async fn send(mut self, asked: &Asked, under: Entered) -> Response {
        if let Some(gate) = &self.before {
            gate.pass().await;
        }
        if self.revalidates && self.is_known(asked) {
            self.status = StatusCode::NOT_MODIFIED;
            self.parts.clear();
        }
        if let Some(length) = self.length() {
            self.headers.insert(CONTENT_LENGTH, length.into());
        }
        let mut response = Response::new(stream(self.parts, under));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        response
    }

    fn is_known(&self, asked: &Asked) -> bool {
        let same = |sent: HeaderName, got: HeaderName| {
            self.headers.get(sent).is_some_and(|value| asked.headers.get(got) == Some(value))
        };
        same(ETAG, IF_NONE_MATCH) || same(LAST_MODIFIED, IF_MODIFIED_SINCE)
    }

    /// `None` where the body is not known beforehand: it goes in chunks.
    fn length(&self) -> Option<u64> {
        let bytes = |part: &Part| match part {
            Part::Bytes(bytes) => Some(bytes.len() as u64),
            Part::Wait(_) | Part::Break => None,
        };
        let bodiless = matches!(self.status.as_u16(), 204 | 304);
        if bodiless { None } else { self.parts.iter().map(bytes).sum() }
    }
}

fn stream(parts: Vec<Part>, under: Entered) -> Body {
    let next = |(mut parts, under): (std::vec::IntoIter<Part>, Entered)| async move {
        loop {
            let bytes = match parts.next()? {
                Part::Bytes(bytes) => Ok(bytes),
                Part::Break => Err(std::io::Error::other("cut on purpose")),
                Part::Wait(gate) => {
                    gate.pass().await;
                    continue;
                }
            };
            return Some((bytes, (parts, under)));
        }
    };
    Body::from_stream(futures::stream::unfold((parts.into_iter(), under), next))
}

/// Counts the answers under way.
#[derive(Debug, Default)]
pub(super) struct Under {
    now: AtomicUsize,
    most: AtomicUsize,
}

/// One answer under way, until its body is sent or given up.
#[derive(Debug)]
pub(super) struct Entered(Arc<Under>);

impl Under {
    pub(super) fn enter(self: &Arc<Under>) -> Entered {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        Entered(Arc::clone(self))
    }

    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::SeqCst)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::SeqCst);
    }
}
