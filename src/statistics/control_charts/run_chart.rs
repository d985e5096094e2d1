//! The run chart: values about their median, told by runs and crossings alone.
//!
//! Perla RJ, Provost LP, Murray SK (2011), *BMJ Quality & Safety* 20:46-51; its rules are at [`super::Runs`].

use super::super::{Undefined, quantile};
use super::{ANYWHERE, Baseline, Phase, draw, finite};

/// Charts one phase of values about the median of its baseline.
///
/// # Errors
/// [`Undefined::NoObservations`] where no point makes the median; [`Undefined::NotFinite`].
pub fn run(values: &[f64], baseline: &Baseline) -> Result<Phase, Undefined> {
    let values = finite(values)?;
    let mut sorted = baseline.of(&values);
    sorted.sort_by(f64::total_cmp);
    let median = quantile::type_7(&sorted, 0.5).ok_or(Undefined::NoObservations)?;
    draw(&values, median, &vec![None; values.len()], ANYWHERE, baseline)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_centre_is_the_median_of_the_baseline_and_nothing_is_outside() {
        let baseline = Baseline { freeze_after: Some(5), excluded: &[1] };
        let phase = run(&[4.0, 900.0, 1.0, 3.0, 9.0, 80.0, 70.0], &baseline).unwrap();
        assert_eq!(phase.centre, 3.5);
        assert!(phase.points.iter().all(|point| point.limits_3_sigma.is_none() && !point.is_outside));
        let runs = phase.runs.unwrap();
        assert_eq!((runs.useful_points, runs.longest_run, runs.crossings), (6, 3, 2));
    }

    #[test]
    fn one_point_is_its_own_median() {
        let phase = run(&[7.0], &Baseline::default()).unwrap();
        assert_eq!((phase.centre, phase.runs), (7.0, None));
        assert_eq!(run(&[], &Baseline::default()), Err(Undefined::NoObservations));
        assert_eq!(run(&[1.0, f64::INFINITY], &Baseline::default()), Err(Undefined::NotFinite));
    }
}
