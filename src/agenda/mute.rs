//! What the user never wants to see.

use crate::model::{Handle, Post};

/// The `mute:` of `feeds.yaml`; everything in lower case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mute {
    /// Tags, without `#`.
    pub tags: Vec<String>,
    /// Words or phrases, wherever they stand in title or text.
    pub phrases: Vec<String>,
    /// Hosts whose pages, and whose subdomains' pages, are not shown.
    pub domains: Vec<String>,
    /// Authors.
    pub handles: Vec<Handle>,
}

impl Mute {
    /// Whether `post` is muted.
    pub fn hides(&self, post: &Post) -> bool {
        self.tags.iter().any(|tag| post.tags.contains(tag))
            || self.handles.iter().any(|handle| post.author.handles.contains(handle))
            || self.hides_text(post)
            || post.canonical.iter().chain(&post.links).any(|url| self.hides_host(host(url)))
    }

    fn hides_text(&self, post: &Post) -> bool {
        if self.phrases.is_empty() {
            return false;
        }
        let text = spaced(&format!("{}\n{}", post.title.as_deref().unwrap_or(""), post.text));
        self.phrases.iter().any(|phrase| text.contains(&spaced(phrase)))
    }

    fn hides_host(&self, host: &str) -> bool {
        self.domains.iter().any(|domain| {
            host.strip_suffix(domain.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
    }
}

/// The host of a canonical URL, which has no scheme.
fn host(canonical: &str) -> &str {
    let end = canonical.find(['/', '?', '#', ':']).unwrap_or(canonical.len());
    &canonical[..end]
}

/// Its words in lower case with one space around each, so that a phrase matches whole words.
fn spaced(text: &str) -> String {
    let words = text.to_lowercase();
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::samples::{feed, post};

    fn said(text: &str) -> Post {
        let venue = feed("https://planet.example/atom", None).id;
        Post { text: text.into(), ..post(venue, "1", "jun", &[("x", "jun")]) }
    }

    #[test]
    fn a_phrase_hides_whole_words_only() {
        let mute = Mute { phrases: vec!["price prediction".into()], ..Mute::default() };
        assert!(mute.hides(&said("My Price-Prediction for today")));
        assert!(!mute.hides(&said("price predictions are dull")));
    }

    #[test]
    fn a_domain_hides_its_subdomains_and_no_namesake() {
        let mute = Mute { domains: vec!["spam.example".into()], ..Mute::default() };
        let link = |url: &str| Post { links: vec![url.into()], ..said("") };
        assert!(mute.hides(&link("spam.example/a")));
        assert!(mute.hides(&link("blog.spam.example/a")));
        assert!(!mute.hides(&link("nospam.example/a")));
    }

    #[test]
    fn tags_and_handles_hide() {
        let tags = Mute { tags: vec!["giveaway".into()], ..Mute::default() };
        assert!(tags.hides(&Post { tags: vec!["giveaway".into()], ..said("") }));
        let handles = Mute { handles: vec![Handle::new("x", "jun")], ..Mute::default() };
        assert!(handles.hides(&said("hello")));
        assert!(!Mute::default().hides(&said("hello")));
    }
}
