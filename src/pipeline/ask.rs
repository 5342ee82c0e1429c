//! Asking one feed: request, answer, posts. Everything but the keeping.

use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::fetch::{Answer, Client, Failure, Held};
use crate::model::{Counters, Document, Feed, FeedState, Pace, Post, Problem, Request, Validators};
use crate::normalize;
use crate::schedule::{Heard, Reading};
use crate::source::{self, Parsed, SourceKind};

/// What came of asking a feed.
#[derive(Default)]
pub(super) struct Asked {
    /// For `schedule::after`; `None` where the feed is not to blame (no network, its service
    /// rests): nothing is recorded then.
    pub(super) heard: Option<Heard>,
    /// In the document's order.
    pub(super) posts: Vec<(Post, Counters)>,
    /// Entries that could not be read whole.
    pub(super) problems: Vec<Problem>,
    /// What went wrong, where it did.
    pub(super) error: Option<String>,
    /// The next step for a person, where there is one.
    pub(super) hint: Option<String>,
    /// No network at all.
    pub(super) offline: bool,
    /// Its host has no address.
    pub(super) unknown_host: bool,
    /// Keeps the body's bytes counted until the posts are stored.
    _held: Option<Held>,
}

/// Asks `feed` once and reads the answer.
///
/// Where the address leads to a page that names a feed, that feed is read instead, and asked
/// directly from then on. `desks` are those at which documents are read.
pub(super) async fn ask(
    client: &Client,
    desks: &Semaphore,
    feed: &Feed,
    state: &FeedState,
    now: Timestamp,
) -> Asked {
    let asking = Asking { client, desks, feed, now, backlog: state.first_read.is_none() };
    asking.follow(state).await.unwrap_or_else(|trouble| trouble.into_asked())
}

/// Why there is nothing to read.
enum Trouble {
    Fetch(Failure),
    Read(source::Error),
    Kind(String),
}

struct Asking<'a> {
    client: &'a Client,
    desks: &'a Semaphore,
    feed: &'a Feed,
    now: Timestamp,
    backlog: bool,
}

impl Asking<'_> {
    async fn follow(&self, state: &FeedState) -> Result<Asked, Trouble> {
        let name = &self.feed.kind;
        let kind = source::kind(name).ok_or_else(|| Trouble::Kind(name.clone()))?;
        let request = kind.request(self.feed, state);
        if self.feed.select.is_some() {
            self.obey_robots(&request).await?;
        }
        let found = state.found.clone();
        match self.once(kind, request, found).await {
            Err(Trouble::Read(source::Error::HtmlPage { feeds })) if state.found.is_none() => {
                let Some(first) = feeds.first() else {
                    return Err(Trouble::Read(source::Error::HtmlPage { feeds }));
                };
                let url = first.url.clone();
                let request =
                    Request { url: url.clone(), accept: None, validators: Validators::default() };
                self.once(kind, request, Some(url)).await
            }
            answer => answer,
        }
    }

    async fn once(
        &self,
        kind: &'static dyn SourceKind,
        request: Request,
        found: Option<String>,
    ) -> Result<Asked, Trouble> {
        match self.client.get(&request).await {
            Answer::Document { document, validators, pace, held, .. } => {
                let _held = Some(held);
                let read = self.read(kind, document).await.map_err(Trouble::Read)?;
                Ok(Asked { _held, ..asked(read, validators, pace, found) })
            }
            Answer::Unchanged { validators, pace, .. } => {
                let heard = Some(Heard::Unchanged { validators, pace });
                Ok(Asked { heard, ..Asked::default() })
            }
            Answer::Failed(failure) => Err(Trouble::Fetch(failure)),
        }
    }

    /// Scraped pages keep to robots.txt (RFC 9309); a feed was published to be read.
    async fn obey_robots(&self, request: &Request) -> Result<(), Trouble> {
        let url = url::Url::parse(&request.url).map_err(|_| Trouble::Fetch(Failure::Url))?;
        self.client.allowed(&url).await.map_err(Trouble::Fetch)
    }

    /// Reads on a blocking thread; a parser's panic is a failure of this feed alone.
    async fn read(
        &self,
        kind: &'static dyn SourceKind,
        document: Document,
    ) -> Result<Read, source::Error> {
        let (feed, seen, backlog) = (self.feed.clone(), self.now, self.backlog);
        let work = move || {
            let mut parsed = kind.parse(&feed, &document)?;
            let raw = std::mem::take(&mut parsed.posts);
            let (posts, problems) = normalize::posts(
                &raw,
                &normalize::Context {
                    feed: &feed,
                    site: parsed.site.as_deref(),
                    language: parsed.language.as_deref(),
                    seen,
                    backlog,
                },
            );
            parsed.problems.extend(problems);
            Ok((parsed, posts))
        };
        let _desk = self.desks.acquire().await.expect("nobody closes it");
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
            let looks_like = "something that the parser fails on".to_owned();
            Err(source::Error::NotAFeed { looks_like })
        })
    }
}

type Read = (Parsed, Vec<(Post, Counters)>);

fn asked(
    (parsed, posts): Read,
    validators: Validators,
    pace: Pace,
    found: Option<String>,
) -> Asked {
    let problems = parsed.problems;
    if parsed.expired {
        return Asked { heard: Some(Heard::Gone), posts, problems, ..Asked::default() };
    }
    let heard = Heard::Read(Reading {
        // No validator is kept of a document that was not read whole: a 304 would hide the rest.
        validators: if parsed.whole { validators } else { Validators::default() },
        pace,
        ttl: parsed.ttl,
        skip_hours: parsed.skip_hours,
        skip_days: parsed.skip_days,
        posted: posts.iter().filter_map(|(post, _)| post.published).collect(),
        title: parsed.title,
        found,
    });
    Asked { heard: Some(heard), posts, problems, ..Asked::default() }
}

impl Trouble {
    fn into_asked(self) -> Asked {
        let failed =
            |error: &str, pace, wall| Heard::Failed { error: error.to_owned(), pace, wall };
        match self {
            Trouble::Fetch(failure) => {
                let error = failure.to_string();
                let heard = match failure {
                    Failure::Resting { .. } => None,
                    _ if failure.is_offline() => None,
                    _ if failure.is_gone() => Some(Heard::Gone),
                    _ => Some(failed(&error, failure.pace(), failure.is_wall())),
                };
                let (hint, offline) = (failure.hint(), failure.is_offline());
                let unknown_host = failure.is_unknown_host();
                let error = Some(error);
                Asked { heard, error, hint, offline, unknown_host, ..Asked::default() }
            }
            Trouble::Read(reason) => {
                let (error, hint) = (reason.to_string(), reason.hint());
                let heard = Some(failed(&error, Pace::default(), false));
                Asked { heard, error: Some(error), hint, ..Asked::default() }
            }
            Trouble::Kind(kind) => {
                let error = format!("`{kind}` cannot be read");
                let heard = Some(failed(&error, Pace::default(), false));
                Asked { heard, error: Some(error), ..Asked::default() }
            }
        }
    }
}
