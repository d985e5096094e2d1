//! SIGKILL at random moments of a build, one run after the other.

use std::time::{Duration, Instant};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{DAYS, Site, View};

/// How many runs are killed, where `CRASH_KILLS` does not say.
const KILLS: usize = 6;

#[test]
fn killed_at_any_moment_a_build_leaves_the_last_good_one() {
    let kills = std::env::var("CRASH_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let site = Site::new("tables");
    site.finish(DAYS[3]);
    let started = Instant::now();
    site.finish(DAYS[2]);
    let took = started.elapsed();
    let mut random = ChaCha8Rng::seed_from_u64(31_032_025);
    let (mut in_time, mut published) = (0, 0);
    let ((), polls) = site.polled(|| {
        for kill in 0..kills {
            let day = DAYS[kill % DAYS.len()];
            let before = site.seen();
            let moment = random.random_range(Duration::ZERO..took);
            let mut run = site.command(day).stderr(std::process::Stdio::null()).spawn().unwrap();
            std::thread::sleep(moment);
            run.kill().unwrap();
            in_time += usize::from(run.wait().unwrap().code().is_none());
            let after = site.seen();
            assert!(after == before || after == View::Whole(day), "killed after {moment:?}: {before:?}, {after:?}");
            published += usize::from(after == View::Whole(day));
            // Every other time the next run meets what two killed ones have left.
            if kill + 1 == kills || !random.random_ratio(1, 2) {
                site.finish(day);
                site.assert_converged(day);
            }
        }
    });
    assert!(in_time * 2 >= kills, "{in_time} of {kills} runs were killed before they ended");
    println!(
        "{kills} kills in {took:?}: {in_time} before the end, {published} after the swap; {} polls saw {} builds, {} \
         overtaken, none broken",
        polls.asked,
        polls.builds.len(),
        polls.overtaken
    );
}
