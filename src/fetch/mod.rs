//! The one door through which the web is read.
