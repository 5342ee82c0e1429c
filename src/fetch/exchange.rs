//! One request and its answer, without redirects: from a URL to what the server said of it.

use reqwest::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Response, StatusCode};
use url::Url;

use super::body::{self, Cut};
use super::budget::{Budget, Held};
use super::guard::host;
use super::{Failure, Settings, conditional, fault, pace, wall};
use crate::model::{Pace, Validators};

/// What feeds are, and pages that stand for them.
const ACCEPT_FEEDS: &str = "application/atom+xml, application/rss+xml, application/feed+json, \
     application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, \
     text/html;q=0.5, */*;q=0.3";

/// One GET on its way.
#[derive(Debug)]
pub(super) struct Hop<'a> {
    /// Without user and password.
    pub(super) url: &'a Url,
    /// The same, with user and password if this host may see them.
    pub(super) signed: Url,
    pub(super) accept: Option<&'a str>,
    /// `None`: ask for the document whatever it is.
    pub(super) validators: Option<&'a Validators>,
}

/// What came back.
#[derive(Debug)]
pub(super) enum Reply {
    Whole { headers: HeaderMap, body: Vec<u8>, held: Held, pace: Pace },
    Nothing { pace: Pace },
    Moved { to: Url, permanent: bool },
}

/// What one exchange needs of the client.
#[derive(Debug)]
pub(super) struct Wire {
    pub(super) http: reqwest::Client,
    pub(super) budget: Budget,
}

impl Wire {
    pub(super) fn new(settings: &Settings) -> Result<Wire, Failure> {
        let budget = Budget::new(settings.max_in_flight_bytes, settings.max_bytes);
        Ok(Wire { http: http(settings)?, budget })
    }

    /// Sends the request and reads the answer whole.
    pub(super) async fn send(&self, hop: &Hop<'_>, settings: &Settings) -> Result<Reply, Failure> {
        let conditions = hop.validators.map(conditional::conditions).unwrap_or_default();
        let asked = !conditions.is_empty();
        let request = self
            .http
            .get(hop.signed.clone())
            .header(ACCEPT, hop.accept.unwrap_or(ACCEPT_FEEDS))
            .headers(conditions);
        let response =
            request.send().await.map_err(|error| fault::of_request(&error, hop.url, settings))?;
        let pace = pace::of(response.headers());
        match response.status() {
            StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION => {
                self.whole(response, hop.url, settings.max_bytes, pace).await
            }
            StatusCode::NO_CONTENT | StatusCode::RESET_CONTENT => Ok(Reply::Nothing { pace }),
            // Without a condition there is nothing that could be unchanged.
            StatusCode::NOT_MODIFIED if asked => Ok(Reply::Nothing { pace }),
            StatusCode::PARTIAL_CONTENT => {
                let cause = "only a part was sent (206)".to_owned();
                Err(Failure::Truncated { host: host(hop.url), cause })
            }
            _ => match location(&response, hop.url)? {
                Some(moved) => Ok(moved),
                None => Err(refusal(response, hop.url, pace).await),
            },
        }
    }

    async fn whole(
        &self,
        mut response: Response,
        url: &Url,
        max_bytes: usize,
        pace: Pace,
    ) -> Result<Reply, Failure> {
        let host = host(url);
        if let Some(encoding) = conditional::text(response.headers(), &CONTENT_ENCODING)
            && !encoding.trim().eq_ignore_ascii_case("identity")
        {
            return Err(Failure::Encoding {
                host,
                encoding: encoding.escape_default().to_string(),
            });
        }
        let (body, held) = match body::whole(&mut response, max_bytes, &self.budget).await {
            Ok(whole) => whole,
            Err(Cut::TooLarge) => return Err(Failure::TooLarge { host, max_bytes }),
            Err(Cut::Broken(error)) => return Err(fault::of_body(&error, url)),
        };
        if body.is_empty() {
            return Err(Failure::Empty { host, pace });
        }
        if body.starts_with(&[0x1f, 0x8b]) {
            return Err(Failure::Encoding { host, encoding: "gzip within".to_owned() });
        }
        let headers = std::mem::take(response.headers_mut());
        match wall::of(true, &headers, &body) {
            Some(kind) => Err(Failure::Wall { host, kind, pace }),
            None => Ok(Reply::Whole { headers, body, held, pace }),
        }
    }
}

/// Returns the content type of a whole answer, as sent.
pub(super) fn content_type(headers: &HeaderMap) -> Option<String> {
    conditional::text(headers, &CONTENT_TYPE)
}

/// A client that follows nothing, remembers nothing and goes round nothing: no redirects, no
/// cookies, no referer, no proxy from the environment.
fn http(settings: &Settings) -> Result<reqwest::Client, Failure> {
    let builder = || {
        reqwest::Client::builder()
            .user_agent(&settings.user_agent)
            .dns_resolver(super::guard::Guard::new(settings))
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(settings.connect_timeout)
            .pool_max_idle_per_host(2)
            .pool_idle_timeout(std::time::Duration::from_secs(30))
    };
    // A machine without any root certificate can still read http: https then fails by itself.
    let nobody = std::iter::empty::<reqwest::Certificate>;
    builder()
        .build()
        .or_else(|_| builder().tls_certs_only(nobody()).build())
        .map_err(|error| Failure::Setup { cause: fault::last(&error) })
}

fn location(response: &Response, url: &Url) -> Result<Option<Reply>, Failure> {
    let status = response.status();
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let Some(value) = response.headers().get(LOCATION) else { return Ok(None) };
    let fail = |cause: String| Failure::Redirects { host: host(url), cause };
    let text = String::from_utf8_lossy(value.as_bytes());
    let mut to = url.join(text.trim()).map_err(|_| fail("to an address that is no URL".into()))?;
    if !matches!(to.scheme(), "http" | "https") {
        return Err(fail(format!("to {}:", to.scheme())));
    }
    bare(&mut to);
    Ok(Some(Reply::Moved { to, permanent: matches!(status.as_u16(), 301 | 308) }))
}

/// Takes away what is not sent in a request line: user, password, fragment.
pub(super) fn bare(url: &mut Url) {
    url.set_username("").ok();
    url.set_password(None).ok();
    url.set_fragment(None);
}

async fn refusal(mut response: Response, url: &Url, pace: Pace) -> Failure {
    let host = host(url);
    let headers = std::mem::take(response.headers_mut());
    let page = body::beginning(&mut response).await;
    match wall::of(false, &headers, &page) {
        Some(kind) => Failure::Wall { host, kind, pace },
        None => Failure::Status { host, code: response.status().as_u16(), pace },
    }
}
