"""Every cell of scorecard.xlsx beside the tables of its build, by DuckDB and openpyxl.

    python workbook.py BUILD

Each sheet is asked of the tables by a query of its own, written from the headers. Its rows must be the query's, no more and no
fewer, and every cell the query's: numbers to the last bit, days, words. Also: no merged cell, no formula, no blank cell in a
table, headers that are not blank and stand once, one table a sheet that is all of it, nothing of an officer or a record; the
months of each drawn line; the figures that a chart keeps. Exit 1 if anything differs.
"""

import collections
import json
import re
import sys
import warnings
import zipfile
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import openpyxl

FORBIDDEN_IN_NAMES = set("[]:*?/\\")
SHORTHAND = {"[c]", "[p]", "[x]", "[z]"}
STATUS = {"provisional": "provisional [p]", "not_available": "not available [x]", "suppressed": "suppressed [c]"}
UNITS = {"proportion": "%", "per_1000_residents": "per 1,000 residents"}
ROW = "(in the unit of the row)"

MEASURE = {"Measure": "m.title", "Unit": "m.unit", "Measure id": "t.metric"}
PERIOD = {"Kind of period": "t.period_type", "First day of the period": "t.period_start",
          "Last day of the period": "t.period_end"}
COUNTS = {"Numerator (events, or sum of a quantity)": "t.numerator",
          "Denominator (events, or residents in thousands)": "t.denominator"}
FIGURE = {f"Value {ROW}": "t.value", f"95% interval, lower end {ROW}": "t.lower_95",
          f"95% interval, upper end {ROW}": "t.upper_95", **COUNTS, "Status": "t.status", "Reason": "t.reason",
          "Basis": "t.basis"}
OF_METRIC = "LEFT JOIN dim_metric m USING (metric)"
OF_LINE = """JOIN line l ON t.metric = l.metric AND t.period_type = l.period_type AND t.period_start = l.period_start
    AND t.period_end = l.period_end"""
ALL = "t.force = $force AND t.scope = 'all'"
SET = "(t.solved_set IS NULL OR t.solved_set = $solved_set)"

