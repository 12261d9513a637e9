"""fieldapp indicators: import figures, and list the catalogue and what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fieldapp.cli.base import CommandFailed, json_option, progress_bar, say, workbench
from fieldapp.cli.indicators_texts import error_text, note_text, refused_text, suspect_text
from fieldapp.core.people import SYSTEM

if TYPE_CHECKING:
    from fieldapp.core.indicator import Catalogue
    from fieldapp.services.import_indicators import AreaName, IndicatorReport

SOURCES = ("kwb", "statline", "rivm", "leefbaarometer", "csv")
SHOWN = 20  # lines of one kind on screen; --json has them all


@click.group()
def indicators() -> None:
    """Import and list figures."""


@indicators.command(name="import")
@click.argument("source", type=click.Choice(SOURCES))
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--year", type=int, required=True, help="Year that the figures describe.")
@click.option("--mapping", type=click.Path(path_type=Path), help="YAML or JSON, for source csv.")
@click.option("--edition", help="Name of the publication, year first: 2024-10.")
@json_option
def import_(
    source: str, file: Path, year: int, mapping: Path | None, edition: str | None, as_json: bool
) -> None:
    """Import FILE of SOURCE; all of it, or nothing when something is wrong."""
    from fieldapp.services.import_indicators import import_indicators
    from fieldapp.sources.errors import SourceError

    with workbench() as bench, progress_bar() as show:
        try:
            report = import_indicators(
                bench.session,
                source,
                file,
                year=year,
                actor=SYSTEM,
                now=datetime.now(UTC),
                mapping=mapping,
                edition=edition,
                catalogue=_catalogue(),
                progress=show,
            )
        except SourceError as error:
            raise CommandFailed(error_text(error)) from error
    say(report.to_dict(), as_json, _lines(report))


@indicators.command(name="list")
@click.option("--theme", help="Only this theme.")
@json_option
def list_(theme: str | None, as_json: bool) -> None:
    """The catalogue, with the years for which there are figures; then what was imported."""
    from fieldapp.db.queries.indicators import edition_counts, indicator_counts

    catalogue = _catalogue()
    with workbench() as bench:
        counts = indicator_counts(bench.session)
        editions = edition_counts(bench.session)
    chosen = [item for item in catalogue if theme in (None, item.theme)]
    if not chosen:
        known = ", ".join(dict.fromkeys(item.theme for item in catalogue))
        raise CommandFailed(f"no theme {theme!r}; use one of {known}")
    rows: list[dict[str, Any]] = [
        {
            "code": item.code,
            "theme": item.theme,
            "name": item.name_en,
            "unit": item.unit,
            "kind": item.kind,
            "polarity": item.polarity,
            "source": item.source,
            "licence": item.licence,
            "values": counts.get(item.code, (0, ()))[0],
            "years": list(counts.get(item.code, (0, ()))[1]),
        }
        for item in chosen
    ]
    lines = [
        f"{row['theme']:<10}  {row['polarity']:+d}  {row['code']:<28}  {row['values']:>7}  "
        f"{', '.join(map(str, row['years'])) or '-'}"
        for row in rows
    ]
    lines += [
        f"imported: {e.source} {e.year}, edition {e.edition}: {e.values} values of "
        f"{e.indicators} indicators in {e.areas} areas"
        for e in editions
    ]
    say({"indicators": rows, "editions": [asdict(e) for e in editions]}, as_json, lines)


def _catalogue() -> Catalogue:
    from fieldapp.core.indicator import CatalogueError
    from fieldapp.services.catalogue import catalogue

    try:
        return catalogue()
    except CatalogueError as error:
        more = len(error.problems) - 1
        rest = f" (and {more} more)" if more else ""
        raise CommandFailed(f"the catalogue is wrong: {error.problems[0]}{rest}") from error


def _lines(report: IndicatorReport) -> Iterator[str]:
    read, match = report.read, report.match
    yield (
        f"{report.file}: {report.source} {report.year}, edition {report.edition}: "
        f"{read['rows']} rows, {read['areas']} areas, {report.added} values added, "
        f"{report.unchanged} unchanged, {len(read['refused'])} rows refused"
    )
    yield from (f"  {note_text(note)}" for note in read["notes"])
    if read["columns_absent"]:
        yield f"  columns not in this file: {', '.join(read['columns_absent'])}"
    if read["columns_empty"]:
        yield f"  columns without one figure: {', '.join(read['columns_empty'])}"
    yield from _capped([f"refused {refused_text(row)}" for row in read["refused"]])
    yield from _capped([suspect_text(cell) for cell in read["suspects"]])
    if not match.boundary_years:
        yield "  no boundaries of these areas are imported yet; see: fieldapp areas import"
    else:
        years = ", ".join(map(str, sorted(set(match.boundary_years.values()))))
        yield f"  {match.matched} codes match areas of boundary year {years}"
    yield from _areas("match no area of that boundary year", match.unmatched)
    yield from _areas("areas have no figures in this file", match.without_values)
    if match.boundary_years and match.elsewhere:
        yield f"  {len(match.elsewhere)} codes lie in gemeenten without imported boundaries"


def _areas(text: str, found: list[AreaName]) -> Iterator[str]:
    if found:
        yield f"  {len(found)} {text}:"
        yield from _capped([f"  {item.code} {item.name}".rstrip() for item in found])


def _capped(lines: list[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield f"  ... and {len(lines) - SHOWN} more; --json lists them all"
