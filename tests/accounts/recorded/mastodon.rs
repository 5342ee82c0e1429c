//! Mastodon's, recorded and documented.

use bellwether::model::{Counters, Feed, FeedState, Post, RawPost};
use bellwether::source::{self, Error, Parsed, Reply, Step};
use serde_json::{Value, json};

use super::super::{answer, asked, document, done, feed, found, kept, step};
use super::{by_guid, check_all_are_told, handle, summary, value};
use crate::support::recorded;

const INSTANCE: &str = "https://fosstodon.org";

/// Lists of statuses, and what [`summary`] says of them.
const STATUSES: [(&str, [u64; 7]); 11] = [
    ("bookmarks_edited_and_reply.json", [3, 0, 1, 0, 5, 14, 26]),
    ("favourites_page.json", [3, 0, 1, 0, 1, 5, 20]),
    ("local_timeline_bot_spanish.json", [3, 0, 0, 0, 0, 0, 0]),
    ("public_timeline_plain.json", [6, 0, 0, 0, 0, 0, 0]),
    ("public_timeline_poll_and_edit.json", [8, 0, 0, 0, 0, 0, 0]),
    ("status_quote_pending_and_languages.json", [5, 0, 1, 0, 1, 23, 22]),
    ("statuses_media_without_text_russian.json", [4, 0, 0, 0, 0, 0, 0]),
    ("statuses_page1_self_thread_parent_gone.json", [8, 0, 7, 0, 4, 10, 26]),
    ("statuses_page2_edited_emoji.json", [6, 0, 6, 0, 7, 5, 13]),
    ("statuses_page3_with_reblog.json", [7, 1, 3, 0, 1, 1, 17]),
    ("tag_timeline_sensitive_without_cw.json", [4, 0, 0, 0, 3, 10, 6]),
];

/// Single statuses.
const STATUS: [(&str, [u64; 7]); 10] = [
    ("status_anonymous.json", [1, 0, 0, 0, 1, 5, 12]),
    ("status_card_with_authors.json", [1, 0, 0, 0, 0, 0, 0]),
    ("status_cw.json", [1, 0, 0, 0, 0, 0, 0]),
    ("status_cw_created.json", [1, 0, 0, 0, 0, 0, 0]),
    ("status_edited.json", [1, 0, 0, 0, 0, 0, 0]),
    ("status_quote_counter_on_quoted.json", [1, 0, 0, 0, 0, 0, 0]),
    // Consent that was taken back is no quote.
    ("status_quote_revoked.json", [1, 0, 0, 0, 0, 0, 0]),
    ("status_reblog_result.json", [2, 1, 0, 0, 37, 210, 7]),
    ("status_reblog_wrapped.json", [2, 1, 0, 0, 0, 1, 0]),
    ("status_reply_with_quote.json", [1, 0, 1, 1, 0, 0, 0]),
];

const ACCOUNT: [&str; 2] = ["accounts_lookup.json", "doc_account.json"];
const ACCOUNTS: [&str; 4] = [
    "accounts_followers.json",
    "accounts_following.json",
    "accounts_search_verified_and_plain.json",
    "reblogged_by_with_moved.json",
];
const ERRORS: [&str; 4] = [
    "doc_error.json",
    "doc_error_429.json",
    "error_401_invalid_token.json",
    "error_404_status.json",
];
const NOTIFICATIONS: [&str; 2] =
    ["notifications_v2_group_page.json", "notifications_v2_grouped.json"];
const OTHERS: [&str; 3] =
    ["context_with_descendants.json", "doc_quote.json", "status_with_poll.json"];
/// Answers to what is never asked.
const NEVER_ASKED: [&str; 5] = [
    "instance_v1.json",
    "instance_v1_hk.json",
    "instance_v2_mastodon_social.json",
    "notifications_v1_follows.json",
    "status_edit_history.json",
];

fn account() -> Feed {
    feed("mastodon", "ines@fosstodon.org", INSTANCE, "https://fosstodon.org/@ines.rss")
}

fn statuses_url() -> String {
    format!("{INSTANCE}/api/v1/accounts/0/statuses?limit=40")
}