# Sheet: what follows FROM, the columns that tell its rows apart, and each header's column.
SHEETS = {
    "Scorecard": (f"scorecard t {OF_METRIC} WHERE t.force = $force", ["Measure id"], {
        **MEASURE, **PERIOD, **FIGURE,
        f"Target {ROW}": "t.target", f"Value less target {ROW}": "t.target_gap",
        f"Most similar group {ROW}": "t.group_value", "How the group became one figure": "t.group_variant",
        "Last day of the group's period": "t.group_period_end", "Verdict against the group, 95%": "t.group_verdict",
        "Verdict against the group, 99.8%": "t.group_verdict_998",
        "Verdict against the group by sampling alone, 95%": "t.group_verdict_sampling",
        "Test behind the group's verdicts": "t.group_method", "What the group's verdict hangs on": "t.sensitivity",
        "Rank in the group (1 is best)": "t.rank", "Rank, 95% interval, lower end": "t.rank_lower",
        "Rank, 95% interval, upper end": "t.rank_upper", "Size of the group (forces)": "t.group_size",
        f"England and Wales {ROW}": "t.national_value", "Last day of the nation's period": "t.national_period_end",
        "Verdict against the nation, 95%": "t.national_verdict", "Test behind the nation's verdict": "t.national_method",
        f"Value with the mix of offences taken out {ROW}": "t.national_adjusted_value",
        f"Difference that the mix makes {ROW}": "t.national_mix_difference",
        "Verdict of the adjusted value against the nation, 95%": "t.national_adjusted_verdict",
        "Test behind the adjusted verdict": "t.national_adjusted_method",
        f"Same period last year {ROW}": "t.last_year_value", "Last day of last year's period": "t.last_year_period_end",
        "Verdict against last year, 95%": "t.last_year_verdict", "Test behind last year's verdict": "t.last_year_method",
        "q-value of the headline test (probability)": "t.q_value", "Flagged (q-value 0.05 or less)": "t.flagged",
        "Variation, latest final month": "t.variation", "Rule that the month fires": "t.variation_rule",
        "Month of the variation": "t.variation_month", "Kind of chart behind the variation": "t.variation_chart",
        "Assurance against the target": "t.assurance", "Strategic lead": "t.strategic_lead",
        "Analyst to ask": "t.analyst_spoc", "Data-quality grade (A to D)": "t.data_quality",
        "What the grade hangs on": "t.data_quality_basis", "Breaks in recording practice": "t.caution",
        "Outcomes that count as solved": "t.solved_set", "Stage of the journey": "t.stage",
        "Last 24 final months (drawn from sheet Months)": "drawn(t.metric)"}),
    "Four lists": (f"attention t {OF_METRIC} WHERE t.force = $force", ["List", "Place in the list"], {
        **MEASURE, **PERIOD, "List": "t.list", "Place in the list": "t.position",
        "Lines that belong in the list": "t.list_size", "Why it is there": "t.why", f"Value {ROW}": "t.value",
        "Basis": "t.basis", "Compared with": "t.comparator", "How several forces became one figure": "t.comparator_variant",
        "Last day of the comparator's period": "t.comparator_period_end", f"Comparator {ROW}": "t.comparator_value",
        "Verdict, 95%": "t.verdict_95", "Test behind the verdict": "t.method", "q-value (probability)": "t.q_value",
        "Flagged (q-value 0.05 or less)": "t.flagged", "Latest final month": "t.month",
        f"Value of that month {ROW}": "t.month_value", f"Value of the final month before {ROW}": "t.month_before",
        "Variation": "t.variation", "Rule that the month fires": "t.rule", "Kind of chart": "t.chart_type",
        "Assurance against the target": "t.assurance", "Measure to read it with (id)": "t.partner",
        "Variation of that measure": "t.partner_variation", "Tests in the family": "t.tests",
        "Verdicts expected by chance (tests)": "t.expected_by_chance"}),
    "Months": (f"metric_values t {OF_METRIC} WHERE {ALL} AND {SET} AND t.level = 'force' AND t.period_type = 'month'",
               ["Measure id", "Month"], {
        **MEASURE, **FIGURE, "Month": "t.period_start", "Outcomes that count as solved": "t.solved_set",
        "How the interval was made": "t.method"}),
    "Areas and teams": (f"""metric_values t {OF_LINE} LEFT JOIN dim_metric m ON m.metric = t.metric
        LEFT JOIN comparisons c ON (c.metric, c.force, c.level, c.unit, c.scope, c.period_type, c.period_start)
            = (t.metric, t.force, t.level, t.unit, t.scope, t.period_type, t.period_start)
            AND c.comparator = 'same_period_last_year'
        WHERE {ALL} AND {SET} AND t.level IN ('area', 'department', 'team')""",
                        ["Measure id", "Level", "Area, department or team"], {
        **MEASURE, **PERIOD, **FIGURE, "Level": "t.level", "Area, department or team": "t.unit",
        f"Whole force {ROW}": "l.value", f"Same period last year {ROW}": "c.comparator_value",
        "Last day of last year's period": "c.comparator_period_end", "Verdict against last year, 95%": "c.verdict_95",
        "Test behind the verdict": "c.method"}),
    "Comparisons": (f"comparisons t {OF_LINE} LEFT JOIN dim_metric m ON m.metric = t.metric WHERE {ALL} AND t.level = 'force'",
                    ["Measure id", "Compared with", "How several forces became one figure"], {
        **MEASURE, **PERIOD, "Compared with": "t.comparator", "How several forces became one figure": "t.comparator_variant",
        f"Value {ROW}": "t.value", f"Comparator {ROW}": "t.comparator_value", f"Value less comparator {ROW}": "t.difference",
        "Verdict, 95%": "t.verdict_95", "Verdict, 99.8%": "t.verdict_998",
        "Verdict by sampling alone, 95%": "t.verdict_sampling", "Test behind the verdicts": "t.method",
        "p-value (probability)": "t.p_value", "q-value (probability)": "t.q_value",
        "Flagged (q-value 0.05 or less)": "t.flagged", "What the verdict hangs on": "t.sensitivity",
        "Rank (1 is best)": "t.rank", "Rank, 95% interval, lower end": "t.rank_lower",
        "Rank, 95% interval, upper end": "t.rank_upper", "Forces compared": "t.group_size",
        "Last day of the comparator's period": "t.comparator_period_end", "Basis": "t.basis",
        "Basis of the comparator": "t.comparator_basis"}),
    "Offence groups": (f"""metric_values t {OF_LINE} LEFT JOIN dim_metric m ON m.metric = t.metric
        WHERE t.force = $force AND {SET} AND t.level = 'force' AND t.scope NOT IN ('all', 'domestic_abuse', 'hate_crime')
            AND t.scope NOT LIKE 'subgroup: %'""", ["Measure id", "Offence group"], {
        **MEASURE, **PERIOD, **FIGURE, "Offence group": "t.scope"}),
    "Case mix": (f"case_mix t {OF_METRIC} WHERE t.force = $force",
                 ["Measure id", "Compared with", "Kind of period", "Last day of the period"], {
        **MEASURE, **PERIOD, **COUNTS, "Compared with": "t.comparator", f"Value {ROW}": "t.value",
        f"Comparator {ROW}": "t.comparator_value", f"Value less comparator {ROW}": "t.difference",
        f"Adjusted value {ROW}": "t.adjusted_value", f"Adjusted value, 95% interval, lower end {ROW}": "t.adjusted_lower_95",
        f"Adjusted value, 95% interval, upper end {ROW}": "t.adjusted_upper_95",
        f"Adjusted value less comparator {ROW}": "t.adjusted_difference",
        f"Difference that the mix makes {ROW}": "t.mix_difference",
        "Part of the difference that the mix makes (%)": "t.mix_share", "Verdict of the adjusted value, 95%": "t.verdict_95",
        "Verdict of the adjusted value, 99.8%": "t.verdict_998", "Verdict by sampling alone, 95%": "t.verdict_sampling",
        "Test behind the verdicts": "t.method", "p-value (probability)": "t.p_value",
        "Expected with the comparator's rates (events)": "t.expected", "Numerator over expected (ratio)": "t.ratio",
        "Denominator in no stratum (events)": "t.unclassed", "Strata": "t.strata", "Strata used (number)": "t.strata_used",
        "Forces in the comparator": "t.forces", "How several forces became one figure": "t.comparator_variant",
        "Basis": "t.basis"}),
    "Journey": ("journey t WHERE t.force = $force", ["Step", "Month of the call"], {
        "Step": "t.step", "Month of the call": "t.month", "Records at the start (records)": "t.upstream",
        "With a link (records)": "t.linked", "Without a link (records)": "t.unlinked", "Linked (%)": "t.rate",
        "Median time to the link (in the unit of time)": "t.median_time", "Unit of time": "t.time_unit"}),
    "Demand": ("demand t WHERE t.force = $force AND t.level = 'force'",
               ["Calls or incidents", "Line or grade", "First day of the period", "Weekday (1 is Monday)",
                "Hour (of the London clock, at its start)"], {
        "Calls or incidents": "t.subject", "Line or grade": "t.kind", "Weekday (1 is Monday)": "t.weekday",
        "Hour (of the London clock, at its start)": "t.hour", "First day of the period": "t.period_start",
        "Last day of the period": "t.period_end", "Received or opened (calls or incidents)": 't."count"',
        "Such weekdays (days)": "t.days", "Such hours (hours)": "t.hours",
        "Mean (calls or incidents an hour)": "t.mean_an_hour", "Answered after a known time (calls)": "t.answered",
        "Mean time to answer (seconds)": "t.mean_answer_seconds",
        "Answered in less than 10 seconds (%)": "t.under_10_seconds_share", "Reason": "t.reason"}),
    "Forecast": (f"forecast t {OF_METRIC} WHERE t.force = $force", ["Measure id", "Month"], {
        **MEASURE, "Month": 't."month"', f"Expected {ROW}": "t.value",
        f"80% prediction interval, lower end {ROW}": "t.lower_80", f"80% prediction interval, upper end {ROW}": "t.upper_80",
        f"95% prediction interval, lower end {ROW}": "t.lower_95", f"95% prediction interval, upper end {ROW}": "t.upper_95",
        "First day that it is made from": "t.made_from_start", "Last day that it is made from": "t.made_from_end",
        "Months that it is made from (months)": "t.made_from_months", "Method": "t.method", "Reason": "t.reason",
        "Basis": "t.basis"}),
    "Call handlers": ("staffing t WHERE t.force = $force",
                      ["Weekday (1 is Monday)", "Half hour (of the London clock, at its start)"], {
        "Weekday (1 is Monday)": "t.weekday", "Half hour (of the London clock, at its start)": "t.half_hour",
        "Mean of 999 calls (calls an hour)": "t.calls_an_hour", "Load (erlangs)": "t.erlangs",
        "Handlers by Erlang C (handlers)": "t.handlers_erlang_c", "Answered in time, Erlang C (%)": "t.service_level_erlang_c",
        "Time on a call, Erlang C (%)": "t.occupancy_erlang_c", "Handlers by Erlang A (handlers)": "t.handlers_erlang_a",
        "Answered in time, Erlang A (%)": "t.service_level_erlang_a", "Time on a call, Erlang A (%)": "t.occupancy_erlang_a",
        "Given up, Erlang A (%)": "t.abandoned_share_erlang_a", "On the roster, Erlang C (handlers)": "t.rostered_erlang_c",
        "On the roster, Erlang A (handlers)": "t.rostered_erlang_a", "Target: answered in time (%)": "t.target_share",
        "Target: what in time is (seconds)": "t.target_seconds", "Mean handling time (seconds)": "t.handling_seconds",
        "Where the handling time is from": "t.handling_basis", "Mean patience of a caller (seconds)": "t.patience_seconds",
        "Where the patience is from": "t.patience_basis", "Shrinkage: paid time away from the line (%)": "t.shrinkage",
        "Calls that the load is taken from (calls)": "t.calls", "Such half hours (half hours)": "t.half_hours",
        "First day of the period": "t.period_start", "Last day of the period": "t.period_end", "Method": "t.method",
        "Status": "t.status", "Reason": "t.reason"}),
    "Limits": (f"spc t {OF_METRIC} WHERE {ALL} AND t.level = 'force'", ["Measure id", "Month"], {
        **MEASURE, "Month": "t.month", f"Value {ROW}": "t.value", f"Centre {ROW}": "t.centre",
        f"Lower limit {ROW}": "t.lower", f"Upper limit {ROW}": "t.upper", "Variation": "t.class",
        "Rule that it fires": "t.rule", "Assurance against the target": "t.assurance", "Kind of chart": "t.chart_type",
        "Why that chart": "t.chart_reason", "Phase": "t.phase", "What began the phase": "t.began_by",
        "Held against earlier limits since": "t.held_since",
        "Season taken out (in the unit of the row, or a factor)": "t.season", "Basis": "t.basis"}),
    "Interventions": (f"evaluation t {OF_METRIC} WHERE t.force = $force", ["Intervention", "Measure id", "Where"], {
        **MEASURE, "Intervention": "t.name", "Finding": "t.finding", "Verdict": "t.verdict", "Reason": "t.reason",
        "In force from": "t.date", "Where": "t.unit", f"Mean of the months after {ROW}": "t.observed",
        f"Expected without the change {ROW}": "t.expected", f"Effect {ROW}": "t.effect",
        f"Effect, 95% interval, lower end {ROW}": "t.effect_lower_95",
        f"Effect, 95% interval, upper end {ROW}": "t.effect_upper_95", "p-value (probability)": "t.p_value",
        f"Smallest change worth having {ROW}": "t.worthwhile", "Method": "t.method", "Compared with": "t.comparator",
        "Areas to compare with": "t.comparison_unit", "First day of the period": "t.period_start",
        "Last day of the period": "t.period_end", "Months before (number)": "t.months_before",
        "Months after (number)": "t.months_after", "Months still needed (number)": "t.more_months",
        "Power with so many more (probability)": "t.power", "Other entries of the same months": "t.others",
        "Measures that the intervention is held against": "t.tests", "Basis": "t.basis"}),
    "Nowcast": (f"nowcast t {OF_METRIC} WHERE t.force = $force",
                ["Measure id", "Level", "Unit of the organisation", "Scope", "Month"], {
        "Measure": "m.title", "Measure id": "t.metric", "Level": "t.level", "Unit of the organisation": "t.unit",
        "Scope": "t.scope", "Month": "t.period_start", "Crimes recorded (crimes)": "t.crimes",
        "Solved to date (crimes)": "t.solved", "Share solved to date (%)": "t.share_to_date",
        "Still open (crimes)": "t.still_open", "Further solved, expected (crimes)": "t.further_solved",
        "Share expected at the horizon (%)": "t.value", "95% prediction interval, lower end (%)": "t.lower_95",
        "95% prediction interval, upper end (%)": "t.upper_95", "Horizon (days)": "t.horizon_days",
        "First day of the reference": "t.reference_start", "Last day of the reference": "t.reference_end",
        "Crimes of the reference (crimes)": "t.reference_crimes", "Status": "t.status", "Reason": "t.reason",
        "Method": "t.method", "Basis": "t.basis", "Outcomes that count as solved": "t.solved_set"}),
    "Data quality": ("data_quality t WHERE t.force = $force AND t.level IN ('extract', 'force')",
                     ["Extract or published table", "Column", "What is asked", "Level", "Finding", "What is counted over what"], {
        "Extract or published table": "t.extract", "Column": 't."column"', "What is asked": "t.dimension",
        "Level": "t.level", "As they should be (rows or cells)": "t.numerator", "Looked at (rows or cells)": "t.denominator",
        "Not as they should be (rows or cells; days for freshness)": "t.affected", "As they should be (%)": "t.share",
        "Grade (A to D)": "t.grade", "Reason": "t.reason", "Finding": "t.finding",
        "What is counted over what": "t.basis", "Owner": "t.owner"}),
    "Metrics": ("dim_metric t WHERE t.metric IN (SELECT metric FROM scorecard WHERE force = $force)", ["Measure id"], {
        "Measure": "t.title", "Measure id": "t.metric", "What it says": "t.meaning", "How it misleads": "t.caveats",
        "How it is counted": "t.rule", "Unit": "t.unit", "Kind": "t.kind", "Which way is better": "t.polarity",
        "Basis": "t.basis", "Stage of the journey": "t.stage", f"Target {ROW}": "t.target",
        "Where the target is from": "t.target_source", "Measure to read it with (id)": "t.partner", "Extract": "t.extract",
        "Theme": "t.owner", "Strategic lead": "t.strategic_lead", "Analyst to ask": "t.analyst_spoc"}),
}
HEADER_ROW = 4
DRAWN = "Last 24 final months (drawn from sheet Months)"


