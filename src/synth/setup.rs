//! Options in, what is fixed before the first row is drawn out: the world, the forces, the blocks of days.

use rayon::prelude::*;

use super::error::SynthError;
use super::parameters::Parameters;
use super::plan::{self, Block, Ratios};
use super::world::{ForceSetting, World};
use super::{DEFAULT_FORCE, Forces, SynthOptions};

/// What is fixed before the first row is drawn.
pub struct Setup {
    pub world: World,
    pub forces: Vec<ForceSetting>,
    pub crimes: u64,
    pub ratios: Ratios,
}

impl Setup {
    pub fn new(options: &SynthOptions, parameters: Parameters) -> Result<Self, SynthError> {
        let volumes = parameters.volumes.clone();
        let ratios = Ratios {
            calls_per_crime: options.calls_per_crime.unwrap_or(volumes.calls_per_crime),
            incidents_per_crime: options.incidents_per_crime.unwrap_or(volumes.incidents_per_crime),
        };
        let usable = |ratio: f64| (0.0..=100.0).contains(&ratio);
        if !usable(ratios.calls_per_crime) || !usable(ratios.incidents_per_crime) {
            return Err(SynthError::Options("calls and incidents per crime must lie between 0 and 100".to_owned()));
        }
        let world = World::new(options.seed, parameters, options.months, options.to)?;
        let ordinals = ordinals(&world, &options.forces)?;
        let forces: Vec<ForceSetting> =
            ordinals.into_iter().map(|at| world.force(at, &world.reference.forces[at])).collect();
        let real = forces.iter().map(|f| f.crimes_per_year).sum::<f64>() * world.period.years();
        Ok(Self { crimes: options.crimes.unwrap_or(real.round() as u64), world, forces, ratios })
    }

    /// Crimes of the run for each crime that its forces really record.
    pub fn crimes_factor(&self) -> f64 {
        let real = self.forces.iter().map(|f| f.crimes_per_year).sum::<f64>() * self.world.period.years();
        self.crimes as f64 / real
    }

    /// Blocks by force, then day.
    pub fn blocks(&self) -> Vec<Block> {
        let total: f64 = self.forces.iter().map(|f| f.crimes_per_year).sum();
        let (mut size, mut given) = (0.0, 0);
        let shares: Vec<u64> = self
            .forces
            .iter()
            .map(|force| {
                size += force.crimes_per_year;
                let so_far = (self.crimes as f64 * size / total).round() as u64;
                let crimes = so_far - given;
                given = so_far;
                crimes
            })
            .collect();
        let blocks = self
            .forces
            .par_iter()
            .zip(shares)
            .enumerate()
            .map(|(at, (force, crimes))| plan::blocks(at, &plan::days(&self.world, force, crimes, self.ratios)));
        blocks.collect::<Vec<_>>().concat()
    }
}

fn ordinals(world: &World, forces: &Forces) -> Result<Vec<usize>, SynthError> {
    let table = &world.reference.forces;
    let find = |slug: &str| {
        let at = table.iter().position(|f| f.slug == slug);
        at.ok_or_else(|| SynthError::UnknownForce(slug.to_owned()))
    };
    match forces {
        Forces::Named(slugs) if slugs.is_empty() => Err(SynthError::Options("no force is named".to_owned())),
        Forces::Named(slugs) => {
            let mut ordinals = slugs.iter().map(|slug| find(slug)).collect::<Result<Vec<_>, _>>()?;
            let named = ordinals.len();
            ordinals.sort_unstable();
            ordinals.dedup();
            if ordinals.len() < named {
                return Err(SynthError::Options("a force is named twice".to_owned()));
            }
            Ok(ordinals)
        }
        Forces::Count(count) if !(1..=table.len()).contains(count) => {
            Err(SynthError::Options(format!("between 1 and {} forces can be made, not {count}", table.len())))
        }
        Forces::Count(count) => {
            let own = find(DEFAULT_FORCE)?;
            let mut ordinals: Vec<usize> =
                std::iter::once(own).chain((0..table.len()).filter(|at| *at != own)).take(*count).collect();
            ordinals.sort_unstable();
            Ok(ordinals)
        }
    }
}
