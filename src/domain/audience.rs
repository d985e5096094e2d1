//! For whom a document is made. What its audience may not see is not in its file.

/// From the widest to the narrowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    /// Everybody: no count under 5, nor what would reveal one.
    Public,
    /// Figures of the force, its departments, areas and teams; no record and no officer.
    Board,
    /// Whoever supervises an area or a department: as the board, and what falls due there, in numbers.
    Supervisor,
    /// A team itself: its crimes by reference, its officers by collar number.
    Team,
}

impl Audience {
    pub const ALL: [Self; 4] = [Self::Public, Self::Board, Self::Supervisor, Self::Team];

    /// The word of the command line and of documents.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Board => "board",
            Self::Supervisor => "supervisor",
            Self::Team => "team",
        }
    }

    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.name() == name)
    }

    /// Whether its documents may name crimes and officers, and so stand where only their owner can open them.
    pub const fn is_restricted(self) -> bool {
        matches!(self, Self::Team)
    }
}
