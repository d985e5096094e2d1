"""Makes the workbooks beside it with openpyxl and odfpy, and what those libraries read back from them as CSV.

    pip install openpyxl==3.1.5 odfpy==1.4.1 && python make.py

The tests of src/files/workbook hold our reader to these CSV files, so that no expected text comes from our code.
"""

import csv
import datetime as dt
import zipfile
from decimal import Decimal

import openpyxl
from odf import table, text
from odf.opendocument import OpenDocumentSpreadsheet, load
from openpyxl.utils.datetime import CALENDAR_MAC_1904

FIXED = dt.datetime(2026, 3, 14)
ROWS = [
    ["crime_ref", "recorded_at", "collar", "count", "share", "flag", "note", "wait", "time"],
    ["CR/26/0001", dt.datetime(2026, 3, 14, 9, 30), "0042", 7, 0.125, True, "plain", dt.timedelta(hours=36, minutes=30), dt.time(9, 30)],
    ["CR/26/0002", dt.datetime(2024, 2, 29, 23, 59, 59), "0007", -3, 99.95, False, 'says "no", left', dt.timedelta(seconds=9), dt.time(23, 59, 59)],
    [None] * 9,
    ["123456789012345", dt.date(2026, 3, 29), "12", 123456789012345, 1e-7, None, "two\nlines", dt.timedelta(0), dt.time(0, 0, 1)],
    ["Ynys Môn – é", dt.datetime(2026, 10, 25, 1, 30), None, 0, 1e16, None, " a blank each side ", None, None],
]


