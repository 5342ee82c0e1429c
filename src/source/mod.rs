//! The kinds of places that posts come from, each with its request and its parser.
