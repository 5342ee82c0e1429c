//! When a feed is asked, and how long it is left alone.
