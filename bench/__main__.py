"""python -m bench [--quick] [--engine sqlite|postgis] [--json FILE]."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click

from bench.engine import measure_engine
from bench.figures import Figure, table
from bench.house import open_house, server
from bench.intake import measure_bare_insert, measure_bytes, measure_rates
from bench.lists import measure_lists
from bench.load import generator
from bench.memory import measure_memory
from bench.page import measure_page
from bench.phone import measure_phone
from tests.support.chromium import ChromiumMissing

ENGINES = ("sqlite", "postgis")
CORES = 2
RESULTS = Path(__file__).parent / "RESULTS.md"
PACKAGES = ("flask", "gunicorn", "sqlalchemy", "psycopg", "shapely", "pillow")


def measure(kind: str, quick: bool) -> Iterator[Figure]:
    """Everything on one engine, one thing after the other."""
    seconds = 2 if quick else 5
    with open_house(kind) as house:
        with server(house, worker=True) as running:
            yield from measure_memory(house, running)
            try:
                yield from measure_page(house, running, 2 if quick else 3)
            except ChromiumMissing as missing:
                click.echo(f"page weight not measured: {missing}", err=True)
        with server(house, worker=False) as running:
            yield measure_bytes(house, running, seconds)
            yield from measure_rates(house, running, seconds, quick)
        yield measure_bare_insert(house, seconds)
    with open_house(kind) as house:
        yield from measure_lists(house, 5 if quick else 9)


def about_this_run(quick: bool) -> str:
    """Where and when, so that a figure can be placed."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    load = os.getloadavg()[0]
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {platform.platform()}, Python "
        f"{platform.python_version()}, {len(os.sched_getaffinity(0))} cores, load before the run "
        f"{load:.1f}; {packages}; load made by {generator()} on the same cores"
        f"{'; quick run' if quick else ''}."
    )


def report(about: str, figures: list[Figure]) -> str:
    misses = [figure for figure in figures if figure.verdict == "MISS"]
    lines = ["# What was measured", "", "Written by `make bench`; do not edit.", "", about, ""]
    lines += [*table(figures), "", "## Misses", ""]
    lines += [f"- {f.engine}: {f.name}: {f.value:.3g} {f.unit}" for f in misses] or ["None."]
    return "\n".join(lines) + "\n"


@click.command()
@click.option("--quick", is_flag=True, help="Two seconds each; says little about small gaps.")
@click.option("--engine", type=click.Choice(ENGINES), help="Only this one.")
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path), help="Write figures here too."
)
def main(quick: bool, engine: str | None, json_file: Path | None) -> None:
    """Measure speed, memory and weight on two cores, both engines, in one run."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    about = about_this_run(quick)
    figures: list[Figure] = []
    for kind in [engine] if engine else ENGINES:
        for figure in measure(kind, quick):
            click.echo(next(reversed(list(table([figure])))), err=True)
            figures.append(figure)
    figures += measure_engine()
    try:
        figures += measure_phone(2 if quick else 3)
    except ChromiumMissing as missing:
        click.echo(f"the app on the phone not measured: {missing}", err=True)
    click.echo(report(about, figures))
    if not quick and engine is None:
        RESULTS.write_text(report(about, figures), encoding="utf-8")
    if json_file:
        data = {"about": about, "figures": [figure.as_json() for figure in figures]}
        json_file.write_text(json.dumps(data, indent=1), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
