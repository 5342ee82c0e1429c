//! The digest as a page: the same Markdown, rendered.

use pulldown_cmark::{Options, Parser, html::push_html};

use super::{View, escape, markdown, times};
use crate::model::Digest;

/// Renders a digest as one page without scripts, images or anything to load.
pub fn html(digest: &Digest, view: &View) -> String {
    let source = markdown(digest, view);
    let mut body = String::with_capacity(source.len() * 2);
    push_html(&mut body, Parser::new_ext(&source, Options::empty()));
    let title = escape::html(&times::heading(digest.now, &view.zone));
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}

const STYLE: &str = "body{max-width:46rem;margin:2rem auto;padding:0 1rem;\
    font:1rem/1.5 system-ui,sans-serif}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.6rem}";
