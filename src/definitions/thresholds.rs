//! When the state of an extract warns, and when it stops a build.

/// What a gate does about an extract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The build goes on, and says so.
    Warn,
    /// Nothing is published.
    Stop,
}

impl Severity {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warn => "warn",
            Self::Stop => "stop",
        }
    }
}

/// More than `warn` warns, more than `stop` stops; a limit that is not stated does neither.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Limits<T> {
    pub warn: Option<T>,
    pub stop: Option<T>,
}

impl<T: Copy + PartialOrd> Limits<T> {
    /// What `found` leads to, and the limit that it passed.
    pub fn passed_by(&self, found: T) -> Option<(Severity, T)> {
        let over = |limit: Option<T>, severity| limit.filter(|l| found > *l).map(|l| (severity, l));
        over(self.stop, Severity::Stop).or_else(|| over(self.warn, Severity::Warn))
    }
}

/// The thresholds of one extract. `Default` holds those of an extract that states none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    /// Of the records read, those in quarantine, 0 to 1.
    pub quarantined_share: Limits<f64>,
    /// Of the records of the last good build, those that there are fewer now, 0 to 1.
    pub fewer_rows_share: Limits<f64>,
    /// Days from the newest row to the day that the extract ought to reach.
    pub newest_row_days: Limits<u32>,
    /// Every file is the one of the last good build, though time has gone on. `None`: that is usual.
    pub same_file_again: Option<Severity>,
    /// There are rows, and none of the measured force. `None`: that is usual.
    pub other_force: Option<Severity>,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            quarantined_share: Limits { warn: Some(0.005), stop: Some(0.02) },
            // A day lost whole from an export of 30 days is 3%; a half-written export lacks half.
            fewer_rows_share: Limits { warn: Some(0.05), stop: Some(0.2) },
            // How often an extract is due is its own affair.
            newest_row_days: Limits { warn: None, stop: None },
            same_file_again: Some(Severity::Warn),
            other_force: Some(Severity::Stop),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_passed_by_more_than_it() {
        let both = Limits { warn: Some(0.005), stop: Some(0.02) };
        let (warn, stop) = (Some((Severity::Warn, 0.005)), Some((Severity::Stop, 0.02)));
        for (found, expected) in [(0.0, None), (0.005, None), (0.006, warn), (0.02, warn), (0.021, stop), (1.0, stop)] {
            assert_eq!(both.passed_by(found), expected, "{found}");
        }
        assert_eq!(Limits { warn: Some(45), stop: None }.passed_by(400), Some((Severity::Warn, 45)));
        assert_eq!(Limits { warn: None, stop: Some(3) }.passed_by(3), None);
        assert_eq!(Limits::<u32>::default().passed_by(u32::MAX), None);
    }
}
