//! What an address turned out to be when it was looked at, and what to write of it then.

use jiff::Timestamp;

use super::answers::Follow;
use super::quote::one_line;
use crate::model::Select;
use crate::source::discover::Found;
use crate::source::shapes;

/// What lies at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A feed.
    Feed {
        /// As it calls itself.
        title: Option<String>,
        /// Entries in it now.
        posts: usize,
        /// The newest date among them.
        newest: Option<Timestamp>,
        /// The newest few of them.
        sample: Vec<Sample>,
        /// The page that it says it is the feed of.
        site: Option<String>,
    },
    /// A page for people.
    Page {
        /// Who is behind it, or what it calls itself.
        title: Option<String>,
        /// Its feeds, as far as they are a choice.
        feeds: Vec<Found>,
        /// It names them; else one was found where feeds usually lie.
        named: bool,
        /// Pages that it says are of the same person.
        me: Vec<String>,
        /// Its feed, where there is only one and it was read: [`Seen::Feed`].
        feed: Option<Box<Seen>>,
        /// What its entries are, where it has no feed but marks them up.
        entries: Option<Select>,
        /// Lists of what its author reads.
        blogrolls: Vec<String>,
    },
    /// Something else.
    Other {
        /// `this is a PNG image, not a feed`.
        what: String,
    },
    /// No answer that says what it is.
    Silent {
        /// One line.
        why: String,
        /// The next step.
        hint: Option<String>,
        /// For want of a network.
        offline: bool,
    },
    /// It is not asked: its kind cannot be read.
    Unreadable {
        /// One clause.
        why: String,
    },
}

/// A post, as it is told before its feed is followed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Sample {
    /// Its title, else the beginning of its text; plain text.
    pub title: String,
    /// When it was published, as it says.
    pub at: Option<Timestamp>,
}

/// Returns the accounts that the user's own pages say are theirs and that are not among `me`: the
/// pages that were seen hold the user's word.
pub fn also_mine<'a>(me: &[Follow], seen: impl Iterator<Item = &'a Seen>) -> Vec<Follow> {
    let mut known: Vec<String> = me.iter().flat_map(keys).collect();
    let mut found = Vec::new();
    let pages = seen.filter_map(|seen| match seen {
        Seen::Page { me, .. } => Some(me),
        _ => None,
    });
    for url in pages.flatten() {
        let follow = Follow::from_text(url);
        let keys = keys(&follow);
        let is_account = shapes::recognize(url).is_some_and(|hit| !hit.handle.is_empty());
        if is_account && !keys.is_empty() && keys.iter().all(|key| !known.contains(key)) {
            known.extend(keys);
            found.push(follow);
        }
    }
    found
}

fn keys(follow: &Follow) -> Vec<String> {
    follow.claims().map(|claims| claims.keys).unwrap_or_default()
}

impl Follow {
    /// Returns this as it is to be written after it was looked at. A page of several feeds stays
    /// the page (whose first feed is read) until one is chosen ([`Follow::choose`]).
    ///
    /// What is no feed is written as a comment, unless it is somebody's account: that belongs to
    /// a person even if nobody can read it.
    pub fn after(mut self, seen: &Seen) -> Follow {
        match seen {
            Seen::Feed { title, .. } => self.call(title.as_deref()),
            Seen::Page { title, feeds, named, feed, entries, .. } => {
                let own = match feed.as_deref() {
                    Some(Seen::Feed { title, .. }) => title.as_deref(),
                    _ => None,
                };
                self.call(own.or(title.as_deref()));
                match feeds.first() {
                    None if entries.is_some() => {
                        self.kind = Some("page".to_owned());
                        self.select.clone_from(entries);
                    }
                    None => self.mark("a page that names no feed"),
                    Some(found) if !named => self.feed = Some(found.url.clone()),
                    Some(_) => {}
                }
            }
            Seen::Other { what } => self.mark(what.strip_prefix("this is ").unwrap_or(what)),
            Seen::Silent { .. } | Seen::Unreadable { .. } => {}
        }
        self
    }

