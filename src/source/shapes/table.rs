//! The rows: one for each service.

use super::{Page, Shape};

/// Names below a service's root that are no profiles.
const RESERVED: [&str; 24] = [
    "about",
    "explore",
    "home",
    "search",
    "login",
    "signup",
    "settings",
    "notifications",
    "i",
    "features",
    "pricing",
    "topics",
    "trending",
    "marketplace",
    "orgs",
    "sponsors",
    "apps",
    "tag",
    "tags",
    "new",
    "top",
    "hashtag",
    "intent",
    "share",
];

const NO_HANDLE: &str = "no feed is known: give its `feed:`, `handle:` or `url:`";

/// All services, those of one host before those of any.
pub const SHAPES: [Shape; 31] = [
    row("bluesky", "a Bluesky profile", bluesky, nowhere, |handle| {
        Some(format!("https://bsky.app/profile/{handle}/rss"))
    }),
    row("github", "a GitHub profile, or a repository's releases", github, nowhere, |handle| {
        let releases = if handle.contains('/') { "/releases" } else { "" };
        Some(format!("https://github.com/{handle}{releases}.atom"))
    }),
    row("reddit", "a Reddit user or subreddit", reddit, nowhere, |handle| {
        Some(match handle.strip_prefix("r/") {
            Some(sub) => format!("https://www.reddit.com/r/{sub}/.rss"),
            None => {
                let user = handle.strip_prefix("u/").unwrap_or(handle);
                format!("https://www.reddit.com/user/{user}/.rss")
            }
        })
    }),
    row("youtube", "a YouTube channel or playlist", youtube, nowhere, |handle| {
        let list = ["UULF", "UUSH", "UULV", "PL"].iter().any(|prefix| handle.starts_with(prefix));
        let name = match handle {
            _ if list => "playlist_id",
            _ if handle.starts_with("UC") => "channel_id",
            _ => return None, // a @name leads to its channel only through its page
        };
        Some(format!("https://www.youtube.com/feeds/videos.xml?{name}={handle}"))
    }),
    row("medium", "a Medium author or publication", medium, nowhere, |handle| {
        Some(match handle.contains('.') {
            true => format!("https://{handle}/feed"),
            false => format!("https://medium.com/feed/{handle}"),
        })
    }),
    row("substack", "a Substack newsletter", substack, site, |handle| {
        site_feed(handle, "substack.com", "feed")
    }),
    row("tumblr", "a Tumblr blog", tumblr, site, |handle| site_feed(handle, "tumblr.com", "rss")),
    row("microblog", "a Micro.blog site", microblog, site, |handle| {
        site_feed(handle, "micro.blog", "feed.xml")
    }),
    row("stackexchange", "a Stack Exchange user or tag", stackexchange, nowhere, |handle| {
        let (site, rest) = handle.split_once('/')?;
        let (what, name) = rest.split_once('/')?;
        let what = if what == "users" { "user" } else { "tag" };
        Some(format!("https://{site}/feeds/{what}/{name}"))
    }),
    row("devto", "a DEV author", devto, nowhere, |handle| {
        Some(format!("https://dev.to/feed/{handle}"))
    }),
    row("lobsters", "a Lobsters user or tag", lobsters, nowhere, |handle| {
        Some(match handle.split_once('/') {
            Some(_) => format!("https://lobste.rs/{handle}.rss"),
            None if handle.is_empty() => "https://lobste.rs/rss".to_owned(),
            None => format!("https://lobste.rs/~{handle}/stories.rss"),
        })
    }),
    // Hacker News itself has a feed of its front page only; hnrss.org is a volunteer's.
    row("hackernews", "a Hacker News user", hackernews, nowhere, |handle| {
        Some(match handle {
            "" => "https://news.ycombinator.com/rss".to_owned(),
            _ => format!("https://hnrss.org/submitted?id={handle}"),
        })
    }),
    row("arxiv", "an arXiv subject", arxiv, nowhere, |handle| {
        Some(format!("https://rss.arxiv.org/rss/{handle}"))
    }),
    row("lemmy", "a Lemmy user or community", lemmy, lemmy_anywhere, |handle| {
        let (name, host) = handle.rsplit_once('@')?;
        let (what, name) = name.split_once('/').unwrap_or(("u", name));
        Some(format!("https://{host}/feeds/{what}/{name}.xml?sort=New"))
    }),
    row("mastodon", "a Mastodon profile", mastodon, mastodon_anywhere, |handle| {
        let (user, host) = handle.rsplit_once('@')?;
        Some(format!("https://{host}/@{user}.rss"))
    }),
    row("peertube", "a PeerTube account", nowhere, peertube, |handle| {
        let (user, host) = handle.rsplit_once('@')?;
        Some(format!("https://{host}/feeds/videos.xml?accountName={user}"))
    }),
    row("pixelfed", "a Pixelfed profile", nowhere, first_segment, |handle| {
        let (user, host) = handle.rsplit_once('@')?;
        Some(format!("https://{host}/users/{user}.atom"))
    }),
    row("wordpress", "a WordPress site", nowhere, site, |handle| {
        Some(format!("https://{handle}/feed/"))
    }),
    row("ghost", "a Ghost site", nowhere, site, |handle| Some(format!("https://{handle}/rss/"))),
    row("blog", "a site whose feed its home page names", nowhere, nowhere, none),
    row("newsletter", "a newsletter that comes as a feed", nowhere, nowhere, none),
    row("podcast", "a podcast", nowhere, nowhere, none),
    row("bridge", "a feed that somebody makes of a service that has none", nowhere, nowhere, none),
    unread("x", "a profile on X", x, "X shows its posts to nobody without an account"),
    unread("linkedin", "a LinkedIn profile", linkedin, "LinkedIn has no public feed"),
    unread("instagram", "an Instagram profile", instagram, "Instagram has no public feed"),
    unread("threads", "a Threads profile", threads, "Threads has no public feed"),
    unread("facebook", "a Facebook page", facebook, "Facebook has no public feed"),
    unread("tiktok", "a TikTok profile", tiktok, "TikTok has no public feed"),
    unread("maildir", "mail in a folder", nowhere, "mail is not read yet"),
    unread("manual", "a profile kept by hand", nowhere, "kept by hand"),
];

