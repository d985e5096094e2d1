//! Where a figure stands: the level of the organisation and the scope of offences.

/// The unit that stands for a blank organisation name, so that levels add up.
pub const UNALLOCATED: &str = "unallocated";
/// The offence group and outcome of a code that no reference lists.
pub const UNMAPPED: &str = "unmapped";

/// A level of the organisation, widest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    National,
    Force,
    Area,
    Department,
    Team,
    Supervisor,
    Officer,
}

impl Level {
    pub const ALL: [Self; 7] =
        [Self::National, Self::Force, Self::Area, Self::Department, Self::Team, Self::Supervisor, Self::Officer];

    /// The text in tables, and the name of the conformed column that holds the unit.
    pub const fn name(self) -> &'static str {
        match self {
            Self::National => "national",
            Self::Force => "force",
            Self::Area => "area",
            Self::Department => "department",
            Self::Team => "team",
            Self::Supervisor => "supervisor",
            Self::Officer => "officer",
        }
    }

    /// Supervisor and officer figures are restricted and leave no comparison.
    pub const fn is_restricted(self) -> bool {
        matches!(self, Self::Supervisor | Self::Officer)
    }
}

/// A way of cutting a level by what was done: one kind gives one scope per row, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ScopeKind {
    All,
    DomesticAbuse,
    HateCrime,
    OffenceGroup,
    OffenceSubgroup,
}

impl ScopeKind {
    pub const ALL: [Self; 5] =
        [Self::All, Self::DomesticAbuse, Self::HateCrime, Self::OffenceGroup, Self::OffenceSubgroup];
}

/// A scope as written in tables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scope(String);

impl Scope {
    /// The text of the scope that holds everything.
    pub const ALL: &'static str = "all";
    pub const SUBGROUP_PREFIX: &'static str = "subgroup: ";

    pub fn all() -> Self {
        Self(Self::ALL.to_owned())
    }

    pub fn domestic_abuse() -> Self {
        Self("domestic_abuse".to_owned())
    }

    pub fn hate_crime() -> Self {
        Self("hate_crime".to_owned())
    }

    pub fn offence_group(name: &str) -> Self {
        Self(name.to_owned())
    }

    pub fn offence_subgroup(name: &str) -> Self {
        Self(format!("{}{name}", Self::SUBGROUP_PREFIX))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
