//! What lies around somebody's page: the person's other profiles, and lists of what they read.

use futures::future::join_all;

use crate::fetch::{Answer, Client};
use crate::model::{Problem, Request, Validators};
use crate::source::around::{BLOGROLLS, blogrolls};
use crate::source::lists::{self, Listed};
use crate::source::{decode, discover};

/// A page, as far as it speaks of its owner.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visit {
    /// Who is behind it, or what it calls itself.
    pub name: Option<String>,
    /// Pages that it says are of the same person (`rel=me`).
    pub me: Vec<String>,
    /// Lists that it names.
    pub blogrolls: Vec<String>,
}

/// Reads the page at `url`; `None` where none is there now.
pub async fn visit(client: &Client, url: &str) -> Option<Visit> {
    let (html, base) = page(client, url).await?;
    Some(Visit {
        name: discover::name(&html),
        me: discover::rel_me(&html, &base),
        blogrolls: blogrolls(&html, &base),
    })
}

/// Tells of each of `others` whether it says `rel=me` of one of `own`: then both sides say that
/// they are one person's.
pub async fn link_back(client: &Client, own: &[String], others: &[String]) -> Vec<bool> {
    let own: Vec<String> = own.iter().map(|url| same(url)).collect();
    let asks = others.iter().map(|other| async {
        let Some((html, base)) = page(client, other).await else { return false };
        discover::rel_me(&html, &base).iter().any(|url| own.contains(&same(url)))
    });
    join_all(asks).await
}

/// Reads the lists that are there: those that a page `named`, else where they usually lie on its
/// site.
pub async fn readings(client: &Client, page: &str, named: &[String]) -> Vec<(String, Vec<Listed>)> {
    let usual = || BLOGROLLS.iter().filter_map(|path| crate::normalize::url::resolve(page, path));
    let urls: Vec<String> = if named.is_empty() { usual().collect() } else { named.to_vec() };
    let mut found: Vec<(String, Vec<Listed>)> = Vec::new();
    for url in urls {
        let listed = list(client, &url).await.unwrap_or_default();
        // One list often lies at both places.
        if !listed.is_empty() && found.iter().all(|(_, other)| *other != listed) {
            found.push((url, listed));
        }
    }
    found
}

/// Reads the list at `url`, of whatever form.
///
/// # Errors
/// One line on why there is no answer.
pub async fn fetch_list(client: &Client, url: &str) -> Result<(Vec<Listed>, Vec<Problem>), String> {
    let accept = Some("text/x-opml, text/xml;q=0.9, */*;q=0.5".to_owned());
    let request = Request { url: url.to_owned(), accept, validators: Validators::default() };
    match client.look(&request).await {
        Answer::Document { document, .. } => Ok(lists::any(&document.body)),
        Answer::Unchanged { .. } => Err("the answer is empty".to_owned()),
        Answer::Failed(failure) => Err(failure.to_string()),
    }
}

/// Reads the OPML list at `url`.
async fn list(client: &Client, url: &str) -> Option<Vec<Listed>> {
    let document = get(client, url).await?;
    let text = decode::text(&document.body, document.content_type.as_deref());
    // A site that answers everything with its home page has no list.
    (!discover::is_html(&text)).then(|| lists::opml(&document.body).0)
}

async fn page(client: &Client, url: &str) -> Option<(String, String)> {
    let document = get(client, url).await?;
    let html = decode::text(&document.body, document.content_type.as_deref());
    discover::is_html(&html).then_some((html, document.url))
}

async fn get(client: &Client, url: &str) -> Option<crate::model::Document> {
    let accept = Some("text/html, text/xml;q=0.9, */*;q=0.5".to_owned());
    let request = Request { url: url.to_owned(), accept, validators: Validators::default() };
    match client.look(&request).await {
        Answer::Document { document, .. } => Some(document),
        _ => None,
    }
}

/// What makes two addresses one: the scheme, `www.` and a slash at the end are no difference.
fn same(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.strip_prefix("www.").unwrap_or(rest).trim_end_matches('/');
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    format!("{}/{path}", host.to_lowercase())
}
