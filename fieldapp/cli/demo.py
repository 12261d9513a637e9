"""fieldapp demo: a fictional gemeente to try everything on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from fieldapp.cli.base import CommandFailed, json_option, progress_bar, say, workbench

if TYPE_CHECKING:
    from fieldapp.services.make_demo import DemoReport


@click.command()
@json_option
def demo(as_json: bool) -> None:
    """Fill the database with Voorbeeldstad (verzonnen); doing it again changes nothing."""
    from fieldapp.services.make_demo import DemoRefused, make_demo

    with workbench() as bench, progress_bar() as show:
        try:
            report = make_demo(bench.session, bench.settings, datetime.now(UTC), show)
        except DemoRefused as error:
            raise CommandFailed(str(error)) from error
    say(report.to_dict(), as_json, _lines(report))


def _lines(report: DemoReport) -> Iterator[str]:
    if report.submissions == 0:
        yield f"{report.organisation} is there already; nothing changed"
    else:
        yield (
            f"{report.organisation}: {report.areas} areas, {report.figures} figures, "
            f"{report.submissions} voices, {report.photos} drawings, "
            f"{report.statements} coded statements, {report.quotes} quotes"
        )
    yield "All of it is invented: no person, place or figure is real."
    yield f"Log in (password {report.password}):"
    yield from (f"  {email}" for email in report.log_ins)