const fn row(
    kind: &'static str,
    doc: &'static str,
    handle: fn(&Page) -> Option<String>,
    handle_anywhere: fn(&Page) -> Option<String>,
    feed: fn(&str) -> Option<String>,
) -> Shape {
    Shape { kind, doc, unread: NO_HANDLE, handle, handle_anywhere, feed }
}

const fn unread(
    kind: &'static str,
    doc: &'static str,
    handle: fn(&Page) -> Option<String>,
    unread: &'static str,
) -> Shape {
    Shape { kind, doc, unread, handle, handle_anywhere: nowhere, feed: none }
}

fn none(_: &str) -> Option<String> {
    None
}

fn nowhere(_: &Page) -> Option<String> {
    None
}

/// The site below which a page lies, as it stands: `ines.example/blog`.
fn site(page: &Page) -> Option<String> {
    let host = page.origin.split_once("://")?.1;
    let path: String = page.segments.iter().map(|part| format!("/{part}")).collect();
    Some(format!("{host}{path}"))
}

fn site_feed(handle: &str, service: &str, feed: &str) -> Option<String> {
    let host = if handle.contains('.') { handle.to_owned() } else { format!("{handle}.{service}") };
    Some(format!("https://{host}/{feed}"))
}

/// A host one label below `service`.
fn below(page: &Page, service: &str) -> Option<String> {
    let label = page.host.strip_suffix(service)?.strip_suffix('.')?;
    (!label.is_empty() && !label.contains('.')).then(|| page.host.clone())
}

