//! Mastodon: the way to an account's statuses, and what they become.

use bellwether::model::{Feed, FeedState, Form};
use bellwether::source::{self, Error, Reply, Step};

use super::{
    answer, asked, by_guid, counted, document, done, feed, fixture, found, handles, kept, step,
};

const API: &str = "https://social.example";
const LOOKUP: &str = "https://social.example/api/v1/accounts/lookup?acct=ines";
const STATUSES: &str = "https://social.example/api/v1/accounts/7/statuses?limit=40";
const RSS: &str = "https://social.example/@ines.rss";

fn ines() -> Feed {
    feed("mastodon", "ines@social.example", API, RSS)
}

fn refused() -> Reply {
    Reply::Refused { status: 401 }
}

fn posts() -> Vec<(bellwether::model::Post, bellwether::model::Counters)> {
    let heard = [
        answer(LOOKUP, fixture("mastodon/account.json")),
        answer(STATUSES, fixture("mastodon/boosts_replies_quotes.json")),
    ];
    let parsed = done(&ines(), &FeedState::default(), &heard);
    assert_eq!(parsed.problems, []);
    kept(&ines(), &parsed)
}

#[test]
fn the_account_is_looked_up_once() {
    let (feed, state) = (ines(), FeedState::default());
    assert_eq!(asked(&feed, &state, &[]).url, LOOKUP);
    let account = answer(LOOKUP, fixture("mastodon/account.json"));
    assert_eq!(asked(&feed, &state, std::slice::from_ref(&account)).url, STATUSES);
    let statuses = answer(STATUSES, fixture("mastodon/boosts_replies_quotes.json"));
    let parsed = done(&feed, &state, &[account, statuses]);
    assert_eq!(parsed.found.as_deref(), Some(STATUSES));
    assert_eq!(parsed.title.as_deref(), Some("Ines Okafor :ferris:"));
    assert!(parsed.whole);

    let again = asked(&feed, &found(STATUSES), &[]);
    assert_eq!((again.url.as_str(), again.validators), (STATUSES, found(STATUSES).validators));
}

#[test]
fn an_api_elsewhere_is_asked_for_the_whole_name() {
    let elsewhere = feed("mastodon", "ines@social.example", "https://api.example", RSS);
    assert_eq!(
        asked(&elsewhere, &FeedState::default(), &[]).url,
        "https://api.example/api/v1/accounts/lookup?acct=ines%40social.example"
    );
}

#[test]
fn a_closed_api_leads_to_the_feed() {
    let (feed, state) = (ines(), FeedState::default());
    let rss = answer(RSS, fixture("mastodon/notes_without_titles.rss"));
    let page = answer(LOOKUP, "<!doctype html><html><body>Log in</body></html>");
    for closed in [refused(), page] {
        assert_eq!(asked(&feed, &state, std::slice::from_ref(&closed)).url, RSS);
        let parsed = done(&feed, &state, &[closed, rss.clone()]);
        assert_eq!((parsed.posts.len(), parsed.found, parsed.problems.len()), (1, None, 1));
    }
    // What was told once is not told again.
    let later = FeedState { found: None, ..found(STATUSES) };
    let request = asked(&feed, &later, &[refused()]);
    assert_eq!((request.url.as_str(), request.validators), (RSS, later.validators.clone()));
    assert_eq!(done(&feed, &later, &[refused(), rss]).problems, []);
    // The validators of the API's answer are not the feed's.
    assert_eq!(asked(&feed, &found(STATUSES), &[refused()]).validators, Default::default());
    assert_eq!(step(&feed, &state, &[refused(), refused()]), Ok(Step::GiveUp));
}

