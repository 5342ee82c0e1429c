//! The client: one question in, one answer out, with the redirects between them.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use url::Url;

use super::budget::Held;
use super::exchange::{Hop, Reply, Wire, bare, content_type};
use super::outage::Outages;
use super::politeness::Turns;
use super::recent::{Kept, Recent};
use super::robots::Rules;
use super::{Failure, Settings, conditional, guard, service};
use crate::model::{Document, Pace, Request, Validators};

/// What came of a request.
#[derive(Debug)]
#[non_exhaustive]
pub enum Answer {
    /// A whole document.
    Document {
        /// Its body, unpacked.
        document: Document,
        /// To be kept once the document is understood, and not before: else a 304 would hide its
        /// posts for ever.
        validators: Validators,
        /// What the server said of time.
        pace: Pace,
        /// The address to ask from now on, if every redirect on the way was permanent (301, 308).
        /// One such answer is no proof: a captive portal says 301, too.
        permanent: Option<String>,
        /// Drop it when the body is parsed.
        held: Held,
    },
    /// Nothing new: 304, or an answer meant to be empty (204, 205).
    Unchanged {
        /// Those that were sent. What a 304 carries belongs to a document we have not read.
        validators: Validators,
        /// What the server said of time.
        pace: Pace,
        /// As for a document.
        permanent: Option<String>,
    },
    /// Neither.
    Failed(Failure),
}

/// Reads the web. Cheap to clone; all clones share connections, turns and limits.
///
/// Start as many `get`s at a time as there are feeds due: it lets only so many go, and one per
/// service.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    settings: Settings,
    wire: Wire,
    turns: Arc<Turns>,
    outages: Outages,
    rules: Rules,
    recent: Recent,
}

impl Client {
    /// Opens nothing yet.
    ///
    /// # Errors
    ///
    /// `Failure::Setup`: a `user_agent` that no header can carry.
    pub fn new(settings: &Settings) -> Result<Client, Failure> {
        Ok(Client {
            inner: Arc::new(Inner {
                wire: Wire::new(settings)?,
                turns: Turns::new(settings.requests_per_second, settings.max_in_flight),
                outages: Outages::default(),
                recent: Recent::default(),
                rules: Rules::new(&settings.user_agent),
                settings: settings.clone(),
            }),
        })
    }

    /// Sends one GET, and others where it is redirected; what [`Client::look`] saw at that
    /// address is given instead, once.
    pub async fn get(&self, request: &Request) -> Answer {
        let known = request.validators == Validators::default();
        match self.inner.recent.take(&request.url).filter(|_| known) {
            Some(kept) => self.again(kept).await,
            None => self.follow(request).await.unwrap_or_else(Answer::Failed),
        }
    }

    /// As `get`, for an address that is to be read again in a moment: the next `get` of it is
    /// answered by this answer, so that its server is asked once.
    pub async fn look(&self, request: &Request) -> Answer {
        let answer = self.get(request).await;
        self.inner.recent.keep(&request.url, &answer);
        answer
    }

    async fn again(&self, kept: Kept) -> Answer {
        match kept {
            Kept::Document { document, validators, pace, permanent } => {
                let mut held = self.inner.wire.budget.open();
                held.grow(document.body.len()).await;
                Answer::Document { document, validators, pace, permanent, held }
            }
            Kept::Failed(failure) => Answer::Failed(failure),
        }
    }

    /// Says whether `robots.txt` of the host lets us read `url`; to be asked before a page is
    /// scraped. The rules of a host are kept for a day.
    ///
    /// # Errors
    ///
    /// `Failure::Robots` where it forbids, or why the rules could not be read: then the page may
    /// not be read either (RFC 9309 §2.3.1.4).
    pub async fn allowed(&self, url: &Url) -> Result<(), Failure> {
        self.inner.rules.allow(self, url).await
    }

    async fn follow(&self, request: &Request) -> Result<Answer, Failure> {
        let signed = web_url(&request.url)?;
        let mut way = Way::new(signed);
        let mut left = self.inner.settings.timeout;
        loop {
            let hop = way.hop(request);
            match self.exchange(&hop, &mut left).await? {
                Reply::Moved { to, permanent } => {
                    way.go(to, permanent, self.inner.settings.max_hops)?;
                }
                Reply::Nothing { pace } => {
                    let validators = request.validators.clone();
                    return Ok(Answer::Unchanged { validators, pace, permanent: way.permanent() });
                }
                Reply::Whole { headers, body, held, pace } => {
                    let url = way.url().to_string();
                    return Ok(Answer::Document {
                        validators: conditional::validators(&headers, way.led_to()),
                        permanent: way.permanent(),
                        document: Document { url, content_type: content_type(&headers), body },
                        pace,
                        held,
                    });
                }
            }
        }
    }

