//! One prefix for each vocabulary, whatever a document calls it.

/// Namespace names (lower case, without a last slash or `#`) and the prefix used here. The empty
/// prefix is the feed's own vocabulary; `atom` becomes it in an Atom document.
const VOCABULARIES: [(&str, &str); 36] = [
    ("http://backend.userland.com/rss", ""),
    ("http://backend.userland.com/rss2", ""),
    ("http://backend.userland.com/rss091", ""),
    ("http://backend.userland.com/rss191", ""),
    ("http://blogs.law.harvard.edu/tech/rss", ""),
    ("http://channel.netscape.com/rdf/simple/0.9", ""),
    ("http://my.netscape.com/publish/formats/rss-0.91.dtd", ""),
    ("http://my.netscape.com/rdf/simple/0.9", ""),
    ("http://purl.org/net/rss1.1", ""),
    ("http://purl.org/rss/1.0", ""),
    ("http://purl.org/rss/2.0", ""),
    ("http://example.com/newformat", "atom"),
    ("http://example.com/necho", "atom"),
    ("http://purl.org/atom/ns", "atom"),
    ("http://purl.org/echo", "atom"),
    ("http://purl.org/pie", "atom"),
    ("http://www.w3.org/2005/atom", "atom"),
    ("uri/of/echo/namespace", "atom"),
    ("http://www.w3.org/1999/xhtml", "xhtml"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns", "rdf"),
    ("http://purl.org/dc/elements/1.0", "dc"),
    ("http://purl.org/dc/elements/1.1", "dc"),
    ("http://purl.org/dc/terms", "dcterms"),
    ("http://purl.org/rss/1.0/modules/content", "content"),
    ("http://purl.org/rss/1.0/modules/slash", "slash"),
    ("http://purl.org/rss/1.0/modules/syndication", "sy"),
    ("http://purl.org/syndication/thread/1.0", "thr"),
    ("http://wellformedweb.org/commentapi", "wfw"),
    ("http://search.yahoo.com/mrss", "media"),
    ("http://video.search.yahoo.com/mrss", "media"),
    ("http://www.rssboard.org/media-rss", "media"),
    ("http://example.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://www.itunes.com/dtds/podcast-1.0.dtd", "itunes"),
    ("http://rssnamespace.org/feedburner/ext/1.0", "feedburner"),
    ("http://www.youtube.com/xml/schemas/2015", "yt"),
    ("http://purl.org/syndication/history/1.0", "fh"),
];

/// The namespaces in scope: prefix as the document has it, and prefix as it is known here.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    declared: Vec<(String, String)>,
}

impl Scope {
    /// How much is declared; to be given back to [`Scope::leave`].
    pub(super) fn enter(&self) -> usize {
        self.declared.len()
    }

    /// Forgets what was declared since.
    pub(super) fn leave(&mut self, length: usize) {
        self.declared.truncate(length);
    }

    /// Takes in an attribute, if it is a declaration.
    pub(super) fn declare(&mut self, attribute: &str, value: &str) {
        let prefix = match attribute.strip_prefix("xmlns") {
            Some("") => "",
            Some(rest) => match rest.strip_prefix(':') {
                Some(prefix) => prefix,
                None => return,
            },
            None => return,
        };
        let known = known_prefix(value).unwrap_or(prefix);
        self.declared.push((prefix.to_lowercase(), known.to_owned()));
    }

    /// Returns `name` in lower case with its vocabulary's one prefix. A prefix that was never
    /// declared is taken at its word.
    pub(super) fn resolve(&self, name: &str, atom: bool) -> String {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let (prefix, local) = (prefix.to_lowercase(), local.to_lowercase());
        let declared = self.declared.iter().rev().find(|(known, _)| *known == prefix);
        let prefix = declared.map_or(prefix.as_str(), |(_, known)| known);
        match prefix {
            "" | "xhtml" => local,
            "atom" if atom => local,
            _ => format!("{prefix}:{local}"),
        }
    }
}

fn known_prefix(uri: &str) -> Option<&'static str> {
    let uri = uri.trim().to_lowercase();
    let uri = uri.trim_end_matches(['/', '#']);
    VOCABULARIES.iter().find(|(name, _)| *name == uri).map(|(_, prefix)| *prefix)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vocabulary_has_one_prefix_whatever_it_is_called() {
        let mut scope = Scope::default();
        scope.declare("xmlns:d", "HTTP://purl.org/DC/elements/1.1/");
        scope.declare("xmlns:a", "http://www.w3.org/2005/Atom");
        scope.declare("xmlns", "http://backend.userland.com/rss2");
        assert_eq!(scope.resolve("d:Creator", false), "dc:creator");
        assert_eq!(scope.resolve("a:link", false), "atom:link");
        assert_eq!(scope.resolve("a:link", true), "link");
        assert_eq!(scope.resolve("pubDate", false), "pubdate");
        assert_eq!(scope.resolve("slash:comments", false), "slash:comments");
    }

    #[test]
    fn the_inner_declaration_wins_until_it_is_left() {
        let mut scope = Scope::default();
        scope.declare("xmlns", "http://www.w3.org/2005/Atom");
        let outside = scope.enter();
        scope.declare("xmlns", "http://purl.org/dc/elements/1.1/");
        assert_eq!(scope.resolve("creator", true), "dc:creator");
        scope.leave(outside);
        assert_eq!(scope.resolve("title", true), "title");
    }
}
