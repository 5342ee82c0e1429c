//! The door to the web, against servers on loopback.

use std::time::Duration;

use bellwether::address::Allow;
use bellwether::fetch::{Answer, Client, Failure, Settings};
use bellwether::model::{Document, Request, Validators};

mod answers;
mod conditional;
mod guard;
mod limits;
mod politeness;
mod redirects;
mod robots;

const AGENT: &str = "bellwether/0.1 (+https://mara.example/reader)";

/// Loopback is allowed, but for 127.9.0.0/16, which stands for someone's own network.
fn settings() -> Settings {
    Settings {
        user_agent: AGENT.to_owned(),
        allow: Allow::parse(["127.0.0.0/16"]).unwrap(),
        requests_per_second: 0.0,
        timeout: Duration::from_secs(20),
        ..Settings::default()
    }
}

fn client() -> Client {
    Client::new(&settings()).unwrap()
}

fn request(url: &str) -> Request {
    Request { url: url.to_owned(), accept: None, validators: Validators::default() }
}

async fn get(url: &str) -> Answer {
    client().get(&request(url)).await
}

#[track_caller]
fn document(answer: Answer) -> (Document, Validators) {
    match answer {
        Answer::Document { document, validators, .. } => (document, validators),
        other => panic!("no document: {other:?}"),
    }
}

#[track_caller]
fn failure(answer: Answer) -> Failure {
    match answer {
        Answer::Failed(failure) => failure,
        other => panic!("no failure: {other:?}"),
    }
}