fn profile(page: &Page, host: &str) -> Option<String> {
    let name = page.segments.first().filter(|_| page.host == host)?;
    (!RESERVED.contains(&name.as_str())).then(|| name.clone())
}

fn bluesky(page: &Page) -> Option<String> {
    match page.path()[..] {
        ["profile", who, ..] if page.host == "bsky.app" => Some(who.to_owned()),
        _ => None,
    }
}

fn github(page: &Page) -> Option<String> {
    let owner = profile(page, "github.com")?;
    let plain = |name: &str| name.trim_end_matches(".atom").trim_end_matches(".git").to_owned();
    Some(match page.segments.get(1) {
        Some(repository) => format!("{owner}/{}", plain(repository)),
        None => plain(&owner),
    })
}

fn reddit(page: &Page) -> Option<String> {
    let known = page.host == "reddit.com" || page.host.ends_with(".reddit.com");
    match page.path()[..] {
        ["u" | "user", name, ..] if known => Some(format!("u/{name}")),
        ["r", name, ..] if known => Some(format!("r/{name}")),
        _ => None,
    }
}

fn youtube(page: &Page) -> Option<String> {
    if !matches!(page.host.as_str(), "youtube.com" | "m.youtube.com") {
        return None;
    }
    match page.path()[..] {
        ["channel", id, ..] => Some(id.to_owned()),
        ["playlist"] => page.get("list").map(str::to_owned),
        ["feeds", "videos.xml"] => {
            page.get("channel_id").or_else(|| page.get("playlist_id")).map(str::to_owned)
        }
        ["c" | "user", name, ..] => Some(format!("@{name}")),
        [name, ..] if name.starts_with('@') => Some(name.to_owned()),
        _ => None,
    }
}

fn medium(page: &Page) -> Option<String> {
    below(page, "medium.com").or_else(|| {
        profile(page, "medium.com").filter(|name| name != "feed" && name != "m" && name != "p")
    })
}

fn substack(page: &Page) -> Option<String> {
    below(page, "substack.com")
}

fn tumblr(page: &Page) -> Option<String> {
    let blog = |name: String| format!("{name}.tumblr.com");
    below(page, "tumblr.com").or_else(|| profile(page, "tumblr.com").map(blog))
}

fn microblog(page: &Page) -> Option<String> {
    let blog = |name: String| format!("{name}.micro.blog");
    below(page, "micro.blog").or_else(|| profile(page, "micro.blog").map(blog))
}

fn stackexchange(page: &Page) -> Option<String> {
    let host = page.host.as_str();
    let known = host.ends_with("stackexchange.com")
        || host.ends_with("stackoverflow.com")
        || matches!(
            host,
            "serverfault.com" | "superuser.com" | "askubuntu.com" | "mathoverflow.net"
        );
    match page.path()[..] {
        ["users", id, ..] if known && id.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(format!("{host}/users/{id}"))
        }
        ["questions", "tagged", tag, ..] if known => Some(format!("{host}/tags/{tag}")),
        _ => None,
    }
}

fn devto(page: &Page) -> Option<String> {
    profile(page, "dev.to").filter(|name| name != "feed" && name != "t")
}

fn lobsters(page: &Page) -> Option<String> {
    if page.host != "lobste.rs" {
        return None;
    }
    let plain = |name: &str| name.trim_end_matches(".json").trim_end_matches(".rss").to_owned();
    match page.path()[..] {
        [] | ["rss"] => Some(String::new()),
        [user, ..] if user.starts_with('~') => Some(plain(&user[1..])),
        ["u", user, ..] => Some(plain(user)),
        ["t", tag] => Some(format!("t/{}", plain(tag))),
        ["domains", domain] => Some(format!("domains/{}", plain(domain))),
        ["origins", site, user] => Some(format!("origins/{site}/{}", plain(user))),
        _ => None,
    }
}

