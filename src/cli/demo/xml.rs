//! A small writer of XML: elements on lines of their own, everything escaped.

use quick_xml::escape::escape;

/// Attributes: name and unescaped value.
pub(super) type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A document in the making.
pub(super) struct Xml {
    text: String,
    open: Vec<&'static str>,
}

impl Xml {
    /// Begins a document whose root is `name`.
    pub(super) fn new(name: &'static str, attributes: Attributes<'_>) -> Xml {
        let mut xml = Xml {
            text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
            open: Vec::new(),
        };
        xml.open(name, attributes);
        xml
    }

    /// Opens an element that `close` will close.
    pub(super) fn open(&mut self, name: &'static str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.text.push_str(">\n");
        self.open.push(name);
    }

    /// Closes the element that was opened last.
    pub(super) fn close(&mut self) {
        let name = self.open.pop().expect("each close has its open");
        self.indent();
        self.text.push_str(&format!("</{name}>\n"));
    }

    /// Writes an element that holds only text.
    pub(super) fn leaf(&mut self, name: &str, attributes: Attributes<'_>, text: &str) {
        self.tag(name, attributes);
        self.text.push_str(&format!(">{}</{name}>\n", escape(text)));
    }

    /// Writes an element without content.
    pub(super) fn empty(&mut self, name: &str, attributes: Attributes<'_>) {
        self.tag(name, attributes);
        self.text.push_str("/>\n");
    }

    /// Closes what is open and returns the document.
    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.text
    }

    fn tag(&mut self, name: &str, attributes: Attributes<'_>) {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        for (key, value) in attributes {
            self.text.push_str(&format!(" {key}=\"{}\"", escape(*value)));
        }
    }

    fn indent(&mut self) {
        self.text.push_str(&"  ".repeat(self.open.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut xml = Xml::new("rss", &[("version", "2.0")]);
        xml.open("channel", &[]);
        xml.leaf("title", &[("a", "\"&\"")], "1 < 2 & <b>");
        xml.empty("link", &[]);
        let expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\">\n  \
                        <channel>\n    <title a=\"&quot;&amp;&quot;\">1 &lt; 2 &amp; &lt;b&gt;\
                        </title>\n    <link/>\n  </channel>\n</rss>\n";
        assert_eq!(xml.finish(), expected);
    }
}
