//! RSS 2.0 in the dialects of the world.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::markup;
use super::render::{host, link, rfc2822};
use super::world::{Format, Outlet, Seen};
use super::xml::Xml;

/// A blog with the whole text, or a newspaper with its first paragraph.
pub(super) fn blog(outlet: &Outlet, seen: &[Seen<'_>], modified: Timestamp) -> String {
    let mut xml = Xml::new(
        "rss",
        &[
            ("version", "2.0"),
            ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
            ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
            ("xmlns:slash", "http://purl.org/rss/1.0/modules/slash/"),
        ],
    );
    head(&mut xml, outlet);
    xml.leaf("lastBuildDate", &[], &rfc2822(modified));
    if let Some(language) = &outlet.language {
        xml.leaf("language", &[], language);
    }
    for one in seen {
        xml.open("item", &[]);
        xml.leaf("title", &[], one.title.unwrap_or_default());
        xml.leaf("link", &[], &link(outlet, one));
        if let Some(name) = one.entry.author.as_ref().or(outlet.author.as_ref()) {
            xml.leaf("dc:creator", &[], name);
        }
        xml.leaf("pubDate", &[], &rfc2822(one.entry.at));
        for tag in &one.entry.tags {
            xml.leaf("category", &[], tag);
        }
        xml.leaf("guid", &[("isPermaLink", "false")], &guid(outlet, one));
        xml.leaf("description", &[], &markup::markdown(first_paragraph(one.text)));
        if outlet.format == Format::Rss {
            xml.leaf("content:encoded", &[], &markup::markdown(one.text));
        }
        if let Some(replies) = one.entry.replies {
            xml.leaf("slash:comments", &[], &one.grown(replies).to_string());
        }
        xml.close();
    }
    xml.finish()
}

/// A Mastodon account.
pub(super) fn mastodon(outlet: &Outlet, seen: &[Seen<'_>], modified: Timestamp) -> String {
    let mut xml = Xml::new(
        "rss",
        &[
            ("version", "2.0"),
            ("xmlns:webfeeds", "http://webfeeds.org/rss/1.0"),
            ("xmlns:media", "http://search.yahoo.com/mrss/"),
        ],
    );
    head(&mut xml, outlet);
    xml.leaf("lastBuildDate", &[], &rfc2822(modified));
    xml.leaf("generator", &[], "Mastodon v4.5.2");
    for one in seen {
        xml.open("item", &[]);
        let page = link(outlet, one);
        xml.leaf("guid", &[("isPermaLink", "true")], &page);
        xml.leaf("link", &[], &page);
        xml.leaf("pubDate", &[], &rfc2822(one.entry.at));
        xml.leaf("description", &[], &markup::note(one.text, host(&outlet.home)));
        for tag in markup::tags(one.text) {
            xml.leaf("category", &[], &tag.to_lowercase());
        }
        xml.close();
    }
    xml.finish()
}

/// A Bluesky profile.
pub(super) fn bluesky(outlet: &Outlet, seen: &[Seen<'_>]) -> String {
    let mut xml = Xml::new("rss", &[("version", "2.0")]);
    head(&mut xml, outlet);
    for one in seen {
        xml.open("item", &[]);
        xml.leaf("link", &[], &link(outlet, one));
        xml.leaf("description", &[], &markup::flow(one.text));
        let day = one.entry.at.to_zoned(TimeZone::UTC).strftime("%d %b %Y %H:%M +0000");
        xml.leaf("pubDate", &[], &day.to_string());
        let did = markup::slug(&outlet.title);
        let key = markup::record_key(one.entry.at);
        let name = format!("at://did:plc:{did}/app.bsky.feed.post/{key}");
        xml.leaf("guid", &[("isPermaLink", "false")], &name);
        xml.close();
    }
    xml.finish()
}

/// A link site: the title links the story, `comments` the discussion.
pub(super) fn links(outlet: &Outlet, seen: &[Seen<'_>]) -> String {
    let mut xml = Xml::new("rss", &[("version", "2.0")]);
    head(&mut xml, outlet);
    xml.leaf("ttl", &[], "30");
    for one in seen {
        let thread = thread_page(outlet, one);
        let story = one.entry.link.clone().unwrap_or_else(|| thread.clone());
        let own = if one.text.is_empty() { String::new() } else { markup::markdown(one.text) };
        xml.open("item", &[]);
        xml.leaf("title", &[], one.title.unwrap_or_default());
        xml.leaf("link", &[], &story);
        xml.leaf("guid", &[("isPermaLink", "false")], &thread);
        let name = one.entry.author.as_deref().unwrap_or("nobody");
        let mail = format!("{name}@users.{} ({name})", host(&outlet.home));
        xml.leaf("author", &[], &mail);
        xml.leaf("pubDate", &[], &rfc2822(one.entry.at));
        xml.leaf("comments", &[], &thread);
        xml.leaf("description", &[], &format!("{own}<p><a href=\"{thread}\">Comments</a></p>"));
        for tag in &one.entry.tags {
            xml.leaf("category", &[], tag);
        }
        xml.close();
    }
    xml.finish()
}

fn head(xml: &mut Xml, outlet: &Outlet) {
    xml.open("channel", &[]);
    xml.leaf("title", &[], &outlet.title);
    xml.leaf("link", &[], &outlet.home);
    xml.leaf("description", &[], &format!("Public posts from {}", outlet.title));
}

/// Blogs name a post by its number, which an edit of the title does not change.
fn guid(outlet: &Outlet, seen: &Seen<'_>) -> String {
    let home = outlet.home.trim_end_matches('/');
    format!("{home}/?p={}", seen.entry.at.as_second() / 60 % 100_000)
}

fn thread_page(outlet: &Outlet, seen: &Seen<'_>) -> String {
    let home = outlet.home.trim_end_matches('/');
    let key = markup::record_key(seen.entry.at);
    let slug = markup::slug(seen.entry.title.as_deref().unwrap_or("")).replace('-', "_");
    format!("{home}/s/{}/{slug}", &key[4..10])
}

fn first_paragraph(text: &str) -> &str {
    text.trim().split("\n\n").next().unwrap_or_default()
}