def norm(text):
    """Words as a reader has them: the tables' words have underscores."""
    return text.replace("_", " ")


def same(found, expected, header):
    if expected is None:
        return found in SHORTHAND
    if isinstance(expected, bool):
        return found == ("yes" if expected else "no")
    if isinstance(expected, (int, float)):
        return isinstance(found, (int, float)) and not isinstance(found, bool) and float(found) == float(expected)
    if isinstance(expected, date):
        return isinstance(found, datetime) and found.date() == expected
    if header == "Status":
        return found == STATUS.get(expected, expected)
    if header == "Unit":
        return found == UNITS.get(expected, expected)
    return isinstance(found, str) and norm(found) == norm(expected)


def key_of(cells):
    """Texts and days that tell a row apart; a shorthand is nothing."""
    return tuple(None if c in SHORTHAND or c is None else norm(c) if isinstance(c, str)
                 else c.date() if isinstance(c, datetime) else c for c in cells)


def drawn_months(con, values):
    """Metric: first and last of its last final months in a row, 24 at most."""
    rows = con.execute(f"""SELECT metric, period_start, status = 'final' AND value IS NOT NULL FROM metric_values t
        WHERE {ALL} AND {SET} AND level = 'force' AND period_type = 'month' ORDER BY metric, period_start""", values).fetchall()
    months = collections.defaultdict(list)
    for metric, month, final in rows:
        months[metric].append((month, final))
    drawn = {}
    for metric, of in months.items():
        while of and not of[-1][1]:
            of.pop()
        run = []
        while of and of[-1][1] and len(run) < 24:
            run.append(of.pop()[0])
        if run:
            drawn[metric] = (run[-1], run[0], len(run))
    return drawn


