//! n-quantile groups: which fifth, tenth or other equal part of a group each unit lies in.
//!
//! As England's public health indicators are grouped (PHEindicatormethods, `phe_quantile`): of m units with a value,
//! rank r is one more than the number that come strictly before, so that ties share the better group, and
//!
//! ```text
//! group = q + 1 - ceil((m + 1 - r)·q / m)
//! ```
//!
//! in whole numbers, exactly. The group is that part of its own units alone: a unit may be in the lowest fifth and not
//! differ from the next.

use super::Undefined;
use std::num::NonZeroU32;

/// Which end group 1 holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupOne {
    /// The lowest values.
    Lowest,
    /// The highest values.
    Highest,
}

/// The group of each unit, from 1 to `groups`, in the order of `values`.
///
/// A unit without a value has no group; where fewer units have one than there are groups, none has.
///
/// # Errors
/// [`Undefined::NotFinite`] for a value that is no finite number.
pub fn quantile_groups(
    values: &[Option<f64>],
    groups: NonZeroU32,
    group_one: GroupOne,
) -> Result<Vec<Option<u32>>, Undefined> {
    let mut sorted: Vec<f64> = values.iter().flatten().copied().collect();
    if sorted.iter().any(|value| !value.is_finite()) {
        return Err(Undefined::NotFinite);
    }
    let groups = groups.get();
    if (sorted.len() as u64) < u64::from(groups) {
        return Ok(vec![None; values.len()]);
    }
    sorted.sort_by(f64::total_cmp);
    let before = |value: f64| match group_one {
        GroupOne::Lowest => sorted.partition_point(|other| *other < value),
        GroupOne::Highest => sorted.len() - sorted.partition_point(|other| *other <= value),
    };
    let group = |value: f64| {
        let not_before = (sorted.len() - before(value)) as u128;
        let from_last = (not_before * u128::from(groups)).div_ceil(sorted.len() as u128);
        groups + 1 - u32::try_from(from_last).unwrap_or(groups)
    };
    Ok(values.iter().map(|value| value.map(group)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// Groups follow values, the first is never empty, and the order of units does not matter; without ties they
        /// are as even as they can be.
        #[test]
        fn groups_follow_values(values in prop::collection::vec(0_i32..40, 1..60), groups in 1_u32..12) {
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            prop_assume!(values.len() >= groups as usize);
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            let (found, of_sorted) = (grouped(&values, groups, GroupOne::Lowest), grouped(&sorted, groups, GroupOne::Lowest));
            prop_assert!(of_sorted.is_sorted() && of_sorted[0] == Some(1) && of_sorted.iter().all(|group| *group <= Some(groups)));
            for (value, group) in values.iter().zip(found) {
                let position = sorted.partition_point(|other| other < value);
                prop_assert_eq!(group, of_sorted[position]);
            }
            let distinct: Vec<f64> = (0..values.len()).map(|unit| unit as f64).collect();
            let even = grouped(&distinct, groups, GroupOne::Highest);
            let sizes: Vec<usize> = (1..=groups).map(|group| even.iter().filter(|found| **found == Some(group)).count()).collect();
            prop_assert!(sizes.iter().all(|size| size.abs_diff(values.len() / groups as usize) <= 1), "{sizes:?}");
        }
    }

    fn grouped(values: &[f64], groups: u32, group_one: GroupOne) -> Vec<Option<u32>> {
        let values: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
        quantile_groups(&values, NonZeroU32::new(groups).unwrap(), group_one).unwrap()
    }

    /// Seven in three: (8 - r)·3/7 is 3, 2.57, 2.14, 1.71, 1.29, 0.86, 0.43.
    #[test]
    fn seven_in_thirds() {
        let values = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0];
        assert_eq!(grouped(&values, 3, GroupOne::Lowest), [1, 1, 1, 2, 2, 3, 3].map(Some));
        assert_eq!(grouped(&values, 3, GroupOne::Highest), [3, 3, 2, 2, 1, 1, 1].map(Some));
        assert_eq!(grouped(&values, 7, GroupOne::Lowest), [1, 2, 3, 4, 5, 6, 7].map(Some));
        assert_eq!(grouped(&values, 1, GroupOne::Lowest), [Some(1); 7]);
        assert_eq!(grouped(&values, 8, GroupOne::Lowest), [None; 7]);
    }

    /// Ranks 1, 2, 2, 2, 5, 6 in halves: the tied all take the first.
    #[test]
    fn ties_share_a_group() {
        let values = [0.0, 1.0, 1.0, 1.0, 2.0, 3.0];
        assert_eq!(grouped(&values, 2, GroupOne::Lowest), [1, 1, 1, 1, 2, 2].map(Some));
        assert_eq!(grouped(&values, 2, GroupOne::Highest), [2, 1, 1, 1, 1, 1].map(Some));
        assert_eq!(grouped(&[4.0; 6], 2, GroupOne::Lowest), [Some(1); 6]);
        assert_eq!(grouped(&[0.0, -0.0], 2, GroupOne::Lowest), [Some(1); 2]);
    }

    #[test]
    fn a_unit_without_value_is_in_no_group_and_counts_for_none() {
        let two = NonZeroU32::new(2).unwrap();
        let found = quantile_groups(&[Some(3.0), None, Some(1.0)], two, GroupOne::Lowest);
        assert_eq!(found, Ok(vec![Some(2), None, Some(1)]));
        assert_eq!(quantile_groups(&[Some(3.0), None], two, GroupOne::Lowest), Ok(vec![None, None]));
        assert_eq!(quantile_groups(&[], two, GroupOne::Lowest), Ok(vec![]));
        assert_eq!(quantile_groups(&[Some(f64::NAN)], two, GroupOne::Lowest), Err(Undefined::NotFinite));
    }
}
