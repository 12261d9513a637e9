"""fieldapp areas: import boundaries, and list what is there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fieldapp.cli.areas_texts import error_text, note_text, refused_text
from fieldapp.cli.base import CommandFailed, json_option, progress_bar, say, workbench
from fieldapp.core.area import CBS_LEVELS
from fieldapp.core.people import SYSTEM
from fieldapp.paths import SURVEYS

if TYPE_CHECKING:
    from fieldapp.services.import_areas import ImportReport

MAPPINGS = SURVEYS / "mappings"
SHOWN = 20  # repaired and refused rows on screen; --json has them all


@click.group()
def areas() -> None:
    """Import and list boundaries."""


@areas.command(name="import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--year", type=int, required=True, help="Boundary year of the file.")
@click.option("--crs", help="Coordinate system, where the file does not say: EPSG:28992.")
@click.option("--mapping", help="YAML file, or a name from surveys/mappings, for own columns.")
@click.option("--level", "levels", multiple=True, type=click.Choice(CBS_LEVELS), help="Only these.")
@json_option
def import_(
    file: Path,
    year: int,
    crs: str | None,
    mapping: str | None,
    levels: tuple[str, ...],
    as_json: bool,
) -> None:
    """Import a GeoJSON or GeoPackage FILE; all of it, or nothing when something is wrong."""
    from fieldapp.services.import_areas import import_areas
    from fieldapp.sources.errors import SourceError

    with workbench() as bench, progress_bar() as show:
        try:
            report = import_areas(
                bench.session,
                file,
                year=year,
                actor=SYSTEM,
                now=datetime.now(UTC),
                crs=crs,
                mapping=_mapping_path(mapping),
                levels=[level for level in CBS_LEVELS if level in levels] or None,
                progress=show,
            )
        except SourceError as error:
            raise CommandFailed(error_text(error)) from error
    say(report.to_dict(), as_json, _lines(report))


@areas.command(name="list")
@click.option("--year", type=int, help="Only this boundary year.")
@json_option
def list_(year: int | None, as_json: bool) -> None:
    """What is imported: boundary year, gemeente, level, number of areas."""
    from fieldapp.db.queries.areas import area_counts

    with workbench() as bench:
        counts = area_counts(bench.session, year)
    lines = [
        f"{c.boundary_year}  {c.gemeente_code}  {c.gemeente_name or '-':<24}  {c.level:<8}"
        f"  {c.areas:>5}" + ("  simplified" if c.simplified else "")
        for c in counts
    ]
    say([asdict(count) for count in counts], as_json, lines or ["no areas imported yet"])


def _mapping_path(mapping: str | None) -> Path | None:
    """A path as given, or the name of a mapping that ships with fieldapp."""
    if mapping is None:
        return None
    shipped = MAPPINGS / f"{mapping}.yaml"
    return shipped if shipped.is_file() and not Path(mapping).exists() else Path(mapping)


def _lines(report: ImportReport) -> Iterator[str]:
    yield (
        f"{report.file}: {report.format}, {report.crs}, boundary year {report.year}: "
        f"{report.read} read, {report.added} added, {report.changed} changed, "
        f"{report.unchanged} unchanged, {len(report.repaired)} repaired, "
        f"{len(report.refused)} refused, {report.water} water left out"
    )
    if report.repeated:
        yield f"  {report.repeated} rows stood in the file twice"
    if report.kept_exact:
        yield f"  {report.kept_exact} kept their exact boundary; this file's is simplified"
    yield from (f"  {note_text(note)}" for note in report.notes)
    for repaired in report.repaired[:SHOWN]:
        yield f"  repaired row {repaired.row} ({repaired.code}): {repaired.reason}"
    for refused in report.refused[:SHOWN]:
        yield f"  refused {refused_text(refused)}"
    hidden = max(0, len(report.repaired) - SHOWN) + max(0, len(report.refused) - SHOWN)
    if hidden:
        yield f"  and {hidden} rows more; --json has them all"
