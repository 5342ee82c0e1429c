//! Which hosts and addresses are public, and which a feed may lead to.
