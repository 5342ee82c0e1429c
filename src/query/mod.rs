//! The one query language: parse, AST, evaluate on a post.
