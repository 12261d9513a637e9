"""fieldapp on the command line. Each command lives in its own module, loaded when called."""

from __future__ import annotations

import sys

import click

from fieldapp import __version__
from fieldapp.cli.base import CommandFailed, LazyGroup
from fieldapp.config import ConfigError

# command: (module, what --help says)
COMMANDS = {
    "run": ("fieldapp.cli.run", "Start the web server and the worker."),
    "worker": ("fieldapp.cli.run", "Start the worker alone."),
    "db": ("fieldapp.cli.db", "Create or upgrade the database."),
    "people": ("fieldapp.cli.people", "Add people and give them roles."),
    "tokens": ("fieldapp.cli.tokens", "Make and end personal API tokens."),
    "areas": ("fieldapp.cli.areas", "Import and list boundaries."),
    "indicators": ("fieldapp.cli.indicators", "Import and list figures."),
    "surveys": ("fieldapp.cli.surveys", "Check, load and publish surveys."),
    "rounds": ("fieldapp.cli.surveys", "Open and list collection rounds."),
    "profile": ("fieldapp.cli.profile", "Build a buurtprofiel."),
    "receipts": ("fieldapp.cli.receipts", "Check signed receipts, list their keys."),
    "translations": ("fieldapp.cli.translations", "Collect and check texts in all languages."),
    "demo": ("fieldapp.cli.demo", "Fill the database with a fictional gemeente."),
    "retention": ("fieldapp.cli.retention", "Remove what may no longer be kept."),
}


@click.group(cls=LazyGroup, commands_table=COMMANDS)
@click.version_option(__version__, prog_name="fieldapp")
def cli() -> None:
    """Voices and figures of a neighbourhood, side by side."""


def main() -> None:
    """Entry point: errors are one readable line on stderr and an exit status that is not 0."""
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        click.echo("fieldapp: stopped", err=True)
        sys.exit(130)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except (CommandFailed, ConfigError, click.ClickException) as error:
        text = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo(f"fieldapp: {' '.join(text.split())}", err=True)
        sys.exit(1)
