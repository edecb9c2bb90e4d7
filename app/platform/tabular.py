"""Lists as CSV, XLSX and NDJSON: a row per item, a column per field, labels in one language; in parts as they come."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import orjson

CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NDJSON: Final = "application/x-ndjson"
PART: Final = 1 << 16
OMITTED: Final = frozenset({"links", "citations"})
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL: Final = 32_000


def cell(value: Any, language: str) -> str:  # noqa: ANN401 - any JSON
    """Write any value as text: a term as `label [code]`, lists joined by semicolons, what is not stated as nothing."""
    if isinstance(value, list):
        return "; ".join(filter(None, (cell(part, language) for part in value)))
    if not isinstance(value, dict):
        return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return _object(value, language)


def _object(value: dict[str, Any], language: str) -> str:
    if set(value) == {"tr", "en"}:
        return str(value[language])
    name = value.get("label") or value.get("name")
    if "code" in value and name:
        return _named(value, cell(name, language), language)
    shown = ((field, cell(part, language)) for field, part in value.items() if field not in OMITTED)
    return ", ".join(f"{field}: {text}" for field, text in shown if text)


def _named(value: dict[str, Any], name: str, language: str) -> str:
    text = f"{name} [{value['code']}]"
    if value.get("certainty", "stated") != "stated":
        text += f" ({value['certainty']})"
    items = cell(value.get("items"), language)
    return f"{text}: {items}" if items else text


def table(items: Iterable[dict[str, Any]], fields: Sequence[str], language: str) -> Iterable[list[str]]:
    """Return the header and the rows of a table."""
    columns = [field for field in fields if field not in OMITTED]
    yield columns
    for item in items:
        yield [_harmless(cell(item.get(column), language)) for column in columns]


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking text for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_parts(items: Iterable[dict[str, Any]], fields: Sequence[str], language: str) -> Iterator[bytes]:
    """Write a CSV file (RFC 4180, UTF-8 with the mark that spreadsheets look for) in parts, as the items come."""
    yield "\ufeff".encode()
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in table(items, fields, language):
        writer.writerow(row)
        if buffer.tell() > PART:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_parts(items: Iterable[dict[str, Any]], fields: Sequence[str], language: str) -> Iterator[bytes]:
    """Write an Excel workbook with one sheet, by way of a temporary file; every cell is text."""
    import xlsxwriter  # noqa: PLC0415 - most processes never write one (docs/decisions/0014)

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with tempfile.TemporaryFile() as file:
        with xlsxwriter.Workbook(file, {**options, "strings_to_numbers": False}) as workbook:
            sheet = workbook.add_worksheet("envanter")
            bold = workbook.add_format({"bold": True})
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(table(items, fields, language)):
                for column, text in enumerate(row):
                    sheet.write_string(number, column, text[:LONGEST_CELL], bold if number == 0 else None)
        file.seek(0)
        while part := file.read(PART):
            yield part


def ndjson_parts(items: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """Write one JSON object per line."""
    for item in items:
        yield orjson.dumps(item, option=orjson.OPT_APPEND_NEWLINE)


def write_csv(items: Iterable[dict[str, Any]], fields: Sequence[str], language: str) -> bytes:
    """Write a whole CSV file."""
    return b"".join(csv_parts(items, fields, language))


def write_xlsx(items: Iterable[dict[str, Any]], fields: Sequence[str], language: str) -> bytes:
    """Write a whole Excel workbook."""
    return b"".join(xlsx_parts(items, fields, language))
