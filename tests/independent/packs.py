"""Every number of every pack beside the tables of its build, by python-pptx, python-docx, openpyxl and DuckDB.

    python packs.py BUILD [FOLDER]

Looks at each .pptx and .docx below BUILD/packs and BUILD/restricted/packs, or below FOLDER. Beside each stands its list of cells,
NAME.cells.csv: what is shown, and the table, key and column that it is. Each row of the list must be a cell of the table that reads
as shown; the document's text must show them in that order; and once they and the words of the tables are taken out, no digit is
left but those named below. The workbook of every native chart must hold the column of its series. Exit 1 if anything differs.
"""

import csv
import io
import json
import re
import sys
import tomllib
from datetime import date, datetime
from pathlib import Path

import docx
import duckdb
import openpyxl
import pptx
from docx.oxml.ns import qn

# Digits that are no figure: a level of confidence, the name of a span, a line to the control room, the terms of a briefing.
NO_FIGURE = ["95%", "99.8%", "12 months", "5%", "999", "101", "28 days", "14 days", "7 days", "0 days left", "reliability 1", "0.7"]
MINUS = "\u2212"
PIPELINES = Path(__file__).resolve().parents[2] / "pipelines"


class Build:
    def __init__(self, folder):
        self.folder = folder
        self.force = json.loads((folder / "manifest.json").read_text())["force"]
        self.data_date = json.loads((folder / "manifest.json").read_text())["data_date"]
        self.tables = {}

    def table(self, name):
        if name not in self.tables:
            path = next(p for p in (self.folder / "tables" / f"{name}.parquet", self.folder / "restricted" / f"{name}.parquet") if p.exists())
            rows = duckdb.execute(f"SELECT * FROM read_parquet('{path}')")
            columns = [c[0] for c in rows.description]
            rows = [dict(zip(columns, row)) for row in rows.fetchall()]
            set_of = self.solved_set(rows)
            self.tables[name] = [r for r in rows if r.get("force", self.force) == self.force
                                 and r.get("scope", "all") == "all" and r.get("solved_set") in (None, set_of)]
        return self.tables[name]

    def solved_set(self, rows):
        if not hasattr(self, "own_set"):
            path = self.folder / "tables" / "scorecard.parquet"
            sets = duckdb.execute(f"SELECT DISTINCT solved_set FROM read_parquet('{path}') WHERE solved_set IS NOT NULL").fetchall()
            self.own_set = sets[0][0] if sets else None
        return self.own_set

    def rows(self, table, key):
        if not hasattr(self, "indexes"):
            self.indexes = {}
        columns = tuple(key)
        index = self.indexes.get((table, columns))
        if index is None:
            index = {}
            for row in self.table(table):
                index.setdefault(tuple(text(row[c]) for c in columns), []).append(row)
            self.indexes[table, columns] = index
        return index.get(tuple(key.values()), [])

    def words(self):
        """Texts of the tables, longest first: a title or a caveat may hold a digit."""
        if not hasattr(self, "all_words"):
            found = set()
            for name in ("scorecard", "dim_metric", "attention", "gates", "evaluation", "dim_unit", "due", "due_counts", "local_figures",
                         "data_quality_examples", "officer_local", "organisation"):
                try:
                    rows = self.table(name)
                except StopIteration:
                    continue
                for row in rows:
                    for value in row.values():
                        if isinstance(value, str):
                            pieces = [value, *value.splitlines(), *re.split(r"\s*\n+\s*", value)]
                            found.update(p.strip() for p in pieces if any(c.isdigit() for c in p))
            # What a licence asks to be said.
            pipeline = tomllib.loads((PIPELINES / "published.toml").read_text())
            found.update(" ".join(input["source"].split()) for input in pipeline["published"])
            self.all_words = sorted(found, key=len, reverse=True)
        return self.all_words


def text(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()[:10]
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)


def reads_as(value, shown):
    """Whether `shown` is how a reader writes `value`."""
    if isinstance(value, (date, datetime)):
        day = value.date() if isinstance(value, datetime) else value
        forms = ["%-d %B %Y", "%B %Y", "%b %Y", "%-d %b", "%-d %b %Y", "%a %-d %b"]
        year = f"{day.year}/{(day.year + 1) % 100:02d}"
        return shown in [day.strftime(f) for f in forms] + [year]
    if shown.startswith("below 0.001"):
        return value < 0.001
    digits = re.sub(r"[^0-9.]", "", shown).rstrip(".")
    decimals = len(digits.split(".")[1]) if "." in digits else 0
    factor = 100 if "%" in shown or "point" in shown else 1
    number = float(digits)
    if MINUS in shown or shown.endswith("lower") or shown.startswith("Lower"):
        number = -number
    return abs(value * factor - number) <= 0.5 * 10 ** -decimals * (1 + 1e-9)


