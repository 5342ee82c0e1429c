//! Numbers that still add up when they are printed.

/// Returns `values` rounded to whole units of 10^−`digits`, so that they sum to their rounded
/// sum: by largest remainder, ties to the earlier.
pub fn apportion(values: &[f64], digits: u32) -> Vec<i64> {
    let unit = 10f64.powi(digits as i32);
    let exact: Vec<f64> = values.iter().map(|value| value * unit).collect();
    let mut whole: Vec<i64> = exact.iter().map(|value| value.floor() as i64).collect();
    let sum = exact.iter().sum::<f64>().round() as i64;
    let missing = (sum - whole.iter().sum::<i64>()).max(0) as usize;
    let mut order: Vec<usize> = (0..values.len()).collect();
    let rest = |at: usize| exact[at] - exact[at].floor();
    order.sort_by(|a, b| rest(*b).total_cmp(&rest(*a)).then(a.cmp(b)));
    for at in order.into_iter().take(missing) {
        whole[at] += 1;
    }
    whole
}

/// Returns `units` of 10^−`digits` as people write a share of one: `.79`, `1.00`.
pub fn printed(units: i64, digits: u32) -> String {
    let unit = 10i64.pow(digits);
    let width = digits as usize;
    let (whole, rest) = (units.abs() / unit, units.abs() % unit);
    let sign = if units < 0 { "-" } else { "" };
    let whole = if whole == 0 { String::new() } else { whole.to_string() };
    format!("{sign}{whole}.{rest:0width$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thirds_are_shared_by_largest_remainder() {
        assert_eq!(apportion(&[1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0], 2), [34, 33, 33]);
        assert_eq!(apportion(&[0.196, 0.158, 0.146], 2), [20, 16, 14]);
    }

    #[test]
    fn a_share_is_printed_without_its_zero() {
        assert_eq!(printed(79, 2), ".79");
        assert_eq!(printed(5, 2), ".05");
        assert_eq!(printed(100, 2), "1.00");
    }

    proptest! {
        #[test]
        fn printed_points_sum_to_the_printed_score(values in prop::collection::vec(0.0..1.0f64, 1..12)) {
            for digits in [2, 4] {
                let unit = 10f64.powi(digits as i32);
                let sum = (values.iter().sum::<f64>() * unit).round() as i64;
                let parts = apportion(&values, digits);
                prop_assert_eq!(parts.iter().sum::<i64>(), sum);
                for (part, value) in parts.iter().zip(&values) {
                    prop_assert!((*part as f64 - value * unit).abs() <= 1.0 + 1e-6);
                }
            }
        }
    }
}
