"""Results of a survey over its versions, for who may see them: as rows, as CSV, as a workbook.

Who sees what follows docs/privacy.md: the submissions of one's areas; the place as the middle of a
cell of 100 m; of every submission the day and not the time; of a survey for residents a number that
does not lead to the page where it was filled in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import IO, Any

from sqlalchemy.orm import Session

from fieldapp.core.dates import HERE, local_day
from fieldapp.core.people import REVIEW_ROLES, Actor
from fieldapp.core.survey import Survey as Definition
from fieldapp.core.survey.results import MAIN, OF_ROUND, Cell, Plan, plan_of, rows_of, safe_text
from fieldapp.core.survey.vocabulary import GEO_TYPES
from fieldapp.db.geo import cell_100m
from fieldapp.db.models import Survey, SurveyVersion
from fieldapp.db.queries.results import count_results, results
from fieldapp.services.survey_versions import parsed
from fieldapp.services.visible import NotThere

FACTS = (
    *("inzending", "versie", "taal", "dag", "buurt", "portiek", "staat", "weg", "lat", "lon"),
    "plek_let_op",  # marks of core/place_marks.py, with spaces between
)
EXPLAINED = ("kolom", "tabel", "vraag", "soort", "versies", "opmerking")
EXPLANATION = "uitleg"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which results: versions (none: all that were published) and days, both included."""

    survey_id: int
    version_ids: tuple[int, ...] = ()
    first: date | None = None
    last: date | None = None


class Results:
    """What is asked for, ready to be written. NotThere for a survey that is not the actor's."""

    def __init__(self, session: Session, wanted: Wanted, actor: Actor) -> None:
        survey = session.get(Survey, wanted.survey_id)
        organisation_id = actor.organisation_id
        if survey is None or survey.organisation_id not in (None, organisation_id):
            raise NotThere(f"no survey {wanted.survey_id}")
        if organisation_id is None:
            raise NotThere("no organisation")
        self.session, self.survey, self.actor = session, survey, actor
        self.offered = [v for v in reversed(survey.versions) if v.state != "draft"]
        chosen = [v for v in self.offered if not wanted.version_ids or v.id in wanted.version_ids]
        self.versions: list[SurveyVersion] = chosen
        self.definitions: dict[int, Definition] = {v.id: parsed(v) for v in chosen}
        self.plan: Plan = plan_of([self.definitions[v.id] for v in chosen])
        self.which = (
            organisation_id,
            tuple(self.definitions),
            actor.area_codes(*REVIEW_ROLES),
            _start(wanted.first),
            _start(wanted.last + timedelta(days=1)) if wanted.last is not None else None,
        )

    def count(self) -> int:
        """How many submissions."""
        return count_results(self.session, *self.which)

    @property
    def tables(self) -> list[str]:
        """Names of the tables: "" the main one, then the repeats."""
        return self.plan.tables

    def headers(self, table: str) -> list[str]:
        """All columns of a table."""
        if table == EXPLANATION:
            return list(EXPLAINED)
        return [*(FACTS if table == MAIN else OF_ROUND), *self.plan.headers(table)]

    def rows(self) -> Iterator[tuple[str, list[Cell]]]:
        """(table, cells) of every submission, piece by piece."""
        for found in results(self.session, *self.which):
            definition = self.definitions[found.survey_version_id]
            key = _key(found.id, found.kind)
            stored = _coarse(definition, found.answers)
            for table, cells in rows_of(self.plan, definition, stored, key):
                yield table, [*_facts(found, definition, key), *cells] if table == MAIN else cells

    def explanation(self) -> Iterator[list[Cell]]:
        """What each column is, and why some stand apart."""
        for column in self.plan.columns:
            label = column.question.label
            default = self.definitions[self.versions[0].id].default_language
            yield [
                column.key,
                column.table,
                label.in_language(default) if label is not None else "",
                column.question.type,
                ", ".join(column.versions),
                column.remark,
            ]


def _start(day: date | None) -> datetime | None:
    return datetime.combine(day, time.min, HERE) if day is not None else None


def _key(submission_id: Any, kind: str) -> str:
    """Of a resident not the id itself: that is in the address of their thank-you page."""
    if kind != "enquete":
        return str(submission_id)
    return sha256(b"results" + submission_id.bytes).hexdigest()[:20]


def _facts(found: Any, definition: Definition, key: str) -> list[Cell]:
    lon: float | None = None
    lat: float | None = None
    if found.lon is not None and found.lat is not None:
        lon, lat = cell_100m(found.lon, found.lat)
    day = local_day(found.captured_at).isoformat()
    return [
        *(key, definition.version, found.language, day, found.area_code, found.portiek),
        *(found.state, found.channel, lat, lon, " ".join(found.marks) or None),
    ]


def _coarse(definition: Definition, stored: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answers with each point moved to the middle of its cell."""
    places = [q.name for q in definition.questions if q.type in GEO_TYPES]
    return _moved(stored, frozenset(places)) if places else stored


def _moved(stored: Mapping[str, Any], places: frozenset[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, entry in stored.items():
        value = entry.get("v") if isinstance(entry, Mapping) else None
        if name in places and isinstance(value, str):
            entry = {"v": "; ".join(_cell_of(part) for part in value.split(";") if part.strip())}
        elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
            entry = {
                "v": [_moved(one, places) if isinstance(one, Mapping) else one for one in value]
            }
        found[name] = entry
    return found


def _cell_of(point: str) -> str:
    parts = point.split()
    lon, lat = cell_100m(float(parts[1]), float(parts[0]))
    return f"{lat:.5f} {lon:.5f}"


def write_csv(found: Results, table: str) -> Iterator[str]:
    """One table as CSV (RFC 4180, UTF-8 with a mark for Excel), line by line."""
    yield "\ufeff" + _line(found.headers(table))
    if table == EXPLANATION:
        yield from map(_line, found.explanation())
        return
    yield from (_line(cells) for name, cells in found.rows() if name == table)


def _line(cells: Sequence[Cell]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(["" if cell is None else safe_text(cell) for cell in cells])
    return buffer.getvalue()


def write_workbook(found: Results, file: IO[bytes]) -> None:
    """All tables as sheets of one workbook, with the explanation in front; rows go to disk as they
    come. A text is never a formula.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    names: dict[str, Any] = {}

    def add(name: str, cells: Sequence[Cell]) -> None:
        sheet = names[name]
        row = []
        for cell in cells:
            made = WriteOnlyCell(sheet, value=None)
            if isinstance(cell, str):
                made.value = ILLEGAL_CHARACTERS_RE.sub("", cell)[:32_767]
                made.data_type = "s"
            else:
                made.value = cell
            row.append(made)
        sheet.append(row)

    titles: set[str] = set()
    for number, table in enumerate([EXPLANATION, *found.tables]):
        title = "".join(c for c in (table or "inzendingen") if c not in "[]:*?/\\'")[:28]
        title = title if title and title.lower() not in titles else f"tabel {number}"
        titles.add(title.lower())
        names[table] = book.create_sheet(title)
        add(table, found.headers(table))
    for cells in found.explanation():
        add(EXPLANATION, cells)
    for table, cells in found.rows():
        add(table, cells)
    book.save(file)