def expected_rows(con, sheet, values, drawn):
    source, _, columns = SHEETS[sheet]
    asked = {h: e for h, e in columns.items() if h != DRAWN}
    select = ", ".join(f'{expression} AS "{header}"' for header, expression in asked.items())
    # A parameter that the query does not name is an error.
    used = {k: v for k, v in values.items() if f"${k}" in source}
    rows = [dict(zip(asked, row)) for row in con.execute(f"SELECT {select} FROM {source}", used).fetchall()]
    if DRAWN in columns:
        for row in rows:
            first, last, months = drawn.get(row["Measure id"], (None, None, None))
            row[DRAWN] = months and f"{months} final months, {first:%Y-%m} to {last:%Y-%m}"
    return rows


def table_of(ws, faults):
    """The one table of a sheet: headers and rows. It is everything from its header down."""
    if len(ws.tables) != 1:
        faults.append(f"{ws.title}: {len(ws.tables)} tables")
        return [], []
    ref = next(iter(ws.tables.values())).ref
    last = f"{openpyxl.utils.get_column_letter(ws.max_column)}{ws.max_row}"
    if ref != f"A{HEADER_ROW}:{last}":
        faults.append(f"{ws.title}: the table is {ref}, the sheet ends at {last}")
    rows = list(ws.iter_rows(min_row=HEADER_ROW, values_only=True))
    headers = list(rows[0])
    if any(not str(h or "").strip() for h in headers) or len({str(h).lower() for h in headers}) != len(headers):
        faults.append(f"{ws.title}: a header is blank or stands twice")
    blank = sum(1 for row in rows for cell in row if cell is None or cell == "")
    if blank:
        faults.append(f"{ws.title}: {blank} blank cells in the table")
    return headers, rows[1:]