fn read(statuses: &Value) -> Parsed {
    let url = statuses_url();
    let parsed = done(&account(), &found(&url), &[answer(&url, statuses.to_string())]);
    assert_eq!(parsed.problems, []);
    assert_eq!(kept(&account(), &parsed).len(), parsed.posts.len());
    parsed
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value[key].as_str().filter(|text| !text.is_empty())
}

/// Lays each status beside the post that was made of it.
fn compare(statuses: &[Value], posts: &[RawPost]) {
    for status in statuses {
        if let Some(boosted) = status.get("reblog").filter(|boosted| boosted.is_object()) {
            let boost = by_guid(posts, text(status, "uri").unwrap());
            assert_eq!(boost.repost_of.as_deref(), text(boosted, "url"));
            assert_eq!((boost.content.as_ref(), boost.counters), (None, Counters::default()));
            compare(std::slice::from_ref(boosted), posts);
            continue;
        }
        let url = text(status, "url").unwrap();
        let post = by_guid(posts, url);
        let account = &status["account"];
        let acct = text(account, "acct").unwrap();
        let page = url::Url::parse(text(account, "url").unwrap()).unwrap();
        let host = page.host_str().unwrap();
        let whole = if acct.contains('@') { acct.to_owned() } else { format!("{acct}@{host}") };
        assert_eq!(handle(post), format!("mastodon:{}", whole.to_lowercase()), "{url}");
        let counter = |key: &str| status[key].as_u64();
        let Counters { replies, boosts, likes, views } = post.counters;
        assert_eq!(
            (replies, boosts, likes, views),
            (counter("replies_count"), counter("reblogs_count"), counter("favourites_count"), None)
        );
        assert_eq!(post.published.as_deref(), text(status, "created_at"));
        assert_eq!(post.updated.as_deref(), text(status, "edited_at"));
        assert_eq!(post.language.as_deref(), text(status, "language"));
        assert_eq!(Some(post.bot), account["bot"].as_bool());
        assert_eq!(post.poll, status["poll"].is_object());
        assert_eq!(post.mentions.len(), status["mentions"].as_array().unwrap().len());
        assert_eq!(post.tags.len(), status["tags"].as_array().unwrap().len());
        let uri = text(status, "uri").unwrap();
        assert!(uri == url || post.aliases == [uri], "{url}");
        let parent = text(status, "in_reply_to_id");
        match (parent, text(status, "in_reply_to_account_id")) {
            (Some(id), _) => assert!(post.in_reply_to[0].ends_with(&format!("/{id}")), "{url}"),
            (None, Some(_)) => assert!(post.in_reply_to[0].starts_with("mastodon:"), "{url}"),
            (None, None) => assert_eq!(post.in_reply_to, [""; 0], "{url}"),
        }
        let content = post.content.as_deref().unwrap();
        assert!(content.contains(text(status, "content").unwrap_or("")), "{url}");
        for media in status["media_attachments"].as_array().unwrap() {
            let described = text(media, "description").is_some();
            assert!(!described || content.contains("<p>["), "{url}");
        }
    }
}

#[test]
fn all_statuses_are_as_the_answer_says() {
    let Some(folder) = recorded::service("mastodon") else { return };
    let single = STATUS.map(|(file, expected)| (file, expected, true));
    let lists = STATUSES.map(|(file, expected)| (file, expected, false));
    for (file, expected, is_single) in single.into_iter().chain(lists) {
        let value = value(&folder, file);
        let list = if is_single { json!([value]) } else { value };
        let posts = read(&list).posts;
        assert_eq!(summary(&posts), expected, "{file}");
        compare(list.as_array().unwrap(), &posts);
    }
    let poll = read(&json!([value(&folder, "status_with_poll.json")])).posts;
    assert!(poll[0].poll && poll[0].content.as_ref().unwrap().contains("<ul><li>"));
    for file in NOTIFICATIONS {
        let list = value(&folder, file)["statuses"].clone();
        compare(list.as_array().unwrap(), &read(&list).posts);
    }
    let every = [&ACCOUNT[..], &ACCOUNTS, &ERRORS, &NOTIFICATIONS, &OTHERS, &NEVER_ASKED];
    let mut told: Vec<&str> = every.concat();
    told.extend(STATUSES.iter().map(|(file, _)| *file));
    told.extend(STATUS.iter().map(|(file, _)| *file));
    check_all_are_told(&folder, &told);
}

