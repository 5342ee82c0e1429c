//! What counts as a word, in any language, and what a few words say: their language, whether
//! two texts are the same, whether one of them asks its readers something.
//!
//! Search, topics, relevance and snippets all see text through this room, so that a word that
//! one of them finds is found by the others too. Knows nothing of posts.

mod scripts;
mod words;
mod stop_words;
mod stems;
mod analyze;
mod language;
mod fingerprint;
mod ask_rules;
mod ask;
mod shorten;
mod counted;

pub use analyze::{Content, Token, analyze, content, terms};
pub use ask::{ASK_THRESHOLD, ask_strength};
pub use counted::counted;
pub use fingerprint::{Fingerprint, fingerprint};
pub use language::{base_language, language};
pub use scripts::{is_single, is_unspaced};
pub use shorten::{first_sentence, shorten};
pub use stems::{stem, variants};
pub use stop_words::is_stop_word;
pub use words::{Kind, Word, links, pieces, unaccent, words};
