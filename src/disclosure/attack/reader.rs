//! A reader who adds and subtracts: from what builds have shown, their relations, and that counts are whole and not
//! negative, he works out what a withheld cell may be. He is told besides which cells were not revised. It enumerates, by
//! bounds narrowed until nothing follows any more and then by trial; it shares nothing with the audit.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{Fate, Role, Table};

pub type Fates = BTreeMap<String, Fate>;

/// Worlds farther than this from the truth are left out: fewer worlds, so what he finds is no wider than it is.
const FARTHEST: i64 = 12;

/// As far as he guesses that a revision may have gone beyond what it did.
const MARGIN: i64 = 4;

/// How many trials each way of trying has, one round after another. What none finds is taken to be impossible: again no
/// wider than it is.
const TRIALS: [usize; 4] = [100, 1_000, 10_000, 100_000];

/// A cell between two of its revisions.
pub struct Secret {
    pub id: String,
    pub count: i64,
    pub shown: bool,
    /// Offered for publication and withheld.
    pub withheld: bool,
}

pub struct Reader {
    pub secrets: Vec<Secret>,
    bounds: Vec<(i64, i64)>,
    sums: Vec<Vec<(usize, i64)>>,
    sums_of: Vec<Vec<usize>>,
}

impl Reader {
    pub fn of(builds: &[(Table, Fates)]) -> Self {
        let mut secrets: Vec<Secret> = Vec::new();
        let mut sums = BTreeSet::new();
        let mut latest: BTreeMap<String, usize> = BTreeMap::new();
        for (table, fates) in builds {
            for cell in &table.cells {
                let count = i64::try_from(cell.count).unwrap();
                let same = latest.get(&cell.id).copied().filter(|at| secrets[*at].count == count);
                let at = same.unwrap_or(secrets.len());
                if same.is_none() {
                    secrets.push(Secret { id: cell.id.clone(), count, shown: false, withheld: false });
                }
                latest.insert(cell.id.clone(), at);
                let shown = fates[&cell.id].is_shown();
                secrets[at].shown |= shown;
                secrets[at].withheld |= !shown && cell.role != Role::Inner;
            }
            for relation in &table.relations {
                let mut sum: Vec<_> = relation.terms.iter().map(|(id, factor)| (latest[id], *factor)).collect();
                sum.sort_unstable();
                sums.insert(sum);
            }
        }
        let bounds = (0..secrets.len()).map(|at| bounds(&secrets, at)).collect();
        let sums: Vec<_> = sums.into_iter().collect();
        let mut sums_of = vec![Vec::new(); secrets.len()];
        for (sum, terms) in sums.iter().enumerate() {
            terms.iter().for_each(|(at, _)| sums_of[*at].push(sum));
        }
        Self { secrets, bounds, sums, sums_of }
    }

    /// Whether a secret may be `count`, for all that he knows.
    pub fn possible(&self, at: usize, count: i64) -> bool {
        TRIALS.iter().any(|most| self.possible_within(at, count, *most))
    }

    fn possible_within(&self, at: usize, count: i64, most: usize) -> bool {
        let mut bounds = self.bounds.clone();
        if count < bounds[at].0 || count > bounds[at].1 {
            return false;
        }
        bounds[at] = (count, count);
        let open = self.narrow(&mut bounds, self.sums_of[at].clone());
        open && [true, false].into_iter().any(|first| self.try_all(bounds.clone(), first, &mut (0..most)))
    }

    /// What bounds alone leave of a secret.
    pub fn left(&self, at: usize) -> (i64, i64) {
        let mut bounds = self.bounds.clone();
        assert!(self.narrow(&mut bounds, (0..self.sums.len()).collect()));
        bounds[at]
    }

    /// Whether it may be two counts so far apart.
    pub fn apart(&self, at: usize, distance: i64) -> bool {
        let count = self.secrets[at].count;
        let pair = |below: i64, most| {
            self.possible_within(at, count - below, most) && self.possible_within(at, count - below + distance, most)
        };
        TRIALS.iter().any(|most| (0..=distance).any(|below| pair(below, *most)))
    }