    /// One hop: looked at, waited for, timed.
    async fn exchange(&self, hop: &Hop<'_>, left: &mut Duration) -> Result<Reply, Failure> {
        let Inner { settings, wire, turns, outages, .. } = &*self.inner;
        guard::check(hop.url, &settings.allow)?;
        let (service, host) = (service::of(hop.url), guard::host(hop.url));
        let first = turns.queue(&service).await;
        let first = first.map_err(|left| Failure::Resting { service, left })?;
        outages.check(&host)?;
        let turn = first.start().await;
        let start = Instant::now();
        let late = Failure::Timeout { host: host.clone(), after: settings.timeout };
        let reply = timeout(*left, wire.send(hop, settings)).await.unwrap_or(Err(late));
        *left = left.saturating_sub(start.elapsed());
        outages.note(&host, reply.as_ref().err());
        if let Err(failure @ Failure::Status { code: 429, .. }) = &reply {
            /// For a server that says "too many" but not for how long.
            const A_WHILE: Duration = Duration::from_secs(60);
            let said = failure.pace().retry_after.and_then(|wait| wait.try_into().ok());
            turn.rest(said.unwrap_or(A_WHILE));
        }
        reply
    }
}

fn web_url(text: &str) -> Result<Url, Failure> {
    let url = Url::parse(text).map_err(|_| Failure::Url)?;
    let web = matches!(url.scheme(), "http" | "https") && url.has_host();
    if web { Ok(url) } else { Err(Failure::Url) }
}

/// The way from the address that was asked to the one that answers.
#[derive(Debug)]
struct Way {
    /// As it was asked, with user and password if it has them.
    signed: Url,
    /// Every URL asked so far, in order; the last is the next to ask.
    urls: Vec<Url>,
    all_permanent: bool,
}

impl Way {
    fn new(signed: Url) -> Way {
        let mut first = signed.clone();
        bare(&mut first);
        Way { signed, urls: vec![first], all_permanent: true }
    }

    fn url(&self) -> &Url {
        self.urls.last().expect("the way begins with a URL")
    }

    fn hop<'a>(&'a self, request: &'a Request) -> Hop<'a> {
        let url = self.url();
        let owner = request.validators.url.as_deref();
        let theirs = owner.map_or(self.urls.len() == 1, |owner| owner == url.as_str());
        Hop {
            url,
            signed: self.sign(url),
            accept: request.accept.as_deref(),
            validators: theirs.then_some(&request.validators),
        }
    }

    /// Adds user and password where they belong: to the host they were given for, and never from
    /// https to http.
    fn sign(&self, url: &Url) -> Url {
        let (from, mut signed) = (&self.signed, url.clone());
        let same = from.host() == url.host()
            && match (from.scheme(), url.scheme()) {
                (before, after) if before == after => {
                    from.port_or_known_default() == url.port_or_known_default()
                }
                ("http", "https") => from.port().is_none() && url.port().is_none(),
                _ => false,
            };
        if same {
            signed.set_username(from.username()).ok();
            signed.set_password(from.password()).ok();
        }
        signed
    }

    fn go(&mut self, to: Url, permanent: bool, max_hops: usize) -> Result<(), Failure> {
        let host = guard::host(self.url());
        if self.urls.contains(&to) {
            return Err(Failure::Redirects { host, cause: "in a circle".to_owned() });
        }
        if max_hops < self.urls.len() {
            let cause = format!("more than {max_hops} times");
            return Err(Failure::Redirects { host, cause });
        }
        self.all_permanent &= permanent;
        self.urls.push(to);
        Ok(())
    }

    /// Where redirects led to, if there were any.
    fn led_to(&self) -> Option<&str> {
        (1 < self.urls.len()).then(|| self.url().as_str())
    }

    fn permanent(&self) -> Option<String> {
        self.led_to().filter(|_| self.all_permanent)?;
        Some(self.sign(self.url()).to_string())
    }
}
