//! Topics over days: one keeps its id, and is shown again only when something happened.

use jiff::Timestamp;

use crate::model::{PostId, TopicId};

/// People who must have joined since a topic was shown before it is news again.
const NEWS_PEOPLE: usize = 3;

/// A topic as a sent digest showed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its id then.
    pub topic: TopicId,
    /// Its posts then.
    pub posts: Vec<PostId>,
    /// The people on it then (keys of `identity`).
    pub people: Vec<String>,
    /// When it was shown.
    pub at: Timestamp,
}

/// A topic as it is today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Today<'a> {
    /// Its posts, oldest first.
    pub posts: &'a [PostId],
    /// The people on it (keys of `identity`), without the reader.
    pub people: &'a [String],
    /// Those of its posts that answer the reader and that no digest before could see.
    pub answers: &'a [PostId],
}

/// What a topic is to somebody who read the digests before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Never shown.
    New,
    /// Shown before, and something happened since.
    Update {
        /// Who joined since, sorted: three at least, or nobody worth telling of.
        joined: Vec<String>,
        /// The posts that answered the reader since.
        answers: Vec<PostId>,
    },
    /// Shown before, and too little happened since.
    Seen,
}

/// Returns the id of each of today's topics and what is new about it.
///
/// A topic that shares posts with one shown earlier, or marked by the reader, keeps that one's id
/// (the one with most posts in common; then the one shown earliest; then the smaller id); if two
/// of today's topics share posts with one, the one with most in common keeps it, then the earlier
/// of the two. Else it is named for its first post (the next one where a topic shown before is
/// already named for that).
pub fn remember(topics: &[Today], shown: &[Shown]) -> Vec<(TopicId, News)> {
    let mut claims: Vec<(usize, Timestamp, TopicId, usize)> = Vec::new();
    let mut ids: Vec<TopicId> = shown.iter().map(|shown| shown.topic).collect();
    ids.sort_unstable();
    ids.dedup();
    for id in &ids {
        let records = || shown.iter().filter(|record| record.topic == *id);
        let mut posts: Vec<PostId> = records().flat_map(|record| record.posts.clone()).collect();
        posts.sort_unstable();
        posts.dedup();
        let first = records().map(|record| record.at).min().unwrap_or(Timestamp::MIN);
        for (at, today) in topics.iter().enumerate() {
            let own = today.posts;
            let common = own.iter().filter(|post| posts.binary_search(post).is_ok()).count();
            if common > 0 {
                claims.push((common, first, *id, at));
            }
        }
    }
    claims.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2, a.3).cmp(&(b.1, b.2, b.3))));
    let mut kept: Vec<Option<TopicId>> = vec![None; topics.len()];
    let mut taken: Vec<TopicId> = Vec::new();
    for (_, _, id, at) in claims {
        if kept[at].is_none() && !taken.contains(&id) {
            kept[at] = Some(id);
            taken.push(id);
        }
    }
    let mut answers = Vec::with_capacity(topics.len());
    for (today, kept) in topics.iter().zip(kept) {
        answers.push(match kept {
            Some(id) => (id, news(id, today, shown)),
            None => {
                let own = today.posts.iter().map(named_for);
                let id = own.into_iter().find(|id| !taken.contains(id) && !ids.contains(id));
                let id = id.unwrap_or_else(|| TopicId::new(&[]));
                taken.push(id);
                (id, parted(today, shown))
            }
        });
    }
    answers
}

/// What a topic is that keeps no earlier one's id: new, unless most of its posts were told in
/// topics before, from which it only parts. Then it takes news like any other.
fn parted(today: &Today, shown: &[Shown]) -> News {
    let told = |post: &&PostId| shown.iter().any(|record| record.posts.contains(post));
    if 2 * today.posts.iter().filter(told).count() <= today.posts.len() {
        return News::New;
    }
    let held = |record: &&Shown| record.posts.iter().any(|post| today.posts.contains(post));
    since(today, &shown.iter().filter(held).collect::<Vec<_>>())
}

/// Returns the id that a topic has by its first post.
fn named_for(post: &PostId) -> TopicId {
    TopicId::new(&[&post.to_string()])
}

/// Compares the topic of today with all that was ever shown of it.
fn news(id: TopicId, today: &Today, shown: &[Shown]) -> News {
    since(today, &shown.iter().filter(|record| record.topic == id).collect::<Vec<_>>())
}