    /// Stays as near to the truth as the bounds let it, and tries counts in the first or last sum that is then not fulfilled.
    fn try_all(&self, bounds: Vec<(i64, i64)>, first: bool, trials: &mut std::ops::Range<usize>) -> bool {
        let near = |at: usize| self.secrets[at].count.clamp(bounds[at].0, bounds[at].1);
        let broken = |sum: &&Vec<(usize, i64)>| sum.iter().map(|(at, factor)| factor * near(*at)).sum::<i64>() != 0;
        let broken = if first { self.sums.iter().find(broken) } else { self.sums.iter().rfind(broken) };
        let Some(broken) = broken else { return true };
        let open = broken.iter().map(|(at, _)| *at).filter(|at| bounds[*at].0 < bounds[*at].1);
        let Some(at) = open.min_by_key(|at| (bounds[*at].1 - bounds[*at].0, *at)) else { return false };
        let mut counts: Vec<i64> = (bounds[at].0..=bounds[at].1).collect();
        counts.sort_by_key(|count| (count - near(at)).abs());
        counts.into_iter().any(|count| {
            if trials.next().is_none() {
                return false;
            }
            let mut bounds = bounds.clone();
            bounds[at] = (count, count);
            self.narrow(&mut bounds, self.sums_of[at].clone()) && self.try_all(bounds, first, trials)
        })
    }

    /// Narrows bounds by each sum until nothing follows any more; false where nothing is left.
    fn narrow(&self, bounds: &mut [(i64, i64)], mut open: Vec<usize>) -> bool {
        while let Some(sum) = open.pop() {
            let least = |(at, factor): &(usize, i64), bounds: &[(i64, i64)]| {
                let (low, high) = bounds[*at];
                (factor * low).min(factor * high)
            };
            let most = |(at, factor): &(usize, i64), bounds: &[(i64, i64)]| {
                let (low, high) = bounds[*at];
                (factor * low).max(factor * high)
            };
            let terms = &self.sums[sum];
            let lowest: i64 = terms.iter().map(|term| least(term, bounds)).sum();
            let highest: i64 = terms.iter().map(|term| most(term, bounds)).sum();
            if lowest > 0 || highest < 0 {
                return false;
            }
            for term @ (at, factor) in terms {
                assert_eq!(factor.abs(), 1);
                // factor·x lies between what the others leave of 0.
                let (from, to) = (-(highest - most(term, bounds)), -(lowest - least(term, bounds)));
                let (from, to) = if *factor > 0 { (from, to) } else { (-to, -from) };
                let narrowed = (bounds[*at].0.max(from), bounds[*at].1.min(to));
                if narrowed.0 > narrowed.1 {
                    return false;
                }
                if narrowed != bounds[*at] {
                    bounds[*at] = narrowed;
                    open.extend(&self.sums_of[*at]);
                    // The sums above hold no longer.
                    if !open.contains(&sum) {
                        open.push(sum);
                    }
                    break;
                }
            }
        }
        true
    }
}

/// What a secret lies between before any sum is done.
fn bounds(secrets: &[Secret], at: usize) -> (i64, i64) {
    let secret = &secrets[at];
    if secret.shown {
        return (secret.count, secret.count);
    }
    let others = secrets.iter().filter(|other| other.id == secret.id && other.shown);
    let nearest = others.map(|other| other.count).min_by_key(|count| ((count - secret.count).abs(), *count));
    let margin = nearest.map_or(0, |count| (count - secret.count).abs() + MARGIN);
    let guessed = nearest.filter(|_| secret.count >= 5).map_or((0, i64::MAX), |count| (count - margin, count + margin));
    (guessed.0.max(secret.count - FARTHEST).max(0), guessed.1.min(secret.count + FARTHEST))
}
