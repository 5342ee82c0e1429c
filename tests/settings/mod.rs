//! What `feeds.yaml` may say, and what is said where it may not.

mod accepted;
mod files;
mod refused;
mod shipped;
mod edited;
mod written;

use bellwether::config::{self, Config, Surroundings};

/// Reads settings that are right; no secret is set but these.
fn load_with(yaml: &str, secrets: &[(&str, &str)]) -> Config {
    config::read(yaml, "feeds.yaml", &Surroundings::fixed(secrets)).unwrap_or_else(|error| {
        let faults: Vec<String> = error.faults().iter().map(|fault| fault.to_string()).collect();
        panic!("{error}\n{}", faults.join("\n"))
    })
}

fn load(yaml: &str) -> Config {
    load_with(yaml, &[])
}
