"""Import a file of statistics: all of it in one transaction, or nothing.

Values are kept by area code, year and edition. Editions live side by side and the latest counts;
the same file again changes nothing. Codes that match no area are stored and listed by name: their
boundaries may come later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from fieldapp.core.indicator import Catalogue
from fieldapp.core.people import Actor
from fieldapp.db.models import AuditEntry, ImportRun
from fieldapp.db.queries import indicators as queries
from fieldapp.services.catalogue import catalogue as shipped_catalogue
from fieldapp.services.import_files import check_year, file_sha256, finish
from fieldapp.sources.errors import SourceError
from fieldapp.sources.statistics import StatisticsFile, read_statistics

Progress = Callable[[int, int], None]

EDITION_LENGTH = 40  # as wide as the column
KEPT_IN_REPORT = 500  # of each list in the report that stays with the run


@dataclass(frozen=True, slots=True)
class AreaName:
    """An area code with the best name known for it; empty when no file gave one."""

    code: str
    name: str


@dataclass(slots=True)
class Match:
    """How the codes of a file meet the imported boundaries.

    `boundary_years`: gemeente -> the imported boundary year nearest to the year of the figures.
    `unmatched`: in the file, but no area of that boundary year; `elsewhere`: codes of gemeenten
    without any imported boundaries; `without_values`: areas without a single figure.
    """

    matched: int = 0
    boundary_years: dict[str, int] = field(default_factory=dict)
    unmatched: list[AreaName] = field(default_factory=list)
    elsewhere: list[AreaName] = field(default_factory=list)
    without_values: list[AreaName] = field(default_factory=list)


@dataclass(slots=True)
class IndicatorReport:
    """What an import did. `added` and `unchanged` count values; `read` is the reader's account."""

    file: str
    source: str
    year: int
    edition: str
    edition_from: str  # given, file, earlier (same file before), import (the moment of import)
    added: int = 0
    unchanged: int = 0
    match: Match = field(default_factory=Match)
    read: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self, limit: int | None = None) -> dict[str, Any]:
        """For JSON; `limit` caps the lists, their full length stays in `..._count`."""
        data = asdict(self)
        match, read = data.pop("match"), dict(data.pop("read"))
        for part, names in (
            (match, ("unmatched", "elsewhere", "without_values")),
            (read, ("refused", "suspects")),
        ):
            for name in names:
                part[f"{name}_count"] = len(part[name])
                part[name] = part[name][:limit]
        return {**data, **match, "read": read}


def import_indicators(
    session: Session,
    source: str,
    file: Path,
    *,
    year: int,
    actor: Actor,
    now: datetime,
    mapping: Mapping[str, Any] | Path | None = None,
    edition: str | None = None,
    catalogue: Catalogue | None = None,
    organisation: int | None = None,
    run: ImportRun | None = None,
    progress: Progress | None = None,
) -> IndicatorReport:
    """Store the figures of `file` for `year`; one commit.

    `edition` names the publication (a month or day, year first); without it the day the file
    states, else the moment of import. `run` is an import that was queued before. Raises
    SourceError when the file cannot be used; then nothing is changed.
    """
    check_year(year, file)
    catalogue = catalogue or shipped_catalogue()
    found = read_statistics(source, file, year=year, catalogue=catalogue, mapping=mapping)
    sha256 = file_sha256(file)
    name, origin = _edition(session, found, edition, sha256, now)
    report = IndicatorReport(file.name, source, year, name, origin, read=found.report.to_dict())
    try:
        run = run or ImportRun(kind="indicators", created_at=now)
        options = {
            "year": year,
            "edition": name,
            "mapping": mapping.name if isinstance(mapping, Path) else mapping,
            "catalogue": catalogue.version,
        }
        finish(run, file, source, options, actor, organisation, now)
        run.file_sha256 = sha256
        session.add(run)
        session.flush()
        _store(session, found, report, run.id, progress or (lambda done, total: None))
        report.match = match_codes(session, found)
        run.report = report.to_dict(KEPT_IN_REPORT)
        session.add(_audit(report, actor, now))
        session.commit()
    except IntegrityError as error:
        session.rollback()  # another import of the same edition was faster
        raise SourceError("import_at_the_same_time", file.name, {}, "import_again") from error
    except BaseException:
        session.rollback()
        raise
    return report


