//! One post: every field of it from what was published, and nothing invented.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use regex::Regex;

use crate::model::{
    Author, Counters, Feed, Form, Handle, Post, PostId, Problem, RawAuthor, RawPost,
};
use crate::text::language;

use super::body::Body;
use super::html;
use super::mentions::{Network, mentions, tags};
use super::url::{canonical, host_of, resolve};
use super::{author, date};

/// The earliest year in which anybody can have published a feed's post.
const FIRST_YEAR: i16 = 1990;

/// How much later than its arrival a post may say that it was published.
const EARLY: SignedDuration = SignedDuration::from_hours(24);

/// `RT by @x: …` and `R to @x: …` as Nitter titles them, `RT @x: …` as people did.
static NITTER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(RT by|R to|RT) @(\w+): ").expect("a fixed pattern that was tested")
});

/// What a post needs to know of its surroundings.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Where it was found.
    pub feed: &'a Feed,
    /// The feed's page; relative links are seen from there.
    pub site: Option<&'a str>,
    /// The feed's language tag.
    pub language: Option<&'a str>,
    /// The instant of the poll.
    pub seen: Timestamp,
    /// This is the feed's first reading.
    pub backlog: bool,
}

/// Makes the post that `raw` says, under the id that `id` is. Problems name what was dropped.
pub(super) fn make(raw: &RawPost, id: PostId, ctx: &Context<'_>) -> (Post, Counters, Vec<Problem>) {
    let mut problems = Vec::new();
    let url = page(raw, ctx, &mut problems);
    let body = Body::of(raw, url.as_deref());
    let form = form(raw, &ctx.feed.kind, url.as_deref());
    let repeat = raw.title.as_deref().and_then(|title| Repeat::of(&html::title(title)));
    let title = title(raw, &body.text, form, repeat.as_ref());
    let author = author_of(raw, ctx, url.as_deref(), repeat.as_ref());
    let identity = url.as_deref().and_then(|url| identity(raw, url));
    let network = network(url.as_deref(), &author, &ctx.feed.kind);
    let in_reply_to = in_reply_to(raw, repeat.as_ref());
    let whole = format!("{}\n{}", title.as_deref().unwrap_or(""), body.text);
    let post = Post {
        id,
        feed: ctx.feed.id,
        guid: raw.guid.clone(),
        aliases: aliases(raw, identity.as_deref()),
        repost_of: raw
            .repost_of
            .as_deref()
            .map(named)
            .or_else(|| repost_of(repeat.as_ref(), identity.as_deref(), &author)),
        quote_of: raw.quote_of.as_deref().map(named),
        poll: raw.poll,
        bot: raw.bot,
        teaser: None,
        language: spoken(&whole, raw, ctx),
        published: published(raw, ctx.seen, &mut problems, title.as_deref()),
        seen: ctx.seen,
        backlog: ctx.backlog,
        form,
        links: links(raw, &body, identity.as_deref()),
        mentions: named_accounts(raw, ctx, mentions(&body.text, &body.anchors, network)),
        tags: tags(&raw.tags, &body.text),
        in_reply_to,
        version: 1,
        title,
        text: body.text,
        html: body.html,
        author,
        canonical: identity,
        url,
    };
    (post, raw.counters, problems)
}

/// An answer is a place on the page of what it answers (`…/issues/5#issuecomment-1`), and another
/// post than that page.
fn identity(raw: &RawPost, url: &str) -> Option<String> {
    let page = canonical(url)?;
    let place = url.split_once('#').map(|(_, place)| place).filter(|place| !place.is_empty());
    Some(
        match place.filter(|_| {
            raw.in_reply_to.iter().any(|above| canonical(above).as_ref() == Some(&page))
        }) {
            Some(place) => format!("{page}#{place}"),
            None => page,
        },
    )
}

/// The post's page. Links of other schemes are told and left out.
fn page(raw: &RawPost, ctx: &Context<'_>, problems: &mut Vec<Problem>) -> Option<String> {
    let link = raw.link.as_deref().filter(|link| !link.trim().is_empty())?;
    let base = ctx.site.unwrap_or(&ctx.feed.address);
    let found = resolve(base, link).map(|url| as_published(link, url));
    if found.is_none() {
        let shown: String = link.chars().take(80).collect();
        problems
            .push(Problem::new(subject(raw), format!("its link `{shown}` is not a web address")));
    }
    found
}

