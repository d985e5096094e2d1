//! How a build says where it is. The library knows no terminal.

/// Told what the build is doing; called from one thread.
pub trait Progress: Sync {
    /// A new stage or step begins.
    fn stage(&self, name: &str);
    /// `done` of `total` units of the step are done.
    fn advance(&self, done: u64, total: u64);
    /// Something the analyst should know, though the build goes on.
    fn warn(&self, message: &str);
}

/// Says nothing.
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &str) {}
    fn advance(&self, _: u64, _: u64) {}
    fn warn(&self, _: &str) {}
}