def _edition(
    session: Session, found: StatisticsFile, given: str | None, sha256: str, now: datetime
) -> tuple[str, str]:
    """The edition's name, and where it comes from."""
    if given is not None and given.strip():
        if len(given.strip()) > EDITION_LENGTH:
            params = {"length": len(given.strip()), "limit": EDITION_LENGTH}
            raise SourceError("edition_too_long", given[:EDITION_LENGTH], params, "give_edition")
        return given.strip(), "given"
    if found.stated_edition:
        return found.stated_edition, "file"
    before = queries.earlier_edition(session, found.source, found.year, sha256)
    if before is not None:
        return before, "earlier"
    return now.strftime("%Y-%m-%dT%H:%M:%S"), "import"


def _store(
    session: Session,
    found: StatisticsFile,
    report: IndicatorReport,
    import_id: int,
    progress: Progress,
) -> None:
    """Insert what is new; SourceError when this edition already has another value somewhere."""
    known = queries.edition_values(session, found.year, report.edition)
    rows: list[dict[str, Any]] = []
    clashes: list[str] = []
    for value in found.values:
        before = known.get((value.indicator, value.area_code))
        if before is None:
            rows.append(
                {
                    "indicator": value.indicator,
                    "area_code": value.area_code,
                    "year": value.year,
                    "edition": report.edition,
                    "value": value.value,
                    "status": value.status,
                    "source": found.source,
                    "import_id": import_id,
                }
            )
        elif before == value.value:
            report.unchanged += 1
        else:
            clashes.append(f"{value.indicator} {value.area_code}: {before:g}, {value.value:g}")
    if clashes:
        params = {"edition": report.edition, "count": len(clashes), "examples": clashes[:3]}
        raise SourceError("edition_has_other_values", report.file, params, "give_edition")
    for done in queries.insert_values(session, rows):
        progress(done, len(rows))
    report.added = len(rows)


def match_codes(session: Session, found: StatisticsFile) -> Match:
    """Lay the codes of a file beside the boundaries nearest in time, per gemeente."""
    codes = set(found.names)
    with_value = {value.area_code for value in found.values}
    gemeenten = {"GM" + code[2:6] for code in codes}
    match = Match()
    for gemeente, years in queries.boundary_years(session).items():
        if gemeente in gemeenten:
            # Of two years equally near the earlier one: figures look back.
            match.boundary_years[gemeente] = min(years, key=lambda y: (abs(y - found.year), y))
    areas: dict[str, str] = {}
    for year in sorted(set(match.boundary_years.values())):
        of_year = [gm for gm, chosen in match.boundary_years.items() if chosen == year]
        areas |= queries.area_names(session, year, of_year)
    for code in sorted(codes):
        named = AreaName(code, found.names.get(code, ""))
        if code in areas:
            match.matched += 1
        elif "GM" + code[2:6] in match.boundary_years:
            match.unmatched.append(named)
        else:
            match.elsewhere.append(named)
    # A file of wijken only says nothing about buurten, and that is no gap.
    levels = {code[:2] for code in with_value}
    match.without_values = [
        AreaName(code, name)
        for code, name in sorted(areas.items())
        if code not in with_value and code[:2] in levels
    ]
    return match


def _audit(report: IndicatorReport, actor: Actor, now: datetime) -> AuditEntry:
    return AuditEntry(
        at=now,
        actor_id=actor.user_id,
        deed="indicators_imported",
        subject=f"indicators {report.source} {report.year}",
        detail={"file": report.file, "added": report.added, "unchanged": report.unchanged},
    )
