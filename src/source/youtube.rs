//! YouTube: a channel's or playlist's Atom, with views and ratings; of the last 15 videos.
//!
//! A channel's name leads to its feed through its page. The feeds answer 404 or 500 for days now
//! and then, so for two weeks that is no word on the channel.

use jiff::SignedDuration;

use super::{Error, Parsed, SourceKind, syndication};
use crate::model::{Document, Feed, FeedState, Request};

/// How long a refusal may be YouTube's own trouble.
const SOFT: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A channel or playlist.
#[derive(Debug)]
pub(super) struct YouTube;

impl SourceKind for YouTube {
    fn name(&self) -> &'static str {
        "youtube"
    }

    fn doc(&self) -> &'static str {
        "a YouTube channel or playlist"
    }

    fn request(&self, feed: &Feed, state: &FeedState) -> Request {
        syndication::request(feed, state)
    }

    fn parse(&self, _feed: &Feed, document: &Document) -> Result<Parsed, Error> {
        let mut parsed = syndication::read(document).map(syndication::Sheet::into_parsed)?;
        for post in &mut parsed.posts {
            // Its player of 2010; the video is the page.
            post.enclosures.retain(|url| !url.contains("youtube.com/v/"));
        }
        Ok(parsed)
    }

    fn advice(&self, _feed: &Feed, status: u16, failing: SignedDuration) -> Option<String> {
        let soft = matches!(status, 404 | 410 | 500..) && failing < SOFT;
        soft.then(|| {
            "YouTube's feeds fail for days now and then: nothing to do before two weeks are over"
                .to_owned()
        })
    }
}
