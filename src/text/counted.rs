//! How many there are of something, as people write it.

/// `1 topic`, `1,204 topics`.
pub fn counted(count: usize, noun: &str) -> String {
    let digits = count.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_told_as_one_and_many_are_grouped() {
        assert_eq!(counted(0, "post"), "0 posts");
        assert_eq!(counted(1, "post"), "1 post");
        assert_eq!(counted(999, "post"), "999 posts");
        assert_eq!(counted(1_204_000, "post"), "1,204,000 posts");
    }
}
