//! The numbered notes. Only those that a sheet of the workbook points to are in it, and so are the numbers.

use chrono::NaiveDate;

use crate::definitions::Definitions;
use crate::domain::SolvedSet;

/// What a reader of a sheet has to know. The order is that of the sheet Notes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Note {
    Unit,
    Period,
    Basis,
    Interval,
    Group,
    Verdict,
    Lists,
    Chance,
    CaseMix,
    Chart,
    Line,
    Units,
    Evaluation,
    Nowcast,
    Journey,
    Demand,
    Forecast,
    Handlers,
    Quality,
}

impl Note {
    pub fn text(self, definitions: &Definitions, data_date: NaiveDate) -> String {
        match self {
            Self::Basis => return format!("{BASIS} Here solved is {}.", set_words(definitions.pipeline.solved_set)),
            Self::Group => return group(definitions, data_date),
            Self::Unit => UNIT,
            Self::Period => PERIOD,
            Self::Interval => INTERVAL,
            Self::Verdict => VERDICT,
            Self::Lists => LISTS,
            Self::Chance => CHANCE,
            Self::CaseMix => CASE_MIX,
            Self::Chart => CHART,
            Self::Line => LINE,
            Self::Units => UNITS,
            Self::Evaluation => EVALUATION,
            Self::Nowcast => NOWCAST,
            Self::Journey => JOURNEY,
            Self::Demand => DEMAND,
            Self::Forecast => FORECAST,
            Self::Handlers => HANDLERS,
            Self::Quality => QUALITY,
        }
        .to_owned()
    }
}

const UNIT: &str = "Units: the column Unit holds for every column of the row that says so in its header. A percentage is stored as 0 to 1 and shown \
    as %; a difference of two of them is in percentage points. A cell shows fewer digits than it holds. A value that rounds to nothing is \
    shown as 0 and holds its digits.";
const PERIOD: &str = "Periods: a line stands for the newest final twelve months that the data cover whole; where there are none, the newest final financial \
    year; else the newest final month. A share of open crimes is of a month's end.";
const BASIS: &str = "Bases: recorded is the crimes recorded in the period, as they stand on the data date; closed is outcomes given in the period over crimes \
    recorded in it, and may pass 100%. The two are never compared. No official list says which outcomes solve a crime.";
const INTERVAL: &str = "Intervals at 95%: Wilson for a proportion; exact Poisson below 10 events and Byar from 10 for a count, a ratio or a rate; Student's t for \
    a mean; order statistics for a median or percentile.";
const VERDICT: &str = "Verdicts: better, similar or worse; higher, similar or lower where neither is better. They are unadjusted, at 95% or 99.8%. Against the group and \
    the nation they allow for how forces ordinarily differ; by sampling alone they ask only whether a difference is real. A rank has a simulated 95% \
    interval. [x] in the columns of a comparator: no figure of the same period, basis and kind, as for counts beside other forces.";
const LISTS: &str = "Lists: escalate and celebrate hold flagged lines alone. Watch holds lines whose latest final month is out of the ordinary, or that \
    miss their target by their limits; leave alone those within ordinary variation. The rules stand in docs/methods.md. [x]: nothing could be compared, or the \
    measure has no limits.";
const CHANCE: &str = "Many tests: the q-value is the p-value adjusted by Benjamini and Hochberg over the force's headline comparisons, and a line is flagged at \
    0.05 or less. Of 100 tests at 95%, five are expected to signal where nothing differs.";
const CASE_MIX: &str = "Case mix: the adjusted value is what the value would be with the comparator's mix of offences (indirect standardisation by offence subgroup, or \
    group). Adjusted values of two forces are not compared with each other. The part that the mix makes is [z] where the mix works against the rest.";
const CHART: &str = "Charts over time: limits are of the charts named in the row (p, u, p prime, u prime or XmR). A month is out of the ordinary outside the limits, \
    as one of seven on one side, of seven rising or falling, or of two of three near a limit. Provisional months are in no limit and no rule. Without 13 final \
    months there are no limits: [x].";
const LINE: &str = "Drawn lines: a cell of that column holds a line of the last final months, 24 at most, drawn from the sheet Months, on a scale of its own. Its text says \
    which months; it is not shown.";
const UNITS: &str = "Areas, departments and teams: names are as in the extracts; control characters are shown as escapes, and unallocated stands for a blank name. This sheet \
    holds no test of a unit against the rest of the force; the table local_figures does. The whole force's figure of the same period stands beside it; a verdict is against the unit's own year before, and \
    [x] where there is none. Small counts swing: read the interval first.";
const EVALUATION: &str = "Interventions: a segmented regression asks whether the figure left the trend of before, by itself or beside areas that were left as they \
    were. Better since is not better because. [x]: the column Reason or Finding says why there is no estimate.";
const NOWCAST: &str = "Nowcasts: of the crimes still open, so many are expected to be solved by the horizon as were of earlier crimes at the same age. The interval \
    is for the share that the month comes to.";
const JOURNEY: &str = "Journey: a step counts the distinct records that it starts from, by the month of the call, and those of them that lead to the next. Recent months \
    have had less time. [x]: no record to count.";
const DEMAND: &str = "Demand: hours are those of the London clock. The hour that comes twice in autumn is two hours of the same name; in spring there is no such \
    hour. The mean is over the hours that there really were. A call that was abandoned is in no time to answer. [x] in the columns of answers: the \
    column Reason says why. Incidents by area are in the table demand.";
const FORECAST: &str = "Forecasts: the season of the last year, in events a day, times the days of the month. Intervals are Student's t on how far months have \
    differed from the same month a year before, so growth widens them and moves nothing; no change of recording and no event is foreseen. They are not \
    cut at 0. A measure without a final month has no row: its line on the scorecard says why.";
const HANDLERS: &str = "Call handlers: the load is the mean of the newest 12 whole months. Erlang C takes it that nobody gives up, Erlang A that callers do after an \
    exponential time and are then not answered in time; both, that the load is steady within a half hour, that handlers answer 999 calls alone, and that one mean \
    of handling holds for all hours. Days differ by more than chance, and the mean is passed on about half of them: the number meets the target on an average day. \
    Handling measured from answer to end leaves out the work after a call, and asks for too few. What a force states of its control room stands in [control_room] of the pipeline \
    file; without a shrinkage nobody is added for leave, training and breaks, and the roster is [z]. It is no roster, and says nothing of who is on duty.";
const QUALITY: &str = "Data quality: grades are by the limits of the quality definitions. [x]: the column Reason says why there is no grade. [z] in the column Column: of the \
    extract as a whole; in the counts: nothing is counted.";

fn set_words(set: SolvedSet) -> String {
    format!("the set {}", set.name().replace('_', " "))
}

fn group(definitions: &Definitions, data_date: NaiveDate) -> String {
    let pipeline = &definitions.pipeline;
    let name = |id: &str| definitions.references.force_name(id).unwrap_or(id).to_owned();
    let peers = pipeline.peers_on(&definitions.references, data_date);
    let members: Vec<String> = peers.iter().map(|p| name(p.member.as_str())).collect();
    let source = peers.first().map_or_else(String::new, |p| format!(" Source: {}.", p.source.trim_end_matches('.')));
    let members = if members.is_empty() { "it has no members on the data date".to_owned() } else { members.join(", ") };
    format!(
        "Most similar group: the group {} of the reference table; with the force itself, {members}. It is made into one figure as {}.{source}",
        pipeline.comparators.peer_group,
        pipeline.comparators.variant.name().replace('_', " "),
    )
}
