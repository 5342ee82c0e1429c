//! BM25 over a window's posts (Robertson & Zaragoza 2009, with Lucene's idf that is never negative).
//!
//! Not asked of the search index: its statistics move with every unrelated post.

const K1: f64 = 1.2;
const B: f64 = 0.75;

/// Returns the score of each document, at least 0. `lengths` are in words, `counts` tell how
/// often each term of the query is in each document: `counts[document][term]`.
pub fn scores(lengths: &[usize], counts: &[Vec<usize>]) -> Vec<f64> {
    let terms = counts.first().map_or(0, Vec::len);
    let having = |term: usize| counts.iter().filter(|row| row[term] > 0).count();
    let weights: Vec<f64> = (0..terms).map(|term| idf(counts.len(), having(term))).collect();
    let mean = (lengths.iter().sum::<usize>() as f64 / lengths.len().max(1) as f64).max(1.0);
    let score = |(row, length): (&Vec<usize>, &usize)| -> f64 {
        let length = *length as f64 / mean;
        row.iter().zip(&weights).map(|(often, weight)| weight * saturated(*often, length)).sum()
    };
    counts.iter().zip(lengths).map(score).collect()
}

fn idf(documents: usize, having: usize) -> f64 {
    let (documents, having) = (documents as f64, having as f64);
    (1.0 + (documents - having + 0.5) / (having + 0.5)).ln()
}

/// How much `often` says in a document of `length` mean lengths.
fn saturated(often: usize, length: f64) -> f64 {
    let often = often as f64;
    often * (K1 + 1.0) / (often + K1 * (1.0 - B + B * length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rare_word_says_more_than_a_common_one() {
        let found = scores(&[2; 4], &[vec![1, 0], vec![0, 1], vec![0, 1], vec![0, 0]]);
        assert!(found[0] > found[1] && found[1] > 0.0);
        assert_eq!(found[3], 0.0);
    }

    #[test]
    fn a_word_in_a_short_text_says_more_than_in_a_long_one() {
        let found = scores(&[1, 7, 1], &[vec![1], vec![1], vec![0]]);
        assert!(found[0] > found[1]);
    }

    #[test]
    fn the_closed_form_holds() {
        let found = scores(&[2, 2], &[vec![1], vec![0]]);
        assert!((found[0] - (1.0f64 + 1.5 / 1.5).ln()).abs() < 1e-12);
    }

    #[test]
    fn nothing_is_nothing() {
        assert!(scores(&[], &[]).is_empty());
        assert_eq!(scores(&[0], &[vec![]]), [0.0]);
    }
}
