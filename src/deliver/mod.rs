//! Channels by which a digest reaches a person.
