//! Atom (RFC 4287) in the dialects of the world.

use html_escape::encode_text;
use jiff::Timestamp;

use super::markup;
use super::render::{forum_id, host, link, tag, video_id};
use super::world::{Outlet, Seen};
use super::xml::Xml;

const ATOM: (&str, &str) = ("xmlns", "http://www.w3.org/2005/Atom");
const MEDIA: (&str, &str) = ("xmlns:media", "http://search.yahoo.com/mrss/");
const THREADING: (&str, &str) = ("xmlns:thr", "http://purl.org/syndication/thread/1.0");

/// A blog, or a planet of many.
pub(super) fn blog(outlet: &Outlet, seen: &[Seen<'_>], modified: Timestamp) -> String {
    let mut attributes = vec![ATOM, THREADING];
    attributes.extend(outlet.language.as_deref().map(|language| ("xml:lang", language)));
    let mut xml = Xml::new("feed", &attributes);
    head(&mut xml, outlet, &outlet.home, modified);
    for one in seen {
        let page = link(outlet, one);
        xml.open("entry", &[]);
        let day = date(one.entry.at).chars().take(10).collect::<String>();
        let name = format!("tag:{},{day}:{}", host(&page), one.entry.at.as_second() / 60 % 100_000);
        xml.leaf("id", &[], &name);
        xml.leaf("title", &[], one.title.unwrap_or_default());
        xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)]);
        xml.leaf("published", &[], &date(one.entry.at));
        xml.leaf("updated", &[], &date(one.updated));
        author(&mut xml, outlet, one, None);
        for tag in &one.entry.tags {
            xml.empty("category", &[("term", tag)]);
        }
        if let Some(replies) = one.entry.replies {
            let count = one.grown(replies).to_string();
            let href = format!("{page}#comments");
            xml.empty("link", &[("rel", "replies"), ("href", &href), ("thr:count", &count)]);
        }
        xml.leaf("content", &[("type", "html")], &markup::markdown(one.text));
        xml.close();
    }
    xml.finish()
}

/// A forum, with its links to story and comments behind each text.
pub(super) fn forum(outlet: &Outlet, seen: &[Seen<'_>], modified: Timestamp) -> String {
    let mut xml = Xml::new("feed", &[ATOM, MEDIA]);
    head(&mut xml, outlet, &outlet.feed, modified);
    for one in seen {
        let thread = link(outlet, one);
        let story = one.entry.link.as_deref().unwrap_or(&thread);
        let name = one.entry.author.as_deref().unwrap_or("deleted");
        let user = format!("https://{}/user/{name}", host(&outlet.home));
        xml.open("entry", &[]);
        author(&mut xml, outlet, one, Some(&user));
        let body = if one.text.is_empty() {
            String::new()
        } else {
            format!(
                "<!-- SC_OFF --><div class=\"md\">{}</div><!-- SC_ON -->",
                markup::markdown(one.text)
            )
        };
        let content = format!(
            "{body} &#32; submitted by &#32; <a href=\"{user}\"> /u/{} </a> <br/> \
             <span><a href=\"{story}\">[link]</a></span> &#32; \
             <span><a href=\"{thread}\">[comments]</a></span>",
            encode_text(name)
        );
        xml.leaf("content", &[("type", "html")], &content);
        xml.leaf("id", &[], &format!("t3_{}", forum_id(one.entry.at)));
        xml.empty("link", &[("href", &thread)]);
        xml.leaf("updated", &[], &date(one.updated));
        xml.leaf("published", &[], &date(one.entry.at));
        xml.leaf("title", &[], one.title.unwrap_or_default());
        xml.close();
    }
    xml.finish()
}

/// A video channel with its counts.
pub(super) fn videos(outlet: &Outlet, seen: &[Seen<'_>]) -> String {
    const VIDEO: (&str, &str) = ("xmlns:yt", "http://www.youtube.com/xml/schemas/2015");
    let mut xml = Xml::new("feed", &[VIDEO, MEDIA, ATOM]);
    xml.leaf("id", &[], "yt:channel:example");
    xml.leaf("title", &[], &outlet.title);
    xml.empty("link", &[("rel", "alternate"), ("href", &outlet.home)]);
    for one in seen {
        let id = video_id(one.entry.at);
        xml.open("entry", &[]);
        xml.leaf("id", &[], &format!("yt:video:{id}"));
        xml.leaf("yt:videoId", &[], &id);
        xml.leaf("title", &[], one.title.unwrap_or_default());
        xml.empty("link", &[("rel", "alternate"), ("href", &link(outlet, one))]);
        author(&mut xml, outlet, one, Some(&outlet.home));
        xml.leaf("published", &[], &date(one.entry.at));
        xml.leaf("updated", &[], &date(one.updated));
        xml.open("media:group", &[]);
        xml.leaf("media:title", &[], one.title.unwrap_or_default());
        xml.leaf("media:description", &[], &markup::flow(one.text));
        xml.open("media:community", &[]);
        let likes = one.grown(one.entry.replies.unwrap_or(0)).to_string();
        let rating = [("count", likes.as_str()), ("average", "5.00"), ("min", "1"), ("max", "5")];
        xml.empty("media:starRating", &rating);
        let views = one.grown(one.entry.views.unwrap_or(0)).to_string();
        xml.empty("media:statistics", &[("views", &views)]);
        xml.close();
        xml.close();
        xml.close();
    }
    xml.finish()
}

/// A repository's releases.
pub(super) fn releases(outlet: &Outlet, seen: &[Seen<'_>], modified: Timestamp) -> String {
    let mut xml = Xml::new("feed", &[ATOM, MEDIA, ("xml:lang", "en-US")]);
    head(&mut xml, outlet, &outlet.home, modified);
    for one in seen {
        let title = one.title.unwrap_or_default();
        xml.open("entry", &[]);
        let name = format!("tag:{},2008:Repository/90976281/{}", host(&outlet.home), tag(one));
        xml.leaf("id", &[], &name);
        xml.leaf("updated", &[], &date(one.updated));
        let page = link(outlet, one);
        xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &page)]);
        xml.leaf("title", &[], title);
        xml.leaf("content", &[("type", "html")], &markup::markdown(one.text));
        author(&mut xml, outlet, one, None);
        xml.close();
    }
    xml.finish()
}

fn head(xml: &mut Xml, outlet: &Outlet, id: &str, modified: Timestamp) {
    xml.leaf("id", &[], id);
    xml.leaf("title", &[], &outlet.title);
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &outlet.home)]);
    xml.empty("link", &[("rel", "self"), ("href", &outlet.feed)]);
    xml.leaf("updated", &[], &date(modified));
}

fn author(xml: &mut Xml, outlet: &Outlet, seen: &Seen<'_>, uri: Option<&str>) {
    let Some(name) = seen.entry.author.as_ref().or(outlet.author.as_ref()) else { return };
    let is_user = uri.is_some_and(|uri| uri.contains("/user/"));
    let shown = if is_user { format!("/u/{name}") } else { name.clone() };
    xml.open("author", &[]);
    xml.leaf("name", &[], &shown);
    if let Some(uri) = uri {
        xml.leaf("uri", &[], uri);
    }
    xml.close();
}

fn date(at: Timestamp) -> String {
    at.to_string().replace('Z', "+00:00")
}
