//! Least squares by Householder QR (Golub GH, Van Loan CF 2013, *Matrix Computations*, 4th edition, section 5.3).
//!
//! With X = QR the coefficients solve Rβ = Qᵀy, and (XᵀX)⁻¹ = R⁻¹R⁻ᵀ; XᵀX is never formed, which would square the
//! condition number. Sums run in a fixed order with plain multiplications, so results are the same on every processor.

use super::Undefined;
use nalgebra::{DMatrix, DVector};

/// A column nearer than this to the span of those before it, as the sine of the angle, is one of them.
const SINGULAR_SINE: f64 = 1e-10;

/// What least squares gives.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Solution {
    /// β, one for each column.
    pub coefficients: Vec<f64>,
    /// (XᵀX)⁻¹, columns by columns.
    pub unscaled_covariance: DMatrix<f64>,
}

/// Solves for the coefficients of `columns` (observations by columns) that come nearest to `response`.
///
/// # Errors
/// [`Undefined::TooFewObservations`] below one observation a column, [`Undefined::SingularDesign`] where a column is
/// zero or a sum of those before it, [`Undefined::NotFinite`] where a number is not finite.
pub(super) fn solve(mut columns: DMatrix<f64>, response: &DVector<f64>) -> Result<Solution, Undefined> {
    let (observations, number) = columns.shape();
    if observations < number {
        return Err(Undefined::TooFewObservations);
    }
    if !columns.iter().chain(response).all(|value| value.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    // At a length of one each, what is left of a column on the diagonal of R is the sine of its angle.
    let lengths: Vec<f64> = columns.column_iter().map(|column| column.norm()).collect();
    for (mut column, length) in columns.column_iter_mut().zip(&lengths) {
        if *length == 0.0 {
            return Err(Undefined::SingularDesign);
        }
        column /= *length;
    }
    let qr = columns.qr();
    let triangle = qr.r();
    if triangle.diagonal().iter().any(|sine| sine.abs() < SINGULAR_SINE) {
        return Err(Undefined::SingularDesign);
    }
    let mut rotated = DMatrix::from_column_slice(observations, 1, response.as_slice());
    qr.q_tr_mul(&mut rotated);
    let top = rotated.rows(0, number).into_owned();
    let solved = triangle.solve_upper_triangular(&top).ok_or(Undefined::SingularDesign)?;
    let inverse =
        triangle.solve_upper_triangular(&DMatrix::identity(number, number)).ok_or(Undefined::SingularDesign)?;
    let unscaled_covariance = DMatrix::from_fn(number, number, |row, column| {
        inverse.row(row).dot(&inverse.row(column)) / lengths[row] / lengths[column]
    });
    let coefficients: Vec<f64> = solved.iter().zip(&lengths).map(|(value, length)| value / length).collect();
    if !coefficients.iter().chain(unscaled_covariance.iter()).all(|value| value.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    Ok(Solution { coefficients, unscaled_covariance })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(rows: &[&[f64]]) -> DMatrix<f64> {
        DMatrix::from_fn(rows.len(), rows[0].len(), |row, column| rows[row][column])
    }

    /// y = 1, 3, 4 on 1 and t = 0, 1, 2: slope Sxy/Sxx = 3/2, intercept 8/3 - 3/2; (XᵀX)⁻¹ = [5 -3; -3 3]/6.
    #[test]
    fn a_line_through_three_points() {
        let columns = matrix(&[&[1.0, 0.0], &[1.0, 1.0], &[1.0, 2.0]]);
        let found = solve(columns, &DVector::from_vec(vec![1.0, 3.0, 4.0])).unwrap();
        for (found, expected) in found.coefficients.iter().zip([7.0 / 6.0, 1.5]) {
            assert!((found - expected).abs() < 1e-14, "{found}");
        }
        for (found, expected) in found.unscaled_covariance.iter().zip([5.0 / 6.0, -0.5, -0.5, 0.5]) {
            assert!((found - expected).abs() < 1e-14, "{found}");
        }
    }

    #[test]
    fn as_many_points_as_columns_are_enough() {
        let found = solve(matrix(&[&[1.0, 1.0], &[1.0, 3.0]]), &DVector::from_vec(vec![5.0, 9.0])).unwrap();
        assert!((found.coefficients[0] - 3.0).abs() < 1e-13 && (found.coefficients[1] - 2.0).abs() < 1e-13);
    }

    #[test]
    fn columns_that_cannot_be_told_apart_are_refused() {
        let y = DVector::from_vec(vec![1.0, 3.0, 4.0]);
        for (rows, expected) in [
            ([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0]], Undefined::SingularDesign),
            ([[1.0, 3.0], [1.0, 3.0], [1.0, 3.0]], Undefined::SingularDesign),
            ([[1e-9, 3e9], [1e-9, 3e9], [1e-9, 3e9]], Undefined::SingularDesign),
            ([[1.0, 0.0], [1.0, 1.0], [1.0, f64::INFINITY]], Undefined::NotFinite),
        ] {
            let columns = DMatrix::from_fn(3, 2, |row, column| rows[row][column]);
            assert_eq!(solve(columns, &y), Err(expected), "{rows:?}");
        }
        let one = solve(matrix(&[&[1.0, 0.0]]), &DVector::from_vec(vec![1.0]));
        assert_eq!(one, Err(Undefined::TooFewObservations));
    }
}
