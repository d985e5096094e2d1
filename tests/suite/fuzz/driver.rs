//! Draws inputs, runs them on every core, and keeps count of what they cost and what they broke.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::mutate::mutated;

/// No input may take longer, on a busy machine and without optimisation.
const LONGEST: Duration = Duration::from_secs(20);
/// Largest resident memory of the whole run.
const MOST_MEMORY_BYTES: u64 = 2 << 30;
/// Failures told of one target.
const MOST_TOLD: usize = 5;

/// One reader.
pub struct Target {
    pub name: &'static str,
    /// Good inputs, which are mutated.
    pub corpus: Vec<Vec<u8>>,
    /// Its part of all inputs, in proportion to the others'.
    pub weight: u64,
    /// Reads an input and panics where a promise is broken.
    pub read: fn(&[u8]),
}

pub struct Plan {
    pub inputs: u64,
    pub seed: u64,
    /// A target, or one input of it as `target:number`.
    pub only: Option<String>,
}

/// What came of one target's inputs.
struct Tally {
    next: AtomicU64,
    bytes: AtomicU64,
    slowest: Mutex<(Duration, u64)>,
    failed: Mutex<Vec<(u64, String, PathBuf)>>,
}

/// Runs the plan and panics if anything was found.
pub fn run(targets: &[Target], plan: &Plan) {
    let (only, number) = match plan.only.as_deref().map(|o| o.split_once(':').unwrap_or((o, ""))) {
        Some((target, number)) => (Some(target), number.parse::<u64>().ok()),
        None => (None, None),
    };
    let chosen: Vec<&Target> = targets.iter().filter(|t| only.is_none_or(|only| only == t.name)).collect();
    assert!(!chosen.is_empty(), "there is no such target");
    let weights: u64 = chosen.iter().map(|t| t.weight).sum();
    let (mut found, mut all) = (Vec::new(), 0);
    for target in chosen {
        assert!(!target.corpus.is_empty(), "{} has no corpus", target.name);
        if let Some(number) = number {
            let input = input_of(target, plan.seed, number);
            eprintln!("{}:{number}: {} bytes: {}", target.name, input.len(), input.escape_ascii());
            (target.read)(&input);
            continue;
        }
        let inputs = (plan.inputs * target.weight).div_ceil(weights);
        let started = Instant::now();
        let tally = try_out(target, plan.seed, inputs);
        let seconds = started.elapsed().as_secs_f64();
        let (slowest, at) = *tally.slowest.lock().unwrap();
        eprintln!(
            "{:<12} {inputs:>10} inputs, {:>5} bytes on average, {:>9.0} a second, slowest {:>7.1} ms (number {at})",
            target.name,
            tally.bytes.load(Ordering::Relaxed) / inputs.max(1),
            inputs as f64 / seconds.max(1e-9),
            1000.0 * slowest.as_secs_f64(),
        );
        all += inputs;
        for (number, why, kept) in tally.failed.lock().unwrap().iter().take(MOST_TOLD) {
            found.push(format!("{}:{number} (kept in {}): {why}", target.name, kept.display()));
        }
        if slowest > LONGEST {
            found.push(format!("{}:{at} took {:.1} s", target.name, slowest.as_secs_f64()));
        }
    }
    if let Some(memory) = peak_memory_bytes() {
        eprintln!("{all} inputs in all, seed {}, {} MB at most", plan.seed, memory / 1_000_000);
        assert!(memory < MOST_MEMORY_BYTES, "{memory} bytes of memory");
    }
    assert!(found.is_empty(), "seed {}:\n{}", plan.seed, found.join("\n"));
}

fn input_of(target: &Target, seed: u64, number: u64) -> Vec<u8> {
    // Every input has its own draw, so that it can be had again without those before it.
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(number);
    mutated(&target.corpus, &mut rng)
}

fn try_out(target: &Target, seed: u64, inputs: u64) -> Tally {
    let tally = Tally {
        next: AtomicU64::new(0),
        bytes: AtomicU64::new(0),
        slowest: Mutex::new((Duration::ZERO, 0)),
        failed: Mutex::new(Vec::new()),
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let (mut bytes, mut slowest) = (0, (Duration::ZERO, 0));
                loop {
                    let number = tally.next.fetch_add(1, Ordering::Relaxed);
                    if number >= inputs {
                        break;
                    }
                    let input = input_of(target, seed, number);
                    bytes += input.len() as u64;
                    let started = Instant::now();
                    let done = catch_unwind(AssertUnwindSafe(|| (target.read)(&input)));
                    slowest = slowest.max((started.elapsed(), number));
                    if let Err(panic) = done {
                        let said = panic.downcast_ref::<String>().cloned();
                        let said = said.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
                        let kept = keep(target.name, number, &input);
                        tally.failed.lock().unwrap().push((number, said.unwrap_or_default(), kept));
                    }
                }
                tally.bytes.fetch_add(bytes, Ordering::Relaxed);
                let mut of_all = tally.slowest.lock().unwrap();
                *of_all = slowest.max(*of_all);
            });
        }
    });
    tally
}

/// Keeps an input that broke something, to become a case of a test.
fn keep(target: &str, number: u64, input: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{target}-{number}"));
    std::fs::write(&path, input).unwrap();
    path
}

fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024)
}
