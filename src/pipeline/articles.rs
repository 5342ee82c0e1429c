//! Whole articles for posts of which a feed gave a teaser, where the user asked for them.
//!
//! A page is asked once, right after the poll that brought its post: robots.txt is kept, one
//! service is asked one thing at a time, a poll reads no more than [`MOST`] pages. What fails
//! stays the teaser that it is.

use futures::StreamExt as _;
use futures::stream::FuturesUnordered;

use super::Error;
use super::poll::Poll;
use crate::archive::Archive;
use crate::dedup::Decision;
use crate::fetch::{Answer, Client};
use crate::model::{Counters, Feed, Post, PostId, Request};
use crate::normalize;
use crate::source::article;

/// Pages that one poll reads.
const MOST: usize = 30;

/// A page to be read.
pub(super) struct Wanted<'a> {
    feed: &'a Feed,
    /// As the archive calls it.
    of: PostId,
    post: Post,
    request: Request,
}

/// Returns the pages that what was decided on the posts of `feed` makes worth reading.
pub(super) fn wanted<'a>(
    feed: &'a Feed,
    decisions: &[(Decision, Post, Counters)],
) -> Vec<Wanted<'a>> {
    let wanted = decisions.iter().filter_map(|(decision, post, _)| {
        let of = match decision {
            Decision::New { .. } => post.id,
            Decision::Changed { of, .. } => *of,
            Decision::Seen { .. } => return None,
        };
        let request = article::wanted(feed, post)?;
        Some(Wanted { feed, of, post: post.clone(), request })
    });
    wanted.collect()
}

/// Reads the pages of `wanted`, the first ones first, and keeps their texts as new versions.
///
/// # Errors
///
/// Only of the archive.
pub(super) async fn read(
    archive: &mut Archive,
    poll: &Poll<'_>,
    wanted: Vec<Wanted<'_>>,
    stop: impl Future<Output = ()> + Unpin,
) -> Result<(), Error> {
    let pages: FuturesUnordered<_> = wanted
        .into_iter()
        .take(MOST)
        .map(|wanted| async move { (wanted.of, whole(poll.client, wanted).await) })
        .collect();
    let mut pages = pages.take_until(stop);
    while let Some((of, post)) = pages.next().await {
        let Some(post) = post else { continue };
        archive.give_way();
        let mut group = archive.group(poll.now)?;
        match group.article(of, &post) {
            Err(error) if error.is_of_one_feed() => {
                tracing::debug!(%of, %error, "article not kept");
            }
            kept => kept?,
        }
        group.commit()?;
    }
    Ok(())
}

/// The post with the text of its page.
async fn whole(client: &Client, wanted: Wanted<'_>) -> Option<Post> {
    let Wanted { feed, post, request, .. } = wanted;
    let url = url::Url::parse(&request.url).ok()?;
    let name = feed.name.as_str();
    if let Err(failure) = client.allowed(&url).await {
        tracing::debug!(feed = name, %failure, "article not read");
        return None;
    }
    let (document, held) = match client.get(&request).await {
        Answer::Document { document, held, .. } => (document, held),
        Answer::Failed(failure) => {
            tracing::debug!(feed = name, %failure, "article not read");
            return None;
        }
        Answer::Unchanged { .. } => return None,
    };
    let content = article::content(feed).map(str::to_owned);
    let read = move || {
        let found = article::read(&document, content.as_deref())?;
        drop(held);
        Ok(normalize::full(&post, &found.text, &found.html))
    };
    let read: Result<Option<Post>, crate::source::Error> =
        tokio::task::spawn_blocking(read).await.ok()?;
    read.inspect_err(|error| tracing::debug!(feed = name, %error, "article not read")).ok()?
}
