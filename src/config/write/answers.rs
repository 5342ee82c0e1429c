//! What `init`, `import` and `follow` found out.

use crate::config::kinds;
use crate::config::resolve::{self, Claims};
use crate::config::written::{self, Place};
use crate::model::Select;
use crate::source::lists::Listed;

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
    /// Private networks that feeds may lead to, in CIDR form.
    pub allow: Vec<String>,
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
    /// The folder or list that it came from: its circle.
    pub folder: Option<String>,
    /// The person whose profile it is by the user's word; somebody new where nobody is called so.
    pub person: Option<String>,
    /// It is only noted down (`mode: manual`).
    pub manual: bool,
    /// What its entries are, of a page without a feed.
    pub select: Option<Select>,
    /// Why it is written as a comment: what was there instead of a feed.
    pub doubt: Option<String>,
}

/// What will be asked to read a [`Follow`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Of the source, as the settings settle it.
    pub kind: String,
    /// A feed's, or that of a page that names one.
    pub address: String,
    /// Why it will not be asked at all.
    pub unreadable: Option<String>,
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

    /// Makes one of a line of a list. A profile that nobody can read is only noted down.
    pub fn from_listed(listed: Listed) -> Follow {
        let Listed { title, url, folder } = listed;
        Follow { name: title, folder, ..Follow::from_text(&url) }.noted()
    }

    /// A profile at a service that nobody can read becomes one that is only noted down.
    pub fn noted(mut self) -> Follow {
        let claims = self.claims().filter(|claims| claims.unreadable.is_some());
        self.manual |= claims.is_some_and(|claims| kinds::is_closed(claims.kind));
        self
    }

    /// What will be asked to read it; `None` where the settings would refuse it.
    pub fn ask(&self) -> Option<Ask> {
        let claims = self.claims()?;
        Some(Ask {
            kind: claims.kind.to_owned(),
            address: claims.addresses.into_iter().next()?,
            unreadable: claims.unreadable,
        })
    }

    /// What stands for it in a message: its handle or address.
    pub fn text(&self) -> &str {
        let known = [&self.handle, &self.url, &self.feed];
        known.into_iter().flatten().next().map_or("", String::as_str)
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
            mode: self.manual.then(|| "manual".to_owned()),
            select: self.select.clone().map(|select| {
                let Select { item, title, link, date } = select;
                written::Select { item, title, link, date }
            }),
            ..Place::default()
        }
    }

    /// The name fit for one line, if it has one.
    pub(super) fn own_name(&self) -> Option<String> {
        self.name.as_deref().map(quote::one_line).filter(|name| !name.is_empty())
    }

    /// The person's name, or its own.
    pub(super) fn person_name(&self) -> Option<String> {
        let person = self.person.as_deref().map(quote::one_line).filter(|name| !name.is_empty());
        person.or_else(|| self.own_name())
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
        said || self.person.is_some()
            || (kinds::is_network(claims.kind) && !claims.handles.is_empty())
    }
}
