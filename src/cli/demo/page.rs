//! A page that has no feed: a list of events as somebody writes it by hand.

use html_escape::{encode_double_quoted_attribute, encode_text};
use jiff::tz::TimeZone;

use super::render::link;
use super::world::{Outlet, Seen};

/// Renders the page. Each entry is an `li.event` with an `h3 a` and a `time`.
pub(super) fn page(outlet: &Outlet, seen: &[Seen<'_>]) -> String {
    let events: String = seen.iter().map(|one| event(outlet, one)).collect();
    let title = encode_text(&outlet.title);
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title>\
         </head>\n<body>\n<h1>{title}</h1>\n<ul class=\"events\">\n{events}</ul>\n</body>\n</html>\n"
    )
}

fn event(outlet: &Outlet, seen: &Seen<'_>) -> String {
    let day = seen.entry.at.to_zoned(TimeZone::UTC).date();
    let page = link(outlet, seen);
    format!(
        "<li class=\"event\"><h3><a href=\"{}\">{}</a></h3> <time datetime=\"{day}\">{day}</time> \
         <p>{}</p></li>\n",
        encode_double_quoted_attribute(&page),
        encode_text(seen.title.unwrap_or_default()),
        encode_text(seen.text.trim()),
    )
}