def compare(con, ws, values, drawn, faults):
    headers, rows = table_of(ws, faults)
    _, keys, columns = SHEETS[ws.title]
    if set(headers) != set(columns):
        faults.append(f"{ws.title}: headers {set(headers) ^ set(columns)}")
        return 0, 0
    wanted = collections.defaultdict(list)
    expected = expected_rows(con, ws.title, values, drawn)
    for row in expected:
        wanted[key_of(row[k] for k in keys)].append(row)
    if len(rows) != len(expected):
        faults.append(f"{ws.title}: {len(rows)} rows, the tables have {len(expected)}")
    cells = numbers = 0
    for row in rows:
        found = dict(zip(headers, row))
        beside = wanted.get(key_of(found[k] for k in keys))
        if not beside:
            faults.append(f"{ws.title}: no such row in the tables: {[found[k] for k in keys]}")
            continue
        wrong = [[h for h in headers if not same(found[h], one[h], h)] for one in beside]
        best = min(range(len(beside)), key=lambda i: len(wrong[i]))
        for header in wrong[best]:
            faults.append(f"{ws.title}: {[found[k] for k in keys]}: {header}: {found[header]!r}, not {beside[best][header]!r}")
        del beside[best]
        cells += len(headers)
        numbers += sum(isinstance(c, (int, float)) for c in row)
    return cells, numbers


