//! The list of accounts followed that Mastodon exports.

use crate::model::Problem;

use super::{Listed, once};

/// Reads a following export: one account a line in the first column, with or without a heading.
pub fn mastodon_csv(bytes: &[u8]) -> (Vec<Listed>, Vec<Problem>) {
    let text = crate::source::decode::text(bytes, None);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let (mut listed, mut problems) = (Vec::new(), Vec::new());
    for (line, record) in reader.records().enumerate() {
        let about = || format!("line {}", line + 1);
        let Ok(record) = record else {
            problems.push(Problem::new(about(), "cannot be read"));
            continue;
        };
        let account = record.get(0).unwrap_or("").trim_start_matches('@');
        match account.split_once('@') {
            Some((user, host)) if !user.is_empty() && host.contains('.') => {
                listed.push(Listed { title: None, url: format!("@{user}@{host}"), folder: None });
            }
            _ if account.is_empty() || account.eq_ignore_ascii_case("account address") => {}
            _ => problems.push(Problem::new(about(), format!("`{account}` is not an account"))),
        }
    }
    (once(listed), problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_with_and_without_a_heading() {
        let (listed, problems) = mastodon_csv(
            b"Account address,Show boosts,Notify on new posts,Languages\n\
              ines@social.example,true,false,\njun@search.example,true,false,\"en, de\"\nnobody\n",
        );
        let urls: Vec<&str> = listed.iter().map(|one| one.url.as_str()).collect();
        assert_eq!(urls, ["@ines@social.example", "@jun@search.example"]);
        assert_eq!(problems, [Problem::new("line 4", "`nobody` is not an account")]);
        assert_eq!(mastodon_csv(b"@ines@social.example\n").0.len(), 1);
    }
}
