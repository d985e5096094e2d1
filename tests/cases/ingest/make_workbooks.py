"""Makes the awkward workbooks, after those files that need no library, and what must come of each.

    pip install openpyxl==3.1.5 odfpy==1.4.1 && python3 tests/cases/ingest/make_workbooks.py

Records have the numbers of their rows in the sheet.
"""

import datetime as dt
import io
import pathlib
import re
import zipfile

import openpyxl
from odf import table, text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from make import HEAD, THREE_ROWS, case

HEADER = HEAD.split(",")
TIMES = [dt.datetime(2026, 3, 2, 9, 30), dt.datetime(2026, 3, 3, 10), dt.datetime(2026, 3, 4, 11)]
ROWS = [[f"C{i + 1}", when, "105A", area] for i, (when, area) in enumerate(zip(TIMES, ["Stroud", "Cotswold", "Forest"]))]
TABLE = [HEADER, *ROWS]
FIXED = dt.datetime(2026, 3, 14)
SAVED_AT = (b"dcterms:modified", re.compile(rb">\d{4}-\d\d-\d\dT[\d:.]+Z?</dcterms:modified>"), b">2026-03-14T00:00:00Z</dcterms:modified>")


def same_bytes(data):
    """The archive again with a fixed time in each entry and in the properties."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if SAVED_AT[0] in content:
                content = SAVED_AT[1].sub(SAVED_AT[2], content)
            info = zipfile.ZipInfo(entry.filename, FIXED.timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if entry.filename == "mimetype" else zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return out.getvalue()


def xlsx(sheets, merged=(), hidden=(), epoch=None):
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = FIXED
    if epoch:
        book.epoch = epoch
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
        if name in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return same_bytes(out.getvalue())


def ods(sheets):
    book = OpenDocumentSpreadsheet()
    for name, rows in sheets.items():
        sheet = table.Table(name=name)
        for row in rows:
            line = table.TableRow()
            for value in row:
                if isinstance(value, dt.datetime):
                    cell = table.TableCell(valuetype="date", datevalue=value.isoformat())
                    cell.addElement(text.P(text=value.strftime("%d/%m/%y")))
                elif value is None:
                    cell = table.TableCell()
                else:
                    cell = table.TableCell(valuetype="string")
                    cell.addElement(text.P(text=value))
                line.addElement(cell)
            sheet.addElement(line)
        book.spreadsheet.addElement(sheet)
    out = io.BytesIO()
    book.save(out)
    return same_bytes(out.getvalue())


def named(ending, **expected):
    """What is expected of `crimes.csv`, of a workbook."""
    return {**expected, "fates": {f"crimes.{ending}": expected["fates"]}} if "fates" in expected else expected


def book(name, what, data, ending="xlsx", **expected):
    case("workbook_" + name, what, {f"crimes.{ending}": data}, **named(ending, **expected))


book("xlsx", "dates as Excel keeps them", xlsx({"Sheet1": TABLE}), **THREE_ROWS)
book("ods", "dates as LibreOffice keeps them, which shows another text", ods({"Sheet1": TABLE}), ending="ods", **THREE_ROWS)
book("1904", "dates counted from 1904", xlsx({"Sheet1": TABLE}, epoch=CALENDAR_MAC_1904), **THREE_ROWS)
titles = [["Crimes recorded", None, None, None], ["Run 5 March 2026", None, None, None], [None] * 4]
book("merged_titles", "merged title rows, a blank row in the table, a totals row",
     xlsx({"Sheet1": [*titles, HEADER, ROWS[0], [None] * 4, ROWS[1], ROWS[2], ["Total", 3, None, None]]}, merged=["A1:D1", "A2:D2"]),
     input='footer = ["Total"]', findings={"footer_row crimes.": 1}, **THREE_ROWS)
book("bad_rows", "errors of formulas and dates of another century; records have the numbers of their rows",
     xlsx({"Sheet1": [*titles, HEADER, ROWS[0], [None] * 4, [None, TIMES[1], "105A", "Stroud"], ["C3", "#N/A", "105A", "Forest"],
                      ["C4", 12, "105A", "Forest"]]}),
     fates=(4, 1, 0, 3, 0), quarantined=[
         {"record": 7, "rule": "missing_key", "column": "crime_ref"},
         {"record": 8, "rule": "unparsable_time", "column": "recorded_at", "raw": "C3,#N/A"},
         {"record": 9, "rule": "unparsable_time", "column": "recorded_at", "raw": "C4,12"}])
book("serials", "serial numbers without a date's format",
     xlsx({"Sheet1": [HEADER, ["C1", 46083.395833333336, "105A", "Stroud"], ["C2", 46084, "105A", "Cotswold"]]}),
     fates=(2, 2, 0, 0, 0), conformed={"recorded_at": ["2026-03-02 09:30:00.000000", "2026-03-03 00:00:00.000000"]})
book("eaten_zeros", "collar numbers and outcome types that Excel took for numbers",
     xlsx({"Sheet1": [HEADER + ["officer", "outcome_type"], ROWS[0] + [42, 18], ROWS[1] + [1042, 1]]}), input="[inputs.crimes.digits]\nofficer = 4",
     fates=(2, 2, 0, 0, 0), conformed={"officer": ["0042", "1042"], "outcome_type": ["18", "1"]},
     findings={"outcome_without_time crimes.outcome_at": 2})
cover = [["Crimes recorded"], ["Contents"], ["Data", "all crimes"]]
book("cover_sheet", "the sheet with the extract's columns is read, whatever stands before it",
     xlsx({"Cover": cover, "Lookup": [["offence_code", "area"], ["105A", "Stroud"]], "Data": TABLE}), **THREE_ROWS)
book("hidden_sheet", "last month's sheet is hidden", xlsx({"February": TABLE[:2], "March": TABLE}, hidden=["February"]), **THREE_ROWS)
both = xlsx({"February": TABLE[:2], "March": TABLE})
book("two_sheets", "two sheets with the extract's columns", both, stops="has the extract on more than one sheet: February, March")
book("sheet_stated", "the same, one stated", both, input='sheet = "March"', **THREE_ROWS)
book("sheet_stated_wrong", "a sheet that is not there", both, input='sheet = "April"', stops="has no sheet `April`; it has `February`, `March`")
book("lost_column", "no sheet has every column", xlsx({"Cover": cover, "Data": [["crime_ref", "offence_code", "area"]]}),
     stops="has no column recorded_at")
book("header_only", "a sheet without a row", xlsx({"Data": TABLE[:1]}), stops="holds a header and no record")
book("empty", "a sheet without a cell", xlsx({"Data": []}), stops="is empty, without even a header")
book("cut_off", "a workbook whose copy was cut off", xlsx({"Data": TABLE})[:3000], stops="is no whole workbook")
book("old_format", "a workbook under an old name", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ending="xls",
     stops="is a workbook of an old format, which is not read")
book("password", "a workbook with a password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
     stops="is protected with a password")
case("workbook_and_text", "a workbook and a text file, one extract",
     {"a.xlsx": xlsx({"Data": TABLE[:2]}), "b.csv": "\n".join([HEAD, "C2,2026-03-03 10:00:00,105A,Cotswold", ""])},
     fates={"a.xlsx": (1, 1, 0, 0, 0), "b.csv": (1, 1, 0, 0, 0)}, conformed={"crime_ref": ["C1", "C2"]})

# The made-up release of tests/cases/workbooks, with a cover sheet, notes, and the table below a title.
release = (pathlib.Path(__file__).parent.parent / "workbooks" / "outcomes.xlsx").read_bytes()
case("home_office_workbook", "the Home Office's outcomes workbook, with its cover sheet", {"outcomes.xlsx": release},
     published="home_office_outcomes_open_data", fates={"outcomes.xlsx": (64, 64, 0, 0, 0)}, data_date="2025-03-31", own_data_date=True,
     notes=["counts of 2024/25 not provided", "counts below zero: corrections of earlier quarters, kept in the sums"])
