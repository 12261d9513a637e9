"""Which kind of file this is by its first bytes, and whether it is safe to open.

Sizes are read from the directory of the archive and then enforced while unpacking: a directory can
lie, but `zipfile` never gives more bytes of a part than the directory says.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from fieldapp.sources.xlsform import limits
from fieldapp.sources.xlsform.limits import NotRead, file_problem

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
EMPTY_ZIP = b"PK\x05\x06"
OLD_EXCEL = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")  # a BIFF stream without OLE
# streams of an OLE file, in its directory as UTF-16
LOCKED = "EncryptedPackage".encode("utf-16-le")
SPREADSHEET = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book"))
WORKBOOK_PARTS = ("xl/workbook.xml", "xl/workbook.bin")
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.spreadsheet"


def kind_of(name: str, data: bytes) -> str:
    """`xlsx`, `xls`, `md` or `zip` (a form with its files).

    Raises NotRead: file_empty, file_too_large, locked_workbook, not_a_workbook, open_document,
    binary_workbook, archive problems of `check_archive`.
    """
    if not data:
        raise NotRead(file_problem("file_empty", name))
    if len(data) > limits.LARGEST_BOOK and not data.startswith(ZIP):
        raise _too_large(name, len(data), limits.LARGEST_BOOK)
    if data.startswith((ZIP, EMPTY_ZIP)):
        return _archive_kind(name, data)
    if data.startswith(OLE):
        return _ole_kind(name, data)
    if data.startswith(OLD_EXCEL):
        return _xls(name, data)
    return _text_kind(name, data)


def _archive_kind(name: str, data: bytes) -> str:
    with opened(name, data) as archive:
        parts = archive.namelist()
        if "xl/workbook.bin" in parts:
            raise NotRead(file_problem("binary_workbook", name))
        if "xl/workbook.xml" in parts:
            if len(data) > limits.LARGEST_BOOK:
                raise _too_large(name, len(data), limits.LARGEST_BOOK)
            check_archive(name, archive)
            return "xlsx"
        if "mimetype" in parts and archive.getinfo("mimetype").file_size < 200:
            try:
                mimetype = archive.read("mimetype")
            except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, zlib.error):
                mimetype = b""
            if mimetype.startswith(OPEN_DOCUMENT):
                raise NotRead(file_problem("open_document", name))
    return "zip"


def opened(name: str, data: bytes) -> zipfile.ZipFile:
    """The archive; NotRead damaged_workbook when it is cut off or no archive at all."""
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise NotRead(file_problem("damaged_workbook", name)) from error


def check_archive(
    name: str, archive: zipfile.ZipFile, largest_part: int = limits.LARGEST_PART
) -> None:
    """NotRead archive_too_large for what unpacks to more than we read, or too many parts."""
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    packed = max(1, sum(part.compress_size for part in parts))
    largest = max((part.file_size for part in parts), default=0)
    steep = total > limits.SMALL and total / packed > limits.STEEPEST
    if (
        len(parts) > limits.MOST_PARTS
        or total > limits.LARGEST_UNPACKED
        or largest > largest_part
        or steep
    ):
        raise NotRead(
            file_problem(
                "archive_too_large", name,
                megabytes=round(total / 1_000_000), most=limits.LARGEST_UNPACKED // 1_000_000,
            )
        )  # fmt: skip


def _ole_kind(name: str, data: bytes) -> str:
    if LOCKED in data:
        raise NotRead(file_problem("locked_workbook", name))
    if not any(stream in data for stream in SPREADSHEET):
        raise NotRead(file_problem("not_a_workbook", name))
    return _xls(name, data)


def _xls(name: str, data: bytes) -> str:
    if len(data) > limits.LARGEST_XLS:
        raise _too_large(name, len(data), limits.LARGEST_XLS)
    return "xls"


def _text_kind(name: str, data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotRead(file_problem("not_a_workbook", name)) from error
    if "\0" in text or text.count("|") < 5:  # the smallest form has ten
        raise NotRead(file_problem("not_a_workbook", name))
    return "md"


def _too_large(name: str, size: int, most: int) -> NotRead:
    return NotRead(
        file_problem(
            "book_too_large", name, megabytes=-(-size // 1_000_000), most=most // 1_000_000
        )
    )
