//! What the user wrote, then what the program needs.