#[test]
fn an_account_that_moved_is_read_where_it_is() {
    let (feed, state) = (ines(), FeedState::default());
    let new_lookup = "https://new.example/api/v1/accounts/lookup?acct=ines";
    let new_statuses = "https://new.example/api/v1/accounts/3/statuses?limit=40";
    let there = fixture("mastodon/account.json")
        .replace("\"id\": \"7\"", "\"id\": \"3\"")
        .replace("social.example", "new.example");
    let said = fixture("mastodon/broken_elements.json")
        .replace("\"id\": \"7\"", "\"id\": \"3\"")
        .replace("social.example", "new.example");
    let heard = [
        answer(LOOKUP, fixture("mastodon/account_that_moved.json")),
        answer(new_lookup, there),
        answer(new_statuses, said),
    ];
    assert_eq!(asked(&feed, &state, &heard[..1]).url, new_lookup);
    assert_eq!(asked(&feed, &state, &heard[..2]).url, new_statuses);
    let parsed = done(&feed, &state, &heard);
    assert_eq!(parsed.found.as_deref(), Some(new_statuses));
    let told = parsed.problems.last().unwrap().to_string();
    assert!(told.contains("moved to @ines@new.example"), "{told}");
    // Both names are hers.
    let post = &kept(&feed, &parsed)[0].0;
    assert_eq!(handles(post), ["mastodon:ines@new.example", "mastodon:ines@social.example"]);
    // From then on it is read there alone, and nothing is told.
    let parsed = done(&feed, &found(new_statuses), &heard[2..]);
    assert_eq!((parsed.found.as_deref(), parsed.problems.len()), (Some(new_statuses), 2));
}

#[test]
fn a_move_is_seen_in_the_statuses_too() {
    let account = fixture("mastodon/account_that_moved.json");
    let status = format!("[{{\"id\": \"1\", \"account\": {account}}}]");
    assert_eq!(
        asked(&ines(), &found(STATUSES), &[answer(STATUSES, status)]).url,
        "https://new.example/api/v1/accounts/lookup?acct=ines"
    );
}

#[test]
fn a_chain_of_moves_is_not_followed_for_ever() {
    let moved = fixture("mastodon/account_that_moved.json");
    let back = moved.replace("new.example", "tmp.example").replace("social.example", "new.example");
    let heard = [answer(LOOKUP, moved.clone()), answer(LOOKUP, back), answer(LOOKUP, moved)];
    let last = asked(&ines(), &FeedState::default(), &heard);
    assert!(last.url.ends_with("/api/v1/accounts/7/statuses?limit=40"), "{}", last.url);
}

#[test]
fn a_boost_is_two_posts() {
    let posts = posts();
    let (original, counters) = by_guid(&posts, "search.example/@jun/501");
    assert_eq!(handles(original), ["mastodon:jun@search.example"]);
    assert_eq!(original.author.name, "Jun <3 trees");
    assert_eq!(original.url.as_deref(), Some("https://search.example/@jun/501"));
    assert_eq!(original.aliases, ["search.example/ap/users/9/statuses/501"]);
    assert_eq!(original.links, ["jun.example/postings"]);
    assert_eq!(original.tags, ["search"]);
    assert_eq!((*counters, original.repost_of.as_ref()), (counted(3, 14, 20), None));

    let (boost, counters) = by_guid(&posts, "/115/activity");
    assert_eq!(handles(boost), ["mastodon:ines@social.example"]);
    assert_eq!(boost.repost_of.as_deref(), Some("search.example/@jun/501"));
    assert_eq!((boost.text.as_str(), boost.url.as_ref()), ("", None));
    assert!(counters.is_empty());
    assert_eq!(boost.published, Some("2026-06-02T08:00:00Z".parse().unwrap()));
}

#[test]
fn an_answer_knows_what_it_answers() {
    let posts = posts();
    let answered = |id: &str| by_guid(&posts, id).0.in_reply_to.clone();
    assert_eq!(answered("@ines/112").as_deref(), Some("social.example/@ines/110"));
    let elsewhere = Some("social.example/@jun@search.example/480");
    assert_eq!(answered("@ines/114").as_deref(), elsewhere);
    assert_eq!(answered("@ines/113").as_deref(), Some("mastodon:jun@search.example"));
    assert_eq!(answered("@ines/110"), None);
    let mentions = &by_guid(&posts, "@ines/114").0.mentions;
    assert_eq!(mentions[0].as_str(), "mastodon:jun@search.example");
}

#[test]
fn a_quote_needs_the_consent_of_the_quoted() {
    let posts = posts();
    let quoted = |id: &str| by_guid(&posts, id).0.quote_of.clone();
    assert_eq!(quoted("@ines/111").as_deref(), Some("search.example/@jun/501"));
    assert_eq!((quoted("@ines/109"), quoted("@ines/108")), (None, None));
}

