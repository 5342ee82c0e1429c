//! What to say to somebody whose line names nothing that can be followed.

/// Returns how to write what `line` probably means; it holds neither an address nor a handle.
pub fn advice(line: &str) -> &'static str {
    let line = line.trim();
    let lower = line.to_ascii_lowercase();
    let alone = !line.contains(char::is_whitespace);
    let is_file = [".opml", ".csv", ".xml", ".txt", ".md"].iter().any(|end| lower.ends_with(end))
        || ["/", "~", "./", "../"].iter().any(|start| line.starts_with(start));
    match line.find('@') {
        _ if is_file => "there is no such file",
        Some(0) if alone => {
            "of which service? @name@host is Mastodon, @name.host is Bluesky; for any other give \
             the profile's address"
        }
        Some(_) if alone => "a mail address has no feed; at Mastodon it would be @name@host",
        _ if lower.contains("://") => "only http:// and https:// can be read",
        _ if alone => {
            "a word alone leads nowhere: give a site (ines.example), a handle (@ines@host) or a file"
        }
        _ => "give an address (https://ines.example), a handle (@ines@host) or a file",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_fits_what_was_written() {
        for (line, part) in [
            ("~/feeds.opml", "no such file"),
            ("following accounts.csv", "no such file"),
            ("@ines", "of which service"),
            ("ines@mail.example", "mail address"),
            ("gopher://ines.example", "http://"),
            ("ines", "a word alone"),
            ("my friend Ines", "give an address"),
        ] {
            assert!(advice(line).contains(part), "{line}: {}", advice(line));
        }
    }
}