fn hackernews(page: &Page) -> Option<String> {
    let known = page.host == "news.ycombinator.com";
    match page.path()[..] {
        ["user" | "threads" | "submitted"] if known => page.get("id").map(str::to_owned),
        [] | ["news" | "rss"] if known => Some(String::new()),
        _ => None,
    }
}

fn arxiv(page: &Page) -> Option<String> {
    match (page.host.as_str(), &page.path()[..]) {
        ("arxiv.org", ["list", subject, ..]) => Some((*subject).to_owned()),
        ("rss.arxiv.org", ["rss" | "atom", subject]) => Some((*subject).to_owned()),
        _ => None,
    }
}

fn lemmy(page: &Page) -> Option<String> {
    const HOSTS: [&str; 6] = [
        "lemmy.world",
        "beehaw.org",
        "programming.dev",
        "sh.itjust.works",
        "lemm.ee",
        "feddit.org",
    ];
    let known = HOSTS.contains(&page.host.as_str()) || page.host.starts_with("lemmy.");
    if known { lemmy_anywhere(page) } else { None }
}

fn lemmy_anywhere(page: &Page) -> Option<String> {
    match page.path()[..] {
        [what @ ("u" | "c"), name, ..] => Some(match name.contains('@') {
            true => format!("{what}/{name}"),
            false => format!("{what}/{name}@{}", page.host),
        }),
        _ => None,
    }
}

/// `/@name` on a host that is no other service's: Mastodon, or something that speaks like it.
fn mastodon(page: &Page) -> Option<String> {
    const OTHERS: [&str; 8] = [
        "medium.com",
        "youtube.com",
        "threads.net",
        "threads.com",
        "tiktok.com",
        "substack.com",
        "flipboard.com",
        "npmjs.com",
    ];
    let user = page.segments.first()?.strip_prefix('@')?;
    let user = user.trim_end_matches(".rss");
    let known = OTHERS.iter().any(|host| page.host == *host);
    (!known && !user.is_empty()).then(|| mastodon_handle(user, &page.host))
}

fn mastodon_handle(user: &str, host: &str) -> String {
    // A profile as seen from another instance: `/@ines@social.example`.
    if user.contains('@') { user.to_owned() } else { format!("{user}@{host}") }
}

fn mastodon_anywhere(page: &Page) -> Option<String> {
    match page.path()[..] {
        ["users", user, ..] | [user] => {
            Some(mastodon_handle(user.trim_start_matches('@'), &page.host))
        }
        _ => None,
    }
}

fn peertube(page: &Page) -> Option<String> {
    match page.path()[..] {
        ["a" | "accounts" | "c" | "video-channels", name, ..] => {
            Some(mastodon_handle(name, &page.host))
        }
        _ => None,
    }
}

fn first_segment(page: &Page) -> Option<String> {
    let name = page.segments.first()?;
    Some(format!("{}@{}", name.trim_start_matches('@'), page.host))
}

fn x(page: &Page) -> Option<String> {
    profile(page, "x.com").or_else(|| profile(page, "twitter.com"))
}

fn linkedin(page: &Page) -> Option<String> {
    let known = page.host == "linkedin.com" || page.host.ends_with(".linkedin.com");
    match page.path()[..] {
        [what @ ("in" | "company"), name, ..] if known => Some(format!("{what}/{name}")),
        _ => None,
    }
}

fn instagram(page: &Page) -> Option<String> {
    profile(page, "instagram.com")
}

fn threads(page: &Page) -> Option<String> {
    let name = profile(page, "threads.net").or_else(|| profile(page, "threads.com"))?;
    Some(name.trim_start_matches('@').to_owned())
}

fn facebook(page: &Page) -> Option<String> {
    profile(page, "facebook.com")
}

fn tiktok(page: &Page) -> Option<String> {
    profile(page, "tiktok.com").map(|name| name.trim_start_matches('@').to_owned())
}