/// An absolute address stays as its author spells it, so that it can be found by that.
fn as_published(link: &str, resolved: String) -> String {
    let link = link.trim();
    let lower = link.get(..8).unwrap_or("").to_ascii_lowercase();
    let absolute = lower.starts_with("http://") || lower.starts_with("https://");
    let odd =
        |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\' | '`');
    if absolute && !link.contains(odd) { link.to_owned() } else { resolved }
}

/// What a problem calls a post.
pub(super) fn subject(raw: &RawPost) -> String {
    let named = raw.title.as_deref().map(html::title).filter(|title| !title.is_empty());
    let named = named.or_else(|| raw.link.clone()).or_else(|| raw.guid.clone());
    named.unwrap_or_else(|| "an entry".to_owned()).chars().take(80).collect()
}

/// Decides by the kind of feed, then by the post's host.
fn form(raw: &RawPost, kind: &str, url: Option<&str>) -> Form {
    match kind {
        "bridge" | "mastodon" | "bluesky" | "pixelfed" | "x" | "threads" => return Form::Micro,
        "reddit" | "hackernews" | "lobsters" | "lemmy" | "stackexchange" => return Form::Forum,
        "youtube" | "peertube" => return Form::Video,
        _ => {}
    }
    let host = |url: Option<&str>| {
        url.and_then(canonical).map(|identity| identity.split('/').next().unwrap_or("").to_owned())
    };
    let own = host(url).unwrap_or_default();
    let discussion = host(raw.comments.as_deref()).unwrap_or_default();
    match own.as_str() {
        "x.com" | "bsky.app" | "threads.net" => Form::Micro,
        "reddit.com" | "news.ycombinator.com" | "lobste.rs" => Form::Forum,
        "youtube.com" | "vimeo.com" => Form::Video,
        _ if matches!(discussion.as_str(), "news.ycombinator.com" | "lobste.rs") => Form::Forum,
        _ if url.is_some_and(|url| author::from_post(url, "").is_some()) => Form::Micro,
        _ => Form::Article,
    }
}

/// What a title says beside its words.
struct Repeat {
    /// A repost, not an answer.
    repost: bool,
    /// Who reposted (`RT by`), who is answered, or who is repeated (`RT`).
    name: String,
    /// `RT by`: the name is the one who reposts.
    by: bool,
}

impl Repeat {
    fn of(title: &str) -> Option<Repeat> {
        let found = NITTER.captures(title).filter(|found| author::fits_x(&found[2]))?;
        let word = &found[1];
        Some(Repeat { repost: word != "R to", by: word == "RT by", name: found[2].to_owned() })
    }
}

/// The title, if it says anything that the text does not begin with.
fn title(raw: &RawPost, text: &str, form: Form, repeat: Option<&Repeat>) -> Option<String> {
    let title = html::title(raw.title.as_deref()?);
    if title.is_empty() || repeat.is_some() {
        return None;
    }
    (form != Form::Micro || !repeats(&title, text)).then_some(title)
}

/// Tells whether `text` begins with `title`, but for white space and what cutting put at its end.
fn repeats(title: &str, text: &str) -> bool {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).take(60).collect::<String>();
    let (title, text) = (letters(title), letters(text));
    !text.is_empty() && text.starts_with(&title)
}

fn author_of(
    raw: &RawPost,
    ctx: &Context<'_>,
    url: Option<&str>,
    repeat: Option<&Repeat>,
) -> Author {
    if let Some(repeat) = repeat.filter(|repeat| repeat.by) {
        // Nitter names the repeated post's author; the feed's own is in the title.
        return Author { name: repeat.name.clone(), handles: vec![Handle::new("x", &repeat.name)] };
    }
    let forum = raw.comments.as_deref().filter(|comments| {
        matches!(host_of(comments).as_deref(), Some("news.ycombinator.com" | "lobste.rs"))
    });
    let place = forum.or(url);
    let nobody = RawAuthor::default();
    let first = raw.authors.first().unwrap_or(&nobody);
    let mut author = author::handles(first, &ctx.feed.kind, &ctx.feed.address, place);
    let others = raw.authors.iter().skip(1).filter_map(|other| other.name.as_deref());
    for other in others.map(html::title).filter(|name| !name.is_empty()).take(9) {
        if !author.name.split(", ").any(|known| known == other) {
            author.name =
                if author.name.is_empty() { other } else { format!("{}, {other}", author.name) };
        }
    }
    author
}

fn network<'a>(url: Option<&str>, author: &'a Author, kind: &str) -> Network<'a> {
    if let Some(handle) = author.handles.iter().find(|handle| handle.network() == "mastodon") {
        let instance = handle.name().rsplit('@').next().unwrap_or("");
        return Network::Mastodon(instance);
    }
    match url.and_then(host_of).as_deref() {
        _ if author::is_x(url) => Network::X,
        Some("bsky.app") => Network::Bluesky,
        Some("reddit.com" | "old.reddit.com") => Network::Reddit,
        Some("github.com") => Network::GitHub,
        _ if kind == "bridge" => Network::X,
        _ => Network::None,
    }
}

/// Canonical forms of other addresses that are this post: its discussion, its guid.
fn aliases(raw: &RawPost, own: Option<&str>) -> Vec<String> {
    let is_address = |guid: &&str| guid.contains("://");
    let guid = raw.guid.as_deref().filter(is_address);
    let mut found: Vec<String> = Vec::new();
    // A discussion below the post's own page (`#comments`) folds into the page itself.
    let said = raw.aliases.iter().map(String::as_str);
    for address in [raw.comments.as_deref(), guid].into_iter().flatten().chain(said) {
        let alias = canonical(address).filter(|alias| own != Some(alias.as_str()));
        found.extend(alias.filter(|alias| !found.contains(alias)));
    }
    found
}

