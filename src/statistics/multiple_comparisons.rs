//! Adjusting p-values when many tests are read together. Each function answers in the order of its input.

/// Bonferroni: each p-value times their number, at most 1. Holds the chance of any false alarm at the level.
pub fn bonferroni(p_values: &[f64]) -> Vec<f64> {
    p_values.iter().map(|p| (p * p_values.len() as f64).min(1.0)).collect()
}

/// Holm's step-down adjustment (Holm S 1979, *Scandinavian Journal of Statistics* 6:65-70): as Bonferroni, never larger.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut largest: f64 = 0.0;
    for (rank, index) in ascending(p_values).into_iter().enumerate() {
        largest = largest.max((p_values[index] * (p_values.len() - rank) as f64).min(1.0));
        adjusted[index] = largest;
    }
    adjusted
}

/// Benjamini and Hochberg's q-values (1995, *JRSS B* 57:289-300): flagging q <= 0.05 holds the expected share of false
/// alarms among the flagged at 5%.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let mut adjusted = vec![0.0; p_values.len()];
    let mut smallest: f64 = 1.0;
    for (rank, index) in ascending(p_values).into_iter().enumerate().rev() {
        smallest = smallest.min(p_values[index] * p_values.len() as f64 / (rank + 1) as f64);
        adjusted[index] = smallest;
    }
    adjusted
}

/// Indices from the smallest p-value to the largest; equal ones in the order given.
fn ascending(p_values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|a, b| p_values[*a].total_cmp(&p_values[*b]));
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{found:?} {expected:?}");
    }

    /// Four tests out of order, worked by hand.
    #[test]
    fn four_tests() {
        let p_values = [0.04, 0.01, 0.5, 0.02];
        assert_close(&bonferroni(&p_values), &[0.16, 0.04, 1.0, 0.08]);
        assert_close(&holm(&p_values), &[0.08, 0.04, 0.5, 0.06]);
        assert_close(&benjamini_hochberg(&p_values), &[0.16 / 3.0, 0.04, 0.5, 0.04]);
    }

    #[test]
    fn no_test_and_equal_tests() {
        for adjust in [bonferroni, holm, benjamini_hochberg] {
            assert_eq!(adjust(&[]), Vec::<f64>::new());
        }
        assert_close(&benjamini_hochberg(&[0.03, 0.03, 0.03]), &[0.03, 0.03, 0.03]);
        assert_close(&holm(&[0.03, 0.03, 0.03]), &[0.09, 0.09, 0.09]);
    }
}
