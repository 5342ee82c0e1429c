//! Contents: one line for each file of tests.
