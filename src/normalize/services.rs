//! Services that give one post several addresses, and the one that counts as its identity.

use super::url::Parts;

/// Front ends to X that show the same posts under the same paths.
const X_HOSTS: [&str; 9] = [
    "twitter.com",
    "x.com",
    "xcancel.com",
    "fxtwitter.com",
    "vxtwitter.com",
    "fixupx.com",
    "fixvx.com",
    "twiiit.com",
    "nitter.net",
];

/// Gives `parts` the service's one form, where a service is known.
pub(super) fn fold(parts: &mut Parts) {
    let host = parts.host.clone();
    match host.as_str() {
        "youtu.be" | "youtube.com" | "music.youtube.com" | "youtube-nocookie.com" => youtube(parts),
        "reddit.com" | "redd.it" => reddit(parts),
        "arxiv.org" | "export.arxiv.org" => arxiv(parts),
        "news.ycombinator.com" => keep_only(parts, "id"),
        "lobste.rs" => lobsters(parts),
        "google.com" | "l.facebook.com" | "lm.facebook.com" => unwrap(parts),
        // Languages and layouts: `old.`, `np.`, `de.`.
        _ if host.strip_suffix(".reddit.com").is_some_and(|label| label.len() < 4) => reddit(parts),
        _ if host.ends_with(".cdn.ampproject.org") => unwrap(parts),
        _ if X_HOSTS.contains(&host.as_str()) || host.starts_with("nitter.") => x(parts),
        _ => activity_pub(parts),
    }
}

fn segments(parts: &Parts) -> Vec<String> {
    parts.path.split('/').skip(1).map(str::to_owned).collect()
}

/// The segments as `&str`, so that they can be matched on.
fn views(segments: &[String]) -> Vec<&str> {
    segments.iter().map(String::as_str).collect()
}

fn set(parts: &mut Parts, host: &str, path: String) {
    host.clone_into(&mut parts.host);
    parts.path = path;
    parts.query.clear();
}

fn keep_only(parts: &mut Parts, name: &str) {
    if parts.get(name).is_some() {
        parts.query.retain(|(key, _)| key == name);
    }
}

fn youtube(parts: &mut Parts) {
    let path = segments(parts);
    let id = match (parts.host.as_str(), &views(&path)[..]) {
        ("youtu.be", [id]) => Some((*id).to_owned()),
        (_, ["shorts" | "live" | "embed" | "v", id, ..]) => Some((*id).to_owned()),
        (_, ["watch"]) => parts.get("v").map(str::to_owned),
        _ => None,
    };
    if let Some(id) = id.filter(|id| !id.is_empty()) {
        set(parts, "youtube.com", "/watch".to_owned());
        parts.query.push(("v".to_owned(), Some(id)));
    } else if parts.host != "youtu.be" {
        "youtube.com".clone_into(&mut parts.host);
    }
}

/// Reddit finds a thread by its id alone, whatever subreddit and title stand around it.
fn reddit(parts: &mut Parts) {
    let path = segments(parts);
    let path = views(&path);
    let thread = match &path[..] {
        [id] if parts.host == "redd.it" => Some(((*id).to_owned(), None)),
        ["r" | "u" | "user", _, "comments", id, rest @ ..]
        | ["comments" | "gallery", id, rest @ ..] => {
            let answer = rest.get(1).filter(|answer| !answer.is_empty());
            Some(((*id).to_owned(), answer.map(|answer| (*answer).to_owned())))
        }
        _ => None,
    };
    match thread {
        Some((id, _)) if id.is_empty() => {}
        Some((id, None)) => set(parts, "reddit.com", format!("/comments/{id}")),
        Some((id, Some(answer))) => {
            set(parts, "reddit.com", format!("/comments/{id}/_/{answer}"));
        }
        None if parts.host == "redd.it" => {}
        None => {
            if let ["u", name, rest @ ..] = &path[..] {
                let mut path = format!("/user/{name}");
                rest.iter().for_each(|part| path.push_str(&format!("/{part}")));
                parts.path = path;
            }
            "reddit.com".clone_into(&mut parts.host);
        }
    }
}

/// Abstract, PDF and HTML of all versions are one paper.
fn arxiv(parts: &mut Parts) {
    let Some((kind, id)) = parts.path.strip_prefix('/').and_then(|path| path.split_once('/'))
    else {
        return;
    };
    if !matches!(kind, "abs" | "pdf" | "html") || id.is_empty() {
        return;
    }
    let id = id.strip_suffix(".pdf").unwrap_or(id);
    let version = id.rfind('v').filter(|&at| {
        at > 0 && at + 1 < id.len() && id[at + 1..].bytes().all(|byte| byte.is_ascii_digit())
    });
    let id = version.map_or(id, |at| &id[..at]).to_owned();
    set(parts, "arxiv.org", format!("/abs/{id}"));
}

fn lobsters(parts: &mut Parts) {
    if let ["s", id, _, ..] = views(&segments(parts))[..] {
        let path = format!("/s/{id}");
        set(parts, "lobste.rs", path);
    }
}

/// X and its front ends: the post, whichever picture of it was linked.
fn x(parts: &mut Parts) {
    let path = segments(parts);
    match views(&path)[..] {
        [user, "status" | "statuses", id, ..] => {
            let path = format!("/{}/status/{id}", user.to_lowercase());
            set(parts, "x.com", path);
        }
        ["i", "web", "status", id, ..] => {
            let path = format!("/i/status/{id}");
            set(parts, "x.com", path);
        }
        [user] if !user.is_empty() => {
            let path = format!("/{}", user.to_lowercase());
            set(parts, "x.com", path);
        }
        _ => "x.com".clone_into(&mut parts.host),
    }
}

