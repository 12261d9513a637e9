"""The choices sheet, and external_choices, -> lists of choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fieldapp.sources.xlsform.book import Book
from fieldapp.sources.xlsform.headings import Column
from fieldapp.sources.xlsform.limits import problem
from fieldapp.sources.xlsform.texts import Languages, media_of, plain_in, texts_in

EXTERNAL = "external_choices"


@dataclass(slots=True)
class Choices:
    """Lists by name, and where each choice stands: (list, place in it from 1) -> (sheet, row)."""

    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rows: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    external: dict[str, str] = field(default_factory=dict)


def read_choices(
    book: Book, read: Mapping[str, Mapping[str, Column]], languages: Languages
) -> Choices:
    """Both sheets. An external list is a list like any other; its name is kept free of doubles."""
    found = Choices()
    _sheet(book, "choices", read.get("choices", {}), languages, found, {})
    taken = set(found.lists)
    for _row, cells in book.rows(EXTERNAL):
        name = plain_in(cells, read.get(EXTERNAL, {})).get("list_name", "")
        if name:
            found.external.setdefault(name, f"{name}_external" if name in taken else name)
    _sheet(book, EXTERNAL, read.get(EXTERNAL, {}), languages, found, found.external)
    return found


def _sheet(
    book: Book,
    sheet: str,
    read: Mapping[str, Column],
    languages: Languages,
    found: Choices,
    names: Mapping[str, str],
) -> None:
    title = book.sheets[sheet].name if sheet in book.sheets else sheet
    for row, cells in book.rows(sheet):
        plain = plain_in(cells, read)
        listed = plain.get("list_name", "")
        if not listed:
            known = {heading: cell for heading, cell in cells.items() if read[heading].name}
            if known:  # a row with only the author's own notes is no choice
                book.problems.append(
                    problem("choice_without_list", title, row, found=next(iter(known.values())))
                )
            continue
        texts, twice = texts_in(cells, read, languages, title, row)
        book.problems.extend(twice)
        choice: dict[str, Any] = {"name": plain.get("name", "")}
        choice["label"] = texts.get("label", {})
        choice["media"] = media_of(texts)
        choice |= {key: plain[key] for key in ("icon", "theme") if key in plain}
        if "signal" in plain:
            choice["signal"] = _number(plain["signal"])
        choice["columns"] = _columns(cells, read)
        rows = found.lists.setdefault(names.get(listed, listed), [])
        # an empty label stays, so that it is missed; the rest may be absent
        rows.append({key: cell for key, cell in choice.items() if cell or key in ("label", "name")
                     or cell == 0})  # fmt: skip
        found.rows[names.get(listed, listed), len(rows)] = (title, row)


def _columns(cells: Mapping[str, str], read: Mapping[str, Column]) -> dict[str, str]:
    return {
        heading: cell
        for heading, cell in cells.items()
        if not read[heading].name and " " not in heading
    }


def _number(cell: str) -> float | str:
    """`0,5` and `0.5` are numbers; anything else stays as written, to be refused with its place."""
    try:
        return float(cell.replace(",", "."))
    except ValueError:
        return cell
