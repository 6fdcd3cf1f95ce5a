"""CSV that a spreadsheet opens as text and numbers, never as formulas."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"
"""By it spreadsheets recognise UTF-8."""

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")

type Field = str | int | None


def write(header: Sequence[str], rows: Iterable[Sequence[Field]]) -> bytes:
    """A file with BOM and line ends as in RFC 4180. None is an empty field."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows([_safe(field) for field in row] for row in rows)
    return (BOM + buffer.getvalue()).encode()


def _safe(field: Field) -> Field:
    """A text that a spreadsheet would calculate gets an apostrophe in front, which it shows as text."""
    if isinstance(field, str) and FORMULA.match(field) and not NUMBER.fullmatch(field):
        return "'" + field
    return field