/// Mastodon's `uri` and `url` of one status: `/users/U/statuses/ID` and `/@U/ID`.
fn activity_pub(parts: &mut Parts) {
    let path = segments(parts);
    if let ["users", user, "statuses", id] = views(&path)[..] {
        parts.path = format!("/@{user}/{id}");
    }
}

/// AMP caches and redirectors hold the real address in their path or query.
fn unwrap(parts: &mut Parts) {
    let inner = match parts.path.as_str() {
        "/url" if parts.host == "google.com" => parts.get("q").or_else(|| parts.get("url")),
        "/l.php" => parts.get("u"),
        path if parts.host == "google.com" => path.strip_prefix("/amp/s/"),
        path if parts.host.ends_with(".cdn.ampproject.org") => {
            path.strip_prefix("/c/s/").or_else(|| path.strip_prefix("/v/s/"))
        }
        _ => None,
    };
    let Some(inner) = inner else { return };
    let inner = percent_decoded(inner);
    let lower = inner.to_ascii_lowercase();
    let wrapped = lower.starts_with("http://") || lower.starts_with("https://");
    let bare = !parts.path.starts_with("/url") && !parts.path.starts_with("/l.php");
    if wrapped || (bare && inner.split('/').next().is_some_and(|host| host.contains('.'))) {
        parts.host = format!("=>{inner}");
    }
}

fn percent_decoded(text: &str) -> String {
    let query = format!("x={text}");
    let decoded = url::form_urlencoded::parse(query.as_bytes()).next();
    decoded.map(|(_, value)| value.into_owned()).unwrap_or_default()
}

/// The page of an `at://` record at Bluesky's own site; `rest` is what follows `at://`.
pub(super) fn bluesky_page(rest: &str) -> Option<String> {
    let parts: Vec<&str> = rest.split('/').collect();
    match parts[..] {
        [who] | [who, ""] if !who.is_empty() => Some(format!("https://bsky.app/profile/{who}")),
        [who, "app.bsky.feed.post", key] if !who.is_empty() => {
            Some(format!("https://bsky.app/profile/{who}/post/{key}"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::url::canonical;

    fn check(expected: &str, urls: &[&str]) {
        for url in urls.iter().chain([&expected]) {
            assert_eq!(canonical(url).as_deref(), Some(expected), "{url}");
        }
    }

    #[test]
    fn a_post_on_x_is_one_post_through_all_front_ends() {
        check(
            "x.com/mlq/status/12",
            &[
                "https://twitter.com/MLQ/status/12?s=20&t=abc",
                "https://x.com/mlq/status/12/photo/1",
                "https://nitter.net/mlq/status/12#m",
                "https://nitter.a.example/mlq/status/12#m",
                "https://mobile.twitter.com/mlq/statuses/12",
                "https://xcancel.com/mlq/status/12",
            ],
        );
        check("x.com/mlq", &["https://twitter.com/MLQ/", "https://x.com/mlq?lang=de"]);
    }

    #[test]
    fn a_reddit_thread_is_its_id() {
        check(
            "reddit.com/comments/1abc",
            &[
                "https://www.reddit.com/r/rust/comments/1abc/a_title/?utm_source=share",
                "https://old.reddit.com/r/rust/comments/1abc/",
                "https://redd.it/1abc",
                "https://www.reddit.com/comments/1abc",
                "https://www.reddit.com/gallery/1abc",
            ],
        );
        check(
            "reddit.com/comments/1abc/_/k2",
            &["https://new.reddit.com/r/rust/comments/1abc/a_title/k2/?context=3"],
        );
        check("reddit.com/user/priya_n", &["https://www.reddit.com/u/priya_n/"]);
        check("reddit.com/r/rust", &["https://old.reddit.com/r/rust/"]);
    }

    #[test]
    fn a_video_is_its_id() {
        check(
            "youtube.com/watch?v=dQ_w-4",
            &[
                "https://youtu.be/dQ_w-4?si=xyz&t=10",
                "https://m.youtube.com/watch?v=dQ_w-4&list=P",
                "https://www.youtube.com/shorts/dQ_w-4",
                "https://www.youtube.com/embed/dQ_w-4",
                "https://music.youtube.com/watch?v=dQ_w-4",
            ],
        );
    }

    #[test]
    fn an_at_uri_is_its_page_at_bluesky() {
        check(
            "bsky.app/profile/tomas.example/post/3l",
            &[
                "at://tomas.example/app.bsky.feed.post/3l",
                "https://bsky.app/profile/tomas.example/post/3l",
            ],
        );
    }

    #[test]
    fn papers_threads_and_statuses_have_one_form() {
        check(
            "arxiv.org/abs/2501.01234",
            &[
                "https://arxiv.org/abs/2501.01234v2",
                "http://arxiv.org/pdf/2501.01234.pdf",
                "https://arxiv.org/pdf/2501.01234v1",
                "https://export.arxiv.org/abs/2501.01234",
            ],
        );
        check("arxiv.org/abs/cs/0501001", &["https://arxiv.org/abs/cs/0501001v1"]);
        check("lobste.rs/s/abcdef", &["https://lobste.rs/s/abcdef/some_title"]);
        check("news.ycombinator.com/item?id=7", &["https://news.ycombinator.com/item?id=7&p=2"]);
        check("social.example/@ines/115", &["https://social.example/users/ines/statuses/115"]);
    }

    #[test]
    fn wrapped_addresses_are_unwrapped() {
        check(
            "a.example/story",
            &[
                "https://www.google.com/amp/s/www.a.example/story/amp/",
                "https://www-a-example.cdn.ampproject.org/c/s/www.a.example/story",
                "https://www.google.com/url?q=https%3A%2F%2Fa.example%2Fstory&sa=D",
                "https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2Fstory",
            ],
        );
    }
}
