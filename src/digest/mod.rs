//! From sections to a digest, and from a digest to Markdown, HTML and JSON.