/// Compares the topic of today with what was told before.
fn since(today: &Today, before: &[&Shown]) -> News {
    let known = |person: &String| before.iter().any(|record| record.people.contains(person));
    let told = |post: &PostId| before.iter().any(|record| record.posts.contains(post));
    let mut joined: Vec<String> =
        today.people.iter().filter(|person| !known(person)).cloned().collect();
    joined.sort_unstable();
    joined.dedup();
    if joined.len() < NEWS_PEOPLE {
        joined.clear();
    }
    let answers: Vec<PostId> = today.answers.iter().filter(|post| !told(post)).copied().collect();
    if joined.is_empty() && answers.is_empty() {
        return News::Seen;
    }
    News::Update { joined, answers }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(name: &str) -> PostId {
        PostId::new(&[name])
    }

    fn people(names: &str) -> Vec<String> {
        names.split_whitespace().map(str::to_owned).collect()
    }

    fn shown(topic: TopicId, posts: &[&str], names: &str, day: i8) -> Shown {
        let at = jiff::civil::date(2026, 10, day).at(7, 0, 0, 0);
        let at = at.to_zoned(jiff::tz::TimeZone::UTC).expect("a date").timestamp();
        Shown {
            topic,
            posts: posts.iter().map(|name| post(name)).collect(),
            people: people(names),
            at,
        }
    }

    fn check(posts: &[&str], names: &str, before: &[Shown]) -> (TopicId, News) {
        let posts: Vec<PostId> = posts.iter().map(|name| post(name)).collect();
        let today = Today { posts: &posts, people: &people(names), answers: &[] };
        remember(&[today], before).remove(0)
    }

    #[test]
    fn a_topic_never_shown_is_new_and_named_for_its_first_post() {
        let (id, news) = check(&["a", "b"], "ines", &[]);
        assert_eq!((id, news), (TopicId::new(&[&post("a").to_string()]), News::New));
    }

    #[test]
    fn a_topic_keeps_its_id_though_its_first_post_left_the_window() {
        let (id, _) = check(&["a", "b"], "ines", &[]);
        let (later, news) = check(&["b", "c"], "ines tomas", &[shown(id, &["a", "b"], "ines", 12)]);
        assert_eq!((later, news), (id, News::Seen));
    }

    #[test]
    fn three_people_more_are_an_update_and_two_are_not() {
        let (id, _) = check(&["a"], "ines", &[]);
        let before = [shown(id, &["a"], "ines", 12)];
        let joined = News::Update { joined: people("x y z"), answers: vec![] };
        assert_eq!(check(&["a"], "ines x y z", &before).1, joined);
        assert_eq!(check(&["a"], "ines x y x", &before).1, News::Seen);
    }

    #[test]
    fn an_answer_to_the_reader_is_an_update_until_it_was_shown() {
        let (id, _) = check(&["a"], "ines", &[]);
        let (own, people, answers) = ([post("a"), post("b")], people("ines x"), [post("b")]);
        let today = Today { posts: &own, people: &people, answers: &answers };
        let mut before = vec![shown(id, &["a"], "ines", 12)];
        let answered = News::Update { joined: vec![], answers: vec![post("b")] };
        assert_eq!(remember(&[today], &before)[0].1, answered);
        before.push(shown(id, &["a", "b"], "ines x", 13));
        assert_eq!(remember(&[today], &before)[0].1, News::Seen);
    }

    #[test]
    fn an_update_that_was_shown_is_no_update_again() {
        let (id, _) = check(&["a"], "ines", &[]);
        let before = [shown(id, &["a"], "ines", 11), shown(id, &["a"], "x y z", 12)];
        assert_eq!(check(&["a"], "ines x y z", &before).1, News::Seen);
    }

    #[test]
    fn what_parts_from_a_topic_that_was_told_needs_news_of_its_own() {
        let (id, _) = check(&["a"], "", &[]);
        let before = [shown(id, &["a", "b", "c", "d", "e"], "ines tomas", 12)];
        let (heir, part) = ([post("a"), post("b"), post("c")], [post("d"), post("e"), post("f")]);
        let parted = |names: &str| {
            let people = people(names);
            let of = |posts| Today { posts, people: &people, answers: &[] };
            remember(&[of(&heir), of(&part)], &before).remove(1).1
        };
        assert_eq!(parted("ines tomas jun"), News::Seen);
        let joined = News::Update { joined: people("x y z"), answers: vec![] };
        assert_eq!(parted("ines x y z"), joined);
    }

    #[test]
    fn of_two_heirs_the_one_with_more_in_common_keeps_the_id() {
        let (id, _) = check(&["a"], "", &[]);
        let before = [shown(id, &["a", "b", "c"], "", 12)];
        let (one, two) = ([post("a")], [post("b"), post("c")]);
        let bare = |posts| Today { posts, people: &[], answers: &[] };
        let ids = remember(&[bare(&one), bare(&two)], &before);
        assert_eq!(ids[1].0, id);
        // The other is named for its first post, which may be the very id that was taken.
        assert_ne!(ids[0].0, id);
    }
}
