"""Several files, or one archive, -> the form and what goes with it."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from fieldapp.sources.xlsform import guard
from fieldapp.sources.xlsform.limits import NotRead, file_problem

FORMS = (".xlsx", ".xlsm", ".xls", ".md")
NOISE = ("__macosx/", ".ds_store", "thumbs.db")
MOST_FILES = 500
LARGEST_FILE = 60_000_000
Files = Mapping[str, bytes]


def unpack(files: Files) -> tuple[str, bytes, dict[str, bytes]]:
    """(name of the form, its bytes, the other files by name without folders).

    Takes a form, a form with files beside it, or one .zip with all of them. Raises NotRead:
    no_form, several_forms, and what guard.py says about archives.
    """
    flat: dict[str, bytes] = {}
    for name, data in files.items():
        for inner, content in _inside(name, data):
            if inner in flat and flat[inner] != content:
                raise NotRead(file_problem("file_twice", inner))
            flat[inner] = content
    forms = [name for name in flat if PurePosixPath(name).suffix.lower() in FORMS]
    if len(forms) > 1:
        raise NotRead(file_problem("several_forms", ", ".join(sorted(forms))))
    if not forms:
        # a wrong ending: say what the file really is, when there is only one
        if len(flat) == 1:
            forms = list(flat)
        else:
            raise NotRead(file_problem("no_form", ", ".join(files) or "-"))
    form = forms[0]
    return form, flat.pop(form), flat


def _inside(name: str, data: bytes) -> list[tuple[str, bytes]]:
    plain = PurePosixPath(name.replace("\\", "/")).name or "bestand"
    if not data.startswith((guard.ZIP, guard.EMPTY_ZIP)) or guard.kind_of(plain, data) != "zip":
        return [(plain, data)]
    found: list[tuple[str, bytes]] = []
    with guard.opened(plain, data) as archive:
        guard.check_archive(plain, archive, LARGEST_FILE)
        if len(archive.infolist()) > MOST_FILES:
            raise NotRead(file_problem("too_many_files", plain, most=MOST_FILES))
        for part in archive.infolist():
            inner = part.filename.replace("\\", "/")
            if part.is_dir() or inner.lower().startswith(NOISE) or inner.lower().endswith(NOISE):
                continue
            if part.flag_bits & 1:
                raise NotRead(file_problem("locked_workbook", plain))
            try:
                content = archive.read(part)
            except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError,
                    EOFError, ValueError, zlib.error) as error:  # fmt: skip
                raise NotRead(file_problem("damaged_workbook", plain)) from error
            found.append((PurePosixPath(inner).name, content))
    return found
