//! Scripts in which white space does not tell where a word ends.

/// Says whether `c` is a syllable of Korean, or a part of one.
pub(super) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7ff}' | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}'
        | '\u{a960}'..='\u{a97f}' | '\u{ffa0}'..='\u{ffdc}')
}

/// Says whether `c` is katakana, or stands in the middle of it.
pub(super) fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a0}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}')
}

/// Says whether `word` is one character of a script that puts no spaces between words, or of
/// Korean.
pub fn is_single(word: &str) -> bool {
    let mut chars = word.chars();
    let first = chars.next().is_some_and(|c| is_unspaced(c) || is_hangul(c));
    first && chars.count() <= 3
}

/// Says whether `c` is of a script that puts no spaces between words.
pub fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}')
}
