"""A walking list as somebody pastes it or saves it from a spreadsheet: one stairwell a line."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from fieldapp.core.portiek import LONGEST, portiek_key
from fieldapp.core.submission import can_be_stored
from fieldapp.core.survey import Problem

MOST_DOORS = 400  # front doors behind one stairwell
MOST_LINES = 500
LONGEST_LINE = 1000  # characters
HEADINGS = frozenset({"portiek", "naam", "adres", "name", "stairwell"})
COUNT = re.compile(r"(\d{1,6})\s*(?:deuren|deur|woningen|doors|door)?\.?")


@dataclass(frozen=True, slots=True)
class ListedDoor:
    """One stairwell: its name, how many front doors it has (None: unknown), its area or ""."""

    name: str
    doors: int | None = None
    area: str = ""  # as written: a code or the name of a buurt

    @property
    def key(self) -> str:
        """What visits to it carry."""
        return portiek_key(self.name)


def read_door_list(text: str) -> tuple[list[ListedDoor], list[Problem]]:
    """The stairwells in the order of their lines, and what is wrong (`where`: number of the line).

    A line is `name`, `name; doors` or `name; doors; area`, with ; or tab between (a comma only
    before a number of doors: names hold commas). A name that comes twice is a problem.
    """
    found: list[ListedDoor] = []
    problems: list[Problem] = []
    seen: set[str] = set()
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        cells = _cells(line[:LONGEST_LINE])
        if not any(cells) or (number == 1 and cells[0].casefold() in HEADINGS):
            continue
        if len(found) == MOST_LINES:
            problems.append(Problem("doors_too_many", str(number), {"limit": MOST_LINES}))
            break
        door = _door(cells, str(number), problems)
        if door is None:
            continue
        if door.key in seen:
            problems.append(Problem("doors_twice", str(number), {"name": door.name}))
            continue
        seen.add(door.key)
        found.append(door)
    return found, problems


def as_lines(doors: list[ListedDoor]) -> str:
    """The list as it can be pasted again."""
    lines = []
    for door in doors:
        cells = [door.name, "" if door.doors is None else str(door.doors), door.area]
        while len(cells) > 1 and not cells[-1]:
            cells.pop()
        lines.append("; ".join(cells))
    return "\n".join(lines)


def _cells(line: str) -> list[str]:
    line = line.strip()
    for sign in (";", "\t"):
        if sign in line:
            cells = next(csv.reader(io.StringIO(line), delimiter=sign), [""])
            return [cell.strip() for cell in cells]
    head, comma, tail = line.rpartition(",")
    if comma and COUNT.fullmatch(tail.strip()) and not tail.strip().isdigit():
        return [head.strip().strip('"'), tail.strip()]
    return [line.strip('"').strip()]


def _door(cells: list[str], where: str, problems: list[Problem]) -> ListedDoor | None:
    name = " ".join(cells[0].split())
    if not name or not can_be_stored(name):
        problems.append(Problem("doors_no_name", where))
        return None
    if len(name) > LONGEST:
        problems.append(Problem("doors_name_long", where, {"limit": LONGEST}))
        return None
    count = _count(cells[1] if len(cells) > 1 else "", where, problems)
    area = cells[2][:120] if len(cells) > 2 and can_be_stored(cells[2]) else ""
    return ListedDoor(name, count, area)


def _count(text: str, where: str, problems: list[Problem]) -> int | None:
    if not text:
        return None
    match = COUNT.fullmatch(text.casefold())
    if match is None:
        problems.append(Problem("doors_no_number", where, {"written": text[:40]}))
        return None
    number = int(match[1])
    if not 0 < number <= MOST_DOORS:
        problems.append(Problem("doors_out_of_range", where, {"limit": MOST_DOORS}))
        return None
    return number
