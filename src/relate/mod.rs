//! Who engaged with whom.