def drawn_lines(archive, book, drawn, faults):
    """The range of each sparkline is the metric's last final months."""
    lines = 0
    headers = [c.value for c in book["Scorecard"][HEADER_ROW]]
    metric_column = headers.index("Measure id") + 1
    if "Months" not in book.sheetnames:
        return 0
    months = book["Months"]
    at = [c.value for c in months[HEADER_ROW]]
    metric_at, month_at, value_at = (at.index(h) + 1 for h in ("Measure id", "Month", f"Value {ROW}"))
    for name in archive.namelist():
        if not name.startswith("xl/worksheets/sheet"):
            continue
        for source, cell in re.findall(r"<xm:f>(.*?)</xm:f><xm:sqref>(.*?)</xm:sqref>", archive.read(name).decode()):
            letter, first, again, last = re.fullmatch(r"Months!([A-Z]+)(\d+):([A-Z]+)(\d+)", source).groups()
            metric = book["Scorecard"].cell(int(re.sub(r"\D", "", cell)), metric_column).value
            rows = range(int(first), int(last) + 1)
            found = (months.cell(rows[0], month_at).value.date(), months.cell(rows[-1], month_at).value.date(), len(rows))
            others = {months.cell(row, metric_at).value for row in rows} - {metric}
            if found != drawn[metric] or others or openpyxl.utils.column_index_from_string(letter) != value_at or letter != again:
                faults.append(f"the line of {metric} is of {source}: {found}, not {drawn[metric]}")
            lines += 1
    if lines != len(drawn):
        faults.append(f"{lines} drawn lines, {len(drawn)} measures with final months")
    return lines


def charts(archive, book, faults):
    """What a chart keeps of its cells is what they hold, and every chart is told in words."""
    space = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    count = 0
    for name in archive.namelist():
        if re.fullmatch(r"xl/charts/chart\d+\.xml", name):
            for ref in ElementTree.fromstring(archive.read(name)).iter(f"{{{space['c']}}}numRef"):
                source = ref.find("c:f", space).text
                sheet, cells = source.rsplit("!", 1)
                held = [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]
                kept = [float(v.text) for v in ref.findall("c:numCache/c:pt/c:v", space)]
                held = [openpyxl.utils.datetime.to_excel(v) if isinstance(v, datetime) else v for v in held]
                if any(not isinstance(v, (int, float)) for v in held) or kept != [float(v) for v in held]:
                    faults.append(f"{name}: {source} keeps {kept[:3]}..., the cells hold {held[:3]}...")
            count += 1
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
            drawings = re.findall(r"<xdr:cNvPr [^>]*>", archive.read(name).decode())
            faults.extend(f"{name}: a chart without words" for one in drawings if not re.search(r'descr="[^"]+', one))
    return count