def shown(value):
    """The text that our reader is to give."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == dt.time(0) else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.timedelta):
        seconds = round(value.total_seconds())
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f")
    return str(value)


def write_csv(name, rows):
    with open(name, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        for row in rows:
            writer.writerow([shown(value) for value in row]) if any(v is not None for v in row) else file.write("\n")


def xlsx(name, epoch=None):
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = FIXED
    if epoch:
        book.epoch = epoch
    sheet = book.active
    sheet.title = "Crimes & more"
    for row in ROWS:
        sheet.append(row)
    for row in sheet.iter_rows(min_row=2, min_col=2, max_col=2):
        row[0].number_format = "dd/mm/yy"
    for row in sheet.iter_rows(min_row=2, min_col=8, max_col=8):
        row[0].number_format = "[h]:mm:ss"
    hidden = book.create_sheet("Hidden")
    hidden.sheet_state = "hidden"
    hidden.merge_cells("A1:C1")
    hidden["A1"] = "merged"
    hidden["B3"] = "#N/A"
    book.save(name)
    read = openpyxl.load_workbook(name, data_only=True)
    write_csv(name.replace(".xlsx", ".csv"), read["Crimes & more"].iter_rows(values_only=True))


def ods(name):
    document = OpenDocumentSpreadsheet()
    sheet = table.Table(name="Crimes & more")
    for row in ROWS:
        line = table.TableRow()
        for value in row:
            line.addElement(ods_cell(value))
        line.addElement(table.TableCell(numbercolumnsrepeated=16375))
        sheet.addElement(line)
    blank = table.TableRow(numberrowsrepeated=1048570)
    blank.addElement(table.TableCell(numbercolumnsrepeated=16384))
    sheet.addElement(blank)
    document.spreadsheet.addElement(sheet)
    document.save(name)


def ods_cell(value):
    if value is None:
        return table.TableCell()
    if isinstance(value, bool):
        return table.TableCell(valuetype="boolean", booleanvalue=str(value).lower())
    if isinstance(value, dt.datetime):
        return table.TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, dt.date):
        return table.TableCell(valuetype="date", datevalue=value.isoformat())
    if isinstance(value, (dt.timedelta, dt.time)):
        seconds = round(value.total_seconds()) if isinstance(value, dt.timedelta) else value.hour * 3600 + value.minute * 60 + value.second
        return table.TableCell(valuetype="time", timevalue=f"PT{seconds // 3600:02}H{seconds // 60 % 60:02}M{seconds % 60:02}S")
    if isinstance(value, (int, float)):
        return table.TableCell(valuetype="float", value=repr(value))
    cell = table.TableCell(valuetype="string")
    for line in value.split("\n"):
        paragraph = text.P()
        for i, part in enumerate(line.split(" ")):
            if i:
                paragraph.addElement(text.S(c=1))
            paragraph.addText(part)
        cell.addElement(paragraph)
    return cell


OUTCOME_HEADERS = [
    # YE March 2026, and the files by subcode.
    ["Financial Year", "Financial Quarter", "Force Name", "Offence Code", "Offence Description", "Offence Group", "Offence Subgroup",
     "Offence code expired", "Outcome Type", "Outcome Description", "Outcome Group",
     "Outcomes for offences that were recorded in the quarter", "Outcomes for investigations closed in the quarter"],
    ["Financial Year", "Financial Quarter", "Police Force", "Offence Code", "Offence Subcode", "Offence Description", "Outcome Type",
     "Force outcomes for offences recorded in quarter", "Force outcomes recorded in quarter"],
]


def outcome_rows():
    """Force, quarter, offence, expired, type, recorded, closed: made up, and added up by hand in the tests."""
    for quarter in range(1, 5):
        for force, times in [("London, City of", 1), ("Hampshire and Isle of Wight", 10), ("British Transport Police", 2)]:
            yield force, quarter, "8N", None, 1, 3 * times, 4 * times
            yield force, quarter, "8N", None, "1a", times, times
            yield force, quarter, "8N", None, 8, 2 * times, 1 * times
            yield force, quarter, "8N", None, 18, 20 * times, 30 * times
            yield force, quarter, "8N", None, 0, 7 * times, "N/A"
    yield "London, City of", 2, "30C", None, 8, -1, -2
    yield "Hampshire and Isle of Wight", 3, "4.1", "x", 2, "N/A - Offence code expired", "N/A - Offence code expired"
    yield "British Transport Police", 4, "105A", None, 22, "N/A - data not provided", 1
    yield "Action Fraud", 1, "NFIB", None, 18, 500, 500


def outcomes(name, header, first_quarter):
    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = FIXED
    cover = book.active
    cover.title = "Cover"
    cover.append(["Police recorded crime and outcomes open data tables"])
    cover.append(["Made up for a test, to the layout of the release"])
    book.create_sheet("Notes").append(["N/A", "not available"])
    sheet = book.create_sheet("Outcomes_open_data_2425")
    sheet.append(["Outcomes open data, year ending March 2025"])
    sheet.append([])
    sheet.append(header)
    for force, quarter, offence, expired, kind, recorded, closed in outcome_rows():
        values = {"Financial Year": "2024/25", "Financial Quarter": first_quarter.format(quarter) if first_quarter else quarter,
                  "Force Name": force, "Police Force": force, "Offence Code": offence, "Offence code expired": expired,
                  "Offence Subcode": offence, "Outcome Type": kind}
        values |= {column: recorded for column in header if "recorded in the quarter" in column or "recorded in quarter" in column}
        values |= {column: closed for column in header if "closed" in column or column == "Force outcomes recorded in quarter"}
        sheet.append([values.get(column, "text") for column in header])
    book.save(name)


def outcomes_ods(name, source):
    """The same sheets as ODS."""
    document = OpenDocumentSpreadsheet()
    for sheet in openpyxl.load_workbook(source).worksheets:
        one = table.Table(name=sheet.title)
        for row in sheet.iter_rows(values_only=True):
            line = table.TableRow()
            for value in row:
                line.addElement(ods_cell(value))
            one.addElement(line)
        document.spreadsheet.addElement(one)
    document.save(name)


if __name__ == "__main__":
    outcomes("outcomes.xlsx", OUTCOME_HEADERS[0], None)
    outcomes("outcomes_by_subcode.xlsx", OUTCOME_HEADERS[1], "Q{}")
    outcomes_ods("outcomes.ods", "outcomes.xlsx")
    xlsx("cells.xlsx")
    xlsx("cells_1904.xlsx", CALENDAR_MAC_1904)
    ods("cells.ods")