#[test]
fn a_documented_quote_leads_to_the_quoted_status() {
    let Some(folder) = recorded::service("mastodon") else { return };
    let quote = value(&folder, "doc_quote.json");
    let url = quote["quoted_status"]["url"].as_str().unwrap();
    let status = json!({"id": "1", "account": {"id": "0", "acct": "ines"}, "quote": quote,
        "url": "https://fosstodon.org/@ines/1"});
    assert_eq!(read(&json!([status])).posts[0].quote_of.as_deref(), Some(url));
}

#[test]
fn accounts_lead_to_their_statuses_or_to_where_they_moved() {
    let Some(folder) = recorded::service("mastodon") else { return };
    let mut accounts: Vec<Value> = ACCOUNT.iter().map(|file| value(&folder, file)).collect();
    for file in ACCOUNTS {
        accounts.extend(value(&folder, file).as_array().unwrap().iter().cloned());
    }
    let mut moved = 0;
    for account_json in &accounts {
        let heard = [answer(INSTANCE, account_json.to_string())];
        let next = asked(&account(), &FeedState::default(), &heard).url;
        match account_json.get("moved").filter(|to| to.is_object()) {
            Some(to) => {
                moved += 1;
                let there = url::Url::parse(to["url"].as_str().unwrap()).unwrap();
                let there = there.origin().ascii_serialization();
                assert!(next.starts_with(&format!("{there}/api/v1/accounts/lookup?acct=")));
            }
            None => {
                let id = account_json["id"].as_str().unwrap();
                let url = format!("{INSTANCE}/api/v1/accounts/{id}/statuses?limit=40");
                assert_eq!(next, url);
            }
        }
    }
    assert!(1 <= moved && moved < accounts.len(), "{moved} of {}", accounts.len());
}

#[test]
fn an_error_is_told_in_the_instances_words() {
    let Some(folder) = recorded::service("mastodon") else { return };
    for file in ERRORS {
        let body = value(&folder, file).to_string();
        for (state, url) in
            [(FeedState::default(), INSTANCE.to_owned()), (found(&statuses_url()), statuses_url())]
        {
            let error = step(&account(), &state, &[answer(&url, body.clone())]).unwrap_err();
            assert!(matches!(&error, Error::Unlike { said: Some(_), .. }), "{file}: {error}");
        }
    }
    assert_eq!(
        step(&account(), &FeedState::default(), &[Reply::Refused { status: 401 }])
            .map(|step| { matches!(step, Step::Ask(request) if request.url == account().address) }),
        Ok(true)
    );
}

#[test]
fn a_conversation_knows_what_each_answers() {
    let Some(folder) = recorded::service("mastodon") else { return };
    let context = value(&folder, "context_with_descendants.json");
    let below = context["descendants"].as_array().unwrap();
    let root = below[0]["in_reply_to_id"].as_str().unwrap();
    let url = format!("{INSTANCE}/@ines/{root}");
    let raw = RawPost { guid: Some(url.clone()), link: Some(url.clone()), ..RawPost::default() };
    let parsed = Parsed { posts: vec![raw], ..Parsed::default() };
    let post: Post = kept(&account(), &parsed)[0].0.clone();
    let kind = source::kind("mastodon").unwrap();
    let request = kind.thread(&account(), &post).unwrap();
    assert_eq!(request.url, format!("{INSTANCE}/api/v1/statuses/{root}/context"));
    let thread = kind.read_thread(&post, &document(&request.url, context.to_string())).unwrap();
    compare(below, &thread.answers);
    assert_eq!(summary(&thread.answers), [3, 0, 3, 0, 1, 0, 2]);
    assert_eq!(thread.answers[0].in_reply_to.first(), Some(&url));
    assert_eq!(thread.answers[2].in_reply_to.first(), thread.answers[1].guid.as_ref());
}
