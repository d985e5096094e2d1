"""Stage 1: files to text rows. Every field is text, trimmed; blank is null."""

import codecs
import csv
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from definitions import EXTRACTS

SUFFIXES = (".csv", ".csv.gz", ".csv.zst", ".parquet")
BATCH_ROWS = 100_000
csv.field_size_limit(1 << 30)


def find_files(folder: Path, extract: str) -> list[Path]:
    """`crimes.csv`, or a set `crimes_*.csv`, in the order of their names."""
    names = [p for p in folder.iterdir() if p.name.endswith(SUFFIXES)]
    return sorted(
        (p for p in names if p.name.split(".")[0] == extract or p.name.startswith(extract + "_")),
        key=lambda p: p.name,
    )


def _bytes(path: Path) -> io.BufferedIOBase:
    if path.name.endswith(".gz"):
        return gzip.open(path, "rb")
    if path.name.endswith(".zst"):
        return pa.input_stream(str(path), compression="zstd")
    return open(path, "rb")


def _encoding(path: Path) -> str:
    """By byte order mark; else UTF-8 if the whole file is; else Windows-1252."""
    with _bytes(path) as stream:
        start = stream.read(4)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(start)
            while block := stream.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _delimiter(header: str) -> str:
    return max(",;\t|", key=header.count)


def _csv_records(path: Path):
    """The header, then (record number, fields) for each record; the header is record 1 and an
    empty line is no record."""
    encoding = _encoding(path)
    with _bytes(path) as stream:
        head = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        delimiter = _delimiter(head.readline())
    with _bytes(path) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
        rows = csv.reader(text, delimiter=delimiter)
        yield 1, [name.strip() for name in next(rows)]
        record = 1
        for fields in rows:
            if fields:
                record += 1
                yield record, [value.strip() for value in fields]


def _parquet_records(con, path: Path):
    """As _csv_records; every value as the text that DuckDB gives it."""
    names = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM read_parquet('{path}')").fetchall()]
    yield 1, names
    casts = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in names)
    cursor = con.cursor().execute(f"SELECT {casts} FROM read_parquet('{path}')")
    record = 1
    while rows := cursor.fetchmany(BATCH_ROWS):
        for row in rows:
            record += 1
            yield record, ["" if value is None else value.strip() for value in row]


class RowMaker:
    """Makes a row of the raw table from one source record. `content` is every non-blank field with its
    name, in the order of names: two rows are equal in all fields exactly when their contents are equal."""

    def __init__(self, columns, header, file):
        self.file, self.width = file, len(header)
        self.places = [header.index(name) if name in header else None for name in columns]
        self.by_name = sorted((f"{name}=", place) for place, name in enumerate(header))

    def row(self, record, fields):
        ragged = len(fields) != self.width
        if ragged:
            fields = (fields + [""] * self.width)[: self.width]
        content = "\x1f".join([name + fields[place] for name, place in self.by_name if fields[place]])
        values = [None if place is None else fields[place] or None for place in self.places]
        return [self.file, record, ragged, content, *values]


def read_extract(con, folder: Path, extract: str, scratch: Path) -> set[str] | None:
    """Makes the table raw_<extract>; gives the columns that are present, or None without a file."""
    files = find_files(folder, extract)
    if not files:
        return None
    columns = EXTRACTS[extract].columns
    schema = pa.schema(
        [("file", pa.string()), ("record", pa.int64()), ("ragged", pa.bool_()), ("content", pa.string())]
        + [(name, pa.string()) for name in columns]
    )
    present: set[str] = set()
    target = scratch / f"raw_{extract}.parquet"
    with pq.ParquetWriter(target, schema) as writer:
        batch = []
        for path in files:
            records = _parquet_records(con, path) if path.suffix == ".parquet" else _csv_records(path)
            _, header = next(records)
            missing = [name for name in EXTRACTS[extract].required if name not in header]
            if missing:
                raise SystemExit(f"{path.name}: required column gone: {', '.join(missing)}")
            present.update(header)
            maker = RowMaker(columns, header, path.name)
            for record, fields in records:
                batch.append(maker.row(record, fields))
                if len(batch) == BATCH_ROWS:
                    _write(writer, schema, batch)
                    batch = []
        _write(writer, schema, batch)
    con.execute(f"CREATE TABLE raw_{extract} AS SELECT * FROM read_parquet('{target}')")
    return present


def _write(writer, schema, batch):
    columns = list(zip(*batch)) if batch else [[] for _ in schema]
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema)]
    writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