def slide_shapes(shapes):
    for shape in shapes:
        if shape.shape_type == 6:
            yield from slide_shapes(shape.shapes)
        else:
            yield shape


def alt(shape):
    return shape._element.xpath(".//p:cNvPr")[0].get("descr") or ""


def text_of_deck(path):
    """(place, text) in reading order: of a slide its shapes, then its notes."""
    deck = pptx.Presentation(str(path))
    for number, slide in enumerate(deck.slides, 1):
        parts = []
        for shape in slide_shapes(slide.shapes):
            if shape.is_placeholder and shape.placeholder_format.type in (13, 15, 16):
                continue
            parts.append(alt(shape))
            if shape.has_text_frame:
                parts.append(shape.text_frame.text)
            if getattr(shape, "has_table", False) and shape.has_table:
                parts += [cell.text for row in shape.table.rows for cell in row.cells]
        if slide.has_notes_slide:
            parts.append(slide.notes_slide.notes_text_frame.text)
        yield f"slide {number}", "\n".join(parts)


def charts_of_deck(path):
    deck = pptx.Presentation(str(path))
    for number, slide in enumerate(deck.slides, 1):
        for shape in slide_shapes(slide.shapes):
            if getattr(shape, "has_chart", False) and shape.has_chart:
                yield f"slide {number}", shape.chart.part.chart_workbook.xlsx_part.blob


def text_of_report(path):
    document = docx.Document(str(path))
    parts = []
    for element in document.element.body.iter():
        if element.tag == qn("wp:docPr"):
            parts.append(element.get("descr") or "")
        elif element.tag == qn("w:t"):
            parts.append(element.text or "")
        elif element.tag in (qn("w:p"), qn("w:tc"), qn("w:br")):
            parts.append("\n")
    yield "document", "".join(parts)


def charts_of_report(path):
    document = docx.Document(str(path))
    charts = [element.get(qn("r:id")) for element in document.element.body.iter() if element.tag.endswith("}chart")]
    for relation in charts:
        chart = document.part.related_parts[relation]
        workbook = next(r.target_part for r in chart.rels.values() if r.reltype.endswith("/package"))
        yield "document", workbook.blob


def series(blob):
    """Of a chart's workbook: months or texts of the first column, then each header with its values."""
    sheet = openpyxl.load_workbook(io.BytesIO(blob), data_only=True).active
    rows = list(sheet.iter_rows(values_only=True))
    first = [r[0].date() if isinstance(r[0], datetime) else r[0] for r in rows[1:]]
    return first, {name: [r[at] for r in rows[1:]] for at, name in enumerate(rows[0]) if at}


def whole(text_of_all, shown, at):
    """Where it stands next, and not within a longer word or number, such as a reference; -1 if nowhere."""
    word = lambda c: c.isalnum() or c in "-_"
    while (there := text_of_all.find(shown, at)) >= 0:
        before, after = text_of_all[there - 1:there], text_of_all[there + len(shown):there + len(shown) + 1]
        if not (before and word(before)) and not (after and word(after)):
            return there
        at = there + 1
    return -1


