//! What is said at the daemon's door, with a loop that the test plays.

use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::Mutex;

use bellwether::daemon::door::{Answer, Ask, Door, Knock, Reply, Silence, call};
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Asks, and returns the last answer.
async fn asked(folder: &Path, ask: Ask) -> Result<Answer, Silence> {
    let mut call = call(folder, ask).await?;
    loop {
        let answer = call.next().await?;
        if answer.is_last() {
            return Ok(answer);
        }
    }
}

fn done(intent: i64) -> Answer {
    Answer::Done(intent.into())
}

#[test]
fn whoever_asks_hears_its_own_answer_however_many_there_are() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let _door = runtime.block_on(async {
        Door::open(folder.path(), |Knock { ask, reply }| {
            let Ask::Act { intent } = ask else { panic!("{ask:?}") };
            reply.say(Answer::Heard { by: 1 });
            reply.say(done(intent));
        })
    });
    let all = (1..=200).map(|intent| asked(folder.path(), Ask::Act { intent }));
    let answers = runtime.block_on(futures::future::join_all(all));
    for (intent, answer) in (1..).zip(answers) {
        assert_eq!(answer.unwrap(), done(intent));
    }
}

#[test]
fn a_long_silence_of_a_loop_that_turns_is_waited_out() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let first: Mutex<Option<Reply>> = Mutex::new(None);
    let _door = runtime.block_on(async {
        Door::open(folder.path(), move |Knock { ask, reply }| match ask {
            Ask::Act { .. } => *first.lock().unwrap() = Some(reply),
            Ask::Alive => {
                reply.say(Answer::Alive);
                let first = first.lock().unwrap().take();
                first.unwrap().say(done(7));
            }
            Ask::Status => panic!("nobody asked"),
        })
    });
    assert_eq!(runtime.block_on(asked(folder.path(), Ask::Act { intent: 7 })).unwrap(), done(7));
}

#[test]
fn a_loop_that_lets_go_of_a_question_has_ended_it() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let _door = runtime.block_on(async { Door::open(folder.path(), drop) });
    let ended = runtime.block_on(asked(folder.path(), Ask::Status)).unwrap_err();
    assert!(matches!(ended, Silence::Ended), "{ended}");
}

#[test]
fn what_is_no_question_is_told_so_and_never_reaches_the_loop() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = runtime();
    let _door = runtime.block_on(async { Door::open(folder.path(), |knock| panic!("{knock:?}")) });
    for line in ["hello\n", "{\"ask\":\"dance\"}\n", "\n", &"x".repeat(5000)] {
        let mut stream = UnixStream::connect(folder.path().join("door")).unwrap();
        stream.write_all(line.as_bytes()).unwrap();
        let mut answer = String::new();
        // What it has not listened to any more may cost the connection.
        let read = stream.read_to_string(&mut answer);
        assert!(answer.starts_with("{\"failed\":") || read.is_err(), "{line}: {answer}");
    }
}
