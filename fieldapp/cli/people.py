"""fieldapp people: add people from a script or a terminal."""

from __future__ import annotations

import sys

import click

from fieldapp.cli.base import CommandFailed, json_option, say, workbench
from fieldapp.core.people import ROLES, SYSTEM


@click.group()
def people() -> None:
    """Add people and give them roles."""


@people.command()
@click.option("--email", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--area", "areas", multiple=True, help="Area code; without: whole organisation.")
@click.option("--name", default="")
@click.option("--organisation", default="", help="Slug; without: the only or a new one.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@json_option
def add(
    email: str,
    roles: tuple[str, ...],
    areas: tuple[str, ...],
    name: str,
    organisation: str,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Add a person, or give an existing one more roles."""
    from fieldapp.services.people import AddPerson, PeopleError, add_person

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    if not password_stdin:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    command = AddPerson(email, name, roles, areas, organisation, password)
    with workbench() as bench:
        try:
            person = add_person(bench.session, command, SYSTEM)
        except PeopleError as error:
            raise CommandFailed(str(error)) from error
        held = [str(role.name) for role in person.roles]
        answer = {"id": person.id, "email": person.email, "roles": held}
        say(answer, as_json, [f"{person.email}: {', '.join(held)}"])


@people.command(name="list")
@json_option
def list_(as_json: bool) -> None:
    """Everybody with a log-in."""
    from fieldapp.db.queries.people import all_people

    with workbench() as bench:
        everybody = all_people(bench.session)
        rows = [
            {
                "email": person.email,
                "name": person.name,
                "organisation": person.organisation.slug,
                "roles": [{"role": m.role, "area": m.area_code} for m in person.memberships],
            }
            for person in everybody
        ]
        lines = [
            f"{person.email}  {', '.join(str(role.name) for role in person.roles)}"
            for person in everybody
        ]
        say(rows, as_json, lines)
