//! Whether a post is new, changed, seen before, or the same story told elsewhere.
