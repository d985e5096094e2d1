//! Where figures come from. Real and synthetic are never compared.

/// Whether rows describe something that happened.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Made by `scorecard synth`, or by anybody else to look like police data.
    Synthetic,
    /// Somebody's official publication.
    Published,
    /// A force's own systems.
    Force,
}

impl Provenance {
    pub const fn is_synthetic(self) -> bool {
        matches!(self, Self::Synthetic)
    }

    pub fn of_name(name: &str) -> Option<Self> {
        [Self::Synthetic, Self::Published, Self::Force].into_iter().find(|provenance| provenance.name() == name)
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Synthetic => "synthetic",
            Self::Published => "published",
            Self::Force => "force",
        }
    }
}
