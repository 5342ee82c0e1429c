//! Answers that were looked at and will be asked for once more in a moment: the second question
//! is answered from here, so that a server hears only one.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Answer, Failure};
use crate::model::{Document, Pace, Validators};

/// Bytes of bodies that are kept at most; what does not fit is asked for twice.
const MOST_BYTES: usize = 32 << 20;

/// An answer without its share of the bytes in flight.
#[derive(Debug, Clone)]
pub(super) enum Kept {
    Document { document: Document, validators: Validators, pace: Pace, permanent: Option<String> },
    Failed(Failure),
}

/// By the address that was asked.
#[derive(Debug, Default)]
pub(super) struct Recent {
    kept: Mutex<(BTreeMap<String, Kept>, usize)>,
}

impl Recent {
    /// Keeps a copy for the next question, if there is room. A machine without a network, or a
    /// service that rests, may be better in a moment: those are not kept.
    pub(super) fn keep(&self, url: &str, answer: &Answer) {
        let copy = match answer {
            Answer::Document { document, validators, pace, permanent, .. } => Kept::Document {
                document: document.clone(),
                validators: validators.clone(),
                pace: pace.clone(),
                permanent: permanent.clone(),
            },
            Answer::Failed(failure) if !failure.is_offline() && !failure.is_unsent() => {
                Kept::Failed(failure.clone())
            }
            Answer::Unchanged { .. } | Answer::Failed(_) => return,
        };
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (answers, bytes) = &mut *kept;
        if *bytes + copy.bytes() <= MOST_BYTES {
            *bytes += copy.bytes();
            if let Some(old) = answers.insert(url.to_owned(), copy) {
                *bytes -= old.bytes();
            }
        }
    }

    /// Gives the answer away: it is good for one question.
    pub(super) fn take(&self, url: &str) -> Option<Kept> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (answers, bytes) = &mut *kept;
        let answer = answers.remove(url)?;
        *bytes -= answer.bytes();
        Some(answer)
    }
}

impl Kept {
    fn bytes(&self) -> usize {
        match self {
            Kept::Document { document, .. } => document.body.len(),
            Kept::Failed(_) => 0,
        }
    }
}
