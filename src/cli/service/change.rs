//! What replacing a file changes: the lines that go and those that come.

/// Lines of `old` that go (`-`) and of `new` that come (`+`), in their order; the lines that stay
/// are left out. Both are short: the table is as large as their lines multiplied.
pub(super) fn lines(old: &str, new: &str) -> Vec<String> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    // common[i][j]: how many lines old[i..] and new[j..] have in common, in order.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut changed = Vec::new();
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && common[i][j + 1] <= common[i + 1][j] {
            changed.push(format!("- {}", old[i]));
            i += 1;
        } else {
            changed.push(format!("+ {}", new[j]));
            j += 1;
        }
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_that_differ_are_told_in_their_order() {
        assert_eq!(lines("a\nb\nc\n", "a\nB\nc\nd\n"), ["- b", "+ B", "+ d"]);
        assert_eq!(lines("a\nb\n", "b\n"), ["- a"]);
        assert_eq!(lines("a\n", "a\n"), Vec::<String>::new());
        assert_eq!(lines("", "a"), ["+ a"]);
    }
}
