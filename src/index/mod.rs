//! The narrow door to full-text search; derived from the archive.