    /// Returns one entry for each feed that was chosen on its page.
    pub fn choose(&self, chosen: &[&Found]) -> Vec<Follow> {
        let one = |found: &&Found| {
            let title = found.title.as_deref().and_then(telling).filter(|_| 1 < chosen.len());
            let name = match (&self.name, title) {
                (Some(name), Some(title)) if !title.contains(name.as_str()) => {
                    Some(format!("{name}: {title}"))
                }
                (_, Some(title)) => Some(title),
                (name, None) => name.clone(),
            };
            Follow { name, feed: Some(found.url.clone()), ..self.clone() }
        };
        chosen.iter().map(one).collect()
    }

    /// Gives it the title as its name, where it has none and the title says more than its handle.
    fn call(&mut self, title: Option<&str>) {
        if self.own_name().is_none() {
            let kind =
                self.kind.clone().or_else(|| Some(shapes::recognize(self.text())?.kind.to_owned()));
            self.name = title.and_then(|title| name(kind.as_deref().unwrap_or(""), title));
        }
    }

    fn mark(&mut self, doubt: &str) {
        let is_account = self.claims().is_some_and(|claims| self.is_person(&claims));
        if !is_account {
            self.doubt = Some(one_line(doubt));
        }
    }
}

/// Returns the name that a feed's title gives to whoever is behind it; `None` where a service
/// titles all its feeds alike, or repeats the handle.
fn name(kind: &str, title: &str) -> Option<String> {
    let title = match kind {
        "reddit" => return None,
        "github" => {
            title.strip_prefix("Release notes from ").map(|name| format!("{name} releases"))?
        }
        "bluesky" => title.split_once(" - ")?.1.to_owned(),
        "medium" => {
            let name = title.strip_prefix("Stories by ").unwrap_or(title);
            name.strip_suffix(" on Medium").unwrap_or(name).to_owned()
        }
        _ => title.to_owned(),
    };
    telling(&title)
}

/// Returns a title without what says nothing: the names of formats at its end, and the shortcodes
/// of pictures (`:verified:`).
fn telling(title: &str) -> Option<String> {
    const ENDS: [&str; 9] =
        ["rss feed", "atom feed", "json feed", "rss", "atom", "feed", "feeds", "home", "home page"];
    let is_picture = |word: &&str| {
        let inner = word.strip_prefix(':').and_then(|word| word.strip_suffix(':'));
        inner.is_some_and(|inner| !inner.is_empty() && inner.is_ascii())
    };
    let words: Vec<&str> = title.split_whitespace().filter(|word| !is_picture(word)).collect();
    let mut title = one_line(&words.join(" "));
    while let Some(end) = ENDS.iter().find(|end| ends_with_word(&title, end)) {
        let kept = title[..title.len() - end.len()].trim_end();
        title = kept
            .trim_end_matches(['-', '–', '—', '|', '»', '·', ':', '(', '['])
            .trim_end()
            .to_owned();
    }
    let title = title.trim_end_matches(['»', '|', '·']).trim();
    title.chars().any(char::is_alphanumeric).then(|| title.to_owned())
}

