//! Posts that speak of one thing, its name, and how unusual it is.
