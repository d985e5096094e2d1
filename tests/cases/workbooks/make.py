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


if __name__ == "__main__":
    xlsx("cells.xlsx")
    xlsx("cells_1904.xlsx", CALENDAR_MAC_1904)
    ods("cells.ods")
