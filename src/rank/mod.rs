//! Scores that are sums of named signals.