/// In any case, and not as a part of a longer word.
fn ends_with_word(text: &str, end: &str) -> bool {
    let Some(start) = text.len().checked_sub(end.len()).filter(|at| text.is_char_boundary(*at))
    else {
        return false;
    };
    let before = text[..start].chars().next_back();
    text[start..].eq_ignore_ascii_case(end) && before.is_none_or(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(title: &str) -> Seen {
        Seen::Feed {
            title: Some(title.to_owned()),
            posts: 3,
            newest: None,
            sample: Vec::new(),
            site: None,
        }
    }

    fn found(url: &str, title: &str) -> Found {
        Found { url: url.to_owned(), title: Some(title.to_owned()) }
    }

    fn page(feeds: Vec<Found>, named: bool) -> Seen {
        Seen::Page {
            title: Some("Ines Okafor".into()),
            feeds,
            named,
            me: Vec::new(),
            feed: None,
            entries: None,
            blogrolls: Vec::new(),
        }
    }

    #[track_caller]
    fn check_name(text: &str, title: &str, expected: &str) {
        let named = Follow::from_text(text).after(&feed(title)).name;
        assert_eq!(named.as_deref().unwrap_or(""), expected, "{text}: {title}");
    }

    #[test]
    fn a_feeds_title_becomes_the_name_that_a_person_would_give() {
        check_name("https://ines.example/f", "Ines  writes\n", "Ines writes");
        check_name("https://ines.example/f", "Ines writes » Feed", "Ines writes");
        check_name("https://ines.example/f", "Ines writes - RSS Feed", "Ines writes");
        check_name("https://ines.example/f", "RSS", "");
        check_name("https://ines.example/f", "Newsfeed", "Newsfeed");
        check_name("@ines@social.example", "Ines Okafor :verified:", "Ines Okafor");
        check_name("@tomas.example", "@tomas.example - Tomas Brandt", "Tomas Brandt");
        check_name("u/priya_n", "overview for priya_n", "");
        check_name("https://github.com/inesok", "GitHub Public Timeline Feed", "");
        check_name(
            "https://github.com/inesok/ferric",
            "Release notes from ferric",
            "ferric releases",
        );
        check_name("https://medium.com/@ines", "Stories by Ines Okafor on Medium", "Ines Okafor");
    }

    #[test]
    fn a_name_that_the_user_gave_stays() {
        let follow = Follow { name: Some("Ines".into()), ..Follow::from_text("https://a.example") };
        assert_eq!(follow.after(&feed("Other")).name.as_deref(), Some("Ines"));
    }

    #[test]
    fn what_is_no_feed_is_doubted_but_nobodys_account_is() {
        let png = Seen::Other { what: "this is a PNG image, not a feed".to_owned() };
        let doubt = |text: &str, seen: &Seen| Follow::from_text(text).after(seen).doubt;
        assert_eq!(doubt("https://a.example/x", &png).as_deref(), Some("a PNG image, not a feed"));
        assert_eq!(
            doubt("https://a.example", &page(Vec::new(), true)).as_deref(),
            Some("a page that names no feed")
        );
        assert_eq!(doubt("@ines@social.example", &page(Vec::new(), true)), None);
        let silent = Seen::Silent { why: "x".to_owned(), hint: None, offline: false };
        assert_eq!(doubt("https://a.example", &silent), None);
    }

    #[test]
    fn a_feed_that_no_page_names_is_written_down() {
        let hidden = page(vec![found("https://a.example/feed.xml", "")], false);
        let follow = Follow::from_text("https://a.example").after(&hidden);
        assert_eq!(follow.feed.as_deref(), Some("https://a.example/feed.xml"));
        let named = page(vec![found("https://a.example/feed.xml", "")], true);
        assert_eq!(Follow::from_text("https://a.example").after(&named).feed, None);
    }

    #[test]
    fn a_page_names_the_users_other_accounts_once() {
        let urls = ["https://social.example/@mara", "https://github.com/mara", "https://b.example"];
        let me = urls.map(str::to_owned).to_vec();
        let (title, feeds) = (None, Vec::new());
        let page = Seen::Page {
            title,
            feeds,
            named: true,
            me,
            feed: None,
            entries: None,
            blogrolls: Vec::new(),
        };
        let known = [Follow::from_text("@mara@social.example")];
        let found = also_mine(&known, [&page, &page].into_iter());
        assert_eq!(found, [Follow::from_text("https://github.com/mara")]);
    }

    #[test]
    fn chosen_feeds_of_one_page_are_told_apart_by_their_titles() {
        let all = [found("https://a.example/1", "Articles"), found("https://a.example/2", "Links")];
        let follow = Follow { name: Some("Ines".into()), ..Follow::from_text("https://a.example") };
        let names = |chosen: &[&Found]| -> Vec<String> {
            follow.choose(chosen).into_iter().filter_map(|follow| follow.name).collect()
        };
        assert_eq!(names(&[&all[0], &all[1]]), ["Ines: Articles", "Ines: Links"]);
        assert_eq!(names(&[&all[1]]), ["Ines"]);
        assert_eq!(follow.choose(&[]), []);
    }
}
