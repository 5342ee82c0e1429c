//! Asking one feed: request, answer, posts. Everything but the keeping.

use jiff::Timestamp;
use tokio::sync::Semaphore;

use crate::fetch::{Answer, Client, Failure, Held};
use crate::model::{Counters, Feed, FeedState, Pace, Post, Problem, Request, Validators};
use crate::normalize;
use crate::schedule::{Heard, Reading};
use crate::source::{self, Parsed, Reply, SourceKind, Step, dialog};

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

/// Asks `feed` what its kind wants to know, and reads the answers. `desks` are those at which
/// documents are read.
pub(super) async fn ask(
    client: &Client,
    desks: &Semaphore,
    feed: &Feed,
    state: &FeedState,
    now: Timestamp,
) -> Asked {
    let asking = Asking { client, desks, feed, now, backlog: state.first_read.is_none() };
    asking.follow(state).await.unwrap_or_else(|trouble| {
        let advice = asking.advice(state, &trouble);
        let asked = trouble.into_asked();
        Asked { hint: advice.or(asked.hint), ..asked }
    })
}

/// Why there is nothing to read.
enum Trouble {
    Fetch(Failure),
    Read(source::Error),
    Kind(String),
    /// The kind asks on and on.
    Endless,
}

struct Asking<'a> {
    client: &'a Client,
    desks: &'a Semaphore,
    feed: &'a Feed,
    now: Timestamp,
    backlog: bool,
}

impl Asking<'_> {
    /// Asks until the kind is done. Nothing new ends the dialog: what was heard before it only
    /// led there.
    async fn follow(&self, state: &FeedState) -> Result<Asked, Trouble> {
        let name = &self.feed.kind;
        let kind = source::kind(name).ok_or_else(|| Trouble::Kind(name.clone()))?;
        let mut talk = Talk::default();
        loop {
            let request = match self.step(kind, state, &mut talk).await? {
                Said::Ask(request) if talk.heard.len() < dialog::MOST => request,
                Said::Ask(_) => return Err(Trouble::Endless),
                Said::Done(read) => {
                    return Ok(Asked {
                        _held: talk.held,
                        ..asked(*read, talk.validators, talk.pace)
                    });
                }
                Said::GiveUp => return Err(talk.refusal.map_or(Trouble::Endless, Trouble::Fetch)),
            };
            if self.feed.select.is_some() {
                self.obey_robots(&request).await?;
            }
            let asked = request.url.clone();
            match self.client.get(&request).await {
                Answer::Document { document, validators, pace, held, .. } => {
                    talk.heard.push(Reply::Document { asked, document });
                    (talk.validators, talk.pace, talk.held) = (validators, pace, Some(held));
                }
                Answer::Unchanged { validators, pace, .. } => {
                    let heard = Some(Heard::Unchanged { validators, pace });
                    return Ok(Asked { heard, ..Asked::default() });
                }
                Answer::Failed(failure) => {
                    let status =
                        failure.refusal().ok_or_else(|| Trouble::Fetch(failure.clone()))?;
                    talk.heard.push(Reply::Refused { status });
                    talk.refusal = Some(failure);
                }
            }
        }
    }

    /// What the kind knows of this refusal.
    fn advice(&self, state: &FeedState, trouble: &Trouble) -> Option<String> {
        let Trouble::Fetch(Failure::Status { code, .. }) = trouble else { return None };
        let failing = state.failing_since.map(|since| self.now.duration_since(since));
        source::kind(&self.feed.kind)?.advice(self.feed, *code, failing.unwrap_or_default())
    }

    /// Scraped pages keep to robots.txt (RFC 9309); a feed was published to be read.
    async fn obey_robots(&self, request: &Request) -> Result<(), Trouble> {
        let url = url::Url::parse(&request.url).map_err(|_| Trouble::Fetch(Failure::Url))?;
        self.client.allowed(&url).await.map_err(Trouble::Fetch)
    }

    /// Thinks on a blocking thread; a parser's panic is a failure of this feed alone.
    async fn step(
        &self,
        kind: &'static dyn SourceKind,
        state: &FeedState,
        talk: &mut Talk,
    ) -> Result<Said, Trouble> {
        let (feed, state, heard) =
            (self.feed.clone(), state.clone(), std::mem::take(&mut talk.heard));
        let (seen, backlog) = (self.now, self.backlog);
        let work = move || {
            let said = kind.step(&feed, &state, &heard).map(|step| match step {
                Step::Ask(request) => Said::Ask(request),
                Step::GiveUp => Said::GiveUp,
                Step::Done(parsed) => Said::Done(Box::new(read(parsed, &feed, seen, backlog))),
            });
            (said, heard)
        };
        let _desk = self.desks.acquire().await.expect("nobody closes it");
        let (said, heard) = tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| {
            let looks_like = "something that the parser fails on".to_owned();
            (Err(source::Error::NotAFeed { looks_like }), Vec::new())
        });
        talk.heard = heard;
        said.map_err(Trouble::Read)
    }
}

/// A dialog so far.
#[derive(Default)]
struct Talk {
    heard: Vec<Reply>,
    /// Of the last document.
    validators: Validators,
    pace: Pace,
    held: Option<Held>,
    /// The last answer that was none.
    refusal: Option<Failure>,
}

/// A step, with what was read made posts.
enum Said {
    Ask(Request),
    Done(Box<Read>),
    GiveUp,
}

type Read = (Parsed, Vec<(Post, Counters)>);

fn read(mut parsed: Parsed, feed: &Feed, seen: Timestamp, backlog: bool) -> Read {
    let raw = std::mem::take(&mut parsed.posts);
    let (site, language) = (parsed.site.as_deref(), parsed.language.as_deref());
    let context = normalize::Context { feed, site, language, seen, backlog };
    let (posts, problems) = normalize::posts(&raw, &context);
    parsed.problems.extend(problems);
    (parsed, posts)
}

fn asked((parsed, posts): Read, validators: Validators, pace: Pace) -> Asked {
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
        found: parsed.found,
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
            Trouble::Endless => {
                let error = "its service answers with nothing but further questions".to_owned();
                let heard = Some(failed(&error, Pace::default(), false));
                Asked { heard, error: Some(error), ..Asked::default() }
            }
            Trouble::Kind(kind) => {
                let error = format!("`{kind}` cannot be read");
                let heard = Some(failed(&error, Pace::default(), false));
                Asked { heard, error: Some(error), ..Asked::default() }
            }
        }
    }
}
