//! From handles to people.
