//! From a post as published to a post as kept.