def shape(archive, book, faults):
    for ws in book:
        if ws.merged_cells.ranges:
            faults.append(f"{ws.title}: merged cells {ws.merged_cells.ranges}")
        if len(ws.title) > 31 or FORBIDDEN_IN_NAMES & set(ws.title):
            faults.append(f"{ws.title!r} is no name of a sheet")
        faults.extend(f"{ws.title}: {cell.coordinate} is a formula" for row in ws.iter_rows() for cell in row
                      if cell.data_type == "f")
    for name in archive.namelist():
        text = archive.read(name).decode(errors="replace")
        if name.startswith("xl/worksheets/") and re.search(r"<f[ >/]|<mergeCell", text):
            faults.append(f"{name} has a formula or a merged cell")
        if re.search(r"TargetMode=\"External\"", text) or name.endswith(("vbaProject.bin", "calcChain.xml")):
            faults.append(f"{name} leads out of the workbook")


def main():
    warnings.filterwarnings("ignore", message="Sparkline Group extension")
    build = Path(sys.argv[1])
    manifest = json.loads((build / "manifest.json").read_text())
    con = duckdb.connect()
    for path in sorted((build / "tables").glob("*.parquet")):
        con.execute(f"CREATE VIEW \"{path.stem}\" AS SELECT * FROM '{path}'")
    force = manifest["force"]
    con.execute(f"CREATE VIEW line AS SELECT * FROM scorecard WHERE force = '{force}'")
    sets = con.execute("SELECT DISTINCT solved_set FROM line WHERE solved_set IS NOT NULL").fetchall()
    values = {"force": force, "solved_set": sets[0][0] if sets else ""}
    path = build / "scorecard.xlsx"
    if not con.execute("SELECT count(*) FROM line").fetchone()[0]:
        sys.exit(f"{path} is there without a line of {force}" if path.exists() else 0)
    book = openpyxl.load_workbook(path)
    faults, cells, numbers = [], 0, 0
    drawn = drawn_months(con, values)
    archive = zipfile.ZipFile(path)
    shape(archive, book, faults)
    for sheet in book.sheetnames:
        if sheet in SHEETS:
            of_sheet = compare(con, book[sheet], values, drawn, faults)
            cells, numbers = cells + of_sheet[0], numbers + of_sheet[1]
        elif sheet in ("Contents", "Notes", "Charts"):
            table_of(book[sheet], faults)
        elif sheet != "Cover":
            faults.append(f"a sheet that nobody asked for: {sheet}")
    there = {row[0] for row in con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()}
    for sheet, (source, _, _) in SHEETS.items():
        if sheet not in book.sheetnames and source.split()[0] in there and expected_rows(con, sheet, values, drawn):
            faults.append(f"no sheet {sheet}, and the tables have rows for it")
    listed = [row[0] for row in book["Contents"].iter_rows(min_row=HEADER_ROW + 1, max_col=1, values_only=True)]
    if listed != [s for s in book.sheetnames if s not in ("Cover", "Contents")]:
        faults.append(f"Contents lists {listed}")
    used = {c for s in SHEETS if s in book.sheetnames for row in book[s].iter_rows(values_only=True) for c in row
            if isinstance(c, str)}
    used = {m for m in SHORTHAND if m in used or any(c.endswith(f" {m}") for c in STATUS.values() if c in used)}
    told = {row[0] for row in book["Notes"].iter_rows(values_only=True)} & SHORTHAND
    if used != told:
        faults.append(f"shorthand used {sorted(used)}, told {sorted(told)}")
    lines, drawings = drawn_lines(archive, book, drawn, faults), charts(archive, book, faults)
    print("\n".join(faults[:40]))
    print(f"{path}: {len(book.sheetnames)} sheets, {cells} cells of tables, {numbers} of them numbers, {lines} drawn lines, "
          f"{drawings} charts; {len(faults)} differences")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