#[test]
fn a_text_holds_warning_choices_and_descriptions() {
    let posts = posts();
    let text = |id: &str| by_guid(&posts, id).0.text.clone();
    assert_eq!(text("/106"), "Content warning: The end of <that> film\n\nThey did it.");
    assert_eq!(text("/107"), "Which one?\n\n- BM25\n- BM25F & friends");
    assert_eq!(text("/105"), "[image] A queue of segments\nbefore a door");
    assert_eq!(text("@ines/110"), "Merging segments is a queue. :ferris:");
    assert!(by_guid(&posts, "/107").0.poll && !by_guid(&posts, "/106").0.poll);
}

#[test]
fn the_rest_is_as_the_instance_says() {
    let posts = posts();
    let (root, counters) = by_guid(&posts, "@ines/110");
    assert_eq!(*counters, counted(6, 14, 31));
    assert_eq!(
        (root.form, root.language.as_deref(), root.title.as_ref()),
        (Form::Micro, Some("en"), None)
    );
    assert!(by_guid(&posts, "/103").0.bot && !root.bot);
    assert!(!posts.iter().any(|(post, _)| post.text.contains("friends alone")));
    // The feed of the same account gives a post the same name.
    assert_eq!(root.guid.as_deref(), Some("https://social.example/@ines/110"));
}

#[test]
fn a_broken_status_is_told_and_the_rest_read() {
    let parsed = done(
        &ines(),
        &found(STATUSES),
        &[answer(STATUSES, fixture("mastodon/broken_elements.json"))],
    );
    assert_eq!((parsed.posts.len(), parsed.problems.len()), (2, 2));
    assert!(parsed.problems[0].to_string().starts_with("status 2: is not understood"));
    assert!(parsed.posts[1].counters.is_empty());
}

#[test]
fn another_answer_is_one_clear_line() {
    let error = |url: &str, state: &FeedState, body: &str| {
        step(&ines(), state, &[answer(url, body)]).unwrap_err()
    };
    let known = found(STATUSES);
    for (body, told) in [
        (
            "{\"error\": \"This method requires an authenticated user\"}",
            "the answer is not a list of \
          Mastodon's statuses: This method requires an authenticated user",
        ),
        ("{}", "the answer is not a list of Mastodon's statuses"),
        (
            "[{\"a\": 1}]",
            "the answer is not a list of Mastodon's statuses: status 1: is not \
          understood: missing field `id`",
        ),
        ("[{", "broken JSON in line 1, column 2: EOF while parsing an object"),
    ] {
        assert_eq!(error(STATUSES, &known, body).to_string(), told, "{body}");
    }
    let none = error(LOOKUP, &FeedState::default(), "{\"name\": 1}");
    assert_eq!(none.to_string(), "the answer is not an account at Mastodon");
    assert!(matches!(none, Error::Unlike { .. }) && none.hint().is_some());
}

#[test]
fn a_conversation_is_one_request() {
    let kind = source::kind("mastodon").unwrap();
    let all = posts();
    let post = &by_guid(&all, "@ines/110").0;
    let request = kind.thread(&ines(), post).unwrap();
    assert_eq!(request.url, "https://social.example/api/v1/statuses/110/context");
    let document = document(&request.url, fixture("mastodon/context.json"));
    let thread = kind.read_thread(post, &document).unwrap();
    assert_eq!((thread.counters.is_empty(), thread.locked), (true, None));
    let answered: Vec<&str> =
        thread.answers.iter().map(|answer| answer.in_reply_to[0].as_str()).collect();
    assert_eq!(answered, ["https://social.example/@ines/110", "https://search.example/@jun/120"]);
    // A boosted post is asked for where its author is.
    let theirs = kind.thread(&ines(), &by_guid(&all, "@jun/501").0).unwrap();
    assert_eq!(theirs.url, "https://search.example/api/v1/statuses/501/context");
    assert_eq!(kind.thread(&ines(), &by_guid(&all, "/115/activity").0), None);
}

#[test]
fn a_plain_feed_stays_one() {
    let plain = Feed { account: None, ..ines() };
    let request = asked(&plain, &FeedState::default(), &[]);
    assert_eq!(request.url, RSS);
    let parsed = done(
        &plain,
        &FeedState::default(),
        &[answer(RSS, fixture("mastodon/notes_without_titles.rss"))],
    );
    assert_eq!(parsed.posts.len(), 1);
}