def check(build, path):
    """What differs, and how many numbers and values of charts were compared."""
    with open(f"{path}.cells.csv", newline="", encoding="utf-8") as file:
        listed = list(csv.DictReader(file))
    wrong, numbers, values = [], 0, 0
    texts, charts = (text_of_deck, charts_of_deck) if path.suffix == ".pptx" else (text_of_report, charts_of_report)
    shown_at = {}
    for cell in listed:
        if cell["place"].startswith("chart on "):
            continue
        if cell["column"] == "rows_shown":
            shown_at.setdefault(cell["place"], []).append(cell["shown"])
            continue
        key = json.loads(cell["key"])
        rows = build.rows(cell["table"], key)
        if cell["column"] == "rows":
            rows = [{"rows": len(rows)}]
        stands = {text(row[cell["column"]]): row[cell["column"]] for row in rows}
        if len(stands) != 1:
            wrong.append(f"{cell['table']} {key} {cell['column']}: {len(stands)} values")
            continue
        value = next(iter(stands.values()))
        numbers += 1
        if value is None or not reads_as(value, cell["shown"]):
            wrong.append(f"{cell['table']} {key} {cell['column']}: is {value}, shown {cell['shown']}")
        same = cell["value"] == text(value) if not isinstance(value, (int, float)) else float(cell["value"]) == float(value)
        if not same:
            wrong.append(f"{cell['table']} {key} {cell['column']}: is {value}, listed {cell['value']}")
        shown_at.setdefault(cell["place"], []).append(cell["shown"])
    for place, found in texts(path):
        # A name with a number in it, such as a team's, is none of the numbers.
        for words in build.words():
            if len(words) > 4 and any(c.isalpha() for c in words):
                found = found.replace(words, " ")
        left, at = [], 0
        for shown in shown_at.pop(place, []):
            there = whole(found, shown, at)
            if there < 0:
                wrong.append(f"{place} does not show {shown!r} in its order")
                break
            left.append(found[at:there])
            at = there + len(shown)
        left.append(found[at:])
        rest = "\n".join(left)
        if any(c.isdigit() for c in rest):
            for words in build.words():
                rest = rest.replace(words, "")
        day = date.fromisoformat(build.data_date)
        for words in [day.strftime("%-d %B %Y"), *NO_FIGURE]:
            rest = rest.replace(words, "")
        for line in rest.splitlines():
            if any(c.isdigit() for c in line):
                wrong.append(f"{place} shows a number without its cell: {line.strip()[:160]!r}")
    wrong += [f"{place} is not in the document" for place in shown_at]
    of_charts = {}
    for cell in listed:
        if cell["place"].startswith("chart on "):
            of_charts.setdefault(cell["place"].removeprefix("chart on "), []).append(cell)
    found_charts = list(charts(path))
    for place, blob in found_charts:
        first, columns = series(blob)
        wanted = of_charts.get(place, [])
        for name, drawn in columns.items():
            at = next((i for i, cell in enumerate(wanted) if cell["shown"].lstrip("'") == name), None)
            if at is None:
                wrong.append(f"chart on {place}: {name} is not listed")
                continue
            cell = wanted.pop(at)
            key = json.loads(cell["key"])
            rows = build.rows(cell["table"], key)
            by = "month" if "month" in (rows[0] if rows else {}) else None
            for at_row, (category, value) in enumerate(zip(first, drawn)):
                if value is None:
                    continue
                values += 1
                category = "unallocated" if category == "Not allocated" else category
                of = [r for r in rows if (r[by] == category if by else text(r.get("unit")) == category or category in r.values())]
                if name.endswith((": interval above", ": interval below")) and len(of) == 1:
                    # The end of the interval, from the figure.
                    sign = 1 if name.endswith("above") else -1
                    base = columns[name.split(":")[0]][at_row]
                    if abs(base + sign * value - of[0][cell["column"]]) > 1e-12 * abs(base):
                        wrong.append(f"chart on {place}, {name}, {category}: {value}")
                elif len(of) != 1 or of[0][cell["column"]] != value:
                    wrong.append(f"chart on {place}, {name}, {category}: {value}, in {cell['table']} {[r[cell['column']] for r in of]}")
    left_over = sum(len(cells) for cells in of_charts.values())
    if left_over:
        wrong.append(f"{left_over} series are listed and in no chart")
    return wrong, numbers, values, len(found_charts)


def main():
    build = Build(Path(sys.argv[1]))
    folders = [Path(sys.argv[2])] if len(sys.argv) > 2 else [build.folder / "packs", build.folder / "restricted" / "packs"]
    documents = sorted(p for folder in folders for p in folder.rglob("*") if p.suffix in (".pptx", ".docx"))
    if not documents:
        sys.exit("no packs there")
    all_wrong, totals = 0, [0, 0, 0]
    for path in documents:
        wrong, *counts = check(build, path)
        totals = [a + b for a, b in zip(totals, counts)]
        for line in wrong[:10]:
            print(f"{path.name}: {line}")
        all_wrong += len(wrong)
    print(f"{len(documents)} documents, {totals[0]} numbers, {totals[1]} values of {totals[2]} charts: {all_wrong} differ")
    sys.exit(1 if all_wrong else 0)


if __name__ == "__main__":
    main()
