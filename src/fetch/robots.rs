//! `robots.txt` (RFC 9309) for pages that are scraped. A feed is published for programs, so
//! nobody asks here before reading one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use robotxt::{AccessResult, Robots};
use tokio::time::Instant;
use url::Url;

use super::{Answer, Client, Failure, guard};
use crate::model::{Request, Validators};

/// How long the rules of a host hold (RFC 9309 §2.4).
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The rules read so far, by the address of their file.
#[derive(Debug)]
pub(super) struct Rules {
    /// The product token that groups are matched with: `bellwether`.
    agent: String,
    known: Mutex<BTreeMap<String, (Instant, Arc<Robots>)>>,
}

impl Rules {
    pub(super) fn new(user_agent: &str) -> Rules {
        let token = |one: char| one.is_ascii_alphabetic() || one == '-' || one == '_';
        let agent = user_agent.chars().take_while(|one| token(*one)).collect();
        Rules { agent, known: Mutex::default() }
    }

    pub(super) async fn allow(&self, client: &Client, url: &Url) -> Result<(), Failure> {
        let file = robotxt::robots_url(url).map_err(|_| Failure::Url)?.to_string();
        let robots = match self.known(&file) {
            Some(robots) => robots,
            None => self.read(client, file).await?,
        };
        let host = guard::host(url);
        if robots.is_url_allowed(url) { Ok(()) } else { Err(Failure::Robots { host }) }
    }

    fn known(&self, file: &str) -> Option<Arc<Robots>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, robots) = known.get(file)?;
        (read.elapsed() < DAY).then(|| Arc::clone(robots))
    }

    async fn read(&self, client: &Client, file: String) -> Result<Arc<Robots>, Failure> {
        let request = Request {
            url: file.clone(),
            accept: Some("text/plain, */*;q=0.5".to_owned()),
            validators: Validators::default(),
        };
        let agent = self.agent.as_str();
        let robots = match client.get(&request).await {
            Answer::Document { document, .. } => {
                Robots::from_access(AccessResult::Successful(&document.body), agent)
            }
            Answer::Unchanged { .. } | Answer::Failed(Failure::Empty { .. }) => Robots::allow_all(),
            Answer::Failed(failure) if is_absent(&failure) => Robots::allow_all(),
            Answer::Failed(failure) => return Err(failure),
        };
        let robots = Arc::new(robots);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (read, _)| read.elapsed() < DAY);
        known.insert(file, (Instant::now(), Arc::clone(&robots)));
        Ok(robots)
    }
}

/// A file that is not there forbids nothing; a server that fails, or wants us to slow down,
/// forbids all for now.
fn is_absent(failure: &Failure) -> bool {
    match failure {
        Failure::Status { code, .. } => (400..500).contains(code) && *code != 429,
        Failure::Redirects { .. } => true,
        _ => false,
    }
}
