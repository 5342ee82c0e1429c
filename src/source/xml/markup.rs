//! An element's content as HTML, and text as XML.

use super::tree::{Element, Node};

/// HTML elements without an end tag.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Appends `text` to `out` with the characters escaped that XML and HTML would read as markup.
pub(in super::super) fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(character),
        }
    }
}

/// Returns the HTML that a text construct means: RSS text is HTML already; Atom says by `type`
/// (RFC 4287 §3.1) and Atom 0.3 by `mode` too. Elements written where escaped HTML was meant
/// are HTML. `None` where it holds nothing, or nothing that is text.
pub(in super::super) fn html_of(element: &Element, atom: bool) -> Option<String> {
    let kind = element.attribute("type").unwrap_or("").trim().to_ascii_lowercase();
    let inline = element.elements().next().is_some();
    let html = match kind.as_str() {
        _ if element.attribute("mode") == Some("base64") => base64(element)?,
        _ if inline => inner_html(element),
        "" | "text" | "text/plain" if atom => {
            let mut text = String::new();
            escape(&element.text()?, &mut text);
            text
        }
        "" | "text" | "html" | "xhtml" => element.text()?,
        _ if kind.starts_with("text/") || kind.ends_with("xml") => element.text()?,
        _ if atom => base64(element)?,
        _ => element.text()?,
    };
    let html = html.trim();
    (!html.is_empty()).then(|| html.to_owned())
}

fn base64(element: &Element) -> Option<String> {
    let mut packed = element.text()?;
    packed.retain(|character| !character.is_whitespace());
    let bytes = data_encoding::BASE64.decode(packed.as_bytes()).ok()?;
    String::from_utf8(bytes).ok()
}

/// Returns what is in `element` as HTML.
fn inner_html(element: &Element) -> String {
    let mut out = String::new();
    write_children(element, &mut out);
    out
}

fn write_children(element: &Element, out: &mut String) {
    for node in &element.children {
        match node {
            Node::Text(text) => escape(text, out),
            Node::Element(child) => write_element(child, out),
        }
    }
}

fn write_element(element: &Element, out: &mut String) {
    // Atom's own vocabulary may stand as a prefix on XHTML inside it: `<xhtml:div>` is a div.
    let name = element.name.rsplit(':').next().unwrap_or(&element.name);
    out.push('<');
    out.push_str(name);
    for (key, value) in &element.attributes {
        out.push(' ');
        out.push_str(key);
        out.push_str("=\"");
        escape(value, out);
        out.push('"');
    }
    out.push('>');
    write_children(element, out);
    if !VOID.contains(&name) {
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

#[cfg(test)]
mod tests {
    use super::super::tree::read;
    use super::*;

    fn check(xml: &str, atom: bool, expected: Option<&str>) {
        let root = read(xml).unwrap().root;
        assert_eq!(html_of(&root, atom).as_deref(), expected, "{xml}");
    }

    #[test]
    fn a_text_construct_says_what_it_is() {
        check("<title>a &lt;b&gt;c</title>", true, Some("a &lt;b&gt;c"));
        check("<title type='html'>a &lt;b&gt;c</title>", true, Some("a <b>c"));
        check("<title>a &lt;b&gt;c</title>", false, Some("a <b>c"));
        check("<content type='application/octet-stream'>PGI+</content>", true, Some("<b>"));
        check("<content type='text/html' mode='escaped'>&lt;p&gt;</content>", true, Some("<p>"));
        check("<title> </title>", false, None);
    }

    #[test]
    fn elements_where_text_was_meant_are_html() {
        check(
            "<description>x <b>y</b> &amp; z<br/></description>",
            false,
            Some("x <b>y</b> &amp; z<br>"),
        );
        check(
            "<content type='xhtml'><div><p>&lt;</p></div></content>",
            true,
            Some("<div><p>&lt;</p></div>"),
        );
    }
}
