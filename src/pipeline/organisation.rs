//! Who holds which post on the data date, and which team belonged where: two tables on the disk.

use super::records::Records;
use super::{BuildError, BuildRequest, Forces, accounts};
use crate::build_folder::BuildFolder;
use crate::tables::organisation::{DIM_TEAM, HeldPost, ORGANISATION, TeamSpan, organisation_arrays, team_arrays};

/// Writes both, of the measured forces; nothing without posts to go by.
pub(super) fn write(request: &BuildRequest, records: &Records, folder: &BuildFolder) -> Result<(), BuildError> {
    let Some(posts) = &records.posts else { return Ok(()) };
    let measured = |force: &str| match &request.forces {
        Forces::One(one) => one == force,
        Forces::All => true,
    };
    let mut held: Vec<&HeldPost> =
        posts.held().iter().filter(|post| measured(&post.force) && post.is_on(records.data_day)).collect();
    held.sort();
    accounts::table(folder, ORGANISATION, organisation_arrays(&held))?;
    let teams = posts.teams();
    let teams: Vec<&TeamSpan> = teams.iter().filter(|team| measured(&team.force)).collect();
    accounts::table(folder, DIM_TEAM, team_arrays(&teams, records.data_day))
}
