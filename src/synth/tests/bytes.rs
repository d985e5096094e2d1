//! The same options give the same bytes.

use super::super::notes::marker;
use super::super::parameters::{DEFAULT_PARAMETERS, Parameters};
use super::super::setup::Setup;
use super::*;

#[test]
fn the_number_of_threads_does_not_matter() {
    let with_jobs = |jobs| {
        let options = SynthOptions { jobs: Some(jobs), faults: 1, comparators: true, ..two_forces(2_000) };
        made(SynthOptions { compression: Compression::Gz, months: 4, ..options }).bytes()
    };
    assert_eq!(with_jobs(1), with_jobs(3));
}

/// A changed parameter, default or version shows here: the sample data are then to be made again.
#[test]
fn the_sample_data_are_of_these_parameters_and_this_version() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/SYNTHETIC.toml");
    let sample: toml::Table = std::fs::read_to_string(sample).unwrap().parse().unwrap();
    let options = SynthOptions { faults: 1, ..SynthOptions::default() };
    let parameters = Parameters::parse(DEFAULT_PARAMETERS, "synth.toml").unwrap();
    let made = marker(&options, &Setup::new(&options, parameters).unwrap(), DEFAULT_PARAMETERS).unwrap();
    assert_eq!(sample, made.parse().unwrap());
}

#[test]
fn another_seed_gives_other_rows() {
    let crimes = |seed| made(SynthOptions { seed, ..options(300) }).text("crimes.csv");
    assert_ne!(crimes(1), crimes(2));
    assert_eq!(crimes(2), crimes(2));
}

#[test]
fn a_second_run_replaces_the_first_whatever_its_compression() {
    let first = made(SynthOptions { compression: Compression::Zst, ..options(300) });
    let options = SynthOptions { out: first.folder.path().to_owned(), ..options(300) };
    run(&options, &mut |_| {}).unwrap();
    let names: Vec<String> = bytes(first.folder.path()).into_keys().collect();
    assert_eq!(
        names,
        [
            "README.md",
            "SYNTHETIC.toml",
            "calls.csv",
            "crimes.csv",
            "incidents.csv",
            "people.csv",
            "planted_faults.csv",
            "surveys.csv",
            "victim_contacts.csv"
        ]
    );
}

#[test]
fn the_folder_says_what_it_is_and_how_it_was_made() {
    let made = made(SynthOptions { faults: 1, ..options(2_000) });
    let (readme, marker) = (made.text("README.md"), made.text("SYNTHETIC.toml"));
    for text in [&readme, &marker] {
        assert!(text.contains("Every row in the files beside this one is synthetic"));
        assert!(text.contains("scorecard synth OUT --seed 1 --forces gloucestershire --months 36 --to 2026-09-30"));
        assert!(text.contains("Telephone outage"));
        assert!(!text.contains(&*made.folder.path().to_string_lossy()), "the folder's path is in a file");
    }
    let marker: toml::Table = marker.parse().unwrap();
    assert_eq!(marker["crimes"].as_integer(), Some(2_000));
}
