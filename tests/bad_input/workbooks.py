"""Workbooks that nobody should send: cut off, locked, swollen, hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from tests.sources.xlsform_books import SETTINGS, workbook

GOOD = workbook(survey=[["type", "name", "label"], ["text", "v", "Vraag"]], settings=SETTINGS)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET = "xl/worksheets/sheet1.xml"


def repacked(change: Callable[[str, bytes], bytes], data: bytes = GOOD) -> bytes:
    """The workbook with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return out.getvalue()


def with_part(name: str, content: bytes, data: bytes = GOOD) -> bytes:
    """The workbook with one part replaced."""
    return repacked(lambda part, old: content if part == name else old, data)


STRINGS = "xl/sharedStrings.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_strings(*texts: str, data: bytes = GOOD) -> bytes:
    """The workbook with texts that its sheets share, as Excel writes them; openpyxl does not."""
    items = "".join(f"<si><t>{text}</t></si>" for text in texts)
    strings = f'<?xml version="1.0"?><sst xmlns="{NAMESPACE}">{items}</sst>'.encode()
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    link = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    ends = {
        "[Content_Types].xml": (
            b"</Types>",
            b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'" /></Types>',
        ),
        "xl/_rels/workbook.xml.rels": (
            b"</Relationships>",
            b'<Relationship Id="rId99" Type="' + link + b'" Target="sharedStrings.xml" />'
            b"</Relationships>",
        ),
    }
    changed = repacked(lambda name, old: old.replace(*ends.get(name, (b"\0", b""))), data)
    out = io.BytesIO(changed)
    with zipfile.ZipFile(out, "a", 8) as book:
        book.writestr(STRINGS, strings)
    return out.getvalue()


def sheet(rows: str) -> bytes:
    """A sheet's XML with these rows."""
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/'
        f'2006/main"><sheetData>{rows}</sheetData></worksheet>'
    ).encode()


def line(number: int, *cells: str) -> str:
    """One row of inline texts."""
    return f'<row r="{number}">' + "".join(
        f'<c r="{chr(65 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
        for place, cell in enumerate(cells)
    ) + "</row>"  # fmt: skip


HEAD = line(1, "type", "name", "label")
DOCTYPE = b'<!DOCTYPE worksheet [<!ENTITY secret SYSTEM "file://%s">]>'
LAUGHS = (
    b'<!DOCTYPE worksheet [<!ENTITY a "hahahahaha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


def with_doctype(doctype: bytes, entity: bytes, part: str = SHEET, data: bytes = GOOD) -> bytes:
    """The workbook with a DOCTYPE in one of its parts, and the entity used in it."""

    def change(name: str, old: bytes) -> bytes:
        if name != part:
            return old
        start = old.index(b"<", 2) if old.startswith(b"<?xml") else 0
        changed = old[:start] + doctype + old[start:]
        return changed.replace(b"<t>", b"<t>" + entity, 1).replace(b"<v>", b"<v>" + entity, 1)

    return repacked(change, with_strings("a", data=data))
