//! Journeys that bring doors and workshops together.
