"""fieldapp tokens: personal API tokens with one role and an end date."""

from __future__ import annotations

import click

from fieldapp.cli.base import CommandFailed, json_option, say, workbench
from fieldapp.core.people import ROLES, SYSTEM


@click.group()
def tokens() -> None:
    """Make and end personal API tokens."""


@tokens.command()
@click.option("--email", required=True, help="Whose token.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 366))
@click.option("--name", default="api")
@json_option
def add(email: str, role: str, days: int, name: str, as_json: bool) -> None:
    """Make a token. It is shown once."""
    from fieldapp.services.people import PeopleError, add_token

    with workbench() as bench:
        try:
            token, secret = add_token(bench.session, email, role, days, name, SYSTEM)
        except PeopleError as error:
            raise CommandFailed(str(error)) from error
        ends = token.expires_at.date().isoformat()
        answer = {"id": token.id, "token": secret, "role": role, "expires": ends}
        say(answer, as_json, [secret, f"role {role}, ends on {ends}; keep it, it is shown once"])


@tokens.command()
@click.argument("token_id", type=int)
def revoke(token_id: int) -> None:
    """End a token now."""
    from fieldapp.services.people import PeopleError, revoke_token

    with workbench() as bench:
        try:
            revoke_token(bench.session, token_id, SYSTEM)
        except PeopleError as error:
            raise CommandFailed(str(error)) from error
        click.echo(f"token {token_id} ended")
