//! What `init`, `import` and `follow` found out.

use crate::config::kinds;
use crate::config::resolve::{self, Claims};
use crate::config::written::Place;

use super::quote;

/// Everything that a new file says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// The user's names, as posts have them.
    pub names: Vec<String>,
    /// The user's own profiles.
    pub me: Vec<Follow>,
    /// What to look out for.
    pub interests: Vec<Wanted>,
    /// Whom and what to follow.
    pub follows: Vec<Follow>,
}

/// Something to look out for.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// To be shown.
    pub name: String,
    /// In the query language.
    pub query: String,
    /// In 0..=1.
    pub weight: f64,
}

/// One profile or feed. One of `handle`, `url` and `feed` is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Follow {
    /// A person's name, or the feed's title; the handle or address stands for it where absent.
    pub name: Option<String>,
    /// As `kind:` has it; what handle or address tell where absent.
    pub kind: Option<String>,
    /// Its name at its service.
    pub handle: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// Its feed.
    pub feed: Option<String>,
    /// The folder or list that it came from: people's circle, sources' heading.
    pub folder: Option<String>,
}

impl Follow {
    /// Makes one from an address or a handle alone.
    pub fn from_text(text: &str) -> Follow {
        let text = text.trim().to_owned();
        if text.contains("://") {
            Follow { url: Some(text), ..Follow::default() }
        } else {
            Follow { handle: Some(text), ..Follow::default() }
        }
    }

    pub(super) fn place(&self) -> Place {
        let trim = |text: &Option<String>| {
            text.as_ref().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
        };
        Place {
            kind: trim(&self.kind),
            handle: trim(&self.handle),
            url: trim(&self.url),
            feed: trim(&self.feed),
            ..Place::default()
        }
    }

    /// The name fit for one line, if it has one.
    pub(super) fn own_name(&self) -> Option<String> {
        self.name.as_deref().map(quote::one_line).filter(|name| !name.is_empty())
    }

    /// The folder fit for one line, if it has one.
    pub(super) fn own_folder(&self) -> Option<String> {
        self.folder.as_deref().map(quote::one_line).filter(|folder| !folder.is_empty())
    }

    /// What it takes for itself; `None` where the settings would refuse it.
    pub(super) fn claims(&self) -> Option<Claims> {
        resolve::claims(&self.place())
    }

    /// Somebody's own: an account at a network, or what the caller called a blog.
    pub(super) fn is_person(&self, claims: &Claims) -> bool {
        let personal = ["blog", "substack", "wordpress", "ghost", "tumblr", "microblog"];
        let said = self.kind.as_deref().is_some_and(|kind| personal.contains(&kind));
        said || (kinds::is_network(claims.kind) && !claims.handles.is_empty())
    }
}
