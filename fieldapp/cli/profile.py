"""fieldapp profile: build buurtprofielen and print them, for people or for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import click

from fieldapp.cli.base import CommandFailed, Workbench, json_option, progress, say, workbench

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def profile() -> None:
    """Build buurtprofielen."""


@profile.command()
@click.argument("codes", nargs=-1, required=True, metavar="BU...")
@click.option("--from", "start", type=DAY, help="First day of the voices; default a year ago.")
@click.option("--to", "end", type=DAY, help="Last day of the voices; default today.")
@click.option("--year", type=int, help="Year of the figures; default the year of --to.")
@click.option("--organisation", "slug", help="Whose voices, by slug; not needed with only one.")
@json_option
def build(
    codes: tuple[str, ...],
    start: datetime | None,
    end: datetime | None,
    year: int | None,
    slug: str | None,
    as_json: bool,
) -> None:
    """Build the profile of one or more buurten; several with --json give a list."""
    from fieldapp.services.profiles import UnknownArea

    now = datetime.now(UTC)
    with workbench() as bench:
        first, last = _period(now, start, end)
        organisation = _organisation(bench, slug)
        wanted = list(dict.fromkeys(code.strip().upper() for code in codes))
        try:
            found = [
                _build(bench, organisation, code, first, last, year, now)
                for code in progress(wanted, label="profiles")
            ]
        except UnknownArea as error:
            raise CommandFailed(str(error)) from error
    say(found[0] if len(found) == 1 else found, as_json, _lines(found))


def _period(now: datetime, start: datetime | None, end: datetime | None) -> tuple[date, date]:
    """Both days; what is not given follows from the other, or from today."""
    from fieldapp.services.profiles import default_period

    last = end.date() if end else default_period(now)[1]
    if start is None:
        first = default_period(datetime(last.year, last.month, last.day, 12, tzinfo=UTC))[0]
    else:
        first = start.date()
    if last < first:
        raise CommandFailed(f"the period ends ({last}) before it starts ({first}); swap the dates")
    return first, last


def _organisation(bench: Workbench, slug: str | None) -> int:
    from sqlalchemy import select

    from fieldapp.db.models import Organisation

    rows = bench.session.execute(select(Organisation.id, Organisation.slug)).all()
    known = {row.slug: int(row.id) for row in rows}
    if slug is not None and slug in known:
        return known[slug]
    names = ", ".join(sorted(known)) or "none yet; add one with: fieldapp people add"
    if slug is not None:
        raise CommandFailed(f"there is no organisation {slug!r}; there are: {names}")
    if len(known) != 1:
        raise CommandFailed(f"say whose voices with --organisation; there are: {names}")
    return next(iter(known.values()))


def _build(
    bench: Workbench,
    organisation: int,
    code: str,
    start: date,
    end: date,
    year: int | None,
    now: datetime,
) -> dict[str, Any]:
    from fieldapp.services.profiles import ProfileRequest, profile_for

    request = ProfileRequest(organisation, code, start, end, year)
    return profile_for(bench.session, request, now).data


# --- as lines ---------------------------------------------------------------------------------


def _lines(profiles: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for index, data in enumerate(profiles):
        if index:
            yield ""
        yield from _profile_lines(data)


def _profile_lines(data: Mapping[str, Any]) -> Iterator[str]:
    area, period = data["area"], data["period"]
    yield f"{area['code']}  {area['name']}, {area['gemeente_name'] or area['gemeente_code']}"
    yield (
        f"voices {period['from']} to {period['to']}, figures of {data['year']}, "
        f"compared with {data['reference']['areas']} buurten ({data['reference']['group']}), "
        f"method {data['method_version']}, k = {data['k']}"
    )
    yield f"{'theme':<12}{'figures':<20}{'residents':<32}{'professionals':<32}verdict"
    for theme in sorted(data["themes"], key=lambda theme: not theme["wringt"]):
        warm = theme["warm"]
        mark = "  << wringt" if theme["wringt"] else ""
        yield (
            f"{theme['code']:<12}{_cold(theme['cold']):<20}{_warm(warm['bewoners']):<32}"
            f"{_warm(warm['professionals']):<32}{theme['confrontation']}{mark}"
        )


def _cold(cold: Mapping[str, Any]) -> str:
    if cold["score"] is None:
        return str(cold["reason"])
    return f"{cold['score']:+.2f} {cold['class']}"


def _warm(warm: Mapping[str, Any]) -> str:
    if warm["mean"] is None:
        togo = f", {warm['missing']} to go" if warm["missing"] else ""
        return f"{warm['reason']}{togo}"
    band = "" if warm["low"] is None else f" [{warm['low']:+.2f} {warm['high']:+.2f}]"
    return f"{warm['mean']:+.2f}{band} n={warm['n']}"