/// The canonical form of an address; an id that is none stays as it is.
fn named(address: &str) -> String {
    canonical(address).unwrap_or_else(|| address.to_owned())
}

/// What it links to; a post that it quotes is shown in it and so among them.
fn links(raw: &RawPost, body: &Body, own: Option<&str>) -> Vec<String> {
    let mut links = body.links(raw, own);
    let quoted = raw.quote_of.as_deref().map(named);
    links.extend(quoted.filter(|quoted| !links.contains(quoted)));
    links
}

/// Whom the text names, and whom the service says it names.
fn named_accounts(raw: &RawPost, ctx: &Context<'_>, mut found: Vec<Handle>) -> Vec<Handle> {
    for account in &raw.mentions {
        let known = author::handles(account, &ctx.feed.kind, &ctx.feed.address, None);
        for handle in known.handles {
            if !found.contains(&handle) {
                found.push(handle);
            }
        }
    }
    found
}

fn repost_of(repeat: Option<&Repeat>, own: Option<&str>, author: &Author) -> Option<String> {
    let repeat = repeat.filter(|repeat| repeat.repost)?;
    if repeat.by {
        // Its link leads to the repeated post itself.
        return own.map(str::to_owned);
    }
    let handle = Handle::new("x", &repeat.name);
    (!author.handles.contains(&handle)).then(|| handle.as_str().to_owned())
}

fn in_reply_to(raw: &RawPost, repeat: Option<&Repeat>) -> Option<String> {
    let threaded = raw.in_reply_to.iter().find_map(|reply| canonical(reply));
    threaded.or_else(|| raw.in_reply_to.first().cloned()).or_else(|| {
        let repeat = repeat.filter(|repeat| !repeat.repost)?;
        Some(Handle::new("x", &repeat.name).as_str().to_owned())
    })
}

/// What the words say before what the feed says, which is often a template's default.
fn spoken(text: &str, raw: &RawPost, ctx: &Context<'_>) -> Option<String> {
    language(text).or_else(|| {
        let tag = raw.language.as_deref().or(ctx.language)?.trim().to_lowercase();
        let primary = tag.split(['-', '_']).next().unwrap_or("");
        let plain = (2..=3).contains(&primary.len())
            && primary.bytes().all(|byte| byte.is_ascii_lowercase());
        plain.then(|| primary.to_owned())
    })
}

fn published(
    raw: &RawPost,
    seen: Timestamp,
    problems: &mut Vec<Problem>,
    title: Option<&str>,
) -> Option<Timestamp> {
    let written = raw.published.as_deref().or(raw.updated.as_deref())?;
    let about = || title.map_or_else(|| subject(raw), |title| title.chars().take(80).collect());
    let shown: String = written.chars().take(40).collect();
    let Some(instant) = date::lenient(written) else {
        problems.push(Problem::new(about(), format!("its date `{shown}` is not understood")));
        return None;
    };
    let early = instant.to_zoned(jiff::tz::TimeZone::UTC).year() < FIRST_YEAR;
    let late = instant > seen.checked_add(EARLY).unwrap_or(seen);
    if early || late {
        problems.push(Problem::new(about(), format!("its date `{shown}` cannot be true")));
        return None;
    }
    Some(instant)
}
