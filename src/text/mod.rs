//! What counts as a word, a phrase, a language, an ask.
