# Recipes are plain commands: without just, type them. `just --list` shows them all.

# Format, lints, tests, definitions: what has to pass
check:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    cargo test
    cargo run -- check
    cargo run -- check pipelines/published.toml

# All tests
test *ARGS:
    cargo test {{ARGS}}

# The statistics against a folder of reference cases
stat-cases DIR:
    STAT_CASES_DIR={{DIR}} cargo test --test suite stat_cases -- --nocapture

# Builds killed, and disks failing, at every call that writes: half an hour
crash:
    tests/crash/run

# So many damaged files against every reader
fuzz INPUTS="1_000_000":
    FUZZ_INPUTS={{INPUTS}} cargo test --release --test suite fuzz::a_long_run -- --ignored --nocapture

# How often each chart is wrong: docs/calibration.md written again, half a minute after the build
calibrate SERIES="10_000":
    CALIBRATE_SERIES={{SERIES}} cargo test --release --test suite calibration::a_long_run -- --ignored --nocapture

# Every chart with its awkward cases as pictures: target/gallery/index.html; all of them, or those of one chart
gallery CHART="":
    GALLERY_ONLY={{CHART}} cargo test --lib publish::charts::gallery -- --ignored

# Every mutant of src/statistics, or of the modules named: an hour or two; needs cargo-mutants
mutants *MODULES:
    tests/mutants/run {{MODULES}}

# The scorecard of the sample data
build *ARGS:
    cargo run --release -- build {{ARGS}}

# The scorecard of published data alone
published *ARGS:
    cargo run --release -- build pipelines/published.toml --out output/published {{ARGS}}

# Re-hash the newest build
verify BUILD="output/current":
    cargo run --release -- verify {{BUILD}}

# Write docs/definitions.md again
definitions:
    cargo run -- metrics --markdown > target/definitions.md
    mv target/definitions.md docs/definitions.md

# Write the schemas for editors again
schemas:
    cargo run -- metrics --schema pipelines/schema

# Write the synthetic sample extracts again, byte for byte
sample:
    cargo run --release -- synth sample_data --faults

# Every figure of the newest build beside the second engine; needs Python with duckdb and pyarrow
independent:
    python3 tests/independent/check_cases.py
    python3 tests/independent/recompute.py sample_data --force gloucestershire --out target/recomputed.parquet
    python3 tests/independent/compare.py output/current target/recomputed.parquet

# The newest build's page driven in Chromium and looked at by axe-core; needs Chromium and node
page BUILD="output/current":
    mkdir -p target/page
    npm install --silent --no-save --prefix target/page puppeteer-core@24.43.1 axe-core@4.14.1
    node tests/page/check.mjs {{BUILD}} target/page

# The library's own pages
doc:
    cargo doc --no-deps --open
