"""Makes the awkward files beside this script, and what must come of each.

    python3 tests/cases/ingest/make.py

Counts and offsets are stated here, or found in the bytes as they are written; nothing here reads a file as the pipeline does.
"""

import gzip
import pathlib
import shutil

HERE = pathlib.Path(__file__).parent
HEAD = "crime_ref,recorded_at,offence_code,area"
ONE = "C1,2026-03-02 09:30:00,105A,Stroud"
TWO = "C2,2026-03-03 10:00:00,105A,Cotswold"
THREE = "C3,2026-03-04 11:00:00,105A,Forest"


def lines(*rows, end="\n"):
    return "".join(row + end for row in rows)


def toml(value):
    if isinstance(value, str):
        return '"' + "".join(
            {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\u0000"}.get(c, c) for c in value
        ) + '"'
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {toml(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def case(name, what, files, extract="crimes", input="", stops=None, fates=None, quarantined=(), conformed=None,
         findings=None, **more):
    folder = HERE / name
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "in").mkdir(parents=True)
    if not isinstance(files, dict):
        files = {f"{extract}.csv": files}
    for file, content in files.items():
        (folder / "in" / file).write_bytes(content.encode() if isinstance(content, str) else content)
    text = f"what = {toml(what)}\nextract = {toml(extract)}\n"
    for key, value in more.items():
        if key not in ("data_date", "notes"):
            text += f"{key} = {toml(value)}\n"
    if input:
        text += "input = '''\n" + input.strip() + "\n'''\n"
    text += "\n[expect]\n"
    if stops is not None:
        text += f"stops = {toml(stops)}\n"
    if "data_date" in more:
        text += f"data_date = {toml(more['data_date'])}\n"
    if "notes" in more:
        text += f"notes = {toml(more['notes'])}\n"
    if quarantined:
        text += "quarantined = [\n" + "".join(f"  {toml(q)},\n" for q in quarantined) + "]\n"
    for part, table in (("fates", fates), ("conformed", conformed), ("findings", findings)):
        if table:
            if isinstance(table, (list, tuple)):
                table = {f"{extract}.csv": table}
            text += f"\n[expect.{part}]\n" + "".join(f"{toml(k)} = {toml(v)}\n" for k, v in table.items())
    (folder / "case.toml").write_text(text)


def place(data, needle, record, rule, **more):
    """A quarantined record that begins where `needle` does."""
    data = data.encode() if isinstance(data, str) else data
    needle = needle.encode() if isinstance(needle, str) else needle
    return {"record": record, "rule": rule, "byte_offset": data.index(needle), **more}


THREE_ROWS = dict(fates=(3, 3, 0, 0, 0), conformed={"crime_ref": ["C1", "C2", "C3"], "area": ["Stroud", "Cotswold", "Forest"]})
plain = lines(HEAD, ONE, TWO, THREE)

# Encodings and marks.
case("encoding_utf8", "UTF-8 without a mark", lines(HEAD, ONE.replace("Stroud", "Trefaldwyn â ŵ")), fates=(1, 1, 0, 0, 0),
     conformed={"area": ["Trefaldwyn â ŵ"]})
case("encoding_utf8_bom", "UTF-8 with a byte order mark", b"\xef\xbb\xbf" + plain.encode(), **THREE_ROWS)
for end, name in (("le", "utf_16_le"), ("be", "utf_16_be")):
    text = lines(HEAD, ONE.replace("Stroud", "Café"), "C2,n/k,105A,𝄞", THREE, end="\r\n")
    data = (b"\xff\xfe" if end == "le" else b"\xfe\xff") + text.encode(f"utf-16-{end}")
    case(f"encoding_{name}", f"UTF-16 {end.upper()} with its mark; offsets are those of the file", data, fates=(3, 2, 0, 1, 0),
         quarantined=[place(data, "C2,n/k".encode(f"utf-16-{end}"), 3, "unparsable_time", column="recorded_at", raw="C2,n/k,105A,𝄞")],
         conformed={"area": ["Café", "Forest"]})
case("encoding_utf_16_without_mark", "UTF-16 without a mark shows by its zero bytes", plain.encode("utf-16-le"), **THREE_ROWS)
latin = lines(HEAD, ONE.replace("Stroud", "Café €"), "C2,never,105A,Ñ", THREE).encode("cp1252")
case("encoding_windows_1252", "Windows-1252, found by what is no UTF-8", latin, fates=(3, 2, 0, 1, 0),
     quarantined=[place(latin, b"C2,never", 3, "unparsable_time", raw="Ñ")], conformed={"area": ["Café €", "Forest"]})
case("encoding_windows_1252_stated", "Windows-1252, stated", lines(HEAD, ONE.replace("Stroud", "Café")).encode("cp1252"),
     input='encoding = "windows-1252"', fates=(1, 1, 0, 0, 0), conformed={"area": ["Café"]})
mixed = lines(HEAD, ONE.replace("Stroud", "Café")).encode() + lines(TWO.replace("Cotswold", "Café")).encode("cp1252")
case("encoding_mixed", "two encodings in one file, and nothing stated", mixed, stops="is partly UTF-8 and partly Windows-1252")
case("encoding_mixed_stated", "the same, stated: what is no letter is marked and counted", mixed, input='encoding = "utf-8"',
     fates=(2, 2, 0, 0, 0), conformed={"area": ["Café", "Caf\ufffd"]}, findings={"undecodable_text crimes.": 1})
case("encoding_lost_earlier", "UTF-8 in which another system has marked a letter that it lost", lines(HEAD, ONE.replace("Stroud", "Caf\ufffd"), TWO),
     fates=(2, 2, 0, 0, 0), conformed={"area": ["Caf\ufffd", "Cotswold"]}, findings={"undecodable_text crimes.": 1})
case("gzip", "gzip in two members", {"crimes.csv.gz": gzip.compress(lines(HEAD, ONE).encode(), mtime=0) + gzip.compress(lines(TWO, THREE).encode(), mtime=0)},
     fates={"crimes.csv.gz": (3, 3, 0, 0, 0)}, conformed={"crime_ref": ["C1", "C2", "C3"]})
case("gzip_cut_off", "a gzip without its end", {"crimes.csv.gz": gzip.compress(plain.encode() * 50, mtime=0)[:-20]}, stops="is cut off")

# Delimiters.
for mark, name in ((";", "semicolon"), ("\t", "tab"), ("|", "pipe")):
    text = plain.replace(",", mark).replace("Stroud", "Stroud, north")
    case(f"delimiter_{name}", f"fields between {name}s, and commas in a field", text, fates=(3, 3, 0, 0, 0),
         conformed={"area": ["Stroud, north", "Cotswold", "Forest"]})
case("delimiter_said_by_the_file", "a first line `sep=;` as Excel writes it", "sep=;\n" + plain.replace(",", ";"), **THREE_ROWS)
case("delimiter_stated_wrong", "a delimiter stated that the file does not have", plain, input='delimiter = ";"', stops="has no column crime_ref")
case("delimiter_semicolon_ragged", "ragged rows between semicolons", lines(HEAD, ONE, "C2,2026-03-03,105A", THREE).replace(",", ";"),
     fates=(3, 2, 0, 1, 0), quarantined=[{"record": 3, "rule": "ragged_row", "raw": "C2;2026-03-03;105A"}])

# Quotes and records.
text = lines(HEAD, 'C1,2026-03-02 09:30:00,105A,"Stroud\nand ""valleys"", south"', TWO)
case("embedded_newline", "a line break and quotes inside quotes", text, fates=(2, 2, 0, 0, 0), conformed={"area": ['Stroud\nand "valleys", south', "Cotswold"]})
text = lines(HEAD, ONE, 'C2,2026-03-03 10:00:00,105A,"Cots', THREE)
case("unterminated_quote", "a quote opened in the middle and never closed", text, fates=(3, 3, 0, 0, 0), conformed={"area": ["Stroud", '"Cots', "Forest"]})
text = lines(HEAD, ONE, 'C2,2026-03-03 10:00:00,"105A,Cotswold', THREE)
case("unterminated_quote_ragged", "an unclosed quote, which hides no other record", lines(HEAD, ONE, 'C2,2026-03-03 10:00:00,"105A', THREE),
     fates=(3, 2, 0, 1, 0), quarantined=[{"record": 3, "rule": "ragged_row", "raw": 'C2,2026-03-03 10:00:00,"105A'}])
text = lines(HEAD, 'C1,2026-03-02 09:30:00,105A,"Stroud', 'C2,2026-03-03 10:00:00,"105A",Cotswold', THREE)
case("unterminated_quote_closed_by_another", "an unclosed quote that the next record's quote would close", text, fates=(3, 3, 0, 0, 0),
     conformed={"crime_ref": ["C1", "C2", "C3"], "area": ['"Stroud', "Cotswold", "Forest"]})
text = lines(HEAD, ONE, TWO) + 'C3,2026-03-04 11:00:00,105A,"For'
case("unterminated_quote_at_the_end", "a file that ends inside quotes", text, fates=(3, 3, 0, 0, 0), conformed={"area": ["Stroud", "Cotswold", '"For']})
text = lines(HEAD, ONE, "C2,2026-03-03 10:00:00,105A,Cotswold,more", "C3,2026-03-04", "just words")
case("ragged", "rows that are too long and too short", text, fates=(4, 1, 0, 3, 0), quarantined=[
    place(text, "C2,", 3, "ragged_row", raw=",more"), place(text, "C3,", 4, "ragged_row"), place(text, "just", 5, "ragged_row")])
text = lines(HEAD, ONE, "", "", TWO) + "\r\n"
case("blank_lines", "lines without a byte are no records", text, fates=(2, 2, 0, 0, 0))
case("windows_line_ends", "CRLF", lines(HEAD, ONE, TWO, THREE, end="\r\n"), **THREE_ROWS)
case("no_last_line_end", "no line end at the end", plain.rstrip("\n"), **THREE_ROWS)
case("old_line_ends", "carriage returns alone", plain.replace("\n", "\r"), stops="its lines end in carriage returns alone")
text = lines(HEAD, ONE.replace("Stroud", "Str\0oud"), THREE) + "\0" * 64 + "\n"
case("zero_bytes", "zero bytes in a cell, and a line of them", text, fates=(3, 2, 0, 1, 0), quarantined=[{"record": 4, "rule": "ragged_row"}],
     conformed={"area": ["Str\0oud", "Forest"]})
long = "x" * 1_000_000
case("a_million_letters", "a cell of a million letters", {"crimes.csv.gz": gzip.compress(lines(HEAD, ONE.replace("Stroud", long), TWO).encode(), mtime=0)},
     fates={"crimes.csv.gz": (2, 2, 0, 0, 0)}, conformed={"crime_ref": ["C1", "C2"]})
text = lines(HEAD, ONE) + "C2,late,105A," + long + "\n"
case("a_million_letters_quarantined", "such a cell in a record that is set aside", {"crimes.csv.gz": gzip.compress(text.encode(), mtime=0)},
     fates={"crimes.csv.gz": (2, 1, 0, 1, 0)}, quarantined=[{"record": 3, "rule": "unparsable_time", "raw": "C2,late,105A,xxx"}])

# Headers.
case("header_only", "a header and nothing below", lines(HEAD), stops="holds a header and no record")
case("empty", "no byte", "", stops="is empty, without even a header")
case("empty_lines", "nothing but line ends", "\n\n\r\n", stops="is empty, without even a header")
case("header_doubled", "a needed column twice", lines("crime_ref,recorded_at,area,Area", "C1,2026-03-02,a,b"), stops="has two columns named area")
case("header_doubled_not_needed", "two columns that no metric reads have one name", lines("crime_ref,recorded_at,offence_code,note,note", "C1,2026-03-02,105A,a,b"),
     fates=(1, 1, 0, 0, 0))
case("header_in_other_words", "case, spaces and punctuation differ", lines("Crime Ref,RECORDED-AT,Offence Code,Area ", ONE, TWO, THREE), **THREE_ROWS)
case("header_trailing_columns", "a spreadsheet's empty columns", lines(HEAD + ",,", ONE + ",,", TWO + ",,", THREE + ",,"), **THREE_ROWS)
case("header_lost_column", "a required column gone", lines("crime_ref,offence_code", "C1,105A"), stops="has no column recorded_at")
case("header_other_extract", "calls under the name of crimes", lines("call_ref,line,received_at", "K1,999,2026-03-02"), stops="is an extract of calls, not of crimes")
case("header_moved_columns", "columns in another order, and one more", lines("area,notes,recorded_at,offence_code,crime_ref", "Stroud,x,2026-03-02,105A,C1"),
     fates=(1, 1, 0, 0, 0), conformed={"crime_ref": ["C1"], "area": ["Stroud"]})
text = "Recorded crime,,,\nRun on 1 April 2026,,,\n\n" + plain
case("title_rows", "a title and a date above the header", text, **THREE_ROWS)
case("header_row_stated", "the row of the header stated, though an older header stands above", lines(HEAD, "old,,,", HEAD, ONE, TWO, THREE),
     input="header_row = 3", **THREE_ROWS)
text = plain + "Total,,,3\n"
case("totals_row", "a totals row that nobody stated goes to quarantine", text, fates=(4, 3, 0, 1, 0),
     quarantined=[place(text, "Total", 5, "unparsable_time", column="recorded_at")])
case("totals_row_stated", "the same, stated", text + "\nEnd of report,,,\n", input='footer = ["Total", "End of report"]',
     findings={"footer_row crimes.": 2}, **THREE_ROWS)

# Mappings.
text = lines("Crime No;Date;Time;Code;LPA;OIC;Result", "C1;02/03/2026;09:30;105A;STR;42;Charged", "C2;13/03/2026;;105A;COT;1042;NFA 18", "C3;04/03/2026;1:05 pm;105A;;A7;")
case("mapping", "headers, a date in two columns, day first, codes and eaten zeros", {"niche.csv": text}, input='''
delimiter = ";"
date_format = "day_first"
[inputs.crimes.columns]
crime_ref = "Crime No"
recorded_at = ["Date", "Time"]
offence_code = "Code"
area = "LPA"
officer = "OIC"
outcome_type = "Result"
[inputs.crimes.values.area]
STR = "Stroud"
cot = "Cotswold"
[inputs.crimes.values.outcome_type]
Charged = "1"
"NFA 18" = "18"
[inputs.crimes.digits]
officer = 4
''', fates={"niche.csv": (3, 3, 0, 0, 0)}, conformed={
    "area": ["Stroud", "Cotswold", "unallocated"], "officer": ["0042", "1042", "A7"], "outcome_type": ["1", "18", ""],
    "recorded_at": ["2026-03-02 09:30:00.000000", "2026-03-13 00:00:00.000000", "2026-03-04 13:05:00.000000"]},
    findings={"outcome_without_time crimes.outcome_at": 2})
case("mapping_lost_header", "a header that the mapping names is gone", lines(HEAD, ONE), input='[inputs.crimes.columns]\narea = "LPA"',
     stops="has no column `LPA` for area")
case("mapping_unknown_column", "a mapping to a column that no extract has", lines(HEAD, ONE), input='[inputs.crimes.columns]\nregion = "Area"',
     stops="crimes has no column `region`")
text = lines("response_ref,surveyed_at,overall", "R1,2026-03-02,Very happy", "R2,2026-03-02,completely satisfied", "R3,2026-03-02,9", "R4,2026-03-02,no answer")
case("mapping_labels", "a contractor's own labels", text, extract="surveys", input='[inputs.surveys.values.overall]\n"very happy" = "2"\n"No answer" = "refused"',
     fates=(4, 4, 0, 0, 0), findings={"invalid_number surveys.overall": 1})

# Dates.
HEAD2 = "crime_ref,recorded_at,offence_code"
case("dates_day_first", "day first, shown by one date", lines(HEAD2, "C1,01/02/2026 09:30,105A", "C2,28/02/2026,105A"), fates=(2, 2, 0, 0, 0),
     conformed={"recorded_at": ["2026-02-01 09:30:00.000000", "2026-02-28 00:00:00.000000"]})
case("dates_month_first", "month first, shown by one date", lines(HEAD2, "C1,01/02/2026,105A", "C2,02/28/2026,105A"), fates=(2, 2, 0, 0, 0),
     conformed={"recorded_at": ["2026-01-02 00:00:00.000000", "2026-02-28 00:00:00.000000"]})
case("dates_ambiguous", "nothing shows which number is the month", lines(HEAD2, "C1,2026-02-01,105A", "C2,01/02/2026,105A"),
     stops="recorded_at of ")
case("dates_ambiguous_stated", "the same, stated", lines(HEAD2, "C1,2026-02-01,105A", "C2,01/03/2026,105A"), input='date_format = "day_first"',
     fates=(2, 2, 0, 0, 0), conformed={"recorded_at": ["2026-02-01 00:00:00.000000", "2026-03-01 00:00:00.000000"]})
case("dates_both_ways", "one column written both ways", lines(HEAD2, "C1,13/02/2026,105A", "C2,02/13/2026,105A"), stops="is written in more than one way, as in record 3")
case("dates_ambiguous_optional", "the doubt is in a column that is not required", lines(HEAD2 + ",outcome_type,outcome_at", "C1,2026-02-01,105A,1,03/04/2026"),
     stops="outcome_at of ")
case("dates_per_column", "each column its own way", lines(HEAD2 + ",outcome_type,outcome_at", "C1,05/02/2026,105A,1,03/04/2026"),
     input='[inputs.crimes.date_formats]\nrecorded_at = "day_first"\noutcome_at = "month_first"', fates=(1, 1, 0, 0, 0),
     conformed={"recorded_at": ["2026-02-05 00:00:00.000000"], "outcome_at": ["2026-03-04 00:00:00.000000"]})
case("dates_serial", "Excel's serial numbers", lines(HEAD2, "C1,46083.395833333336,105A", "C2,46084,105A"), fates=(2, 2, 0, 0, 0),
     conformed={"recorded_at": ["2026-03-02 09:30:00.000000", "2026-03-03 00:00:00.000000"]})
case("dates_pattern", "a pattern of the export's own", lines(HEAD2, "C1,02Mar26 09h30,105A", "C2,2026-03-03 10:00,105A"), input='date_format = "%d%b%y %Hh%M"',
     fates=(2, 2, 0, 0, 0), conformed={"recorded_at": ["2026-03-02 09:30:00.000000", "2026-03-03 10:00:00.000000"]})
case("dates_words", "months as words", lines(HEAD2, "C1,2-Mar-2026 09:30,105A", "C2,3 March 2026,105A"), fates=(2, 2, 0, 0, 0),
     conformed={"recorded_at": ["2026-03-02 09:30:00.000000", "2026-03-03 00:00:00.000000"]})
text = lines(HEAD2, "C1,29/02/2024,105A", "C2,29/02/2025,105A", "C3,30/02/2024,105A")
case("dates_leap_day", "29 February of a leap year, and of another", text, fates=(3, 1, 0, 2, 0), quarantined=[
    place(text, "C2", 3, "unparsable_time", column="recorded_at"), place(text, "C3", 4, "unparsable_time")],
    conformed={"recorded_at": ["2024-02-29 00:00:00.000000"]})
case("dates_format_of_nonsense", "a format that names no date", lines(HEAD2, "C1,2026-03-02,105A"), input='date_format = "%H:%M"', stops="`%H:%M` is no date format")

# Clock changes: 29 March 2026 01:00 to 02:00 was never shown, 26 October 2025 01:00 to 02:00 was shown twice.
text = lines("call_ref,line,received_at,answered_at", "K1,999,2025-10-26 01:59:50,2025-10-26 01:00:05", "K2,999,2025-10-26 00:59:50,2025-10-26 01:00:05",
             "K3,999,2026-03-29 00:59:50,2026-03-29 02:00:05", "K4,999,2026-03-29 01:30:00,2026-03-29 02:30:10")
case("clock_changes", "calls over both clock changes", text, extract="calls", fates=(4, 4, 0, 0, 0),
     conformed={"answer_seconds": ["15.0", "15.0", "15.0", "10.0"]}, findings={"time_never_shown calls.received_at": 1})

# Values.
text = lines("incident_ref,opened_at,grade", "I1,2026-03-02 09:00,IMMEDIATE", "I2,2026-03-02 09:00,grade 1", "I3,2026-03-02 09:00,", "I4,2026-03-02 09:00, Priority ")
case("unknown_grade", "a grade that is not in the list, and none", text, extract="incidents", fates=(4, 2, 0, 2, 0), quarantined=[
    place(text, "I2", 3, "unknown_grade", column="grade"), place(text, "I3", 4, "unknown_grade")])
case("unknown_grade_mapped", "the same, mapped", text, extract="incidents", input='[inputs.incidents.values.grade]\n"GRADE 1" = "immediate"\n"" = "scheduled"',
     fates=(4, 4, 0, 0, 0), conformed={"grade": ["immediate", "immediate", "scheduled", "priority"]})
text = lines("call_ref,line,received_at", "K1,112,2026-03-02 09:00", "K2,999.0,2026-03-02 09:00", "K3, 101 ,2026-03-02 09:00")
case("unknown_line", "lines that are none", text, extract="calls", fates=(3, 1, 0, 2, 0), quarantined=[
    place(text, "K1", 2, "unknown_line", column="line"), place(text, "K2", 3, "unknown_line")])
text = lines(HEAD, ONE, " ,2026-03-03,105A,Stroud", "C3,,105A,Stroud", "C4,n/k,105A,Stroud")
case("missing_key_and_time", "a blank reference, no time, and a time that is none", text, fates=(4, 1, 0, 3, 0), quarantined=[
    place(text, " ,2026", 3, "missing_key", column="crime_ref"), place(text, "C3", 4, "unparsable_time"), place(text, "C4", 5, "unparsable_time")])
text = lines(HEAD, ONE, "C2,2026-04-01 00:00:00,105A,Stroud", "C3,2026-03-31 23:59:59,105A,Stroud", "C4,2062-03-04,105A,Stroud")
case("future_time", "after the data date, and a year mistyped", text, fates=(4, 2, 0, 2, 0), quarantined=[
    place(text, "C2", 3, "future_time"), place(text, "C4", 5, "future_time", column="recorded_at")])
days = [f"C{d},2026-03-{d:02} 12:00:00,105A,Stroud" for d in range(1, 11)]
case("out_of_window", "the newest day is not taken for a whole one", lines(HEAD, *days), fates=(10, 9, 1, 0, 0), own_data_date=True, data_date="2026-03-09")
text = lines(HEAD, ONE, ONE, TWO, TWO.replace("Cotswold", "Forest"), THREE)
case("duplicates", "an exact copy, and two versions that nothing tells apart", text, fates=(5, 2, 0, 2, 1), quarantined=[
    {"record": 4, "rule": "conflicting_duplicate"}, {"record": 5, "rule": "conflicting_duplicate", "raw": "Forest"}],
    conformed={"crime_ref": ["C1", "C3"]})
text = lines(HEAD + ",updated_at", TWO + ",2026-03-05", TWO.replace("Cotswold", "Forest") + ",2026-03-06", TWO.replace("Cotswold", "Later") + ",2026-04-06")
case("versions", "the latest version by the data date stays", text, fates=(3, 1, 0, 0, 2), conformed={"area": ["Forest"]},
     findings={"conflict_settled_by_update crimes.updated_at": 2})
case("two_files", "one row in two files of a glob, and a header in another order",
     {"a.csv": lines(HEAD, ONE, TWO), "b.csv": lines("area,offence_code,recorded_at,crime_ref", "Cotswold,105A,2026-03-03 10:00:00,C2", "Forest,105A,2026-03-04 11:00:00,C3")},
     fates={"a.csv": (2, 2, 0, 0, 0), "b.csv": (2, 1, 0, 0, 1)}, conformed={"crime_ref": ["C1", "C2", "C3"]})
case("two_files_mapped", "two exports that write their dates differently", {"a.csv": lines(HEAD2, "C1,13/02/2026,105A"), "b.csv": lines(HEAD2, "C2,02/28/2026,105A")},
     fates={"a.csv": (1, 1, 0, 0, 0), "b.csv": (1, 1, 0, 0, 0)}, conformed={"recorded_at": ["2026-02-13 00:00:00.000000", "2026-02-28 00:00:00.000000"]})
text = lines(HEAD + ",officer,outcome_type", "00C1,2026-03-02,008N,Stroud,0042,018", "C2,2026-03-03,105a, Stroud ,42,0")
case("leading_zeros", "zeros in front are kept in references and names, not in outcome types", text, fates=(2, 2, 0, 0, 0),
     conformed={"crime_ref": ["00C1", "C2"], "officer": ["0042", "42"], "outcome_type": ["18", ""], "area": ["Stroud", "Stroud"]},
     findings={"outcome_without_time crimes.outcome_at": 1, "unmapped_offence crimes.offence_code": 1})
text = lines(HEAD + ",domestic_abuse,victim_type", ONE + ",Y,Person", TWO + ",perhaps,dog", THREE + ",,")
case("invalid_values", "a wrong flag and code are set aside, not blank", text, fates=(3, 3, 0, 0, 0),
     conformed={"domestic_abuse": ["true", "", ""], "victim_type": ["person", "", ""]}, findings={"invalid_flag crimes.domestic_abuse": 1, "invalid_code crimes.victim_type": 1})
text = lines("response_ref,surveyed_at,overall,weight", "R1,2026-03-02,1,-2", "R2,2026-03-02,N/A - data not provided,1", "R3,2026-03-02,7,1e400")
case("negative_and_not_provided", "a negative weight, a text for no data, a number beyond all", text, extract="surveys", fates=(3, 3, 0, 0, 0),
     findings={"invalid_number surveys.overall": 1, "invalid_number surveys.weight": 1})
text = lines(HEAD, "=cmd|' /C calc'!A0,2026-03-02,105A,<script>alert(1)</script>", "../../etc/passwd,2026-03-02,105A,@SUM(1)")
case("hostile_text", "formulas, tags and paths are text", text, fates=(2, 2, 0, 0, 0), conformed={"crime_ref": ["../../etc/passwd", "=cmd|' /C calc'!A0"]})
