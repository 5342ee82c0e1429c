//! Tables: LinkedIn's `Connections.csv`, and what `export csv` writes. Columns are known by their
//! headings.

use crate::model::Problem;

use super::{Listed, once};

/// LinkedIn puts a note of some lines before its table.
const PREAMBLE: usize = 12;

/// Reads a CSV whose heading names a column of addresses; `None`: there is no such heading.
pub fn table(text: &str) -> Option<(Vec<Listed>, Vec<Problem>)> {
    let text = text.trim_start_matches('\u{feff}');
    let start = text.lines().take(PREAMBLE).position(is_heading)?;
    let body: String = text.split_inclusive('\n').skip(start).collect();
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(body.as_bytes());
    let heads: Vec<String> =
        reader.headers().ok()?.iter().map(|head| head.trim().to_ascii_lowercase()).collect();
    let column =
        |names: &[&str]| names.iter().find_map(|name| heads.iter().position(|head| head == name));
    let feed = column(&["feed", "feed_url", "xmlurl"]);
    let page = column(&["url", "page", "htmlurl", "profile url"]);
    let title = column(&["title", "name", "full name"]);
    let names = [column(&["first name"]), column(&["last name"])];
    let folder = column(&["circle", "folder", "category", "group"]);
    let (mut listed, mut problems) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let Ok(record) = record else {
            problems.push(Problem::new("a line", "cannot be read"));
            continue;
        };
        let get = |column: Option<usize>| {
            column.and_then(|at| record.get(at)).filter(|text| !text.is_empty())
        };
        let both: Vec<&str> = names.iter().filter_map(|column| get(*column)).collect();
        let title =
            get(title).map(str::to_owned).or_else(|| (!both.is_empty()).then(|| both.join(" ")));
        let url = get(feed)
            .or_else(|| get(page))
            .and_then(|text| super::pasted(text).0.into_iter().next().map(|one| one.url));
        let Some(url) = url else {
            if record.iter().any(|field| !field.is_empty()) {
                let line = record.position().map_or(0, csv::Position::line) + start as u64;
                let who = title.unwrap_or_else(|| "nobody".to_owned());
                problems.push(Problem::new(
                    format!("line {line}"),
                    format!("{who}: no address is given"),
                ));
            }
            continue;
        };
        listed.push(Listed { title, url, folder: get(folder).map(str::to_owned) });
    }
    Some((once(listed), problems))
}

fn is_heading(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    let words: Vec<&str> = line.split(',').map(|word| word.trim().trim_matches('"')).collect();
    let has = |names: &[&str]| names.iter().any(|name| words.contains(name));
    words.len() > 1
        && has(&["url", "feed", "feed_url", "xmlurl", "profile url"])
        && has(&["first name", "last name", "title", "name", "full name"])
}

/// Writes a table of `rows` below `heads`.
pub fn table_write(heads: &[&str], rows: &[Vec<&str>]) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    for row in std::iter::once(&heads.to_vec()).chain(rows) {
        writer.write_record(row).expect("a vector takes every write, and rows are of one length");
    }
    let bytes = writer.into_inner().expect("a vector takes every write");
    String::from_utf8(bytes).expect("what was written of text is text")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linkedins_connections_are_read_behind_their_preamble() {
        let text = "\u{feff}Notes:\n\"When exporting your connection data, you may notice, that some \
            email addresses are missing.\"\n\n\
            First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
            Ines,Okafor,https://www.linkedin.com/in/inesok,,\"Ferric, Inc\",Lead,02 Jan 2026\n\
            ,,,,,,03 Jan 2026\n\
            Wen,Zhao,,,,,04 Jan 2026\n";
        let (listed, problems) = table(text).unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0].title.as_deref(), Some("Ines Okafor"));
        assert_eq!(listed[0].url, "https://www.linkedin.com/in/inesok");
        let told: Vec<String> = problems.iter().map(Problem::to_string).collect();
        assert_eq!(told.len(), 2);
        assert!(told[1].contains("line 7") && told[1].contains("Wen Zhao"), "{told:?}");
    }

    #[test]
    fn a_table_is_known_by_its_heading() {
        assert!(table("ines,https://ines.example\n").is_none());
        let text = table_write(
            &["title", "feed", "url", "circle"],
            &[vec!["A, \"B\"", "https://a.example/f", "", "x/y"]],
        );
        let (listed, problems) = table(&text).unwrap();
        let title = Some("A, \"B\"".to_owned());
        let (url, folder) = ("https://a.example/f".to_owned(), Some("x/y".to_owned()));
        assert_eq!(listed, [Listed { title, url, folder }]);
        assert_eq!(problems, []);
    }
}
